"""What is done with rows: ticks, sums, delete with undo, bulk edit, copy, paste, export, views."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query
from crm_desktop.ui.language import switch_language
from crm_desktop.ui.record_list.bulk_edit import BulkEditDialog
from crm_desktop.ui.record_list.delete_preview import DeletePreview
from crm_desktop.ui.record_list.page import RecordListPage
from tests.gui.shell_desk import MANY, Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]


def _with_revenue(shell: Shell) -> RecordListPage:
    page = shell.list()
    page.controller.change(columns=("name", "city", "revenue"))
    shell.wait(lambda: page.view.model.columnCount() == 3)
    shell.rows(page, MANY)
    return page


def test_ctrl_a_ticks_all_of_the_query(shell: Shell) -> None:
    page = shell.list()
    page.controller.set_part(None, Condition("city", "eq", "Omsk"))
    shell.rows(page, 100)

    shell.key(page.view.table, Qt.Key.Key_A, ctrl=True)

    assert page.view.footer.count_text() == "Ticked 100 of 100"
    assert page.many.count() == 100


def test_footer_sums_what_is_ticked(shell: Shell) -> None:
    page = _with_revenue(shell)

    page.view.table.go_to(2)
    for _turn in range(2):
        shell.key(page.view.table, Qt.Key.Key_Space)
        shell.key(page.view.table, Qt.Key.Key_Down)

    shell.wait(lambda: "Annual revenue" in page.view.footer.sums_text())
    shell.wait(lambda: "50" in page.view.footer.sums_text().split(",")[0])
    assert page.view.footer.count_text() == "Ticked 2 of 300"


def test_other_conditions_untick(shell: Shell) -> None:
    page = shell.list()
    shell.rows(page, MANY)
    page.view.model.ticks.tick_all()

    page.controller.set_part(None, Condition("city", "eq", "Omsk"))
    shell.rows(page, 100)

    assert page.view.model.ticks.count(100) == 0


def test_delete_can_be_undone(shell: Shell) -> None:
    page = shell.list()
    shell.rows(page, MANY)
    page.view.table.go_to(0)
    for _turn in range(3):
        shell.key(page.view.table, Qt.Key.Key_Space)
        shell.key(page.view.table, Qt.Key.Key_Down)

    shell.key(page.view.table, Qt.Key.Key_Delete)
    shell.wait(lambda: isinstance(QApplication.activeModalWidget(), DeletePreview))
    box = QApplication.activeModalWidget()
    assert isinstance(box, DeletePreview)
    shell.wait(lambda: "Client 000, Client 001, Client 002" in box.said())
    box.go.click()
    shell.wait(lambda: page.view.model.rowCount() == MANY - 3)
    note = shell.notes[-1]
    shell.window.undoing.undo(note.undo_operation or 0)

    shell.wait(lambda: page.view.model.rowCount() == MANY)
    assert note.text == "3 records deleted"
    shell.wait(lambda: shell.notes[-1].text.startswith("Undone:"))


def test_bulk_edit_says_what_will_change_and_is_one_operation(shell: Shell) -> None:
    page = shell.list()
    shell.rows(page, MANY)
    page.view.model.ticks.tick_all()
    page.many.edit("city")
    shell.wait(lambda: bool(page.view.findChildren(BulkEditDialog)))
    dialog = page.view.findChildren(BulkEditDialog)[-1]

    dialog.editor.set_raw("Omsk")
    shell.wait(lambda: dialog.said().startswith("200 records will change"))
    assert dialog.rows.texts()[0] == ("Client 001", "Kazan", "Omsk")
    assert dialog.rows.texts()[5][0] == "and 195 more"
    dialog.press()

    shell.wait(lambda: shell.base.lists.count(_towns(page, "Omsk")) == MANY)
    shell.wait(lambda: bool(shell.notes))
    assert shell.notes[-1].text == "300 records changed"
    assert shell.base.operations.last(1)[0].total == 200


def _towns(page: RecordListPage, town: str) -> Query:
    return page.controller.state.query.replace(where=Condition("city", "eq", town))


def test_emptied_field_of_many(shell: Shell) -> None:
    page = shell.list()
    shell.rows(page, MANY)
    page.view.table.go_to(0)
    shell.wait(lambda: page.controller.pointed() is not None)
    page.many.edit("city")
    shell.wait(lambda: bool(page.view.findChildren(BulkEditDialog)))
    dialog = page.view.findChildren(BulkEditDialog)[-1]

    dialog.empty_field()
    dialog.press()

    record = page.controller.pointed()
    assert record is not None
    shell.wait(lambda: shell.values(record)["city"] is None)


def test_copy_is_a_table_with_headings(shell: Shell) -> None:
    page = _with_revenue(shell)
    page.view.model.ticks.add([page.view.model.id_of(n) or 0 for n in (2, 1)])

    shell.key(page.view.table, Qt.Key.Key_C, ctrl=True)

    shell.wait(lambda: bool(shell.notes))
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0] == "Name\tCity\tAnnual revenue"
    assert [line.split("\t")[:2] for line in lines[1:]] == [
        ["Client 001", "Kazan"], ["Client 002", "Perm"],
    ]  # fmt: skip


def test_pasted_table_goes_to_the_import(shell: Shell) -> None:
    page = shell.list()
    wanted = []
    shell.navigator.import_wanted.connect(lambda key, source: wanted.append((key, source.text)))
    QGuiApplication.clipboard().setText("Name\tCity\nOrion\tTula")

    shell.key(page.view.table, Qt.Key.Key_V, ctrl=True)

    assert wanted == [("client", "Name\tCity\nOrion\tTula")]


def test_typing_ahead_jumps_to_the_row(shell: Shell) -> None:
    page = shell.list()
    shell.rows(page, MANY)

    page.view.table.typed_ahead.emit(0, "client 27")

    shell.wait(lambda: page.view.table.current_row == 270)
    shell.wait(lambda: page.view.model.id_of(270) is not None)
    assert page.controller.pointed() == Ref("client", page.view.model.id_of(270) or 0)


def test_neighbour_is_the_next_row(shell: Shell) -> None:
    page = shell.list()
    shell.rows(page, MANY)
    ids = [page.view.model.id_of(row) or 0 for row in range(3)]

    found = page.neighbour(Ref("client", ids[1]), 1)

    assert found == Ref("client", ids[2])
    assert page.neighbour(Ref("client", ids[0]), -1) is None


def test_list_speaks_the_other_language_at_once(shell: Shell, qapp: QApplication) -> None:
    page = shell.list()
    shell.rows(page, MANY)

    switch_language(qapp, "ru")

    shell.wait(lambda: page.view.footer.count_text() == "300 записей")
    said = [name for name, _count in page.views.tab_texts()]
    assert said[:2] == ["Все", "Без следующего шага"]
    assert [tab.title for tab in page.view.tabs._tabs] == said
    switch_language(qapp, "en")


def test_export_writes_what_is_seen(shell: Shell, tmp_path: Path) -> None:
    page = _with_revenue(shell)
    page.controller.set_part(None, Condition("city", "eq", "Omsk"))
    page.view.table.head.sort_asked.emit(0, False)
    page.view.table.head.sort_asked.emit(0, False)
    shell.wait(lambda: page.controller.total == 100)

    page.rows.export_to(tmp_path / "omsk.csv")

    shell.wait(lambda: bool(shell.notes))
    lines = (tmp_path / "omsk.csv").read_text(encoding="utf-8-sig").splitlines()
    assert shell.notes[-1].text == "100 records written to omsk.csv"
    assert len(lines) == 101
    assert lines[0].replace('"', "").split(lines[0][4])[0] == "Name"
    assert "Client 297" in lines[1]


def test_export_of_ticked_rows_alone(shell: Shell, tmp_path: Path) -> None:
    page = shell.list()
    shell.rows(page, MANY)
    page.view.model.ticks.add([page.view.model.id_of(n) or 0 for n in (4, 7)])

    page.rows.export_to(tmp_path / "two.csv")

    shell.wait(lambda: bool(shell.notes))
    text = (tmp_path / "two.csv").read_text(encoding="utf-8-sig")
    assert "Client 004" in text
    assert "Client 007" in text
    assert len(text.splitlines()) == 3


def test_decimal_average_is_readable(shell: Shell) -> None:
    page = _with_revenue(shell)

    shell.wait(lambda: "on average" in page.view.footer.sums_text())

    total = sum(Decimal(10 * n) for n in range(MANY))
    assert f"{total:,}".replace(",", "") in "".join(
        c for c in page.view.footer.sums_text() if c.isdigit() or c == "."
    )


def test_reassigning_asks_for_the_colleague_at_once(shell: Shell) -> None:
    ann = shell.base.records.create("staff", {"name": "Ann Lee"}).ids[0]
    page = shell.list()
    shell.rows(page, MANY)
    page.view.model.ticks.tick_all()

    page.many.reassign()
    shell.wait(lambda: isinstance(QApplication.activeModalWidget(), BulkEditDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, BulkEditDialog)
    dialog.editor.set_value(ann)
    shell.wait(lambda: dialog.editor.raw()["text"] == "Ann Lee")
    dialog.press()

    mine = Condition("responsible", "in", (ann,))
    shell.wait(lambda: shell.base.lists.count(Query("client", where=mine)) == MANY)
