"""The window of who finds no free seat, of who is asked for his, and the board of seats."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.services.licensing.house_rules import HouseRules, SignsIn, settle
from crm_desktop.services.licensing.standing import install
from crm_desktop.services.workspace import Workspace
from crm_desktop.settings import Settings
from crm_desktop.ui.features import FEATURES
from crm_desktop.ui.main_window.program_actions import ProgramActions
from crm_desktop.ui.main_window.seat_strip import SeatStrip
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Operations
from crm_desktop.ui.portraits.avatars import portraits_of
from crm_desktop.ui.seats.board_page import SeatsPage
from crm_desktop.ui.seats.no_seat_page import NoSeatPage
from crm_desktop.ui.session import Session
from tests.bases import ready_base
from tests.licences import Vendor
from tests.seats import Office, office


@pytest.fixture
def vendor(tmp_path: Path) -> Vendor:
    return Vendor(tmp_path / "vendor")


@pytest.fixture
def base(firebird_url: str, vendor: Vendor) -> Iterator[Workspace]:
    """A base that another computer has open, with a licence for two."""
    opened = ready_base(firebird_url)
    install(opened, vendor.licence(seats=2))
    yield opened
    opened.close()


@pytest.fixture
def others(base: Workspace) -> Iterator[Office]:
    with office(base, 2) as made:
        yield made


@pytest.fixture
def window(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, vendor: Vendor
) -> Iterator[MainWindow]:
    operations = Operations()
    session = Session(Settings(tmp_path / "settings.json"), operations)
    session.licence_keys = vendor.keys
    made = MainWindow(session, Navigator(), FEATURES)
    made.program = ProgramActions(made)  # type: ignore[attr-defined]
    made.view.resize(1200, 760)
    made.view.show()
    yield made
    session.close()
    operations.close(10)
    made.drop()


def no_seat(qtbot: QtBot, window: MainWindow, address: str) -> NoSeatPage:
    """Opens the base; the page that says that nothing is free, once it knows who is there."""
    window.session.open(address)
    qtbot.waitUntil(lambda: isinstance(window.pages.page, NoSeatPage), timeout=20_000)
    page = window.pages.page
    assert isinstance(page, NoSeatPage)
    qtbot.waitUntil(lambda: page.seen is not None, timeout=20_000)
    return page


def inside(qtbot: QtBot, window: MainWindow, address: str) -> None:
    window.session.open(address)
    qtbot.waitUntil(lambda: window.session.workspace is not None, timeout=20_000)


def test_one_who_finds_a_seat_comes_in(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    others.fill(1)

    inside(qtbot, window, firebird_url)

    assert [one.windows for one in others.at("x").holders()] == [1, 1]
    window.session.close()
    qtbot.waitUntil(lambda: len(others.at("y").holders()) == 1, timeout=20_000)


def test_a_base_without_a_licence_says_so_below_its_name(
    qtbot: QtBot, window: MainWindow, firebird_url: str
) -> None:
    ready_base(firebird_url).close()

    inside(qtbot, window, firebird_url)

    told = window.view.navigation._base
    qtbot.waitUntil(lambda: told.place == "Server, no licence", timeout=20_000)


def test_one_who_finds_none_sees_who_has_them(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    others.fill(2)

    page = no_seat(qtbot, window, firebird_url)

    assert page.model.rowCount() == 2 and window.session.workspace is None
    assert portraits_of(window.session).takes("staff")  # photos at the door, too
    assert page.wait.isVisibleTo(page) and not page.come_in.isVisibleTo(page)
    assert not page.read_only.isVisibleTo(page)


def test_waiting_one_is_called_and_comes_in(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    first, _second = others.fill(2)
    page = no_seat(qtbot, window, firebird_url)

    page.wait.click()
    qtbot.waitUntil(lambda: "next" in page.news.text(), timeout=20_000)
    first.give()
    qtbot.waitUntil(lambda: page.come_in.isVisibleTo(page), timeout=20_000)
    assert page.title() == "A seat is free"
    page.come_in.click()

    qtbot.waitUntil(lambda: window.session.workspace is not None, timeout=20_000)
    assert not window.seat_strip.isVisibleTo(window.view)


def test_enter_comes_in_when_a_seat_becomes_free_before_one_waits_for_it(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    """The keyboard went on to the next button, which leaves the base."""
    first, _second = others.fill(2)
    page = no_seat(qtbot, window, firebird_url)
    page.wait.setFocus()

    first.give()
    page.look()

    qtbot.waitUntil(lambda: page.come_in.isVisibleTo(page), timeout=20_000)
    assert page.window().focusWidget() is page.come_in


def test_another_base_may_be_chosen_instead(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    others.fill(2)
    page = no_seat(qtbot, window, firebird_url)

    page.other.click()

    assert window.session.waiting is None
    qtbot.waitUntil(lambda: not isinstance(window.pages.page, NoSeatPage), timeout=20_000)


def test_one_who_only_reads_is_told_so_and_changes_nothing(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    settle(others.workspace, HouseRules(reading=True))
    first, _second = others.fill(2)
    page = no_seat(qtbot, window, firebird_url)

    page.read_only.click()

    qtbot.waitUntil(lambda: window.session.workspace is not None, timeout=20_000)
    assert window.seat_strip.isVisibleTo(window.view) and window.session.base.read_only
    assert not window.actions.get("new").can_run
    assert not window.view.top.create_button.isEnabled()
    before = len(window.pages.pages())
    window.navigator.open_import("client")
    assert len(window.pages.pages()) == before
    first.give()
    window.seat_strip.button.click()
    qtbot.waitUntil(lambda: window.actions.get("new").can_run, timeout=20_000)
    assert window.session.base.read_only == ""


def test_asked_holder_may_give_the_seat_and_goes_on_reading(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    inside(qtbot, window, firebird_url)
    others.fill(1)
    asker = others.at("asker")
    mine = min(others.at("x").holders(), key=lambda one: one.lease)
    asker.ask(mine.lease)

    window.session.seat.beat()
    qtbot.waitUntil(lambda: window.seat_strip.keep.isVisibleTo(window.view), timeout=20_000)
    window.seat_strip.button.click()

    qtbot.waitUntil(lambda: window.session.seat.why == "given", timeout=20_000)
    assert asker.look().left_s is not None and window.session.workspace is not None
    assert window.session.base.read_only


def test_asked_holder_may_keep_it(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    inside(qtbot, window, firebird_url)
    feed = window.session.base.feed
    assert feed is not None
    qtbot.waitUntil(lambda: feed.hears, timeout=20_000)
    asker = others.at("asker")

    asker.ask(asker.holders()[0].lease)

    at_once = 3_000  # the next beat is twenty seconds away
    qtbot.waitUntil(lambda: window.seat_strip.keep.isVisibleTo(window.view), timeout=at_once)

    window.seat_strip.keep.click()

    qtbot.waitUntil(lambda: asker.look().answer == "declined", timeout=20_000)
    qtbot.waitUntil(lambda: not window.seat_strip.isVisibleTo(window.view), timeout=20_000)


def board(qtbot: QtBot, window: MainWindow) -> SeatsPage:
    window.actions.run("seats")
    page = window.pages.page
    assert isinstance(page, SeatsPage)
    qtbot.waitUntil(lambda: page.seen is not None, timeout=20_000)
    return page


def test_the_board_shows_seats_and_frees_one_with_a_reason(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    (holder,) = others.fill(1)
    inside(qtbot, window, firebird_url)
    page = board(qtbot, window)
    assert page.seen is not None and page.seen.held == 2
    page.table.go_to(0)

    box = page.ask_reason()
    assert box is not None
    box.go.click()
    assert box.isVisible()  # a reason is needed
    box.reason.setText("on holiday")
    box.go.click()

    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=20_000)
    assert holder.beat().outcome == "freed"


def test_who_loses_a_seat_reads_why(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    inside(qtbot, window, firebird_url)
    admin = others.at("admin")

    admin.free(admin.holders()[0].lease, "the line is long today")
    window.session.seat.beat()

    strip = window.view.findChild(SeatStrip)
    assert strip is not None
    qtbot.waitUntil(strip.isVisible, timeout=20_000)
    assert "the line is long today" in strip.label.text()


def test_the_board_installs_a_licence_and_keeps_rules(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str, vendor: Vendor,
    tmp_path: Path,
) -> None:  # fmt: skip
    inside(qtbot, window, firebird_url)
    page = board(qtbot, window)

    page.install_file(vendor.file(tmp_path / "more", seats=9))
    qtbot.waitUntil(lambda: bool(page.seen) and page.seen.standing.seats == 9, timeout=20_000)
    page.rules.idle.set_value(45)
    page.rules.keep.click()

    qtbot.waitUntil(lambda: bool(page.seen) and page.seen.rules.idle == 45, timeout=20_000)


def test_a_seat_is_kept_for_colleagues_picked_from_a_list(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    inside(qtbot, window, firebird_url)
    page = board(qtbot, window)
    page.rules.reserved.show_people(
        [SignsIn("anna_s", "Anna Smith", None), SignsIn("boris_b", "Boris Brown", None)]
    )
    page.rules.reserved.show_logins(["gone_g"])
    page.rules.reserved.click()
    picker = page.rules.reserved.list
    assert picker is not None
    picker.line.setText("smith")
    qtbot.waitUntil(lambda: picker.view.model().rowCount() == 1)
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    picker.line.setText("gone")
    qtbot.waitUntil(lambda: picker.view.model().rowCount() == 1)
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)

    assert page.rules.reserved.logins == ("anna_s",)
    assert page.rules.reserved.text() == "Anna Smith"


def test_a_seat_goes_on_a_journey_and_comes_back(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    inside(qtbot, window, firebird_url)
    page = board(qtbot, window)
    page.table.go_to(0)

    box = page.ask_days()
    assert box is not None
    box.go.click()
    qtbot.waitUntil(lambda: (page.chosen() or 0) and page.chosen().kind == "travel", timeout=20_000)
    kind = page.model.cell(page.table.current_row, 2)
    assert kind is not None and kind.text == "travels: 3 d"
    page.travel.click()

    qtbot.waitUntil(lambda: (page.chosen() or 0) and page.chosen().kind == "work", timeout=20_000)


def test_keys_are_watched_only_where_a_seat_is_held(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str, sqlite_url: str
) -> None:
    ready_base(sqlite_url).close()
    seat, view = window.session.seat, window.view
    view.activateWindow()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is view.windowHandle())

    def acted() -> bool:
        seat._acted = 0.0
        key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(view.windowHandle(), key)
        return seat._acted > 0

    inside(qtbot, window, firebird_url)
    assert acted()
    window.session.open(sqlite_url)
    qtbot.waitUntil(lambda: window.session.address == sqlite_url, timeout=20_000)
    assert not acted()


def test_a_local_base_is_said_to_need_none(
    qtbot: QtBot, window: MainWindow, sqlite_url: str
) -> None:
    ready_base(sqlite_url).close()
    inside(qtbot, window, sqlite_url)

    window.actions.run("seats")

    page = window.pages.page
    assert isinstance(page, SeatsPage) and page.local.isVisibleTo(page)
