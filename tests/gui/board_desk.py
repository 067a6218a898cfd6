"""A board page over a base with one pipeline, a few clients and deals, driven by real events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.board.cards import Card
from crm_desktop.services.clock import MovedClock
from crm_desktop.ui import theme
from crm_desktop.ui.board.page import BoardPage
from crm_desktop.ui.navigation import Place
from crm_desktop.ui.record_list.condition_kit import ConditionKit
from tests.bases import ready_base
from tests.gui.card_desk import Desk
from tests.gui.planner_desk import move

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
STAGES = ("First call", "Measurement", "Payment")


class BoardDesk(Desk):
    """The page, and hands."""

    page: BoardPage

    def fill(self) -> None:
        """A pipeline of three stages, won and lost; Anna and Boris; two clients."""
        self.places: list[Place] = []
        self.navigator.place_wanted.connect(lambda place, _tab: self.places.append(place))
        self.anna, self.boris = (self.make("staff", name=name) for name in ("Anna", "Boris"))
        self.base.work_as(self.anna.id)
        self.pipeline = self.make("pipeline", name="Windows", position=-1)
        self.stages: dict[str, int] = {}
        for number, name in enumerate(STAGES):
            self.stage(name, number, probability=20 * (number + 1), stuck_days=5)
        self.stage("Done", 8, outcome="won")
        self.stage("Refused", 9, outcome="lost")
        self.vector = self.make("client", name="Vector Ltd", phone="+79165551234")

    def stage(self, name: str, number: int, **values: Any) -> None:
        """A stage of the pipeline."""
        ref = self.make("stage", name=name, pipeline=self.pipeline.id, position=number, **values)
        self.stages[name] = ref.id

    def deal(self, name: str, stage: str = "First call", amount: int = 1000, **values: Any) -> Ref:
        """An open deal."""
        given = {"client": self.vector.id, "responsible": self.anna.id, "currency": "rub"}
        return self.make(
            "deal", name=name, pipeline=self.pipeline.id, stage=self.stages[stage],
            amount=Decimal(amount), amount_by_hand=True, **{**given, **values},
        )  # fmt: skip

    def open(self, qtbot: QtBot, **arrangement: Any) -> None:
        """Shows the page."""
        self.page = BoardPage(self.session, self.navigator, ConditionKit)
        if arrangement:
            self.page.controller.arrange(**arrangement)
        self.show(qtbot, self.page, 1300, 760)
        self.page.view.setFocus()

    @property
    def view(self) -> Any:
        """The columns."""
        return self.page.view

    def column(self, key: object) -> list[str]:
        """The names of the cards in a column; a stage by its name."""
        key = self.stages.get(key, key) if isinstance(key, str) else key
        return [card.name for card in self.view.layout_.by_key[key].cards]

    def card(self, name: str) -> Card:
        """A card that is shown."""
        piles = self.view.layout_.piles
        return next(c for pile in piles for c in pile.cards if c.name == name)

    def middle(self, name: str) -> QPoint:
        """The middle of a card in the viewport."""
        return self.view.rect_of(self.card(name)).center().toPoint()

    def over(self, key: object) -> QPoint:
        """A free place of a column; a stage by its name."""
        key = self.stages.get(key, key) if isinstance(key, str) else key
        keys = [pile.column.key for pile in self.view.layout_.piles]
        body = self.view.layout_.body(keys.index(key))
        return QPointF(body.center().x(), body.top() + body.height() * 0.6).toPoint()

    def click(self, name: str, held: Qt.KeyboardModifier = NONE) -> None:
        """Clicks a card."""
        QTest.mouseClick(self.view.viewport(), LEFT, held, self.middle(name))

    def hold(self, start: QPoint, end: QPoint) -> None:
        """Presses and moves; the button stays down."""
        port = self.view.viewport()
        QTest.mousePress(port, LEFT, NONE, start)
        for part in (0.3, 0.7, 1.0):
            move(port, start + (QPointF(end - start) * part).toPoint(), NONE)

    def drag(self, start: QPoint, end: QPoint) -> None:
        """Presses, moves in steps, lets go."""
        self.hold(start, end)
        QTest.mouseRelease(self.view.viewport(), LEFT, NONE, end)

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        """Presses a key on the board."""
        QTest.keyClick(self.view, key, held)

    def stage_of(self, ref: Ref) -> str:
        """The stage in the base."""
        return next(n for n, i in self.stages.items() if i == self.values(ref)["stage"])


@pytest.fixture(params=[1.0, 1.5], ids=["100", "150"])
def board(
    request: pytest.FixtureRequest, tmp_path: Path, own_home: Path, qapp: QApplication
) -> Iterator[BoardDesk]:
    """A desk over a new SQLite base, at 100 and at 150 per cent."""
    theme.apply(qapp, "light", scale=request.param)
    base = ready_base(tmp_path / "base.crm", language="en", clock=MovedClock(NOW))
    made = BoardDesk(base, own_home)
    made.fill()
    yield made
    made.session.workspace = None
    made.session.closed.emit()
    base.close()
    theme.apply(qapp, "light")


def later(days: int) -> datetime:
    """So many days from now."""
    return NOW + timedelta(days=days)
