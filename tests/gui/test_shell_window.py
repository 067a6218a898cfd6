"""The window: navigation, tabs, the way back, side panel, palette, undo, start and its errors."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop import settings as s
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query
from crm_desktop.resources import resource
from crm_desktop.ui import icons, theme
from crm_desktop.ui.language import switch_language
from crm_desktop.ui.main_window.geometry import Geometry, on_a_screen
from crm_desktop.ui.main_window.keyboard_map import keyboard_map
from crm_desktop.ui.navigation import LIST, RECORD, Navigator, Place
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.runtime.single_instance import InstanceServer, hand_over
from crm_desktop.ui.runtime.socket_name import may_be_heard, socket_name
from tests.gui.conftest import NoStall
from tests.gui.shell_desk import MANY, Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]


def _first(shell: Shell) -> Ref:
    page = shell.list()
    shell.rows(page, MANY)
    return Ref("client", page.view.model.id_of(0) or 0)


def _card(shell: Shell, ref: Ref) -> CardPage:
    shell.navigator.open_record(ref)
    page = shell.window.pages.page
    assert isinstance(page, CardPage)
    shell.wait(lambda: page.controller.contents is not None)
    return page


def test_icons_are_in_memory_before_they_are_drawn(request: pytest.FixtureRequest) -> None:
    icons._sources.clear()
    files = {file.name for file in resource("icons").glob("*.svg")}

    shell: Shell = request.getfixturevalue("shell")

    shell.wait(lambda: set(icons._sources) == files)


# --- places ---------------------------------------------------------------------------------------


def test_navigation_names_the_objects_and_counts_them(shell: Shell) -> None:
    panel = shell.view.navigation

    shell.wait(lambda: any(item.count == "300" for item in panel.items()))

    titles = [item.title for item in panel.items()]
    assert titles[:2] == ["Clients", "People"]
    assert "Contacts" not in titles


def test_title_names_page_and_base(shell: Shell) -> None:
    shell.list()

    assert shell.view.windowTitle() == "Clients — office"


def test_number_key_goes_to_the_section(shell: Shell) -> None:
    shell.list()

    shell.key(shell.view, Qt.Key.Key_2, ctrl=True)

    assert shell.list().title() == "People"


def test_card_opens_in_a_tab_and_closes(shell: Shell) -> None:
    card = _card(shell, _first(shell))
    tabs_with_card = shell.view.tabs.isVisible()

    shell.key(shell.view, Qt.Key.Key_W, ctrl=True)

    assert tabs_with_card
    assert card.title() == "Client 000"
    assert isinstance(shell.window.pages.page, RecordListPage)
    assert not shell.view.tabs.isVisible()


def test_title_follows_the_card(shell: Shell) -> None:
    ref = _first(shell)
    _card(shell, ref)

    shell.base.records.update(*ref, {"name": "Client of the year"})

    shell.wait(lambda: shell.view.windowTitle() == "Client of the year — office")


def test_ctrl_tab_goes_round(shell: Shell) -> None:
    _card(shell, _first(shell))

    shell.key(shell.view, Qt.Key.Key_Tab, ctrl=True)
    after_one = type(shell.window.pages.page)
    shell.window.actions.run("next-tab")

    assert after_one is RecordListPage
    assert isinstance(shell.window.pages.page, CardPage)


def test_back_and_forward(shell: Shell) -> None:
    ref = _first(shell)
    _card(shell, ref)
    shell.navigator.show_list("person")

    shell.window.actions.run("back")
    back = shell.window.pages.place
    shell.window.actions.run("forward")

    assert back == Place(RECORD, *ref)
    assert shell.window.pages.place == Place(LIST, "person")


def test_tabs_come_back_with_the_base(shell: Shell, base_file: Path) -> None:
    _card(shell, _first(shell))
    shell.window.leave()

    shell.session.close()
    shell.session.open(str(base_file))

    shell.wait(lambda: isinstance(shell.window.pages.page, CardPage))
    assert [place.kind for place in shell.window.pages.places()] == [LIST, RECORD]


# --- the side panel -------------------------------------------------------------------------------


def test_panel_follows_the_current_row(shell: Shell) -> None:
    page = shell.list()
    shell.rows(page, MANY)
    shell.wait(lambda: shell.view.side.side_shown())
    panel = shell.window.panel()

    page.view.table.go_to(5)

    shell.wait(lambda: panel.current() == page.controller.pointed())


def test_small_window_keeps_the_page_whole_until_a_row_is_clicked(shell: Shell) -> None:
    page = shell.list()
    shell.rows(page, MANY)
    shell.wait(lambda: shell.view.side.side_shown())

    shell.view.resize(1366, 768)
    before = shell.view.side.side_shown()
    page.view.table.clicked.emit(page.view.model.index(2, 0))

    assert not before
    assert shell.view.side.side_shown()
    assert shell.view.side.overlaid()


def test_escape_puts_the_panel_over_the_page_away(shell: Shell) -> None:
    page = shell.list()
    shell.rows(page, MANY)
    shell.wait(lambda: shell.view.side.side_shown())
    shell.view.resize(1300, 768)
    page.view.table.clicked.emit(page.view.model.index(2, 0))
    over = shell.view.side.overlaid()

    shell.key(page.view.table, Qt.Key.Key_Escape)

    assert over
    assert not shell.view.side.side_shown()


def test_panel_put_away_stays_away(shell: Shell) -> None:
    shell.list()
    shell.wait(lambda: shell.view.side.side_shown())

    shell.window.actions.run("panel")

    assert not shell.view.side.side_shown()
    assert shell.settings.get(s.PANEL_SHOWN) is False


# --- starting -------------------------------------------------------------------------------------


def test_base_that_is_gone_is_told_with_a_way_on(bare_shell: Shell, tmp_path: Path) -> None:
    bare_shell.view.show()
    bare_shell.session.open(str(tmp_path / "gone.crm"))

    bare_shell.wait(lambda: bare_shell.window.starting.problem.isVisible())

    state = bare_shell.window.starting.problem.state
    assert state.primary_button.text() == "Try again"
    assert state.secondary_button.text() == "Choose another base"


def test_file_that_is_no_base_is_left_alone(bare_shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "letter.crm"
    path.write_text("Dear Sir", encoding="utf-8")
    bare_shell.view.show()

    bare_shell.session.open(str(path))

    bare_shell.wait(lambda: bare_shell.window.starting.problem.isVisible())
    assert path.read_text(encoding="utf-8") == "Dear Sir"


def test_window_answers_while_a_base_opens(
    bare_shell: Shell, base_file: Path, no_stall: NoStall
) -> None:
    bare_shell.view.show()

    with no_stall(most_ms=120):
        bare_shell.session.open(str(base_file))
        bare_shell.wait(lambda: bare_shell.session.workspace is not None)

    assert bare_shell.list().view.model.rowCount() > 0


def test_place_on_a_screen_that_is_gone_is_not_used(qtbot: QtBot, own_home: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(QRect(9000, 9000, 800, 600))
    settings = s.open_settings(own_home)
    Geometry(window, settings).keep()

    again = QWidget()
    qtbot.addWidget(again)
    Geometry(again, settings).restore()

    assert on_a_screen(again.geometry())


def test_second_start_hands_its_files_over(own_home: Path, qtbot: QtBot) -> None:
    server = InstanceServer(socket_name(own_home))
    called: list[list[str]] = []
    server.called.connect(called.append)

    assert may_be_heard(socket_name(own_home))
    handed = hand_over(socket_name(own_home), ["/office/clients.crm"])

    qtbot.waitUntil(lambda: called == [["/office/clients.crm"]])
    server.close()
    assert handed
    assert not hand_over(socket_name(own_home), [])


def test_a_first_start_looks_for_no_other_window(own_home: Path) -> None:
    name = socket_name(own_home)

    assert may_be_heard(name) == (os.name == "nt")


def test_another_copy_does_not_take_the_socket_of_a_live_window(
    own_home: Path, qtbot: QtBot
) -> None:
    window = InstanceServer(socket_name(own_home))
    called: list[list[str]] = []
    window.called.connect(called.append)

    late = InstanceServer(socket_name(own_home))

    assert not late.listening
    assert hand_over(socket_name(own_home), ["/office/a.crm"])
    qtbot.waitUntil(lambda: ["/office/a.crm"] in called)
    window.close()
    after = InstanceServer(socket_name(own_home))
    assert after.listening
    after.close()


# --- everything -----------------------------------------------------------------------------------


def test_no_shortcut_is_claimed_twice(shell: Shell) -> None:
    assert shell.window.actions.taken_twice() == []


def test_keyboard_map_names_every_group(shell: Shell) -> None:
    groups = shell.window.actions.keyboard_map()

    box = keyboard_map(shell.view, groups)

    assert {"Going about", "Records", "Window", "Program"} <= {title for title, _keys in groups}
    box.deleteLater()


@pytest.mark.parametrize("code", ["ru", "en"])
def test_everything_that_takes_the_keyboard_has_a_name(
    shell: Shell, qapp: QApplication, code: str
) -> None:
    page = shell.list()
    shell.rows(page, MANY)
    shell.wait(lambda: shell.view.side.side_shown())

    switch_language(qapp, code)

    nameless = [
        widget
        for widget in shell.view.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert nameless == []
    switch_language(qapp, "en")


def test_dark_and_light_switch_at_once(shell: Shell, qapp: QApplication) -> None:
    shell.list()
    light = shell.view.grab().toImage().pixelColor(5, 5)

    theme.apply(qapp, "dark")

    assert shell.view.grab().toImage().pixelColor(5, 5) != light
    theme.apply(qapp, "light")


def test_way_back_forgets_what_was_left_by_going_elsewhere() -> None:
    navigator = Navigator()
    for key in ("a", "b", "c"):
        navigator.arrived(Place(LIST, key))
    navigator.back()

    navigator.arrived(Place(LIST, "d"))

    assert not navigator.can_go_forward
    assert navigator.can_go_back


def test_other_base_can_be_opened_at_any_moment(
    shell: Shell, base_file: Path, tmp_path: Path
) -> None:
    page = shell.list()
    page.view.filters.search.setText("client")
    page.view.table.verticalScrollBar().setValue(4000)
    shell.window.open_search("cli")

    shell.session.create(str(tmp_path / "other.crm"), "en")

    shell.wait(lambda: shell.session.workspace is not None)
    shell.wait(lambda: shell.view.windowTitle() == "Clients — other")
    assert shell.list().view.is_empty


def test_the_first_person_is_the_colleague_with_whom_a_base_begins(
    bare_shell: Shell, tmp_path: Path
) -> None:
    """One person is one: by Anna, who comes later, nobody is meant who made the base."""
    shell, address = bare_shell, tmp_path / "new.crm"
    shell.session.create(str(address), "en")
    shell.wait(lambda: shell.session.workspace is not None)
    (here,) = shell.base.lists.open(Query("staff")).ids()
    assert shell.base.user_id == here
    anna = shell.base.records.create("staff", {"name": "Anna"}).ids[0]
    shell.session.close()
    shell.open(address)
    assert shell.base.user_id == here != anna
