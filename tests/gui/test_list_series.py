"""A series in a list: its cells and its deletion ask which dates are meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from crm_desktop.models.query import Condition, Query
from crm_desktop.services.series.dates import SeriesDates
from crm_desktop.ui.record_list.bulk_edit import BulkEditDialog
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.series_question import SeriesQuestion
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]
START = datetime(2031, 3, 4, 9, 0, tzinfo=UTC)
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)


@pytest.fixture
def page(shell: Shell) -> RecordListPage:
    """The list of activities with one series of three dates."""
    shell.base.records.create("activity", {
        "subject": "Planning", "kind": "meeting", "starts": START, "ends": START + HOUR,
        "rule": "FREQ=WEEKLY;COUNT=3", "zone": "UTC", "state": "planned", "place": "Room",
    })  # fmt: skip
    shell.navigator.show_list("activity")
    made = shell.window.pages.page
    assert isinstance(made, RecordListPage)
    made.controller.change(columns=("subject", "place"))
    made.controller.set_part(None, Condition("subject", "eq", "Planning"))
    shell.wait(lambda: made.view.model.columnCount() == 2)
    shell.rows(made, 1)
    return made


def places(shell: Shell) -> list[str]:
    found = SeriesDates(shell.base).between(START - HOUR, START + 9 * WEEK)
    rows = shell.base.reader.many("activity", {one.record for one in found}, ["place"])
    return [rows[one.record]["place"] for one in found]


def answer(shell: Shell, dates: SeriesQuestion, word: str) -> None:
    shell.wait(lambda: dates.box is not None and dates.box.isVisible())
    assert dates.box is not None
    next(b for b in dates.box.findChildren(QPushButton) if b.text() == word).click()


def test_a_cell_of_a_series_changes_the_next_date(shell: Shell, page: RecordListPage) -> None:
    page.view.table.go_to(0, column=1)
    page.rows.edit()
    inline = page.rows.inline
    shell.wait(lambda: inline.editor is not None and inline.editor.isVisible())
    inline.editor.set_raw("Hall")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    answer(shell, inline.dates, "This one")

    shell.wait(lambda: places(shell) == ["Hall", "Room", "Room"])


def test_deleting_a_series_asks_for_the_dates(shell: Shell, page: RecordListPage) -> None:
    page.view.table.go_to(0)
    shell.wait(lambda: page.controller.pointed() is not None)
    page.many.delete()
    answer(shell, page.many.dates, "This one")

    shell.wait(lambda: places(shell) == ["Room", "Room"])
    shell.window.undoing.undo_last()
    shell.wait(lambda: places(shell) == ["Room"] * 3)


# --- many at once ---------------------------------------------------------------------------------


def bulk(shell: Shell, page: RecordListPage, field: str) -> BulkEditDialog:
    shell.base.records.create("activity", {
        "subject": "Planning", "kind": "task", "state": "planned", "place": "Yard"})  # fmt: skip
    shell.rows(page, 2)
    page.view.model.ticks.add(shell.base.lists.open(Query("activity", ("id",))).ids())
    page.many.edit(field)
    shell.wait(lambda: bool(page.view.findChildren(BulkEditDialog)))
    (dialog,) = page.view.findChildren(BulkEditDialog)
    return dialog


def single(shell: Shell) -> str:
    where = Condition("rule", "empty")
    rows = shell.base.lists.open(Query("activity", ("place", "kind"), where)).first(9)
    return next(str(row.cells[0]) for row in rows if row.cells[1] == "task")


@pytest.mark.parametrize(("due", "expected"), [
    (False, ["Hall", "Hall", "Hall"]), (True, ["Hall", "Room", "Room"]),
])  # fmt: skip
def test_many_are_changed_with_all_dates_or_the_one_that_is_due(
    shell: Shell, page: RecordListPage, due: bool, expected: list[str]
) -> None:
    dialog = bulk(shell, page, "place")
    dialog.editor.set_raw("Hall")
    dialog._changed()
    shell.wait(lambda: "1 of them recurs: all of its dates change." in dialog.said())
    dialog.only_due.setChecked(due)
    dialog.press()
    shell.wait(lambda: places(shell) == expected and single(shell) == "Hall")


def test_ticking_off_many_says_that_a_series_goes_on(shell: Shell, page: RecordListPage) -> None:
    dialog = bulk(shell, page, "state")
    dialog.editor.set_raw("done")
    dialog._changed()
    shell.wait(lambda: "the date that is due is done, and it goes on" in dialog.said())
    assert dialog.only_due.isHidden()
    dialog.press()
    shell.wait(lambda: shell.base.lists.count(
        Query("activity", ("id",), Condition("state", "eq", "done"))) >= 2)  # fmt: skip
    assert places(shell) == ["Room", "Room", "Room"]
