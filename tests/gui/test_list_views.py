"""Saved views in the window: copied, pinned, put in order, deleted and taken back."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from crm_desktop.models.query import Condition, Query
from crm_desktop.services.views import SavedView
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.record_list.view_form import ViewForm
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]


def saved(shell: Shell, *names: str) -> tuple[RecordListPage, list[SavedView]]:
    """The list with these pinned views of clients from Omsk."""
    query = Query("client", ("name", "city"), Condition("city", "eq", "Omsk"))
    for view in shell.base.views.all():  # those a new base begins with
        shell.base.views.remove(view.id)
    views = [shell.base.views.save(name, query, layout={"pinned": True}) for name in names]
    page = shell.list()
    shell.navigator.views_changed.emit("client")
    shell.wait(lambda: len(page.views.tab_texts()) == len(names) + 1)
    shell.wait(lambda: pinned(shell) == list(names))
    return page, views


def pinned(shell: Shell) -> list[str]:
    return [item.title for item in shell.view.navigation.items() if item.section]


def tabs(page: RecordListPage) -> list[str]:
    return [name for name, _count in page.views.tab_texts()][1:]


def test_deleted_view_is_taken_back_from_the_toast(shell: Shell) -> None:
    page, (first, _second) = saved(shell, "Omsk", "Omsk too")

    page.views.remove(first)
    shell.wait(lambda: tabs(page) == ["Omsk too"])
    undo = shell.notes[-1].undo
    assert undo is not None
    undo()

    shell.wait(lambda: tabs(page) == ["Omsk", "Omsk too"])
    shell.wait(lambda: pinned(shell) == ["Omsk", "Omsk too"])


def test_copy_is_shown_at_once_and_belongs_to_the_person(shell: Shell) -> None:
    page, (view,) = saved(shell, "Omsk")

    page.views.copy(view)

    shell.wait(lambda: tabs(page) == ["Omsk", "Omsk (2)"])
    shell.wait(lambda: page.controller.state.view not in (None, view.id))
    assert pinned(shell) == ["Omsk"]


def test_view_is_taken_out_of_the_navigation(shell: Shell) -> None:
    page, (view,) = saved(shell, "Omsk")

    page.views.pin(view, False)

    shell.wait(lambda: pinned(shell) == [])
    assert tabs(page) == ["Omsk"]


def naming(page: RecordListPage, name: str) -> ViewForm:
    """The form of a new view, with this name given and Enter pressed."""
    page.views.save_as(page.controller.view.tabs)
    form = page.controller.view.window().findChild(ViewForm)
    assert form is not None
    form.focusProxy().setText(name)
    QTest.keyClick(form, Qt.Key.Key_Return)
    return form


def test_taken_name_is_refused_below_the_name_and_the_form_stays(shell: Shell) -> None:
    page, _views = saved(shell, "Omsk")
    shell.wait(lambda: tabs(page) == ["Omsk"])

    form = naming(page, "omsk")
    shell.wait(lambda: "already" in form.error())
    form.focusProxy().setText("Kazan")
    assert form.error() == ""
    QTest.keyClick(form, Qt.Key.Key_Return)

    shell.wait(lambda: tabs(page) == ["Omsk", "Kazan"])
    shell.wait(lambda: page.controller.view.window().findChild(ViewForm) is None)


def test_alt_with_an_arrow_moves_a_pinned_view(shell: Shell) -> None:
    page, (_first, second) = saved(shell, "Omsk", "Omsk too")
    button = shell.view.navigation._buttons[f"client/{second.id}"]

    QTest.keyClick(button, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)

    assert pinned(shell) == ["Omsk too", "Omsk"]
    shell.wait(lambda: [v.name for v in shell.base.views.of("client")] == ["Omsk too", "Omsk"])


def test_pinned_view_is_carried_with_the_mouse(shell: Shell) -> None:
    _page, (first, second) = saved(shell, "Omsk", "Omsk too")
    lines = shell.view.navigation._buttons
    one, other = lines[f"client/{first.id}"], lines[f"client/{second.id}"]
    below = one.mapFromGlobal(other.mapToGlobal(QPoint(40, other.height() - 2)))

    QTest.mousePress(one, Qt.MouseButton.LeftButton, pos=QPoint(40, 5))
    QTest.mouseMove(one, below)
    QTest.mouseRelease(one, Qt.MouseButton.LeftButton, pos=below)

    assert pinned(shell) == ["Omsk too", "Omsk"]


def test_count_in_the_navigation_follows_a_change(shell: Shell) -> None:
    saved(shell, "Omsk")
    shell.wait(lambda: counts(shell) == ["100"])

    shell.base.records.create("client", {"name": "Zed", "city": "Omsk"})

    shell.wait(lambda: counts(shell) == ["101"])


def counts(shell: Shell) -> list[str]:
    return [item.count for item in shell.view.navigation.items() if item.section]
