"""The free/busy strip: the day of each who is invited, and where the new time would lie."""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.i18n import _
from crm_desktop.services.planner.bars import moment
from crm_desktop.services.planner.slots import Offer
from crm_desktop.ui.painting import AA, LEFT, box, elided
from crm_desktop.ui.theme import color, font, metrics, px

LINE, HEAD, NAME = 20, 18, 92


class FreeBusyStrip(QWidget):
    """Painted from one `Offer`."""

    def __init__(self) -> None:
        super().__init__()
        self._offer: Offer | None = None
        self._zone: tzinfo | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_offer(self, offer: Offer, zone: tzinfo) -> None:
        """Another day or other people."""
        self._offer, self._zone = offer, zone
        self.setAccessibleName("; ".join(self._words(offer)))
        self.updateGeometry()
        self.update()

    def _words(self, offer: Offer) -> list[str]:
        """What screen readers say."""
        said = []
        for row in offer.rows:
            busy = [s for s in sorted(offer.busy[row]) if s[0] < offer.span[1] and
                    offer.span[0] < s[1]]  # fmt: skip
            times = ", ".join(f"{self._clock(s)}–{self._clock(e)}" for s, e in busy)
            name = offer.names.get(row, "")
            taken = _("{name} is busy {times}").format(name=name, times=times)
            said.append(taken if times else _("{name} is free").format(name=name))
        return said

    def _clock(self, seconds: int) -> str:
        return f"{moment(seconds).astimezone(self._zone):%H:%M}"

    def _x(self, offer: Offer, seconds: int) -> float:
        since, until = offer.span
        wide = self.width() - px(NAME) - 1
        share = (min(max(seconds, since), until) - since) / max(1, until - since)
        return px(NAME) + wide * share

    def paintEvent(self, event: QPaintEvent) -> None:
        offer = self._offer
        if offer is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(AA)
        self._paint_hours(painter, offer)
        for number in range(len(offer.rows)):
            self._paint_row(painter, offer, number)
        left, right = (self._x(offer, s) for s in offer.wanted)
        tall = len(offer.rows) * px(LINE)
        rect = QRectF(left, px(HEAD), max(4.0, right - left), tall - 2)
        box(painter, rect, radius=3, border="accent" if offer.is_free() else "bad", width=2)
        painter.end()

    def _paint_hours(self, painter: QPainter, offer: Offer) -> None:
        since, until = offer.span
        painter.setFont(font("caption"))
        painter.setPen(color("text3"))
        step = 3 * 3600 if until - since > 8 * 3600 else 2 * 3600
        wide = metrics("caption").horizontalAdvance("00:00") + px(4)
        for at in range(since, until, step):
            place = QRectF(self._x(offer, at), 0, wide, px(HEAD))
            painter.drawText(place, LEFT, self._clock(at))

    def _paint_row(self, painter: QPainter, offer: Offer, number: int) -> None:
        row, top = offer.rows[number], px(HEAD) + number * px(LINE)
        tall = px(LINE) - 3
        painter.setFont(font("small"))
        painter.setPen(color("text"))
        name = elided(offer.names.get(row, ""), "small", px(NAME) - px(8))
        painter.drawText(QRectF(0, top, px(NAME), tall), LEFT, name)
        whole = QRectF(px(NAME), top, self.width() - px(NAME) - 1, tall)
        painter.fillRect(whole, color("sunken"))
        for stretches, fill in ((offer.work[row], "accent_soft"), (offer.busy[row], "text3")):
            for since, until in stretches:
                left, right = self._x(offer, since), self._x(offer, until)
                if right > left:
                    painter.fillRect(QRectF(left, top, right - left, tall), color(fill))

    def sizeHint(self) -> QSize:
        count = len(self._offer.rows) if self._offer is not None else 0
        return QSize(px(280), px(HEAD) + count * px(LINE))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), self.sizeHint().height())
