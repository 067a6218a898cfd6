"""The steps of the wizard over its pages: which are done, which one is in front."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import CENTER, LEFT, box
from crm_desktop.ui.theme import color, font, metrics, px

_DISC = 22


class StepBar(QWidget):
    """Shows only; one goes from step to step with the buttons below the page."""

    def __init__(self) -> None:
        super().__init__()
        self._steps: tuple[str, ...] = ()
        self._at = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_steps(self, steps: tuple[str, ...], at: int) -> None:
        """The names of the steps and which one is in front."""
        self._steps, self._at = steps, at
        self.setAccessibleName(
            _("Step {number} of {count}: {name}").format(
                number=at + 1, count=len(steps), name=steps[at]
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(640), px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        wide = [metrics("strong").horizontalAdvance(text) for text in self._steps]
        discs = len(wide) * px(_DISC + 8)
        links = max(1, len(wide) - 1)
        gap = min(px(72), max(px(16), (self.width() - sum(wide) - discs) // links))
        left, middle = 0.0, self.height() / 2
        for place, text in enumerate(self._steps):
            left = self._paint_step(painter, left, place, text)
            if place < len(self._steps) - 1:
                line = QRectF(left + px(8), int(middle), gap - px(16), 1)
                painter.fillRect(line, color("accent" if place < self._at else "line2"))
            left += gap
        painter.end()

    def _paint_step(self, painter: QPainter, left: float, place: int, text: str) -> float:
        """Paints one step and gives its right end."""
        done, now = place < self._at, place == self._at
        disc = QRectF(left, (self.height() - px(_DISC)) / 2, px(_DISC), px(_DISC))
        fill = "accent" if now else "accent_soft" if done else ""
        box(painter, disc, radius=disc.height() / 2, fill=fill, border="" if fill else "line2")
        if done:
            spot = disc.center()
            painter.drawPixmap(
                int(spot.x() - px(8)), int(spot.y() - px(8)), pixmap("check", "accent_text", 16)
            )
        else:
            painter.setFont(font("caption"))
            painter.setPen(color("on_accent" if now else "text3"))
            painter.drawText(disc, CENTER, str(place + 1))
        kind = "strong" if now else "body"
        painter.setFont(font(kind))
        painter.setPen(color("text" if now else "text2" if done else "text3"))
        start = disc.right() + px(8)
        wide = metrics(kind).horizontalAdvance(text)
        painter.drawText(QRectF(start, 0, wide + 4, self.height()), LEFT, text)
        return float(start + wide)
