"""Editing in the list by keyboard, and paste of a spreadsheet into its cells."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.errors import BaseBusy, DatabaseUnavailable
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.lists.paste import CellChange, MissingLink, PastePlan
from crm_desktop.ui.editors import EditorBase
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.record_list.paste_preview import PastePreview
from tests.gui.conftest import NoStall
from tests.gui.shell_desk import MANY, Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]


def sheet(shell: Shell) -> RecordListPage:
    """Name, city and revenue of 300 clients, the keyboard in the table."""
    page = shell.list()
    page.controller.change(columns=("name", "city", "revenue"))
    shell.wait(lambda: page.view.model.columnCount() == 3)
    shell.rows(page, MANY)
    page.view.table.setFocus()
    return page


def editor(shell: Shell, page: RecordListPage) -> EditorBase:
    """The editor in the cell, once it has the keyboard."""
    inline = page.rows.inline
    shell.wait(lambda: inline.editor is not None and inline.editor.isVisible())
    assert inline.editor is not None
    return inline.editor


def edit(shell: Shell, page: RecordListPage, row: int, column: int) -> EditorBase:
    page.view.table.go_to(row, column=column)
    page.rows.edit()
    return editor(shell, page)


def record(page: RecordListPage, row: int) -> Ref:
    id_ = page.view.model.id_of(row)
    assert id_ is not None
    return Ref("client", id_)


def type_text(text: str) -> None:
    QTest.keyClicks(QApplication.focusWidget(), text)


def press(shell: Shell, key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    shell.key(focused, key)


def test_typed_value_is_saved_and_enter_goes_down(shell: Shell, no_stall: NoStall) -> None:
    page = sheet(shell)
    ref = record(page, 1)
    edit(shell, page, 1, 1)

    with no_stall():
        type_text("Tver")
        press(shell, Qt.Key.Key_Return)
        shell.wait(lambda: shell.values(ref)["city"] == "Tver")

    assert (page.view.table.current_row, page.view.table.hasFocus()) == (2, True)
    shell.wait(lambda: shell.texts(page, 2)[1][1] == "Tver")
    shell.wait(lambda: any(note.undo_operation for note in shell.notes))


def test_tab_saves_and_opens_the_next_cell(shell: Shell) -> None:
    page = sheet(shell)
    ref = record(page, 0)
    edit(shell, page, 0, 1)

    type_text("Tver")
    press(shell, Qt.Key.Key_Tab)
    shell.wait(lambda: page.rows.inline.cursor.column == 2)
    assert editor(shell, page).field.key == "revenue"
    type_text("77")
    press(shell, Qt.Key.Key_Return)

    shell.wait(lambda: shell.values(ref)["revenue"] == Decimal(77))
    assert shell.values(ref)["city"] == "Tver"


def test_tab_at_the_end_of_a_row_goes_to_the_next_row(shell: Shell) -> None:
    page = sheet(shell)
    edit(shell, page, 0, 2)

    press(shell, Qt.Key.Key_Tab)

    shell.wait(lambda: page.rows.inline.cursor.column == 0)
    assert page.view.table.current_row == 1


def test_letter_opens_the_cell_while_the_mode_is_on(shell: Shell) -> None:
    page = sheet(shell)
    ref = record(page, 0)
    edit(shell, page, 0, 1)
    press(shell, Qt.Key.Key_Escape)

    QTest.keyClick(page.view.table, Qt.Key.Key_T, delay=0)
    assert editor(shell, page).raw() == "t"
    type_text("ver")
    press(shell, Qt.Key.Key_Return)

    shell.wait(lambda: shell.values(ref)["city"] == "tver")


def test_esc_leaves_the_value_and_then_the_mode(shell: Shell) -> None:
    page = sheet(shell)
    ref = record(page, 0)
    edit(shell, page, 0, 1)

    type_text("Nowhere")
    press(shell, Qt.Key.Key_Escape)
    still_on = page.rows.inline.cursor.on
    press(shell, Qt.Key.Key_Escape)

    assert (still_on, page.rows.inline.cursor.on) == (True, False)
    shell.wait(lambda: not shell.operations.writing)
    assert shell.values(ref)["city"] == "Omsk"


def test_what_cannot_be_kept_is_said_at_the_cell(shell: Shell) -> None:
    page = sheet(shell)
    ref = record(page, 0)
    edit(shell, page, 0, 2)

    type_text("much")
    press(shell, Qt.Key.Key_Return)

    assert "much" in page.rows.inline.note()
    assert page.rows.inline.editor is not None
    shell.wait(lambda: not shell.operations.writing)
    assert shell.values(ref)["revenue"] == Decimal(0)


def test_conflict_is_said_and_enter_keeps_ones_own(shell: Shell) -> None:
    page = sheet(shell)
    ref = record(page, 0)
    edit(shell, page, 0, 1)
    shell.base.records.update("client", ref.id, {"city": "Theirs"})

    type_text("Mine")
    press(shell, Qt.Key.Key_Return)
    shell.wait(lambda: "Theirs" in page.rows.inline.note())
    page.rows.inline.editor.setFocus()  # type: ignore[union-attr]
    press(shell, Qt.Key.Key_Return)

    shell.wait(lambda: shell.values(ref)["city"] == "Mine")


def test_a_refused_cell_waits_for_the_one_that_is_typed_into(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its editor came over the next one, and what was typed there was gone."""
    page = sheet(shell)
    first, second = record(page, 0), record(page, 2)
    inline, records = page.rows.inline, shell.base.records
    writing, usual = threading.Event(), records._log

    def held(*given: Any) -> Any:
        writing.wait(30)
        raise BaseBusy("Others hold it.")

    monkeypatch.setattr(records, "_log", held)
    edit(shell, page, 0, 1)
    type_text("Tver")
    press(shell, Qt.Key.Key_Return)
    edit(shell, page, 2, 1)
    type_text("Orel")

    writing.set()
    shell.wait(lambda: not shell.operations.writing)
    monkeypatch.setattr(records, "_log", usual)
    assert editor(shell, page).raw() == "Orel"
    press(shell, Qt.Key.Key_Return)
    shell.wait(lambda: shell.values(second)["city"] == "Orel")

    assert (editor(shell, page).raw(), inline.note()) == ("Tver", "Others hold it.")
    press(shell, Qt.Key.Key_Return)
    shell.wait(lambda: shell.values(first)["city"] == "Tver")


