"""What is typed into cells of a list while the base is slow or away: nothing goes astray."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from crm_desktop.errors import DatabaseUnavailable
from crm_desktop.ui.record_list.cell_typed import HeldMark
from crm_desktop.ui.record_list.page import RecordListPage
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell
from tests.gui.test_list_inline import edit, editor, press, record, sheet, type_text

__all__ = ["bare_shell", "base_file", "shell"]


class Gate:
    """The line to the base: what is written waits at it, and gets through or does not."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.lost = True


@pytest.fixture
def gate(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made, records, usual = Gate(), shell.base.records, shell.base.records._log

    def log(*given: Any) -> Any:
        made.open.wait(30)
        if made.lost:
            raise DatabaseUnavailable("The line broke.")
        return usual(*given)

    monkeypatch.setattr(records, "_log", log)
    yield made
    made.open.set()


def waiting_cells(page: RecordListPage) -> list[str]:
    """What stands in cells and is not in the base."""
    marks = page.view.table.viewport().findChildren(HeldMark)
    return [mark.accessibleName() for mark in marks if mark.isVisible()]


def lose(shell: Shell, gate: Gate) -> None:
    gate.open.set()
    shell.wait(lambda: not shell.operations.writing)


def come_back(shell: Shell, gate: Gate) -> None:
    gate.lost = False
    shell.session.line.back.emit()


def test_a_refused_cell_leaves_the_keyboard_to_the_next_one(shell: Shell, gate: Gate) -> None:
    """The digits of a sum went into the town of the cell before."""
    page = sheet(shell)
    ref = record(page, 0)
    edit(shell, page, 0, 1)
    type_text("Tver")
    press(shell, Qt.Key.Key_Tab)
    shell.wait(lambda: page.rows.inline.cursor.column == 2)
    assert editor(shell, page).field.key == "revenue"

    lose(shell, gate)
    type_text("77")

    assert editor(shell, page).raw() == "77" and waiting_cells(page) == ["Tver"]
    come_back(shell, gate)
    shell.wait(lambda: shell.values(ref)["city"] == "Tver" and not waiting_cells(page))
    assert editor(shell, page).raw() == "77"


def test_a_refused_cell_leaves_the_keyboard_to_the_search(shell: Shell, gate: Gate) -> None:
    page = sheet(shell)
    edit(shell, page, 0, 1)
    type_text("Tver")
    press(shell, Qt.Key.Key_Return)
    page.run("find")

    lose(shell, gate)
    type_text("Cli")

    assert page.view.filters.search.text() == "Cli"
    assert any("Tver" in note.text for note in shell.notes)


def test_a_waiting_cell_is_typed_on_without_the_server(shell: Shell, gate: Gate) -> None:
    page = sheet(shell)
    ref = record(page, 0)
    edit(shell, page, 0, 1)
    type_text("Tver")
    press(shell, Qt.Key.Key_Return)
    lose(shell, gate)

    page.view.table.go_to(0, column=1)
    page.rows.edit()
    assert editor(shell, page).raw() == "Tver"
    type_text("skoy")
    press(shell, Qt.Key.Key_Return)
    shell.wait(lambda: waiting_cells(page) == ["Tverskoy"])
    come_back(shell, gate)

    shell.wait(lambda: shell.values(ref)["city"] == "Tverskoy")
    assert not waiting_cells(page)


def test_a_slow_save_shows_what_was_typed(shell: Shell, gate: Gate) -> None:
    page = sheet(shell)
    ref = record(page, 0)
    edit(shell, page, 0, 1)
    type_text("Tver")
    press(shell, Qt.Key.Key_Return)

    shell.wait(lambda: waiting_cells(page) == ["Tver"])
    gate.lost = False
    gate.open.set()

    shell.wait(lambda: shell.values(ref)["city"] == "Tver" and not waiting_cells(page))


def test_keys_wait_for_a_cell_that_is_still_read(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over a slow line only the last letter before the cell opened was kept."""
    page, table = sheet(shell), None
    ref, reader, come = record(page, 0), shell.base.reader, threading.Event()
    edit(shell, page, 0, 1)
    press(shell, Qt.Key.Key_Escape)
    usual = reader.get

    def slow(*given: Any) -> Any:
        come.wait(30)
        return usual(*given)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(reader, "get", slow)
        table = page.view.table
        QTest.keyClicks(table, "Tver")
        QTest.keyClick(table, Qt.Key.Key_Tab)
        QTest.keyClicks(table, "77")
        QTest.keyClick(table, Qt.Key.Key_Return)
        come.set()
        shell.wait(lambda: page.rows.inline.cursor.row == 1 and not shell.operations.writing)

    shell.wait(lambda: shell.values(ref)["revenue"] == 77)
    assert shell.values(ref)["city"] == "Tver"


def test_what_is_typed_stays_though_other_rows_are_shown(shell: Shell) -> None:
    """A list that is read anew, for a field was added or the line is back, took the cell away."""
    page = sheet(shell)
    ref = record(page, 0)
    edit(shell, page, 0, 1)
    type_text("Tver")

    with shell.qtbot.waitSignal(page.controller.loader.opened):
        page.controller.show(page.controller.state)
    assert editor(shell, page).raw() == "Tver"
    focused = QApplication.focusWidget()
    assert focused is not None
    shell.key(focused, Qt.Key.Key_Return)

    shell.wait(lambda: shell.values(ref)["city"] == "Tver")


def test_a_conflict_over_a_link_names_the_record(shell: Shell) -> None:
    """It told the number of the row."""
    page = sheet(shell)
    make = shell.base.records.create
    mine, theirs = (
        make("reference", {"name": name, "book": "segment"}).ids[0] for name in ("Mine", "Theirs")
    )
    page.controller.change(columns=("name", "segment"))
    shell.wait(lambda: page.view.model.columnCount() == 2)
    cell = edit(shell, page, 0, 1)
    shell.base.records.update("client", record(page, 0).id, {"segment": theirs})

    cell.set_raw({"text": "Mine", "ref": ["reference", mine]})
    cell.committed.emit()

    shell.wait(lambda: "“Theirs”" in page.rows.inline.note())
