"""The list in which a colleague is chosen: those who are away come last, with until when."""

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


def test_who_is_away_comes_last_and_says_until_when(
    qtbot: QtBot, qapp: QApplication, base: Workspace
) -> None:
    anna, boris = (base.records.create("staff", {"name": n}).ids[0] for n in ("Anna", "Boris"))
    now = base.clock.now()
    base.records.create("activity", {
        "subject": "Leave", "kind": "leave", "author": anna,
        "starts": now - timedelta(days=1), "ends": now + timedelta(days=3),
    })  # fmt: skip

    found, away = _here_first(base, base.titles.suggest("staff", ""))

    ids = [ref.id for ref, _title in found]
    assert boris in ids and ids[-1] == anna
    assert list(away) == [anna] and away[anna].startswith("away until")
