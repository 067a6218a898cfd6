"""Whoever waits for a base that is older than the program sees what is being done to it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from crm_desktop.models.schema import SCHEMA_VERSION
from crm_desktop.services.upgrading.progress import say, told
from crm_desktop.services.workspace import open_base
from crm_desktop.ui.operations import Progress
from crm_desktop.ui.record_list.page import RecordListPage
from tests.gui.office_desk import Office, office
from tests.older_base import make_older

__all__ = ["office"]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "Daisy.crm"
    make_older(str(path), SCHEMA_VERSION - 1)
    return path


def test_the_window_says_what_is_done(office: Office, old: Path) -> None:
    program = office.start_unseen(old)
    waiting, seen = program.window.starting.waiting, list[str]()
    program.session.upgrading.connect(lambda _state: seen.append(waiting._text.text()))

    office.page(RecordListPage)

    assert seen and seen[0].startswith("The base “Daisy” is brought to this version")
    assert "copy of it is made first" in seen[0]


def test_a_share_is_said_where_it_is_known(office: Office) -> None:
    program = office.start_unseen()
    program.session.upgrading.emit(Progress(30, 120, "The search is renewed."))

    assert program.window.starting.waiting._text.text().endswith("The search is renewed. 25 %")


def test_each_step_is_told_where_somebody_listens(old: Path) -> None:
    heard: list[tuple[int, int, str]] = []

    with told(lambda *state: heard.append(state)), closing(open_base(old)):
        pass
    say("Nobody hears this")

    said = [text for _done, _whole, text in heard]
    assert said[:3] == [
        "A copy of it is made first.",
        "The copy is made; tables are changed.",
        "Indexes and figures are renewed.",
    ]
    assert "Nobody hears this" not in said


def test_what_a_kill_left_of_a_copy_goes_with_the_next_one(old: Path) -> None:
    half = old.with_name("Daisy (version 9, 2026-11-23 08-05-10).crm.part")
    other = old.with_name("Daisy (Omsk).crm.part")
    for file in (half, half.with_name(half.name + "-journal"), other):
        file.write_bytes(b"half")

    open_base(old).close()

    left = {path.name for path in old.parent.glob("*.part*")}
    assert left == {other.name}
    assert len(list(old.parent.glob(f"Daisy (version {SCHEMA_VERSION - 1}, *).crm"))) == 1
