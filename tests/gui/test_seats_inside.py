"""What a window does about seats that come and go: a line inside an open base, licences, names."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.licensing.broker import Broker
from crm_desktop.services.licensing.standing import install
from crm_desktop.services.workspace import Workspace
from crm_desktop.ui.itemmodels.cells import Cell
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.seats import board_page
from crm_desktop.ui.seats.board_page import SeatsPage
from tests.bases import ready_base
from tests.gui.test_seats_window import (
    base,
    board,
    inside,
    no_seat,
    others,
    vendor,
    window,
)
from tests.licences import Vendor
from tests.seats import Office

__all__ = ["base", "others", "vendor", "window"]


def test_a_licence_that_was_just_installed_shows_below_the_name(
    qtbot: QtBot, window: MainWindow, firebird_url: str, vendor: Vendor, tmp_path: Path
) -> None:
    ready_base(firebird_url).close()
    inside(qtbot, window, firebird_url)
    told = window.view.navigation._base
    qtbot.waitUntil(lambda: told.place == "Server, no licence", timeout=20_000)

    board(qtbot, window).install_file(vendor.file(tmp_path / "more", seats=9))

    qtbot.waitUntil(lambda: told.place == "Base on a server", timeout=20_000)


def test_a_licence_that_was_installed_at_another_computer_shows_with_the_next_beat(
    qtbot: QtBot, window: MainWindow, firebird_url: str, vendor: Vendor
) -> None:
    administrator = ready_base(firebird_url)
    inside(qtbot, window, firebird_url)
    told = window.view.navigation._base
    qtbot.waitUntil(lambda: told.place == "Server, no licence", timeout=20_000)

    install(administrator, vendor.licence(seats=9))
    administrator.close()
    window.session.seat.beat()

    qtbot.waitUntil(lambda: told.place == "Base on a server", timeout=20_000)


def test_enter_behind_the_reason_frees_the_seat(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    (holder,) = others.fill(1)
    inside(qtbot, window, firebird_url)
    page = board(qtbot, window)
    page.table.go_to(0)
    box = page.ask_reason()
    assert box is not None

    box.reason.setText("on holiday")
    qtbot.keyClick(box.reason, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=20_000)
    assert holder.beat().outcome == "freed"


def test_the_chosen_seat_stays_chosen_when_another_one_goes(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    first, _second = others.fill(2)
    page = no_seat(qtbot, window, firebird_url)
    assert page.seen is not None
    page.table.go_to(1)
    chosen = page.seen.holders[1].lease

    first.give()

    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=20_000)
    assert page.model.id_of(page.table.current_row) == chosen
    assert not page.ask.isVisibleTo(page)  # one may come in: nobody has to be asked


def test_whoever_asks_for_the_seat_is_called_by_name(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    others.employ("sysdba")
    (asker,) = others.fill(1)
    inside(qtbot, window, firebird_url)
    mine = max(asker.holders(), key=lambda one: one.lease)

    asker.ask(mine.lease)
    window.session.seat.beat()

    strip = window.seat_strip
    qtbot.waitUntil(lambda: strip.label.text().startswith("Sysdba needs"), timeout=20_000)


def lost(qtbot: QtBot, window: MainWindow, others: Office, address: str) -> list[Broker]:
    """The window's seat was given away, and both seats are somebody else's."""
    inside(qtbot, window, address)
    admin = others.at("admin")
    admin.free(admin.holders()[0].lease, "the line is long today")
    taken = others.fill(2)
    window.session.seat.beat()
    qtbot.waitUntil(lambda: window.session.seat.why == "freed", timeout=20_000)
    return taken


def test_who_lost_a_seat_waits_in_line_with_the_base_open(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    first, _second = lost(qtbot, window, others, firebird_url)
    strip, view = window.seat_strip, window.view
    assert not strip.keep.isVisibleTo(view)

    strip.button.click()
    qtbot.waitUntil(lambda: strip.keep.isVisibleTo(view), timeout=20_000)
    assert strip.keep.text() == "Wait in line"
    strip.keep.click()
    qtbot.waitUntil(lambda: "next" in strip.label.text(), timeout=20_000)
    assert strip.keep.text() == "Leave the line" and not strip.button.isVisibleTo(view)
    first.give()
    qtbot.waitUntil(lambda: strip.button.isVisibleTo(view), timeout=20_000)
    assert "It is your turn" in strip.label.text()
    strip.button.click()

    qtbot.waitUntil(lambda: window.session.seat.why == "", timeout=20_000)
    assert not strip.isVisibleTo(view) and window.session.base.read_only == ""
    assert window.session.seat.line.turn is None


def test_saving_by_the_keyboard_says_that_the_seat_is_gone(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    """The grey button tells it to the pointer alone."""
    inside(qtbot, window, firebird_url)
    window.navigator.new_record("client", {"name": "Alder"})
    qtbot.waitUntil(lambda: isinstance(window.pages.page, CardPage), timeout=20_000)
    page = window.pages.page
    assert isinstance(page, CardPage) and page._forms is not None
    forms = page._forms
    admin = others.at("admin")
    admin.free(admin.holders()[0].lease, "the line is long today")
    window.session.seat.beat()
    qtbot.waitUntil(lambda: not forms.panel.save.isEnabled(), timeout=20_000)

    with qtbot.waitSignal(window.session.refusals.said) as said:
        forms.save()

    assert "seat" in said.args[0]


def test_who_waits_with_the_base_open_may_leave_the_line(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    lost(qtbot, window, others, firebird_url)
    strip = window.seat_strip
    strip.button.click()
    qtbot.waitUntil(lambda: strip.keep.isVisibleTo(window.view), timeout=20_000)
    strip.keep.click()
    qtbot.waitUntil(lambda: "next" in strip.label.text(), timeout=20_000)

    strip.keep.click()

    qtbot.waitUntil(lambda: not others.at("y").line(), timeout=20_000)
    assert "long today" in strip.label.text() and strip.keep.text() == "Wait in line"


def test_the_door_names_the_office(
    qtbot: QtBot, window: MainWindow, others: Office, base: Workspace, firebird_url: str
) -> None:
    base.set_info("company", "Daisy Ltd")
    others.fill(2)

    page = no_seat(qtbot, window, firebird_url)

    assert page.title() == "No seat is free in “Daisy Ltd”"


def test_a_licence_with_fewer_seats_than_are_taken_is_asked_about(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str, vendor: Vendor,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """It took the seat of who came last without a word."""
    others.fill(1)
    inside(qtbot, window, firebird_url)
    page = board(qtbot, window)
    asked: list[str] = []

    def answer(_page: SeatsPage, _title: str, text: str, _verb: str) -> bool:
        asked.append(text)
        return len(asked) > 1

    monkeypatch.setattr(board_page, "confirm", answer)
    less = vendor.file(tmp_path / "less", seats=1)

    page.install_file(less)
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=20_000)
    assert "1 seat, and 2 are taken" in asked[0]
    page.read()
    assert page.seen is not None and page.seen.standing.seats == 2
    page.install_file(less)

    qtbot.waitUntil(lambda: bool(page.seen) and page.seen.standing.seats == 1, timeout=20_000)
    assert page.chart.chart is not None and page.chart.chart.subtitle == "1 seat in all"


def test_the_board_shows_whose_seats_they_are(
    qtbot: QtBot, window: MainWindow, others: Office, firebird_url: str
) -> None:
    inside(qtbot, window, firebird_url)
    base = window.session.base
    login = others.at("x").holders()[0].login
    (anna,) = base.records.create("staff", {"name": "Anna Smith", "login": login}).ids
    page = board(qtbot, window)
    page.read()

    def cell() -> Cell | None:
        return page.model.cell(0, 0)

    qtbot.waitUntil(lambda: bool(found := cell()) and found.text == "Anna Smith", timeout=20_000)
    shown = cell()
    assert shown is not None and (shown.avatar, shown.face) == ("round", Ref("staff", anna))
    assert page.table.face_of is not None
