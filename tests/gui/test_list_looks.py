"""Groups and marks in the window: heads with sums, folding by keyboard, colours, kept in a view."""

from __future__ import annotations

from PySide6.QtCore import Qt

from crm_desktop import settings as s
from crm_desktop.models.query import Condition
from crm_desktop.ui.itemmodels.cells import Cell
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.widgets.popover import Menu
from tests.gui.conftest import NoStall
from tests.gui.shell_desk import MANY, Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]
OMSK = Condition("city", "eq", "Omsk")


def grouped(shell: Shell, *groups: str) -> RecordListPage:
    """Name, city and revenue of 300 clients under heads."""
    page = shell.list()
    page.controller.change(columns=("name", "city", "revenue"), groups=groups)
    shell.wait(lambda: page.view.model.head_at(0) == 0)
    return page


def cell(page: RecordListPage, row: int, column: int = 0) -> Cell:
    found = page.view.model.cell(row, column)
    assert found is not None
    return found


def test_heads_say_how_many_and_how_much(shell: Shell) -> None:
    page = grouped(shell, "city")

    head, first = cell(page, 0), cell(page, 1)
    assert (head.text, head.tag, head.avatar) == ("Kazan", "100", "open")
    assert cell(page, 0, 2).text == "$149,500"
    assert (first.text, first.kind) == ("Client 001", "title")
    assert page.view.model.rowCount() == MANY + 3
    assert page.view.count_text() == "300"


def test_group_is_folded_and_opened_by_keyboard(shell: Shell, no_stall: NoStall) -> None:
    page = grouped(shell, "city")
    page.view.table.go_to(0)

    with no_stall():
        shell.key(page.view.table, Qt.Key.Key_Left)
        shell.wait(lambda: page.view.model.rowCount() == MANY - 100 + 3)
        shell.wait(lambda: cell(page, 1).text == "Omsk")
        shell.key(page.view.table, Qt.Key.Key_Right)
        shell.wait(lambda: page.view.model.rowCount() == MANY + 3)

    shell.wait(lambda: cell(page, 1).text == "Client 001")


def test_all_groups_are_folded_and_heads_are_no_records(shell: Shell) -> None:
    page = grouped(shell, "city")

    page.choosers.grouping.turn_all(False)
    shell.wait(lambda: page.view.model.rowCount() == 3 and page.view.model.head_at(2) == 2)
    shell.key(page.view.table, Qt.Key.Key_A, ctrl=True)

    assert [page.view.model.id_of(row) for row in range(3)] == [None] * 3
    assert page.many.count() == MANY


def test_two_levels_and_rows_far_down_are_read(shell: Shell) -> None:
    page = grouped(shell, "city", "created_at:year")
    rows = page.view.model.rowCount()
    assert (rows, cell(page, 1).depth) == (MANY + 6, 1)

    page.view.table.go_to(rows - 1)

    shell.wait(lambda: page.view.model.cell(rows - 1, 0) is not None)
    assert cell(page, rows - 1).text == "Client 299"


def test_groups_follow_a_change(shell: Shell) -> None:
    page = grouped(shell, "city")

    shell.base.records.create("client", {"name": "New", "city": "Abakan"})

    shell.wait(lambda: page.view.model.rowCount() == MANY + 5)
    shell.wait(lambda: cell(page, 0).text == "Abakan")


def test_marks_colour_rows_and_cells_by_fields_that_are_not_shown(shell: Shell) -> None:
    page = shell.list()
    page.controller.change(columns=("name", "revenue"))
    page.choosers.marks.take(OMSK)
    mark = page.controller.state.marks[0]

    shell.wait(
        lambda: shell.list().view.model.cell(0, 0) is not None and cell(page, 0).mark == "bad"
    )

    assert [(cell(page, 0, n).mark, cell(page, 0, n).striped) for n in (0, 1)] == [
        ("bad", True), ("bad", False),
    ]  # fmt: skip
    assert (cell(page, 1).mark, mark.path) == ("", "")


