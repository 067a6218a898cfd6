"""A time that is taken, saved from a list: the window asks once and carries the answer out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition
from crm_desktop.services.planner.double_booking import FACT, NOBODY
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.widgets.dialog import Dialog
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]
START = datetime(2051, 3, 7, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def visit(shell: Shell) -> Ref:
    """A visit that was called off, at the time of a lesson of the same colleague."""
    anna = shell.base.records.create("staff", {"name": "Anna"}).ids[0]
    times = {"starts": START, "ends": START + HOUR, "author": anna, "kind": "visit"}
    shell.base.records.create("activity", {**times, "subject": "Lesson", "state": "planned"})
    made = shell.base.records.create(
        "activity", {**times, "subject": "Visit", "state": "cancelled"}
    )
    shell.navigator.show_list("activity")
    page = shell.window.pages.page
    assert isinstance(page, RecordListPage)
    page.controller.change(columns=("subject", "state"))
    page.controller.set_part(None, Condition("subject", "eq", "Visit"))
    shell.wait(lambda: page.view.model.columnCount() == 2)
    shell.rows(page, 1)
    return Ref("activity", made.ids[0])


def plan_again(shell: Shell) -> None:
    """Chooses the first state in the cell: planned."""
    page = shell.window.pages.page
    assert isinstance(page, RecordListPage)
    page.view.table.go_to(0, column=1)
    page.rows.edit()
    inline = page.rows.inline
    shell.wait(lambda: inline.editor is not None and inline.editor.isVisible())
    inline.editor.set_value("planned")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def answer(shell: Shell, word: str) -> str:
    """What was asked."""
    shell.wait(lambda: any(box.isVisible() for box in shell.view.findChildren(Dialog)))
    box = next(box for box in shell.view.findChildren(Dialog) if box.isVisible())
    said = box.body.text()
    next(b for b in box.findChildren(QPushButton) if b.text() == word).click()
    return str(said)


def test_the_list_asks_and_saves_all_the_same(shell: Shell, visit: Ref) -> None:
    plan_again(shell)

    said = answer(shell, "Save all the same")

    assert "Anna" in said and "“Visit”" in said and "“Lesson”" in said
    shell.wait(lambda: shell.values(visit)["state"] == "planned")


def test_left_as_it_is_nothing_is_saved_and_the_list_goes_on(shell: Shell, visit: Ref) -> None:
    plan_again(shell)

    answer(shell, "Leave it")

    shell.wait(lambda: not shell.operations.writing)
    assert shell.values(visit)["state"] == "cancelled"


def test_without_the_right_it_is_refused_and_nobody_is_asked(shell: Shell, visit: Ref) -> None:
    shell.base.set_info(FACT, NOBODY)
    plan_again(shell)

    page = shell.window.pages.page
    assert isinstance(page, RecordListPage)
    shell.wait(lambda: not shell.operations.writing)
    shell.wait(lambda: any("nobody may" in text for text in seen(shell)))
    assert shell.values(visit)["state"] == "cancelled"


def seen(shell: Shell) -> list[str]:
    """Every sentence in the window."""
    from PySide6.QtWidgets import QLabel

    return [*(note.text for note in shell.notes), *shell.window.news.texts,
            *(label.text() for label in shell.view.findChildren(QLabel))]  # fmt: skip
