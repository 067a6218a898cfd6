"""Lanes across the columns of the board: cards go from one to another by mouse and by keys."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crm_desktop.services.board.columns import BY_MONTH, BY_PERSON, BY_STAGE, NOBODY, OVERDUE, Key
from tests.gui.board_desk import CTRL, LEFT, NONE, BoardDesk, board

__all__ = ["board"]


def cell(board: BoardDesk, key: Key, lane: Key) -> list[str]:
    """The names of the cards where a column and a lane cross; a stage by its name."""
    key = board.stages.get(key, key) if isinstance(key, str) else key
    pile = board.view.layout_.by_key[key]
    run = next(one for one in pile.runs if one.key == lane)
    return [card.name for card in pile.cards[run.first : run.first + run.count]]


def spot(board: BoardDesk, key: Key, lane: Key) -> QPoint:
    """A place in that cell."""
    key = board.stages.get(key, key) if isinstance(key, str) else key
    keys = [pile.column.key for pile in board.view.layout_.piles]
    rect = board.view.layout_.cell(keys.index(key), lane)
    return QPointF(rect.center().x(), rect.top() + 8).toPoint()


def test_lanes_begin_at_the_same_height_in_all_columns(board: BoardDesk, qtbot: QtBot) -> None:
    for number in range(3):
        board.deal(f"A{number}")
    board.deal("B", "Measurement", responsible=board.boris.id)
    board.open(qtbot, groups=BY_PERSON)
    piles = board.view.layout_.piles
    assert len({tuple(run.top for run in pile.runs) for pile in piles}) == 1
    assert [run.key for run in piles[0].runs] == [board.anna.id, board.boris.id, NOBODY]
    assert cell(board, "Measurement", board.boris.id) == ["B"]
    assert cell(board, "First call", board.boris.id) == []


def test_a_drag_to_another_lane_gives_the_deal_to_that_colleague(
    board: BoardDesk, qtbot: QtBot
) -> None:
    deal = board.deal("Deal")
    board.deal("Other", responsible=board.boris.id)
    board.open(qtbot, groups=BY_PERSON)
    board.drag(board.middle("Deal"), spot(board, "First call", board.boris.id))
    assert sorted(cell(board, "First call", board.boris.id)) == ["Deal", "Other"]
    qtbot.waitUntil(lambda: board.values(deal)["responsible"] == board.boris.id)
    assert board.stage_of(deal) == "First call"


def test_a_drag_across_both_is_one_operation(board: BoardDesk, qtbot: QtBot) -> None:
    deal = board.deal("Deal")
    board.deal("Other", responsible=board.boris.id)
    board.open(qtbot, groups=BY_PERSON)
    board.drag(board.middle("Deal"), spot(board, "Payment", board.boris.id))
    qtbot.waitUntil(lambda: board.stage_of(deal) == "Payment")
    assert board.values(deal)["responsible"] == board.boris.id
    qtbot.waitUntil(lambda: bool(board.notes))
    operation = board.notes[-1].undo_operation
    assert operation is not None
    board.base.undo.undo(operation)
    values = board.values(deal)
    assert (values["responsible"], board.stage_of(deal)) == (board.anna.id, "First call")


def test_what_a_stage_asks_for_is_given_by_the_lane(board: BoardDesk, qtbot: QtBot) -> None:
    needs = {"to_enter": "responsible, expected"}
    board.base.records.update("stage", board.stages["Payment"], needs)
    deal = board.deal("Deal", expected=None)
    board.open(qtbot, groups=BY_MONTH)
    board.drag(board.middle("Deal"), spot(board, "Payment", (2026, 12)))
    qtbot.waitUntil(lambda: board.stage_of(deal) == "Payment")
    assert board.values(deal)["expected"] == date(2026, 12, 31)
    assert board.page.controller.moving.form is None


def test_a_drag_within_a_cell_changes_nothing(board: BoardDesk, qtbot: QtBot) -> None:
    board.deal("Deal")
    board.open(qtbot, groups=BY_PERSON)
    before = board.base.operations.last(1)[0].id
    board.hold(board.middle("Deal"), spot(board, "First call", board.anna.id) + QPoint(20, 0))
    assert board.view.drawing.target is None
    QTest.mouseRelease(board.view.viewport(), LEFT, NONE, spot(board, "First call", board.anna.id))
    assert board.base.operations.last(1)[0].id == before


def test_nothing_becomes_overdue_by_a_drag(board: BoardDesk, qtbot: QtBot) -> None:
    board.deal("Late", expected=date(2026, 11, 2))
    deal = board.deal("Soon", expected=date(2026, 12, 2))
    board.open(qtbot, groups=BY_MONTH)
    board.hold(board.middle("Soon"), spot(board, "First call", OVERDUE))
    assert board.view.drawing.target is None
    move_to = spot(board, "Measurement", OVERDUE)
    board.view.gestures.cancel()
    board.drag(board.middle("Soon"), move_to)
    qtbot.waitUntil(lambda: board.stage_of(deal) == "Measurement")
    assert board.values(deal)["expected"] == date(2026, 12, 2)


def test_keys_move_between_lanes_and_over_those_that_take_nothing(
    board: BoardDesk, qtbot: QtBot
) -> None:
    board.deal("Late", expected=date(2026, 11, 2))
    deal = board.deal("Deal", expected=date(2026, 12, 10))
    board.open(qtbot, way=BY_PERSON, groups=BY_MONTH)
    board.click("Deal")
    board.key(Qt.Key.Key_Down, CTRL)
    qtbot.waitUntil(lambda: board.values(deal)["expected"] == date(2027, 1, 10))
    assert cell(board, board.anna.id, (2027, 1)) == ["Deal"]
    for day in (date(2026, 12, 10), date(2026, 11, 18)):
        board.key(Qt.Key.Key_Up, CTRL)
        qtbot.waitUntil(lambda day=day: board.values(deal)["expected"] == day)
    before = board.base.operations.last(1)[0].id
    board.key(Qt.Key.Key_Up, CTRL)
    assert board.base.operations.last(1)[0].id == before


def test_lanes_of_stages_obey_their_rules(board: BoardDesk, qtbot: QtBot) -> None:
    board.base.records.update("stage", board.stages["Measurement"], {"to_enter": "note"})
    deal = board.deal("Deal")
    board.open(qtbot, way=BY_PERSON, groups=BY_STAGE)
    board.click("Deal")
    board.key(Qt.Key.Key_Down, CTRL)
    qtbot.waitUntil(lambda: board.page.controller.moving.form is not None)
    form = board.page.controller.moving.form
    assert form is not None
    form.editors["note"].set_value("Call before noon")
    form.go.emit()
    qtbot.waitUntil(lambda: board.stage_of(deal) == "Measurement")


def test_all_columns_scroll_together(board: BoardDesk, qtbot: QtBot) -> None:
    for number in range(12):
        board.deal(f"A{number}")
    board.open(qtbot, groups=BY_PERSON)
    assert board.view.scroll_column(1, 150)
    assert {pile.scroll for pile in board.view.layout_.piles} == {150}
    board.page.controller.read()
    qtbot.waitUntil(lambda: {pile.scroll for pile in board.view.layout_.piles} == {150})
