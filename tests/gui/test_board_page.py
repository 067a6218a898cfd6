"""The board by mouse and by keys: chosen, dragged, narrowed, looked through."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from crm_desktop.models.query import Condition
from crm_desktop.services.board.columns import AMOUNT, BY_MONTH, BY_PERSON, DATELESS
from crm_desktop.services.board.stuck import reach_of
from crm_desktop.ui.board import state
from crm_desktop.ui.board.look_menu import look_menu
from crm_desktop.ui.theme import px
from tests.gui.board_desk import CTRL, LEFT, NONE, SHIFT, BoardDesk, board
from tests.gui.conftest import NoStall
from tests.gui.planner_desk import move

__all__ = ["board"]
Key = Qt.Key


def three(board: BoardDesk) -> None:
    """Three deals in the first column, the dearest on top."""
    for name, amount in (("A", 3000), ("B", 2000), ("C", 1000)):
        board.deal(name, amount=amount)


def chosen(board: BoardDesk) -> set[str]:
    """What is chosen, by name."""
    return {card.name for card in board.view.chosen.values()}


# --- what is shown --------------------------------------------------------------------------------


def test_head_and_foot_tell_counts_and_sums(board: BoardDesk, qtbot: QtBot) -> None:
    three(board)
    board.open(qtbot)
    totals = board.view.layout_.piles[0].column.totals
    assert (totals.count, totals.sums, totals.weighted) == (3, {"RUB": 600000}, {"RUB": 120000})
    assert "3 deals" in board.page.foot.text() and "6,000" in board.page.foot.text()


def test_a_new_deal_comes_by_itself(board: BoardDesk, qtbot: QtBot) -> None:
    board.open(qtbot)
    assert board.column("First call") == []
    board.deal("Fresh")
    qtbot.waitUntil(lambda: board.column("First call") == ["Fresh"])


def test_typed_text_and_conditions_narrow(board: BoardDesk, qtbot: QtBot) -> None:
    board.deal("Balcony")
    board.deal("Nursery", responsible=board.boris.id)
    board.open(qtbot)
    board.page.controller.search("nurs")
    qtbot.waitUntil(lambda: board.column("First call") == ["Nursery"])
    board.page.controller.search("")
    board.page.narrowing.take(Condition("responsible", "in", (board.anna.id,)))
    qtbot.waitUntil(lambda: board.column("First call") == ["Balcony"])
    assert len(board.page.narrowing.chips()) == 1
    board.page.narrowing.chips()[0].removed.emit()
    qtbot.waitUntil(lambda: len(board.column("First call")) == 2)


def test_one_click_narrows_to_ones_own(board: BoardDesk, qtbot: QtBot) -> None:
    board.deal("Mine")
    board.deal("Other", responsible=board.boris.id)
    board.open(qtbot)
    board.page.narrowing.toggles[state.MINE].click()
    qtbot.waitUntil(lambda: board.column("First call") == ["Mine"])
    kept = state.load(board.session.settings, board.session.address)
    assert kept.only == (state.MINE,)


def test_fields_of_cards_are_chosen_and_kept(board: BoardDesk, qtbot: QtBot) -> None:
    three(board)
    board.open(qtbot)
    low = board.view.layout_.card
    menu = look_menu(board.page.controller, board.page)
    next(a for a in menu.actions() if a.text() == "Source").trigger()
    qtbot.waitUntil(lambda: board.view.layout_.card > low)
    kept = state.load(board.session.settings, board.session.address)
    assert state.SOURCE in kept.fields and state.CLIENT in kept.fields


def test_a_view_is_kept_and_chosen(board: BoardDesk, qtbot: QtBot) -> None:
    board.deal("Deal")
    board.open(qtbot, way=BY_MONTH)
    board.page.kept_views.ask_name()
    form = board.page.kept_views.form
    assert form is not None
    form.saved.emit("Forecast", True)
    qtbot.waitUntil(lambda: board.page.kept_views.current is not None)
    view = board.page.kept_views.current
    board.page.controller.arrange(way="stages")
    assert view is not None
    board.page.kept_views.choose(view)
    qtbot.waitUntil(lambda: board.view.layout_.piles[-1].column.key == DATELESS)


# --- choosing -------------------------------------------------------------------------------------


def test_cards_are_chosen_one_by_one_and_in_a_row(board: BoardDesk, qtbot: QtBot) -> None:
    three(board)
    board.open(qtbot, order=AMOUNT)
    board.click("A")
    board.click("C", CTRL)
    assert chosen(board) == {"A", "C"}
    board.click("A")
    board.click("C", SHIFT)
    assert chosen(board) == {"A", "B", "C"}
    board.key(Key.Key_Escape)
    assert chosen(board) == set()


def test_a_frame_chooses_what_it_touches(board: BoardDesk, qtbot: QtBot) -> None:
    three(board)
    board.open(qtbot, order=AMOUNT)
    first, second = board.view.rect_of(board.card("A")), board.view.rect_of(board.card("B"))
    start = QPoint(int(first.right()) + 10, int(first.top()) + 5)
    board.drag(start, QPoint(int(first.left()) + 5, int(second.center().y())))
    assert chosen(board) == {"A", "B"}


# --- dragging -------------------------------------------------------------------------------------


def test_several_are_dragged_together(board: BoardDesk, qtbot: QtBot) -> None:
    three(board)
    board.open(qtbot, order=AMOUNT)
    board.click("A")
    board.click("B", CTRL)
    board.drag(board.middle("B"), board.over("Measurement"))
    qtbot.waitUntil(lambda: board.column("Measurement") == ["A", "B"])
    assert board.column("First call") == ["C"]
    assert board.base.operations.last(1)[0].id == board.notes[-1].undo_operation


def test_escape_ends_a_drag_without_a_change(board: BoardDesk, qtbot: QtBot) -> None:
    deal = board.deal("Deal")
    board.open(qtbot)
    board.hold(board.middle("Deal"), board.over("Payment"))
    assert board.view.gestures.ghost_at() is not None and board.view.drawing.zones
    board.key(Key.Key_Escape)
    QTest.mouseRelease(board.view.viewport(), LEFT, NONE, board.over("Payment"))
    assert board.view.gestures.ghost_at() is None
    assert board.stage_of(deal) == "First call"


def test_a_drop_on_the_zone_wins_the_deal(board: BoardDesk, qtbot: QtBot) -> None:
    deal = board.deal("Deal")
    board.open(qtbot)
    board.hold(board.middle("Deal"), board.over("Payment"))
    spot = dict(board.view.drawing.zone_rects())[board.stages["Done"]].center().toPoint()
    move(board.view.viewport(), spot, NONE)
    assert board.view.drawing.held_zone == board.stages["Done"]
    QTest.mouseRelease(board.view.viewport(), LEFT, NONE, spot)
    qtbot.waitUntil(lambda: board.values(deal)["state"] == "won")


def test_a_month_is_given_by_a_drag_and_sums_change_at_once(board: BoardDesk, qtbot: QtBot) -> None:
    deal = board.deal("Deal", amount=700, expected=date(2026, 11, 25))
    board.open(qtbot, way=BY_MONTH)
    board.drag(board.middle("Deal"), board.over((2026, 12)))
    piles = board.view.layout_.by_key
    assert piles[2026, 12].column.totals.sums == {"RUB": 70000}
    assert piles[2026, 11].column.totals.count == 0
    qtbot.waitUntil(lambda: board.values(deal)["expected"] == date(2026, 12, 25))


def test_a_colleague_is_given_by_a_drag(board: BoardDesk, qtbot: QtBot) -> None:
    deal = board.deal("Deal")
    board.deal("Other", responsible=board.boris.id)
    board.open(qtbot, way=BY_PERSON)
    board.drag(board.middle("Deal"), board.over(board.boris.id))
    qtbot.waitUntil(lambda: board.values(deal)["responsible"] == board.boris.id)
    assert sorted(board.column(board.boris.id)) == ["Deal", "Other"]


# --- keys -----------------------------------------------------------------------------------------


def test_everything_by_keys(board: BoardDesk, qtbot: QtBot) -> None:
    three(board)
    board.deal("D", "Measurement")
    board.open(qtbot, order=AMOUNT)
    board.key(Key.Key_Down)
    board.key(Key.Key_Down)
    assert board.view.current.name == "B"
    assert "B" in board.view.accessibleDescription()
    board.key(Key.Key_Space)
    board.key(Key.Key_Right)
    assert board.view.current.name == "D" and chosen(board) == {"B"}
    board.key(Key.Key_Return)
    assert board.places[-1].id == board.view.current.id


def test_ctrl_and_an_arrow_move_the_card(board: BoardDesk, qtbot: QtBot) -> None:
    three(board)
    board.open(qtbot, order=AMOUNT)
    board.key(Key.Key_Down)
    board.key(Key.Key_Right, CTRL)
    qtbot.waitUntil(lambda: board.column("Measurement") == ["A"])
    assert board.view.current.name == "A"
    board.key(Key.Key_Left, CTRL)
    qtbot.waitUntil(lambda: board.column("First call") == ["A", "B", "C"])


def test_delete_takes_away_and_undo_brings_back(board: BoardDesk, qtbot: QtBot) -> None:
    three(board)
    board.open(qtbot, order=AMOUNT)
    board.click("B")
    board.key(Key.Key_Delete)
    qtbot.waitUntil(lambda: board.column("First call") == ["A", "C"])
    board.base.undo.undo(board.notes[-1].undo_operation or 0)
    qtbot.waitUntil(lambda: board.column("First call") == ["A", "B", "C"])


# --- what is stuck --------------------------------------------------------------------------------


def test_the_strip_tells_what_waits_and_whom_to_call(board: BoardDesk, qtbot: QtBot) -> None:
    three(board)
    board.open(qtbot)
    strip = board.page.strip
    qtbot.waitUntil(lambda: len(strip.list.rows) == 3)
    assert [one.card.name for one in strip.list.rows] == ["A", "B", "C"]
    assert "6,000" in strip.cost.text() and "3 deals" in strip.detail.text()
    assert strip.list.rows[0].reach.phone == "+7 916 555-12-34"
    called: list[object] = []
    strip.list.called.disconnect()
    strip.list.called.connect(called.append)
    spot = strip.list.phone_rect(0).center()
    QTest.mouseClick(strip.list.viewport(), LEFT, NONE, spot)
    assert called == [strip.list.rows[0]]
    strip.list.setFocus()
    QTest.keyClick(strip.list, Key.Key_Down)
    QTest.keyClick(strip.list, Key.Key_Return)
    assert board.places[-1].id == strip.list.rows[1].card.id


def test_the_card_under_the_pointer_tells_the_telephone(board: BoardDesk, qtbot: QtBot) -> None:
    board.deal("Deal")
    board.open(qtbot)
    card = board.card("Deal")
    text = board.page.hover.text(card, reach_of(board.base, [card])[card.id])
    assert "+7 916 555-12-34" in text and "No next step" in text and "Vector Ltd" in text


def test_without_a_pipeline_the_page_says_what_to_do(board: BoardDesk, qtbot: QtBot) -> None:
    for pipeline in board.base.pipelines.all():
        board.base.records.update("pipeline", pipeline.id, {"retired": True})
    board.open(qtbot)
    qtbot.waitUntil(lambda: board.page.empty.isVisible())
    assert any("no pipeline" in label.text() for label in board.page.empty.findChildren(QLabel))


def test_many_cards_scroll_and_drag_without_a_stall(
    board: BoardDesk, qtbot: QtBot, no_stall: NoStall
) -> None:
    for number in range(120):
        board.deal(f"Deal {number}", ("First call", "Payment")[number % 2], amount=number)
    board.open(qtbot)
    pile = board.view.layout_.piles[0]
    with no_stall():
        for _step in range(12):
            board.view.scroll_column(0, 90)
            qtbot.wait(1)
        board.hold(board.view.layout_.card_rect(0, 12).center().toPoint(), board.over("Payment"))
        board.key(Key.Key_Escape)
    assert pile.scroll == 1080


def test_a_narrow_board_keeps_what_is_stuck_and_spares_words(
    board: BoardDesk, qtbot: QtBot
) -> None:
    board.deal("A", amount=3000)
    board.open(qtbot)
    page = board.page
    qtbot.waitUntil(lambda: "1" in page.stuck.text())
    assert (page.stuck.text(), page.new.text()) == ("Stuck 1", "New deal")
    page.resize(px(800), 760)
    qtbot.waitUntil(lambda: page.new.text() == "")
    assert page.strip.isVisible()
    assert (page.stuck.text(), page.stuck.toolTip()) == ("1", "Stuck")
    assert page.kept_views.button.accessibleName() == "Saved views"
    page.resize(px(1000), 760)
    qtbot.waitUntil(lambda: page.new.text() == "New deal")
