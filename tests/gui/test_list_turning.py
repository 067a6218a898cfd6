"""A list turns red while it is looked at: the clock goes on, nothing in the base changes."""

from __future__ import annotations

from datetime import timedelta

from crm_desktop.models.query import Condition
from crm_desktop.services.clock import Clock
from crm_desktop.ui.record_list.page import RecordListPage
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]


class LaterClock(Clock):
    """The real one, and what a test adds."""

    later = timedelta()

    def now(self):  # type: ignore[no-untyped-def]
        return super().now() + self.later


def reds(page: RecordListPage) -> list[bool]:
    model = page.view.model
    cells = [model.cell(row, 1) for row in range(model.rowCount())]
    return [bool(cell is not None and cell.bad) for cell in cells]


def test_a_deadline_that_passes_turns_red_on_the_screen(shell: Shell) -> None:
    clock = shell.base.clock = LaterClock()
    due = clock.now() + timedelta(hours=2)
    shell.base.records.create("activity", {
        "subject": "Report", "kind": "task", "state": "planned", "due": due,
    })  # fmt: skip
    shell.navigator.show_list("activity")
    page = shell.window.pages.page
    assert isinstance(page, RecordListPage)
    page.controller.change(columns=("subject", "due", "state"))
    page.controller.set_part(None, Condition("subject", "eq", "Report"))
    shell.wait(lambda: page.view.model.columnCount() == 3)
    shell.rows(page, 1)
    page.turning.look()
    assert reds(page) == [False]

    clock.later = timedelta(hours=3)
    page.turning.look()

    shell.wait(lambda: reds(page) == [True])
