"""A planner page over a base with three people and a room, driven by real events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.planner.bars import Bar, seconds
from crm_desktop.ui import theme
from crm_desktop.ui.planner.page import PlannerPage
from tests.bases import ready_base
from tests.gui.card_desk import Desk

DAY = datetime(2026, 11, 18, tzinfo=UTC)
"""A Wednesday."""
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def at(hour: int, minute: int = 0, day: int = 0) -> datetime:
    return DAY + timedelta(days=day, hours=hour, minutes=minute)


class PlannerDesk(Desk):
    """The page, and hands."""

    people: dict[str, Ref]
    page: PlannerPage

    def fill(self) -> None:
        """Three people and a room, visits on Wednesday."""
        names = ("Anna", "Boris", "Clara")
        self.people = {name: self.make("staff", name=name) for name in names}
        self.room = self.make("resource", name="Room 1", kind="room")
        self.base.work_as(self.people["Anna"].id)

    def plan(self, who: str, starts: datetime, minutes: int = 60, **values: Any) -> Ref:
        """A visit."""
        given = {"subject": "Visit", "kind": "visit", "state": "planned",
                 "author": self.people[who].id, "starts": starts,
                 "ends": starts + timedelta(minutes=minutes)}  # fmt: skip
        return self.make("activity", **{**given, **values})

    def open(self, qtbot: QtBot, days: int = 1) -> None:
        """Shows the page."""
        zone = self.base.worktime.office_zone()
        assert zone.utcoffset(DAY) == timedelta(0), zone
        self.page = PlannerPage(self.session, self.navigator)
        self.page.controller.show_days(days)
        self.show(qtbot, self.page, 1300, 760)
        self.page.grid.setFocus()

    @property
    def grid(self) -> Any:
        """The grid."""
        return self.page.grid

    def bar(self, ref: Ref, row: Ref | None = None) -> Bar:
        """A bar that is shown."""
        bars = self.grid.drawing.sheet.bars()
        return next(b for b in bars if b.id == ref.id and row in (None, b.row))

    def middle(self, ref: Ref) -> QPoint:
        """The middle of a bar in the viewport."""
        return (self.grid.rect_of(self.bar(ref)).center() - self.grid.offset).toPoint()

    def edge(self, ref: Ref, *, right: bool) -> QPoint:
        """Just inside an edge."""
        rect = self.grid.rect_of(self.bar(ref)).translated(-self.grid.offset)
        return QPointF(rect.right() - 2 if right else rect.left() + 2, rect.center().y()).toPoint()

    def spot(self, row: Ref, moment: datetime) -> QPoint:
        """A moment in a row."""
        drawing = self.grid.drawing
        entry = drawing.geometry.by_ref[row]
        left = drawing.axis.place(seconds(moment)) * drawing.scale
        return (QPointF(left, entry.top + entry.height / 2) - self.grid.offset).toPoint()

    def drag(self, start: QPoint, end: QPoint, held: Qt.KeyboardModifier = NONE) -> None:
        """Presses, moves in steps, lets go."""
        self.hold(start, end, held)
        QTest.mouseRelease(self.grid.viewport(), LEFT, held, end)

    def hold(self, start: QPoint, end: QPoint, held: Qt.KeyboardModifier = NONE) -> None:
        """Presses and moves; the button stays down."""
        port = self.grid.viewport()
        QTest.mousePress(port, LEFT, NONE, start)
        for part in (0.3, 0.7, 1.0):
            step = start + (QPointF(end - start) * part).toPoint()
            move(port, step, held)

    def times(self, ref: Ref) -> tuple[datetime, datetime]:
        """Start and end in the base."""
        values = self.values(ref)
        return values["starts"], values["ends"]

    def who(self, ref: Ref) -> str:
        """Who is responsible in the base."""
        author = self.values(ref)["author"]
        return next(name for name, person in self.people.items() if person.id == author)


def answered(verb: str) -> list[str]:
    """The next box is answered with this verb; what it said comes into the list."""
    said: list[str] = []
    open_already = QApplication.activeModalWidget()

    def answer() -> None:
        box = QApplication.activeModalWidget()
        if box is None or box is open_already:  # it comes a little later
            QTimer.singleShot(0, answer)
            return
        said.append("\n".join(label.text() for label in box.findChildren(QLabel)))
        next(b for b in box.findChildren(QPushButton) if b.text() == verb).click()

    QTimer.singleShot(0, answer)
    return said


def move(widget: Any, point: QPoint, held: Qt.KeyboardModifier) -> None:
    """A move with the left button down and these keys held."""
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    spot = QPointF(point)
    event = QMouseEvent(QEvent.Type.MouseMove, spot, QPointF(widget.mapToGlobal(point)),
                        Qt.MouseButton.NoButton, LEFT, held)  # fmt: skip
    QApplication.sendEvent(widget, event)


@pytest.fixture(params=[1.0, 1.5], ids=["100", "150"])
def planner(
    request: pytest.FixtureRequest, tmp_path: Path, own_home: Path, qapp: QApplication
) -> Iterator[PlannerDesk]:
    """A desk over a new SQLite base, at 100 and at 150 per cent."""
    theme.apply(qapp, "light", scale=request.param)
    base = ready_base(tmp_path / "base.crm", language="en", clock=MovedClock(at(8, 30)))
    made = PlannerDesk(base, own_home)
    made.fill()
    yield made
    made.session.workspace = None
    made.session.closed.emit()
    base.close()
    theme.apply(qapp, "light")
