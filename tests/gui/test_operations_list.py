"""The page of operations: the list, its filter, what each one changed, undo and what stops it."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from crm_desktop.services.clock import Clock
from crm_desktop.services.operations import BY_ITSELF, Operation
from crm_desktop.services.writing.changes import ChangeSet, Title
from crm_desktop.services.writing.staging import Create, Update
from crm_desktop.ui.operations_list.page import OperationsPage
from crm_desktop.ui.operations_list.table import rows_of
from crm_desktop.ui.record_card.card import CardPage
from tests.gui.conftest import NoStall
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]


def _page(shell: Shell) -> OperationsPage:
    shell.navigator.open_operations()
    page = shell.window.pages.page
    assert isinstance(page, OperationsPage)
    shell.wait(lambda: page.model.id_of(0) is not None and page.pane.details() is not None)
    return page


def _titles(page: OperationsPage) -> list[str]:
    cells = [page.model.cell(row, 0) for row in range(page.model.rowCount())]
    return [cell.text if cell else "…" for cell in cells]


def _clients(shell: Shell, count: int) -> list[int]:
    return [ref.id for ref, _t in shell.base.titles.suggest("client", "", limit=count)]


def _choose(shell: Shell, page: OperationsPage, id_: int) -> None:
    page.choose(id_)
    shell.wait(lambda: (d := page.pane.details()) is not None and d.operation.id == id_)


class _Gate:
    """Holds the worker after the first block that it wrote, until the test lets it go on."""

    def __init__(self, shell: Shell) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()
        shell.base.listen(self._hear)

    def _hear(self, _changes: ChangeSet) -> None:
        if threading.current_thread() is not threading.main_thread():
            self.reached.set()
            assert self.opened.wait(60)


def test_newest_operation_comes_first_and_is_shown(shell: Shell) -> None:
    id_ = _clients(shell, 1)[0]
    operation = shell.base.records.update("client", id_, {"city": "Tver"}).operation

    page = _page(shell)

    details = page.pane.details()
    assert details is not None and details.operation.id == operation
    assert _titles(page)[0] == "Client “Client 000” changed"
    assert [line.spoken() for line in page.pane.changes.lines.lines] == [
        "Changed: Client 000", "City: Omsk → Tver",
    ]  # fmt: skip


def test_what_nobody_asked_for_was_done_by_the_program() -> None:
    done = Operation(1, Clock().now(), None, "seat", BY_ITSELF, Title("Reminded"))

    (row,) = rows_of([done], {})

    assert row.cells[1].text == "Program"


def test_change_made_meanwhile_comes_up(shell: Shell) -> None:
    page = _page(shell)
    before = page.model.rowCount()

    shell.base.records.create("client", {"name": "Newcomer"})

    shell.wait(lambda: page.model.rowCount() == before + 1)
    shell.wait(lambda: "Newcomer" in _titles(page)[0])


def test_chosen_operation_stays_chosen_when_others_come(shell: Shell) -> None:
    page = _page(shell)
    chosen = page.pane.details()
    assert chosen is not None

    shell.base.records.create("client", {"name": "Newcomer"})
    shell.wait(lambda: page.table.current_row == 1)

    assert page.model.id_of(1) == chosen.operation.id or page._ids[1] == chosen.operation.id


def test_operations_are_filtered_by_words(shell: Shell) -> None:
    shell.base.records.create("client", {"name": "Alder"})
    shell.base.records.create("client", {"name": "Birch"})
    page = _page(shell)

    QTest.keyClicks(page.search, "alder")

    shell.wait(lambda: _titles(page) == ["Client “Alder” created"])
    assert page.clear.isVisible()


def test_nothing_found_offers_to_show_all(shell: Shell) -> None:
    page = _page(shell)
    QTest.keyClicks(page.search, "zzzz")
    shell.wait(page.empty.isVisible)

    page.empty.primary_button.click()

    shell.wait(page.table.isVisible)
    assert page.search.text() == ""


def test_operations_are_filtered_by_kind_and_person(shell: Shell) -> None:
    olga = shell.base.records.create("staff", {"name": "Olga"}).ids[0]
    shell.base.work_as(olga)
    hers = shell.base.records.create("client", {"name": "Alder"}).operation
    shell.base.undo.undo(hers)
    page = _page(shell)
    shell.wait(page.people.isVisible)

    page.people.setCurrentText("Olga")
    shell.wait(lambda: page.model.rowCount() == 2)
    page.kinds.set_value("undo")

    shell.wait(lambda: _titles(page) == ["Undone: Client “Alder” created"])
    assert page.people.currentText() == "Olga"


def test_undo_and_again_from_the_pane(shell: Shell) -> None:
    id_ = _clients(shell, 1)[0]
    operation = shell.base.records.update("client", id_, {"city": "Tver"}).operation
    page = _page(shell)
    _choose(shell, page, operation)

    page.pane.back.click()
    shell.wait(lambda: page.pane.back.text() == "Do again" and page.pane.back.isEnabled())
    shell.wait(lambda: "Undone" in [c.text for c in [page.model.cell(1, 4)] if c])
    back = shell.base.reader.get("client", id_)
    page.pane.back.click()

    shell.wait(lambda: page.pane.back.text() == "Undo" and page.pane.back.isEnabled())
    again = shell.base.reader.get("client", id_)
    assert back is not None and again is not None
    assert (back.values["city"], again.values["city"]) == ("Omsk", "Tver")


def test_what_was_changed_since_is_listed_and_the_rest_undone(shell: Shell) -> None:
    first, second = _clients(shell, 2)
    both = shell.base.records.apply(
        [Update("client", i, {"city": "Tver"}) for i in (first, second)]
    )
    shell.base.records.update("client", first, {"city": "Oslo"})
    page = _page(shell)
    _choose(shell, page, both.operation)

    page.pane.back.click()
    shell.wait(page.pane.blocked.isVisible)
    listed = [line.spoken() for line in page.pane.blocked.list.lines.lines]
    untouched = shell.base.reader.get("client", second)
    page.pane.blocked.rest.click()

    shell.wait(lambda: page.pane.back.text() == "Do again")
    assert listed == ["City: changed since: Client 000"]
    assert untouched is not None and untouched.values["city"] == "Tver"
    values = [shell.base.reader.get("client", i) for i in (first, second)]
    assert [v.values["city"] for v in values if v] == ["Oslo", "Kazan"]


def test_record_opens_by_enter(shell: Shell) -> None:
    shell.base.records.create("client", {"name": "Alder"})
    page = _page(shell)
    changes = page.pane.changes
    changes.setCurrentIndex(changes.lines.index(1))

    QTest.keyClick(changes, Qt.Key.Key_Return)

    card = shell.window.pages.page
    assert isinstance(card, CardPage)
    shell.wait(lambda: card.title() == "Alder")


def test_deleted_record_does_not_open(shell: Shell) -> None:
    id_ = shell.base.records.create("client", {"name": "Alder"}).ids[0]
    shell.base.records.delete("client", [id_])
    page = _page(shell)

    page.pane.changes._open(0)

    assert page.pane.changes.lines.lines[0].spoken() == "Deleted: Alder"
    assert shell.window.pages.page is page


def test_long_operation_shows_the_first_and_then_more(shell: Shell) -> None:
    writes = [Create("client", {"name": f"C{n:03}"}) for n in range(230)]
    operation = shell.base.records.apply(writes, Title("Many")).operation
    page = _page(shell)
    _choose(shell, page, operation)
    records = [line for line in page.pane.changes.lines.lines if line.ref is not None]

    page.pane.more.click()
    shell.wait(lambda: not page.pane.more.isVisible())

    more = [line for line in page.pane.changes.lines.lines if line.ref is not None]
    assert (len(records), len(more)) == (200, 230)


def test_undo_that_was_stopped_can_go_on(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm_desktop.services.undo.service.BLOCK", 1000)
    writes = [Create("client", {"name": f"C{n:04}"}) for n in range(4500)]
    operation = shell.base.records.apply(writes, Title("Many")).operation
    page = _page(shell)
    _choose(shell, page, operation)
    gate = _Gate(shell)

    page.pane.back.click()
    shell.wait(gate.reached.is_set)
    page.pane.progress.stop.click()
    gate.opened.set()
    shell.wait(page.pane.back.isEnabled)
    stopped = shell.count("client")
    _choose(shell, page, operation)
    page.pane.back.click()

    shell.wait(lambda: shell.count("client") == 300)
    assert 300 < stopped < 4800
    shell.wait(lambda: page.pane.back.isEnabled())


def test_thousands_of_operations_are_paged_without_a_stall(shell: Shell, no_stall: NoStall) -> None:
    for number in range(1500):
        shell.base.records.create("staff", {"name": f"S{number:04}"})
    page = _page(shell)

    with no_stall():
        page.table.setFocus()
        QTest.keyClick(page.table, Qt.Key.Key_End)
        last = page.model.rowCount() - 1
        shell.wait(lambda: page.model.id_of(last) is not None)

    assert last >= 1500
    assert page.model.cell(last, 0) is not None


def test_everything_has_a_name(shell: Shell) -> None:
    page = _page(shell)

    named = (page.search, page.kinds, page.people, page.table, page.pane.changes, page.pane.cross)

    assert all(widget.accessibleName() for widget in named)


def test_repair_after_a_crash_is_named_and_offers_no_undo(shell: Shell) -> None:
    base = shell.base
    cut = base.operations.start(Title("Import"), base.clock.now(), "import")
    base.records.apply([Create("client", {"name": "Half"})], operation=cut)
    base.undo.recover(lambda operation: operation.id == cut.id)

    page = _page(shell)

    details = page.pane.details()
    assert details is not None and details.operation.kind == "recovery"
    assert not page.pane.back.isVisible()
    assert page.pane._why.text() != ""
    assert page.kinds.findText("Repairs after a crash") > 0
    _choose(shell, page, cut.id)
    assert not page.pane.back.isVisible()
