"""The list in which a colleague is chosen: who is away stands there only when asked for by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.services.workspace import Workspace
from crm_desktop.ui.editors.links import _here_first
from tests.bases import ready_base


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Workspace]:
    with closing(ready_base(tmp_path / "small.crm", language="en")) as opened:
        yield opened


def _away(base: Workspace, *colleagues: int) -> None:
    now = base.clock.now()
    for one in colleagues:
        base.records.create("activity", {
            "subject": "Leave", "kind": "leave", "author": one,
            "starts": now - timedelta(days=1), "ends": now + timedelta(days=3),
        })  # fmt: skip


def _offered(base: Workspace, text: str) -> tuple[list[int], dict[int, str]]:
    found, away = _here_first(base, base.titles.suggest("staff", text), named=bool(text))
    return [ref.id for ref, _title in found], away


def test_who_is_away_is_offered_by_name_only(
    qtbot: QtBot, qapp: QApplication, base: Workspace
) -> None:
    anna, boris = (base.records.create("staff", {"name": n}).ids[0] for n in ("Anna", "Boris"))
    _away(base, anna)

    offered, away = _offered(base, "")
    assert (boris in offered, anna in offered, away) == (True, False, {})

    offered, away = _offered(base, "Ann")
    assert offered == [anna] and away[anna].startswith("away until")


def test_if_all_are_away_they_are_offered_with_until_when(
    qtbot: QtBot, qapp: QApplication, base: Workspace
) -> None:
    everybody, _nobody = _offered(base, "")
    anna = base.records.create("staff", {"name": "Anna"}).ids[0]
    _away(base, anna, *everybody)

    offered, away = _offered(base, "")

    assert anna in offered and set(away) == set(offered)
