"""Clients with twenty tabs each, opened in a row, leave nothing behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.gui.card_memory import LEAST_TABS

CLIENTS, WARM = 16, 8
OWN = 7  # objects of the person's own; with the built-in ones twenty tabs
OBJECTS_A_CARD = 1
"""Four stay over many cards: the weights that the measurement itself keeps."""
MEGABYTES = 5


@pytest.fixture(scope="module")
def weighed(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], dict[str, Any]]:
    """What was in memory after so many cards; weighed in a process of its own, in which no other
    test's remains come and go."""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.gui.card_memory", *map(str, (CLIENTS, WARM, OWN))],
        cwd=root, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {(line["way"], line["cards"]): line for line in lines}


@pytest.mark.parametrize("way", ["open_and_close", "follow"])
def test_cards_with_twenty_tabs_leave_nothing_behind(
    weighed: dict[tuple[str, int], dict[str, Any]], way: str
) -> None:
    warm, last = weighed[way, WARM], weighed[way, CLIENTS]

    assert last["tabs"] >= LEAST_TABS
    assert last["widgets"] <= warm["widgets"]
    assert last["objects"] - warm["objects"] <= OBJECTS_A_CARD * (CLIENTS - WARM)
    assert last["megabytes"] - warm["megabytes"] <= MEGABYTES
