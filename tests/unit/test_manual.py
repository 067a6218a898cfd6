"""What the manual shows works: its JSON is read, its commands, options and types exist."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.cli.parser import build_parser
from crm_desktop.models.catalogue.fieldtypes import FIELD_TYPES
from crm_desktop.models.catalogue.overlay import entity_from_json
from crm_desktop.models.query import OPERATORS, PERIODS, where_from_json
from crm_desktop.services.importing.mapping import Mapping

MANUAL = Path(__file__).parents[2] / "docs" / "manual"
PAGES = [pytest.param((MANUAL / f"{code}.md").read_text("utf-8"), id=code) for code in ("ru", "en")]
INDENTED = re.compile(r"(?:^ {4}.*\n)+", re.MULTILINE)


def shown_json(page: str) -> list[Any]:
    """Every indented block that is JSON from its first to its last sign."""
    blocks = [block.strip() for block in INDENTED.findall(page)]
    return [json.loads(b) for b in blocks if b.startswith("{") and "..." not in b]


@pytest.mark.parametrize("page", PAGES)
def test_every_json_it_shows_is_read(page: str) -> None:
    short, full, made = shown_json(page)

    assert len(Mapping.from_json(short).targets) == 3
    assert Mapping.from_json(full).on_match == "update"
    children = made.pop("children")
    assert entity_from_json(made, 100).title.search
    assert entity_from_json(children[0], 101).key == "x_bid"


@pytest.mark.parametrize("page", PAGES)
def test_its_conditions_are_read(page: str) -> None:
    lines = re.findall(r"^    (\{.*?\}) {4,}\S", page, re.MULTILINE)

    assert [where_from_json(json.loads(line)) is not None for line in lines[:2]] == [True, True]


@pytest.mark.parametrize("page", PAGES)
def test_it_names_every_comparison_period_and_type(page: str) -> None:
    words = set(re.findall(r"[\w.]+", page))

    assert {*OPERATORS, *PERIODS, *FIELD_TYPES} <= words


@pytest.mark.parametrize("page", PAGES)
def test_it_names_every_command_and_every_option(page: str) -> None:
    (commands,) = (a.choices for a in build_parser()._actions if a.dest == "command")
    hidden = {"--help", "--clients", "--encoding", "--delimiter", "--demo"}

    assert commands is not None
    for name, command in dict(commands).items():  # type: ignore[call-overload]
        assert f"`{name} " in page or f"`{name}`" in page, name
        for action in command._actions:
            options = {o for o in action.option_strings if o.startswith("--")} - hidden
            assert all(option in page for option in options), (name, options)
