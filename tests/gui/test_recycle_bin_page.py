"""The page of the recycle bin: looking, narrowing, bringing back one and several."""

from __future__ import annotations

from crm_desktop.services.writing.staging import Delete
from crm_desktop.ui.recycle_bin.page import RecycleBinPage
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]


def _clients(shell: Shell, count: int) -> list[int]:
    return [ref.id for ref, _t in shell.base.titles.suggest("client", "", limit=count)]


def _delete(shell: Shell, count: int) -> list[int]:
    ids = _clients(shell, count)
    for id_ in ids:
        shell.base.records.apply([Delete("client", id_)])
    return ids


def _page(shell: Shell, rows: int) -> RecycleBinPage:
    shell.navigator.open_recycle_bin()
    page = shell.window.pages.page
    assert isinstance(page, RecycleBinPage)
    shell.wait(lambda: page.model.rowCount() == rows and page.model.id_of(0) is not None)
    return page


def test_the_newest_deleted_record_is_shown_with_its_values(shell: Shell) -> None:
    _delete(shell, 2)
    page = _page(shell, 2)
    shell.wait(lambda: page.pane._preview is not None)
    preview = page.pane._preview
    assert preview is not None and preview.record.title == "Client 001"
    assert ("City", "Kazan") in preview.lines


def test_a_press_brings_it_back(shell: Shell) -> None:
    ids = _delete(shell, 1)
    page = _page(shell, 1)
    shell.wait(lambda: page.pane._preview is not None)
    page.pane.restore.click()
    shell.wait(lambda: page.empty.isVisible())
    assert shell.base.reader.exists("client", ids) == set(ids)


def test_the_keyboard_is_in_the_page_where_nothing_is_in_it(shell: Shell) -> None:
    shell.navigator.open_recycle_bin()
    page = shell.window.pages.page
    assert isinstance(page, RecycleBinPage)
    shell.wait(page.empty.isVisible)
    shell.wait(lambda: shell.view.isActiveWindow())
    assert page.search.hasFocus() or page.search.isAncestorOf(shell.view.focusWidget())


def test_ticked_records_come_back_together(shell: Shell) -> None:
    ids = _delete(shell, 3)
    page = _page(shell, 3)
    page.model.ticks.add(page._places[:2])
    assert page.pane.restore.text() == "Restore 2 records"
    page.restore()
    shell.wait(lambda: page.model.rowCount() == 1)
    assert len(shell.base.reader.exists("client", ids)) == 2


def test_the_list_is_narrowed_by_name_and_cleared(shell: Shell) -> None:
    _delete(shell, 3)
    page = _page(shell, 3)
    page.search.setText("client 002")
    shell.wait(lambda: page.model.rowCount() == 1)
    page.search.setText("nobody")
    shell.wait(lambda: page.empty.isVisible())
    page.clear_filter()
    shell.wait(lambda: page.model.rowCount() == 3)
