"""A list turns red while it is looked at: the clock goes on, nothing in the base changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crm_desktop.models.query import Condition
from crm_desktop.services.clock import Clock, MovedClock
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


def _tasks(shell: Shell, hours: dict[str, int]) -> RecordListPage:
    """Planned tasks, due so many hours from now, in a list of their names."""
    for name, later in hours.items():
        shell.base.records.create("activity", {
            "subject": name, "kind": "task", "state": "planned",
            "due": shell.base.clock.now() + timedelta(hours=later),
        })  # fmt: skip
    shell.navigator.show_list("activity")
    page = shell.window.pages.page
    assert isinstance(page, RecordListPage)
    page.controller.change(columns=("subject",))
    shell.wait(lambda: page.view.model.columnCount() == 1)
    return page


def test_a_list_of_what_is_overdue_grows_by_itself(shell: Shell) -> None:
    clock = shell.base.clock = LaterClock()
    shell.base.reload()  # lists look at the clock, too
    page = _tasks(shell, {"Old": -1, "Report": 2, "Letter": 5})
    page.controller.set_part(None, Condition("due", "period", "passed"))
    assert [row[0] for row in shell.rows(page, 1)] == ["Old"]
    opened = page.controller.loader.source
    clock.later = timedelta(hours=1)
    shell.wait(lambda: page.turning.next_turn() is not None)
    page.turning.look()
    shell.wait(lambda: page.controller.loader.source is opened)

    clock.later = timedelta(hours=3)
    page.turning.look()
    assert sorted(row[0] for row in shell.rows(page, 2)) == ["Old", "Report"]
    clock.later = timedelta(hours=6)

    def grown() -> bool:
        page.turning.look()  # the list may still be coming from the look before
        return page.view.model.rowCount() == 3

    shell.wait(grown)


def test_a_list_of_today_is_another_one_tomorrow(shell: Shell) -> None:
    clock = shell.base.clock = MovedClock(datetime(2026, 11, 18, 12, 0, tzinfo=UTC))
    shell.base.reload()
    page = _tasks(shell, {"Today": 2, "Tomorrow": 24})
    page.controller.set_part(None, Condition("due", "period", "today"))
    assert [row[0] for row in shell.rows(page, 1)] == ["Today"]
    shell.wait(lambda: page.turning.next_turn() is not None)
    clock.move(hours=13)
    page.turning.look()
    shell.wait(lambda: shell.texts(page, 1)[0][0] == "Tomorrow")
