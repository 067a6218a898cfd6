"""A list in the window: rows, quick filter, order, columns, views, and that it stays true."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from crm_desktop import settings as s
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Group, Sort
from crm_desktop.ui.record_list.column_chooser import ColumnChooser
from crm_desktop.ui.record_list.condition_form import ConditionForm
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.record_list.view_form import ViewForm
from tests.gui.conftest import NoStall
from tests.gui.shell_desk import MANY, Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]

_CORNER = QPoint(2, 2)


def test_first_rows_and_their_number_are_seen(shell: Shell) -> None:
    page = shell.list()

    rows = shell.rows(page, MANY)

    assert [row[0] for row in rows[:3]] == ["Client 000", "Client 001", "Client 002"]
    assert rows[1][1] == "+7 916 000-00-01"
    assert page.view.count_text() == "300"


def test_typing_narrows_the_list(shell: Shell) -> None:
    page = shell.list()

    for text in ("C", "Client 0", "Client 01"):
        page.view.filters.search.setText(text)

    assert [row[0] for row in shell.rows(page, 10)] == [f"Client {n:03}" for n in range(10, 20)]


def test_heading_sorts_upwards_then_downwards(shell: Shell) -> None:
    page = shell.list()

    page.view.table.head.sort_asked.emit(0, False)
    page.view.table.head.sort_asked.emit(0, False)

    shell.wait(lambda: shell.texts(page, 1)[0][0] == "Client 299")
    assert page.controller.state.query.sort == (Sort("name", True),)


def test_shift_adds_a_second_key(shell: Shell) -> None:
    page = shell.list()
    page.controller.change(columns=("name", "city"))
    shell.wait(lambda: page.view.model.columnCount() == 2)

    page.view.table.head.sort_asked.emit(1, False)
    page.view.table.head.sort_asked.emit(0, True)

    shell.wait(lambda: shell.texts(page, 1)[0] == ["Client 001", "Kazan"])
    assert page.controller.state.query.sort == (Sort("city"), Sort("name"))


def test_condition_from_the_form_becomes_a_chip(shell: Shell) -> None:
    page = shell.list()
    page.choosers.add_condition(page.view.filters.add, "city")
    form = page.view.window().findChildren(ConditionForm)[-1]

    form.apply()
    said_what_is_missing = form.error()
    form.input_line().setText("Omsk")
    shell.key(form.input_line(), Qt.Key.Key_Return)

    shell.rows(page, 100)
    assert said_what_is_missing
    assert [chip.accessibleName() for chip in page.view.filters.chips()] == [
        "City: contains “Omsk”"
    ]


def test_one_of_several_conditions_is_enough(shell: Shell) -> None:
    page = shell.list()
    either = Group("or", (Condition("city", "eq", "Omsk"), Condition("name", "eq", "Client 001")))

    page.controller.set_part(None, either)

    shell.rows(page, 101)
    assert page.controller.chips() == [("", "City: Omsk or Name: Client 001")]


def test_removed_chip_shows_everything_again(shell: Shell) -> None:
    page = shell.list()
    page.controller.set_part(None, Condition("city", "eq", "Omsk"))
    shell.rows(page, 100)

    page.view.filters.chips()[0].removed.emit()

    shell.rows(page, MANY)
    assert page.view.filters.chips() == []


def test_the_panel_dragged_beside_a_list_sets_no_widths(shell: Shell) -> None:
    page = shell.list()
    page.controller.change(columns=("name", "city", "phone", "email", "status", "address"))
    shell.wait(lambda: page.view.model.columnCount() == 6)
    window, before = shell.view.windowHandle(), page.view.table.head.sectionSize(0)
    QTest.mousePress(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, _CORNER)
    assert QApplication.mouseButtons() == Qt.MouseButton.LeftButton

    shell.view.resize(1300, 900)
    shell.wait(lambda: page.view.table.head.sectionSize(0) != before)

    QTest.mouseRelease(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, _CORNER)
    assert page.controller.state.widths == {}


def test_columns_are_chosen_and_found_again_next_time(shell: Shell) -> None:
    page = shell.list()
    page.choosers.choose_columns(page.view.filters.columns)
    chooser = page.view.window().findChildren(ColumnChooser)[-1]

    chooser.tick("revenue", True)

    shell.wait(lambda: page.view.model.columns[-1].key == "revenue")
    page.leave()
    kept = shell.settings.get(s.LIST_LAYOUTS)["client/all"]
    assert kept["columns"][-1] == "revenue"


def test_column_over_a_link_shows_the_linked_value(shell: Shell) -> None:
    client = shell.base.records.create("client", {"name": "Zeta", "city": "Tver"}).ids[0]
    shell.base.records.create("person", {"name": "Ann Lee", "client": client})
    shell.navigator.show_list("person")
    page = shell.list()

    page.controller.change(columns=("name", "client.city"))

    shell.wait(lambda: shell.texts(page, 1) == [["Ann Lee", "Tver"]])


def test_saved_view_gets_a_tab_with_its_count(shell: Shell) -> None:
    page = shell.list()
    page.controller.set_part(None, Condition("city", "eq", "Perm"))
    page.views.save_as(page.view.tabs)
    form = page.view.window().findChildren(ViewForm)[-1]

    form.saved.emit("Perm clients", True, True)

    shell.wait(lambda: page.controller.state.view is not None)
    shell.wait(lambda: page.views.tab_texts()[::len(page.views.tab_texts()) - 1] == [
        ("All", "300"), ("Perm clients", "100"),
    ])  # fmt: skip
    assert shell.base.views.of("client")[-1].name == "Perm clients"


def test_changed_view_can_be_reset(shell: Shell) -> None:
    page = shell.list()
    page.controller.set_part(None, Condition("city", "eq", "Perm"))
    shell.wait(page.view.filters.save.isVisible)

    page.view.filters.reset_clicked.emit()

    shell.rows(page, MANY)
    shell.wait(lambda: not page.view.filters.save.isVisible())


def test_list_follows_a_change_and_keeps_its_place(shell: Shell) -> None:
    page = shell.list()
    shell.rows(page, MANY)
    page.view.table.go_to(200)
    page.view.table.verticalScrollBar().setValue(190 * 38)
    shell.wait(lambda: page.controller.pointed() is not None)
    record = page.controller.pointed()
    assert record is not None
    page.view.model.ticks.toggle(record.id)
    before = page.view.table.rowViewportPosition(200)

    shell.base.records.create("client", {"name": "Aardvark"})

    shell.wait(lambda: page.view.model.rowCount() == MANY + 1)
    shell.wait(lambda: page.view.table.current_row == 201)
    assert page.controller.pointed() == record
    assert page.view.table.rowViewportPosition(201) == before
    assert page.view.model.ticks.ids == {record.id}


def test_new_record_is_shown_where_it_stands(shell: Shell) -> None:
    page = shell.list()
    shell.rows(page, MANY)
    page.view.table.go_to(0)

    shell.navigator.new_record_wanted.disconnect(shell.window.pages.show_new)
    shell.navigator.new_record("client")
    made = shell.base.records.create("client", {"name": "Client 150 and a half"}).ids[0]

    shell.wait(lambda: page.controller.pointed() == Ref("client", made))
    assert page.view.table.current_row == 151


def test_nothing_found_offers_to_make_the_record(shell: Shell) -> None:
    page = shell.list()
    wanted = []
    shell.navigator.new_record_wanted.connect(lambda key, values: wanted.append((key, values)))

    page.view.filters.search.setText("Borealis")
    shell.wait(lambda: page.view.is_empty)
    page.view.empty.secondary_button.click()

    assert page.view.empty.secondary_button.text() == "New client “Borealis”"
    assert wanted == [("client", {"name": "Borealis"})]


def test_empty_object_offers_import(shell: Shell) -> None:
    wanted = []
    shell.navigator.import_wanted.connect(lambda key, _source: wanted.append(key))
    shell.navigator.show_list("person")
    page = shell.list()

    page.view.empty.primary_button.click()

    assert page.view.is_empty
    assert not page.view.tabs.isVisible()
    assert wanted == ["person"]


def test_user_made_object_has_a_list(shell: Shell) -> None:
    fields = [{"key": "name", "label": "Name", "type": "text"}]
    definition = {"key": "boat", "label": "Boat", "plural": "Boats", "fields": fields}
    key = shell.base.constructor.add_object(definition)[0].key

    shell.base.records.create(key, {shell.base.catalogue[key].title_field: "Ariadne"})
    shell.navigator.show_list(key)

    page = shell.list()
    assert shell.rows(page, 1)[0][0] == "Ariadne"


@pytest.mark.parametrize("text", ["client", "perm"])
def test_window_answers_while_the_list_works(shell: Shell, no_stall: NoStall, text: str) -> None:
    page = shell.list()
    shell.rows(page, MANY)
    shell.wait(lambda: shell.window._panel is not None)

    with no_stall():
        for letter in range(1, len(text) + 1):
            page.view.filters.search.setText(text[:letter])
            shell.wait(lambda n=letter: _shows(page, text[:n]))  # type: ignore[misc]
        page.view.table.go_to(page.view.model.rowCount() - 1)
        page.view.table.head.sort_asked.emit(0, False)
        shell.wait(lambda: bool(page.controller.state.query.sort) and _shows(page, text))


def _shows(page: RecordListPage, text: str) -> bool:
    """Whether the list shows what it was asked for last, and that is this text."""
    wanted = page.controller.state.query
    return wanted.text == text and page.controller.loader._query == wanted