def test_the_current_row_stays_when_only_the_looks_change(shell: Shell) -> None:
    page = shell.list()
    page.view.table.go_to(7)
    record = page.controller.pointed()

    page.choosers.marks.take(OMSK)
    shell.wait(lambda: any(cell(page, row).mark for row in range(3)))
    shell.wait(lambda: page.view.table.current_row == 7)
    page.controller.change(columns=("name", "city"))
    shell.wait(lambda: page.view.model.columnCount() == 2)
    shell.wait(lambda: page.view.table.current_row == 7)

    assert page.controller.pointed() == record


def test_other_rows_begin_at_the_first(shell: Shell) -> None:
    page = shell.list()
    page.view.table.go_to(7)

    page.controller.change(where=OMSK)
    shell.wait(lambda: page.view.model.rowCount() == 100)

    assert page.view.table.current_row == 0


def test_impossible_mark_is_said(shell: Shell) -> None:
    page = shell.list()

    page.choosers.marks.take(Condition("nothing", "eq", 1))

    assert page.controller.state.marks == ()
    shell.wait(lambda: bool(shell.notes))
    assert shell.notes[-1].tone == "bad"


def test_groups_and_marks_are_kept_and_can_be_reset(shell: Shell) -> None:
    page = grouped(shell, "city")
    page.choosers.marks.take(OMSK)
    page.controller.keep_layout_now()
    kept = shell.settings.get(s.LIST_LAYOUTS)["client/all"]

    page.controller.forget_layout()

    shell.wait(lambda: page.view.model.rowCount() == MANY and page.view.model.head_at(0) < 0)
    assert (kept["groups"], kept["marks"][0]["tone"]) == (["city"], "bad")
    assert (page.controller.state.marks, page.controller.state.query.groups) == ((), ())


def test_saved_view_keeps_them_for_everybody(shell: Shell) -> None:
    page = grouped(shell, "city")
    page.choosers.marks.take(OMSK)

    keep = page.views._writing("By town", True, False, None)
    page.views._written(keep(Job("view", lambda act: act())))
    shell.wait(lambda: page.controller.state.view is not None)
    page.views.choose(None)
    page.views.choose(shell.base.views.of("client")[-1].id)

    shell.wait(lambda: page.controller.state.query.groups == ("city",))
    assert [mark.tone for mark in page.controller.state.marks] == ["bad"]
    shell.wait(lambda: page.view.model.head_at(0) == 0)


def test_layout_of_an_older_program_is_read_as_far_as_it_goes(shell: Shell) -> None:
    shell.settings.put_entry(s.LIST_LAYOUTS, "client/all", {
        "columns": ["name", "gone", "city", 7, "count(gone.by)"], "sort": ["-gone", "city"],
        "groups": ["gone:month", "city"], "marks": [{"tone": "pink"}, {"tone": "ok", "where": 5}],
        "widths": {"name": "wide", "gone": 90}, "colour": "mauve",
    })  # fmt: skip
    page = shell.list()

    page.views.choose(None)

    shell.wait(lambda: page.view.model.columnCount() == 2)
    shell.wait(lambda: page.view.model.head_at(0) == 0)
    assert page.controller.state.query.columns == ("name", "city")
    assert page.controller.state.query.groups == ("city",)


def test_a_column_over_a_link_is_grouped_from_its_heading(shell: Shell) -> None:
    for number, client in enumerate(shell.base.titles.find("client", "Client 000") * 2):
        shell.base.records.create("person", {"name": f"P{number}", "client": client})
    shell.navigator.show_list("person")
    page = shell.list()
    page.controller.change(columns=("name", "client.city"))
    menu = Menu(page.view)
    page.choosers.grouping.add_to(menu, "client.city")

    menu.actions()[0].trigger()

    shell.wait(lambda: page.controller.state.query.groups == ("client.city",))
    shell.wait(lambda: page.view.model.rowCount() == 3)
    assert page.view.model.head_at(0) == 0


def test_a_rule_names_the_value_it_asks_for(shell: Shell) -> None:
    page = shell.list()
    active = shell.base.titles.find("reference", "Active")[0]
    page.choosers.marks.take(Condition("status", "in", [active]))

    panel = page.choosers.marks.open(page.view)

    shell.wait(lambda: [words.text() for words in panel._words] == ["Status: Active"])
