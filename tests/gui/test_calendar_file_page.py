"""The page of a calendar file in the real window: looking, bringing in, undoing, refusing."""

from __future__ import annotations

from pathlib import Path

from crm_desktop.services.ics.choosing import ids_between
from crm_desktop.ui.calendar_files.page import LEFT, NAME, CalendarFilePage
from crm_desktop.ui.record_list.page import RecordListPage
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell
from tests.ics_files import calendar

__all__ = ["bare_shell", "base_file", "shell"]

LINES = ("UID:a", "DTSTART:20301201T100000Z", "SUMMARY:Fair", "RRULE:FREQ=DAILY;COUNT=2",
         "CATEGORIES:Fun")  # fmt: skip


def _page(shell: Shell) -> CalendarFilePage:
    shell.navigator.open_page(NAME)
    page = shell.window.pages.page
    assert isinstance(page, CalendarFilePage)
    return page


def _file(folder: Path, data: bytes) -> Path:
    path = folder / "plan.ics"
    path.write_bytes(data)
    return path


def _subjects(shell: Shell) -> list[str]:
    ids = ids_between(shell.base, None, None)
    rows = shell.base.reader.many("activity", ids, ["subject"]).values()
    return [row["subject"] for row in rows]


def test_a_calendar_is_seen_brought_in_and_taken_back(shell: Shell, tmp_path: Path) -> None:
    page = _page(shell)
    page.look_at(_file(tmp_path, calendar(*LINES)))
    shell.wait(lambda: page.model.rowCount() == 1)
    cell = page.model.cell(0, 1)
    assert cell is not None and cell.text == "Fair"
    assert "Fair" not in _subjects(shell)
    assert page.go_button.text() == "Bring in 1 activity"
    page.go_button.click()
    shell.wait(lambda: "Fair" in _subjects(shell))
    shell.wait(lambda: isinstance(shell.window.pages.page, RecordListPage))
    shell.window.undoing.undo_last()
    shell.wait(lambda: "Fair" not in _subjects(shell))


def test_what_is_left_out_is_told(shell: Shell, tmp_path: Path) -> None:
    page = _page(shell)
    page.look_at(_file(tmp_path, calendar(*LINES)))
    shell.wait(lambda: page.trial is not None)
    page.shown.set_value(LEFT)
    page._show()
    cell = page.model.cell(0, 1)
    assert cell is not None and cell.text == "Categories were left out: Fun"


def test_no_calendar_is_refused_with_a_sentence(shell: Shell, tmp_path: Path) -> None:
    page = _page(shell)
    page.look_at(_file(tmp_path, b"name;phone"))
    shell.wait(lambda: page.strip.isVisible())
    assert page.empty.isVisible() and not page.table.isVisible()


def test_the_list_of_activities_is_written_to_a_calendar(shell: Shell, tmp_path: Path) -> None:
    shell.base.records.create("activity", {"subject": "Fair", "kind": "meeting"})
    shell.navigator.show_list("activity")
    page = shell.window.pages.page
    assert isinstance(page, RecordListPage)
    shell.wait(lambda: bool(page.controller.total))
    page.rows.export_to(tmp_path / "all.ics")
    shell.wait(lambda: (tmp_path / "all.ics").is_file())
    assert b"SUMMARY:Fair" in (tmp_path / "all.ics").read_bytes()


def test_keyboard_stays_on_the_page_when_the_file_is_there(shell: Shell, tmp_path: Path) -> None:
    page = _page(shell)
    page.empty.primary_button.setFocus()

    page.look_at(_file(tmp_path, calendar(*LINES)))
    shell.wait(lambda: page.trial is not None)
    assert page.focusWidget() is page.go_button

    page.look_at(_file(tmp_path, b"name;phone"))
    shell.wait(lambda: page.strip.isVisible())
    assert page.focusWidget() is page.empty.primary_button
