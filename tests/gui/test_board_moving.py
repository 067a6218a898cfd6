"""Deals go to other stages by hand: what a stage asks for is asked in a small form."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.services.files.files import Files
from crm_desktop.ui.stages.form import FileLine, StageForm
from tests.gui.board_desk import CTRL, BoardDesk, board

__all__ = ["board"]


def form_of(board: BoardDesk) -> StageForm:
    """The form that is open."""
    form = board.page.controller.moving.form
    assert form is not None
    return form


def test_a_card_is_dragged_to_another_column(board: BoardDesk, qtbot: QtBot) -> None:
    deal = board.deal("Two windows", amount=1500)
    board.open(qtbot)
    board.drag(board.middle("Two windows"), board.over("Measurement"))
    qtbot.waitUntil(lambda: board.stage_of(deal) == "Measurement")
    assert board.column("Measurement") == ["Two windows"]
    assert board.column("First call") == []
    assert board.notes[-1].undo_operation is not None


def test_what_is_missing_is_asked_for(board: BoardDesk, qtbot: QtBot) -> None:
    board.base.records.update("stage", board.stages["Payment"], {"to_enter": "source, note"})
    deal = board.deal("Two windows")
    board.open(qtbot)
    board.drag(board.middle("Two windows"), board.over("Payment"))
    form = form_of(board)
    assert set(form.boxes) == {"source", "note"}
    source = board.base.titles.find("reference", "Website", "source") or [
        board.make("reference", book="source", name="Website").id
    ]
    form.editors["source"].set_value(source[0])
    form.editors["note"].set_value("Call before noon")
    form.go.emit()
    qtbot.waitUntil(lambda: board.stage_of(deal) == "Payment")
    assert board.values(deal)["note"] == "Call before noon"
    assert board.column("Payment") == ["Two windows"]


def test_an_empty_field_is_named_and_nothing_is_moved(board: BoardDesk, qtbot: QtBot) -> None:
    board.base.records.update("stage", board.stages["Payment"], {"to_enter": "note"})
    deal = board.deal("Two windows")
    board.open(qtbot)
    board.drag(board.middle("Two windows"), board.over("Payment"))
    form = form_of(board)
    form.go.emit()
    assert form.boxes["note"].error()
    form.window().reject()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: board.column("First call") == ["Two windows"])
    assert board.stage_of(deal) == "First call"


def test_a_loss_asks_for_its_reason(board: BoardDesk, qtbot: QtBot) -> None:
    deal = board.deal("Two windows")
    reason = board.make("reference", book="loss_reason", name="Too dear")
    board.open(qtbot)
    board.hold(board.middle("Two windows"), board.over("Payment"))
    zones = dict(board.view.drawing.zone_rects())
    spot = zones[board.stages["Refused"]].center().toPoint()
    board.view.gestures.cancel()
    board.drag(board.middle("Two windows"), spot)
    form = form_of(board)
    form.editors["loss_reason"].set_value(reason.id)
    form.editors["loss_comment"].set_value("A neighbour does it for half")
    form.go.emit()
    qtbot.waitUntil(lambda: board.stage_of(deal) == "Refused")
    assert board.values(deal)["state"] == "lost"
    assert board.view.layout_ is not None and not any(p.cards for p in board.view.layout_.piles)


def test_files_are_attached_on_the_way(board: BoardDesk, qtbot: QtBot, tmp_path: Path) -> None:
    board.base.records.update("stage", board.stages["Payment"], {"to_enter": "files"})
    deal = board.deal("Two windows")
    sheet = tmp_path / "sheet.txt"
    sheet.write_text("1200 x 1400", encoding="utf-8")
    board.open(qtbot)
    board.drag(board.middle("Two windows"), board.over("Payment"))
    form = form_of(board)
    line = form.boxes["files"].editor
    assert isinstance(line, FileLine)
    line.set_paths([sheet])
    form.go.emit()
    qtbot.waitUntil(lambda: board.stage_of(deal) == "Payment")
    assert len(Files(board.base).of(deal)) == 1
    board.base.undo.undo(board.base.operations.last(1)[0].id)
    assert (board.stage_of(deal), Files(board.base).of(deal)) == ("First call", [])


def test_only_what_missed_it_gets_what_was_typed(board: BoardDesk, qtbot: QtBot) -> None:
    board.base.records.update("stage", board.stages["Payment"], {"to_enter": "note"})
    told, untold = board.deal("Told", note="Keep this"), board.deal("Untold")
    board.open(qtbot)
    board.click("Told")
    board.click("Untold", CTRL)
    board.drag(board.middle("Untold"), board.over("Payment"))
    form = form_of(board)
    assert form.whose["note"].text() == "For: Untold"
    form.editors["note"].set_value("New")
    form.go.emit()
    qtbot.waitUntil(lambda: board.stage_of(untold) == "Payment")
    assert board.stage_of(told) == "Payment"
    assert board.values(told)["note"] == "Keep this"
    assert board.values(untold)["note"] == "New"


def test_a_forbidden_move_says_why(board: BoardDesk, qtbot: QtBot) -> None:
    board.base.records.update("stage", board.stages["Measurement"], {"back": "none"})
    deal = board.deal("Two windows", stage="Measurement")
    board.open(qtbot)
    board.drag(board.middle("Two windows"), board.over("First call"))
    qtbot.waitUntil(lambda: bool(board.notes))
    assert board.notes[-1].tone == "bad" and "Measurement" in board.notes[-1].text
    assert board.stage_of(deal) == "Measurement"
    assert board.column("Measurement") == ["Two windows"]


def test_undo_brings_the_card_back(board: BoardDesk, qtbot: QtBot) -> None:
    deal = board.deal("Two windows")
    board.open(qtbot)
    board.click("Two windows")
    board.key(Qt.Key.Key_Right, CTRL)
    qtbot.waitUntil(lambda: board.stage_of(deal) == "Measurement")
    operation = board.notes[-1].undo_operation
    assert operation is not None
    board.base.undo.undo(operation)
    qtbot.waitUntil(lambda: board.column("First call") == ["Two windows"])
    assert QApplication.activeModalWidget() is None