def test_a_cell_out_of_sight_is_saved_when_the_server_is_back(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was promised, and the text was gone with its row."""
    page = sheet(shell)
    ref, writing, records = record(page, 0), threading.Event(), shell.base.records

    def lost(*given: Any) -> Any:
        writing.wait(30)
        raise DatabaseUnavailable("The line broke.")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(records, "_log", lost)
        edit(shell, page, 0, 1)
        type_text("Tver")
        press(shell, Qt.Key.Key_Return)
        page.controller.change(text="nobody is called so")
        shell.wait(lambda: page.controller.total == 0)
        writing.set()
        shell.wait(lambda: any("Tver" in note.text for note in shell.notes))

    shell.session.line.back.emit()

    shell.wait(lambda: shell.values(ref)["city"] == "Tver")


def test_block_is_pasted_after_a_look_and_undone_at_once(shell: Shell) -> None:
    page = sheet(shell)
    refs = [record(page, row) for row in range(2)]
    edit(shell, page, 0, 1)
    press(shell, Qt.Key.Key_Escape)
    QGuiApplication.clipboard().setText("Tver\tmuch\nOrel\t5\n")

    page.rows.paste()
    preview = _preview(shell)
    said = preview.said()
    preview.go.click()

    shell.wait(lambda: shell.values(refs[1])["revenue"] == Decimal(5))
    assert "1 cell cannot be read" in said
    assert [shell.values(ref)["city"] for ref in refs] == ["Tver", "Orel"]
    shell.wait(lambda: [n.text for n in shell.notes][-1:] == ["2 records changed"])
    shell.window.undoing.undo(shell.notes[-1].undo_operation or 0)
    shell.wait(lambda: [shell.values(ref)["city"] for ref in refs] == ["Omsk", "Kazan"])


def test_cells_whose_record_is_not_made_leave_the_look(qtbot: QtBot) -> None:
    cells = (CellChange(1, "city", "Omsk", "Tver"), CellChange(1, "owner", "Ann", "Nobody Yet"))
    names = {1: {"owner": MissingLink("staff", "", "Nobody Yet")}}
    plan = PastePlan("client", names=names, changes=cells, titles={1: "Vector"})
    around = QWidget()
    qtbot.addWidget(around)
    preview = PastePreview(plan, 0, {}, around)

    before = preview.table.model().rowCount()
    preview.create_missing.setChecked(False)

    assert (before, preview.table.model().rowCount()) == (2, 1)
    assert preview.go.text() == "Change 1 cell"


def _preview(shell: Shell) -> PastePreview:
    shell.wait(lambda: isinstance(QApplication.activeModalWidget(), PastePreview))
    found = QApplication.activeModalWidget()
    assert isinstance(found, PastePreview)
    return found


def test_one_value_fills_the_chosen_cells(shell: Shell) -> None:
    page = sheet(shell)
    refs = [record(page, row) for row in range(3)]
    edit(shell, page, 0, 1)
    press(shell, Qt.Key.Key_Escape)
    for _turn in range(2):
        shell.key(page.view.table, Qt.Key.Key_Down, shift=True)
    QGuiApplication.clipboard().setText("Tver")

    page.rows.paste()
    _preview(shell).go.click()

    shell.wait(lambda: [shell.values(ref)["city"] for ref in refs] == ["Tver"] * 3)
    assert page.view.model.ticks.count(MANY) == 0


def test_chosen_cells_are_emptied_and_copied(shell: Shell) -> None:
    page = sheet(shell)
    ref = record(page, 0)
    edit(shell, page, 0, 1)
    press(shell, Qt.Key.Key_Escape)
    shell.key(page.view.table, Qt.Key.Key_Right, shift=True)

    page.rows.cells.copy()
    shell.wait(lambda: QGuiApplication.clipboard().text().startswith("Omsk\t"))
    shell.key(page.view.table, Qt.Key.Key_Left)
    shell.key(page.view.table, Qt.Key.Key_Delete)

    shell.wait(lambda: shell.values(ref)["city"] is None)


def test_column_of_the_program_is_not_typed_into(shell: Shell) -> None:
    page = sheet(shell)
    page.controller.change(columns=("created_at",))
    shell.wait(lambda: page.view.model.columnCount() == 1)
    page.view.table.go_to(0, column=0)

    page.rows.edit()

    assert page.rows.inline.editor is None
    assert "Open the card" in shell.notes[-1].text
