"""The conditions of a live segment are changed by the chips of the list, saved and undone."""

from __future__ import annotations

import pytest

from crm_desktop.models.query import Condition, Query
from crm_desktop.services.selections.service import Selection, SelectionRows
from crm_desktop.services.selections.writes import save_selection
from crm_desktop.ui.record_list.page import RecordListPage
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]


@pytest.fixture
def omsk(shell: Shell) -> Selection:
    query = Query("client", where=Condition("city", "eq", "Omsk"))
    return save_selection(shell.base, "Ours", query, live=True)


def kept(shell: Shell, one: Selection) -> object:
    return SelectionRows(shell.base.reader, shell.base.catalogue).get(one.id).query.where


def begun(shell: Shell, one: Selection) -> RecordListPage:
    page = shell.list()
    page.rows.marking.change(one)
    shell.wait(lambda: page.view.model.rowCount() == 100)
    assert page.controller.chips() == [("City", "Omsk")]
    return page


def test_changed_conditions_are_saved_and_undone(shell: Shell, omsk: Selection) -> None:
    page, editing = begun(shell, omsk), shell.list().rows.marking.editing

    page.controller.set_part(0, Condition("revenue", "lt", 100))
    shell.wait(lambda: page.view.model.rowCount() == 10)
    assert editing.strip is not None
    editing.strip.button.click()
    shell.wait(lambda: editing.selection is None)

    assert kept(shell, omsk) == Condition("revenue", "lt", 100)
    shell.wait(lambda: page.view.model.rowCount() == 10)
    assert page.controller.state.query.where == Condition("in_segment", "in", (omsk.id,))
    shell.window.undoing.undo(shell.notes[-1].undo_operation or 0)
    shell.wait(lambda: page.view.model.rowCount() == 100)
    assert kept(shell, omsk) == Condition("city", "eq", "Omsk")


def test_left_conditions_stay_and_the_list_comes_back(shell: Shell, omsk: Selection) -> None:
    page = begun(shell, omsk)
    page.controller.set_part(0, None)
    shell.rows(page, 300)
    strip = page.rows.marking.editing.strip
    assert strip is not None
    assert not page.view.filters.save.isVisible()

    page.controller.set_part(None, Condition("city", "eq", "Perm"))
    strip.cross.click()

    shell.rows(page, 300)
    assert kept(shell, omsk) == Condition("city", "eq", "Omsk")
    assert page.controller.chips() == []


def test_a_selection_is_not_found_by_itself(shell: Shell, omsk: Selection) -> None:
    page = begun(shell, omsk)
    page.controller.set_part(0, Condition("in_segment", "in", (omsk.id,)))

    page.rows.marking.editing.save()

    shell.wait(lambda: bool(shell.notes))
    assert "cannot be found by itself" in shell.notes[-1].text
    assert kept(shell, omsk) == Condition("city", "eq", "Omsk")


def test_another_place_ends_the_editing(shell: Shell, omsk: Selection) -> None:
    page = begun(shell, omsk)

    shell.navigator.show_list("client", where=Condition("city", "eq", "Perm"))

    shell.wait(lambda: page.rows.marking.editing.selection is None)
