"""A series in a list: its cells and its deletion ask which dates are meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from crm_desktop.models.query import Condition
from crm_desktop.services.series import SeriesDates
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
