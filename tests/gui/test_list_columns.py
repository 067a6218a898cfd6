"""Calculated columns in the window: chosen, narrowed, sorted by, and true after a change."""

from __future__ import annotations

from datetime import UTC, datetime

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Sort
from crm_desktop.services.writing.staging import Create
from crm_desktop.ui.record_list.child_narrowing import ChildNarrowing
from crm_desktop.ui.record_list.column_chooser import ColumnChooser
from crm_desktop.ui.record_list.page import RecordListPage
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]
NUMBER = "count(activity.about)"


def happen(shell: Shell, row: int, *kinds: str) -> None:
    """Activities of the client in that row."""
    client = shell.list().view.model.id_of(row)
    assert client is not None
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    shell.base.records.apply([
        Create("activity", {"subject": kind, "kind": kind, "moment": moment,
                            "about": Ref("client", client)})
        for kind in kinds
    ])  # fmt: skip


def counted(shell: Shell) -> RecordListPage:
    page = shell.list()
    page.controller.change(columns=("name", NUMBER))
    shell.wait(lambda: shell.texts(page, 1) == [["Client 000", "0"]])
    return page


def test_number_of_children_is_chosen_and_follows_a_change(shell: Shell) -> None:
    page = shell.list()
    page.choosers.choose_columns(page.view.filters.columns)
    chooser = page.view.window().findChildren(ColumnChooser)[-1]
    chooser.tick(NUMBER, True)
    shell.wait(lambda: page.view.model.columns[-1].key == NUMBER)

    happen(shell, 1, "note", "call")

    shell.wait(lambda: shell.texts(page, 2)[1][-1] == "2")
    assert page.view.model.columns[-1].title == "Activities: number"


def test_column_counts_some_of_the_children_only(shell: Shell) -> None:
    page = counted(shell)
    happen(shell, 0, "note", "call")
    choice = page.controller.choice(NUMBER)
    assert choice is not None and choice.child is not None
    narrowing = ChildNarrowing(page.controller, NUMBER, choice.child)

    narrowing.form.applied.emit((Condition("kind", "in", ("call",)),))

    shell.wait(lambda: shell.texts(page, 1) == [["Client 000", "1"]])
    assert page.view.model.columns[-1].title == "Activities: number (Call)"


def test_order_by_children_follows_a_change(shell: Shell) -> None:
    page = counted(shell)
    page.controller.sort((Sort(NUMBER, True),))
    happen(shell, 1, "note")
    shell.wait(lambda: shell.texts(page, 1)[0][1] == "1")

    happen(shell, 7, "note", "call")

    shell.wait(lambda: [row[1] for row in shell.texts(page, 3)] == ["2", "1", "0"])
