"""Day, week and month of one person: real mouse and keys, and the rows that come of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPageSize
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import seconds
from crm_desktop.ui.planner import state
from crm_desktop.ui.planner.state import DAY, GRID, MONTH, WEEK
from tests.gui.planner_desk import LEFT, PlannerDesk, at, planner

__all__ = ["planner"]

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
QUARTER, HOUR, DAYS = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)


class OneDesk(PlannerDesk):
    """A view of one person in place of the grid."""

    view = WEEK

    @property
    def grid(self):  # type: ignore[no-untyped-def]
        return self.page.controller.grid


@pytest.fixture
def one(planner: PlannerDesk) -> OneDesk:
    planner.__class__ = OneDesk
    assert isinstance(planner, OneDesk)
    return planner


def open_view(desk: OneDesk, qtbot: QtBot, view: str) -> None:
    desk.open(qtbot)
    desk.page.controller.show_view(view)
    assert desk.grid.drawing is not None and len(desk.grid.drawing.sheet.lines) == 1
    desk.grid.setFocus()


def spot(desk: OneDesk, hour: float, day: int = 0) -> QPoint:
    """A time of a day, counted from Wednesday, in the viewport."""
    days = desk.grid.days
    left = (2 + day + 0.5) * days.wide if days.axis.days > 1 else 0.5 * days.wide
    return QPoint(int(left), int(days.y(hour * 60) + 1 - desk.grid.offset.y()))


def test_a_bar_dragged_down_and_across_gets_another_hour_and_day(
    one: OneDesk, qtbot: QtBot
) -> None:  # fmt: skip
    visit = one.plan("Anna", at(10))
    open_view(one, qtbot, WEEK)

    one.drag(spot(one, 10.5), spot(one, 13.5, day=1))

    qtbot.waitUntil(lambda: one.times(visit) == (at(13, day=1), at(14, day=1)))
    one.base.undo.undo(one.base.operations.last(1)[0].id)
    assert one.times(visit) == (at(10), at(11))


def test_its_lower_edge_makes_it_longer(one: OneDesk, qtbot: QtBot) -> None:
    visit = one.plan("Anna", at(10))
    open_view(one, qtbot, DAY)
    rect = one.grid.rect_of(one.bar(visit)).translated(-one.grid.offset)

    one.drag(QPoint(int(rect.center().x()), int(rect.bottom()) - 2), spot(one, 12))

    qtbot.waitUntil(lambda: one.times(visit) == (at(10), at(12)))


def test_with_ctrl_a_copy_is_made_and_escape_leaves_all(one: OneDesk, qtbot: QtBot) -> None:
    visit = one.plan("Anna", at(10))
    open_view(one, qtbot, WEEK)

    one.hold(spot(one, 10.5), spot(one, 15.5))
    QTest.keyClick(one.grid, Qt.Key.Key_Escape)
    QTest.mouseRelease(one.grid.viewport(), LEFT, pos=spot(one, 15.5))
    assert one.times(visit) == (at(10), at(11))

    one.drag(spot(one, 10.5), spot(one, 15.5, day=1), CTRL)
    qtbot.waitUntil(lambda: len(list(one.grid.drawing.sheet.bars())) == 2)
    starts = sorted(bar.starts for bar in one.grid.drawing.sheet.bars())
    assert starts == [seconds(at(10)), seconds(at(15, day=1))]


def test_empty_time_swept_over_becomes_something_new(one: OneDesk, qtbot: QtBot) -> None:
    open_view(one, qtbot, WEEK)
    asked = []
    one.grid.new_wanted.connect(lambda *what: asked.append(what))

    one.drag(spot(one, 9, day=1), spot(one, 11, day=1))
    assert asked == [(one.people["Anna"], seconds(at(9, day=1)), seconds(at(11, day=1)))]


def test_in_the_band_on_top_whole_days_are_planned(one: OneDesk, qtbot: QtBot) -> None:
    open_view(one, qtbot, WEEK)
    high = QPoint(spot(one, 9).x(), 8)
    asked = []
    one.grid.new_wanted.connect(lambda *what: asked.append(what))

    one.drag(high, QPoint(spot(one, 9, day=1).x(), 8))

    assert asked == [(one.people["Anna"], seconds(at(0)), seconds(at(0, day=2)))]


def test_an_all_day_entry_is_dragged_by_days(one: OneDesk, qtbot: QtBot) -> None:
    leave = one.plan("Anna", at(0), minutes=24 * 60, kind="leave", all_day=True)
    open_view(one, qtbot, WEEK)

    one.drag(QPoint(spot(one, 9).x(), 12), QPoint(spot(one, 9, day=2).x(), 12))

    qtbot.waitUntil(lambda: one.times(leave) == (at(0, day=2), at(0, day=3)))


def test_in_a_month_an_entry_goes_to_another_day_at_its_hour(one: OneDesk, qtbot: QtBot) -> None:
    visit = one.plan("Anna", at(10))
    open_view(one, qtbot, MONTH)
    cells = one.grid.cells
    to = cells.cell(cells.axis.day_of(seconds(at(10, day=5)))).center().toPoint()

    one.drag(one.middle(visit), to)

    qtbot.waitUntil(lambda: one.times(visit) == (at(10, day=5), at(11, day=5)))


def test_what_does_not_fit_is_counted_and_the_count_shows_the_day(
    one: OneDesk, qtbot: QtBot
) -> None:
    for hour in range(8, 20):
        one.plan("Anna", at(hour))
    open_view(one, qtbot, MONTH)
    cells = one.grid.cells
    day = cells.axis.day_of(seconds(at(10)))
    assert cells.plan.more[day] + sum(s.first == day for s in cells.plan.shown) == 12

    rect = cells.more_rect(day).translated(-one.grid.offset)
    QTest.mouseClick(one.grid.viewport(), LEFT, pos=rect.center().toPoint())

    assert one.page.controller.arrangement.view == DAY
    assert one.page.controller.first == at(0).date()


def test_the_keyboard_moves_stretches_and_walks(one: OneDesk, qtbot: QtBot) -> None:
    visit = one.plan("Anna", at(10))
    other = one.plan("Anna", at(9, day=1))
    open_view(one, qtbot, WEEK)
    one.grid.choose([one.bar(visit)])

    QTest.keyClick(one.grid, Qt.Key.Key_Down, ALT)
    QTest.keyClick(one.grid, Qt.Key.Key_Down, SHIFT)
    qtbot.waitUntil(lambda: one.times(visit) == (at(10, 15), at(11, 30)))
    QTest.keyClick(one.grid, Qt.Key.Key_Right)
    assert one.grid.current.id == other.id
    QTest.keyClick(one.grid, Qt.Key.Key_Right, ALT)
    qtbot.waitUntil(lambda: one.times(other) == (at(9, day=2), at(10, day=2)))


def test_the_keyboard_goes_to_an_empty_day_and_plans_there(one: OneDesk, qtbot: QtBot) -> None:
    open_view(one, qtbot, MONTH)
    asked = []
    one.grid.new_wanted.connect(lambda *what: asked.append(what[1]))

    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_N):
        QTest.keyClick(one.grid, key)

    assert asked == [seconds(at(9, day=8))]


def test_beyond_the_last_day_the_next_week_follows(one: OneDesk, qtbot: QtBot) -> None:
    open_view(one, qtbot, WEEK)
    one.grid.keys.day = 0

    QTest.keyClick(one.grid, Qt.Key.Key_Left)

    assert one.page.controller.first == at(0, day=-9).date()
    assert one.grid.keys.day == 6


def test_the_keyboard_copies_behind_the_entry(one: OneDesk, qtbot: QtBot) -> None:
    visit = one.plan("Anna", at(10))
    open_view(one, qtbot, DAY)
    one.grid.choose([one.bar(visit)])

    QTest.keyClick(one.grid, Qt.Key.Key_C)

    qtbot.waitUntil(lambda: len(list(one.grid.drawing.sheet.bars())) == 2)
    assert max(bar.starts for bar in one.grid.drawing.sheet.bars()) == seconds(at(11))


def test_a_date_of_a_series_moves_alone_when_that_is_said(
    one: OneDesk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    one.plan("Anna", at(10), rule="FREQ=DAILY;COUNT=3")
    monkeypatch.setattr("crm_desktop.ui.planner.controller.ask_extent", lambda *_a, **_k: "this")
    open_view(one, qtbot, WEEK)

    one.drag(spot(one, 10.5, day=1), spot(one, 14.5, day=1))

    moved = [seconds(m) for m in (at(10), at(14, day=1), at(10, day=2))]
    qtbot.waitUntil(lambda: sorted(b.starts for b in one.grid.drawing.sheet.bars()) == moved)


def test_overlapping_entries_stand_side_by_side(one: OneDesk, qtbot: QtBot) -> None:
    refs = [one.plan("Anna", at(10)), one.plan("Anna", at(10, 30))]
    open_view(one, qtbot, DAY)

    first, second = (one.grid.rect_of(one.bar(ref)) for ref in refs)

    assert first.right() <= second.left()


def test_another_person_is_chosen_and_kept(one: OneDesk, qtbot: QtBot) -> None:
    one.plan("Boris", at(10))
    open_view(one, qtbot, DAY)
    assert not list(one.grid.drawing.sheet.bars())
    names = [one.page.view_bar.person.itemText(n) for n in range(one.page.view_bar.person.count())]
    assert names == ["Administrator", "Anna", "Boris", "Clara", "Room 1"]

    one.page.view_bar.person.setCurrentIndex(2)
    one.page.view_bar.person.activated.emit(2)

    assert [bar.who for bar in one.grid.drawing.sheet.bars()] == [one.people["Boris"].id]
    kept = state.load(one.session.settings, one.session.address)
    assert (kept.view, kept.whose) == (DAY, one.people["Boris"])


def test_keys_change_the_view(one: OneDesk, qtbot: QtBot) -> None:
    open_view(one, qtbot, DAY)

    for key, view in ((Qt.Key.Key_4, MONTH), (Qt.Key.Key_1, GRID), (Qt.Key.Key_3, WEEK)):
        QTest.keyClick(one.grid, key, ALT)
        assert one.page.controller.arrangement.view == view
        assert one.grid.isVisible()


def test_earlier_and_later_go_by_what_is_shown(one: OneDesk, qtbot: QtBot) -> None:
    open_view(one, qtbot, MONTH)
    one.page.after.click()
    assert one.page.period.text() == "December 2026"
    one.page.controller.show_view(WEEK)
    one.page.before.click()
    assert one.page.controller.first.isoformat() == "2026-11-23"


@pytest.mark.parametrize("view", [DAY, WEEK, MONTH])
def test_it_is_printed_on_one_page(one: OneDesk, qtbot: QtBot, tmp_path: Path, view: str) -> None:
    one.plan("Anna", at(10))
    one.plan("Anna", at(0), minutes=3 * 24 * 60, kind="leave", all_day=True)
    open_view(one, qtbot, view)

    path = tmp_path / "days.pdf"
    one.page.printing.write_pdf(path, QPageSize.PageSizeId.A4)

    assert path.read_bytes().startswith(b"%PDF") and path.stat().st_size > 4000


def test_a_double_click_opens(one: OneDesk, qtbot: QtBot) -> None:
    visit = one.plan("Anna", at(10))
    open_view(one, qtbot, WEEK)

    with qtbot.waitSignal(one.navigator.place_wanted) as asked:
        QTest.mouseDClick(one.grid.viewport(), LEFT, pos=one.middle(visit))

    assert asked.args[0].ref == Ref("activity", visit.id)
