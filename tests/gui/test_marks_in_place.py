"""Two windows over one base on a server: typing in place, on a card or in a list, marks the record
for the other one, once for all cells of it, and the mark goes with the typing."""

from __future__ import annotations

import sqlalchemy as sa
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.workspace import Workspace
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.fact_row import FactRow
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.server_line.edit_mark import REST_MS
from tests.gui.shell_desk import Shell
from tests.gui.test_live_window import COUNT, address, card, client, two

__all__ = ["address", "two"]

AT_ONCE_MS = 5_000


def named(shell: Shell, name: str) -> None:
    shell.session.work_as(shell.base.records.create("staff", {"name": name}).ids[0])


def letter(qtbot: QtBot, editor: object) -> None:
    """A letter typed into an editor that is open."""
    field = editor.findChild(QLineEdit)  # type: ignore[attr-defined]
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "x")


def fact(page: CardPage, key: str) -> FactRow:
    found = [r for r in page.overview.facts._rows if r.fact and r.fact.field.key == key]
    assert found[0].fact is not None
    return found[0]


def begin_cell(shell: Shell, page: RecordListPage, row: int, column: int) -> None:
    page.rows.inline.cursor.switch(True)
    page.rows.inline.cursor.go(row, column)
    page.rows.inline.begin("")
    shell.wait(lambda: page.rows.inline.editor is not None)


def marked_since(base: Workspace) -> list[object]:
    table = base.tables.system("edit_mark")
    with base.backend.read() as connection:
        return list(connection.execute(sa.select(table.c.since).order_by(table.c.rid)).scalars())


def test_a_value_typed_on_a_card_marks_it_and_leaving_unmarks_it(
    two: tuple[Shell, Shell], qtbot: QtBot
) -> None:
    ann, ben = two
    named(ben, "Ben Fox")
    ref = client(ann, 7)
    page, his = card(ann, ref), card(ben, ref)
    his.overview._toggle_empty()
    row = fact(his, "city")

    his.overview.facts.edit(row.fact)
    assert row.editor is not None and not marked_since(ann.base)  # to look is not to type
    letter(qtbot, row.editor)

    qtbot.waitUntil(lambda: "Ben Fox" in page.head.editing.text(), timeout=AT_ONCE_MS)
    assert not his.head.editing.text()
    his.overview.facts.end_all()
    qtbot.waitUntil(lambda: not page.head.editing.text(), timeout=AT_ONCE_MS + REST_MS)


def test_cells_of_one_row_are_marked_once_and_told_the_other_way_round(
    two: tuple[Shell, Shell], qtbot: QtBot
) -> None:
    ann, ben = two
    named(ann, "Ann Gray")
    named(ben, "Ben Fox")
    lists = ann.list(), ben.list()
    for shell, page in zip(two, lists, strict=True):
        shell.rows(page, COUNT)
    his, hers = lists[1], lists[0]
    columns = [n for n in range(6) if his.rows.inline.cursor.is_typed(n)][:2]
    row = 3
    record = his.view.model.id_of(row)
    assert record is not None and len(columns) == 2
    begin_cell(ben, his, row, columns[0])
    letter(qtbot, his.rows.inline.editor)
    qtbot.waitUntil(lambda: len(marked_since(ann.base)) == 1, timeout=AT_ONCE_MS)
    since = marked_since(ann.base)

    his.rows.inline._cancelled()
    begin_cell(ben, his, row, columns[1])
    letter(qtbot, his.rows.inline.editor)

    assert marked_since(ann.base) == since  # one mark for both cells
    ref = Ref("client", record)
    qtbot.waitUntil(
        lambda: [one.name for one in ann.session.line.editors(ref)] == ["Ben Fox"],
        timeout=AT_ONCE_MS,
    )
    there = hers.view.model.row_of(record)
    assert there is not None
    begin_cell(ann, hers, there, columns[0])
    assert "Ben Fox" in hers.rows.inline.note()
    letter(qtbot, hers.rows.inline.editor)
    qtbot.waitUntil(lambda: "Ann Gray" in his.rows.inline.note(), timeout=AT_ONCE_MS)
    for page in lists:
        page.rows.inline._cancelled()
    qtbot.waitUntil(lambda: not marked_since(ann.base), timeout=AT_ONCE_MS + REST_MS)
