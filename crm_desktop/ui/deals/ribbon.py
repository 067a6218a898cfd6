"""The stages of a deal as arrows: a click moves it, a hover says how long it stood where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from crm_desktop.i18n import _, ngettext
from crm_desktop.models.text.date_formats import format_datetime
from crm_desktop.ui.card_parts import PartWidget
from crm_desktop.ui.deals.parts import Ribbon
from crm_desktop.ui.painting import AA, CENTER, NO_PEN, elided, tone_colors
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.values import Surroundings
from crm_desktop.ui.stages.moving import StageMoving
from crm_desktop.ui.theme import color, font, metrics, px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import ElidedLabel
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.pipelines.service import Stay
    from crm_desktop.services.pipelines.shape import Stage

_TALL, _POINT, _GAP = 32, 10, 3
_NARROW = 74
"""An arrow with less room than this shows no name."""
_STUB = 26
_MARGIN = 24
_STAGE = "stageId"
PASSED, HERE, AHEAD = "passed", "here", "ahead"


class StageArrow(QAbstractButton):
    """One stage."""

    def __init__(self, stage: Stage, state: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.stage, self.state = stage, state
        self.setText(stage.name)
        self.setAccessibleName(stage.name)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _colours(self) -> tuple[QColor, QColor]:
        """(ground, ink)."""
        ink, soft = tone_colors(self.stage.tone)
        if self.state == HERE:
            return ink, color("surface")
        if self.state == PASSED:
            return soft, ink
        return color("line"), color("text2")

    def sizeHint(self) -> QSize:
        return QSize(px(120), px(_TALL))

    def needed(self) -> int:
        """The width at which its name is whole."""
        return metrics(self._kind()).horizontalAdvance(self.stage.name) + 2 * px(_POINT) + 6

    def _kind(self) -> str:
        return "strong" if self.state == HERE else "small"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(AA)
        ground, ink = self._colours()
        if self.underMouse() and self.state != HERE:
            ground = tone_colors(self.stage.tone)[1]
        painter.setPen(NO_PEN)
        painter.setBrush(ground)
        wide, tall, point = float(self.width()), float(self.height()), float(px(_POINT))
        shape = QPolygonF([
            QPointF(0, 0), QPointF(wide - point, 0), QPointF(wide, tall / 2),
            QPointF(wide - point, tall), QPointF(0, tall), QPointF(point, tall / 2),
        ])  # fmt: skip
        painter.drawPolygon(shape)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            pen = painter.pen()
            pen.setStyle(Qt.PenStyle.SolidLine)
            pen.setColor(color("focus"))
            pen.setWidthF(2)
            painter.setPen(pen)
            painter.drawPolygon(shape)
        if self.width() >= px(_NARROW):
            kind = self._kind()
            painter.setFont(font(kind))
            painter.setPen(ink)
            room = QRectF(self.rect()).adjusted(point + 4, 0, -point, 0)
            painter.drawText(room, CENTER, elided(self.stage.name, kind, room.width()))


class StageRibbon(PartWidget):
    """Stages in progress as arrows; below, how long it stands here, and how it may end."""

    def __init__(self, card: CardController) -> None:
        super().__init__()
        self._card = card
        self._moving: StageMoving | None = None
        self._ribbon: Ribbon | None = None
        self.arrows: list[StageArrow] = []
        self.ends: list[Button] = []
        self._line = QWidget()
        self._line.setFixedHeight(px(_TALL))
        self._line.installEventFilter(self)
        self.said = ElidedLabel("", "small", "text2")
        self._below = row(self.said, gap=8)
        self._below.setStretch(0, 1)
        self.setLayout(column(self._line, self._below, gap=6, margins=(_MARGIN, 4, _MARGIN, 8)))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_part(self, value: Any, contents: CardContents, around: Surroundings) -> None:
        """Another record, or another stage of the same."""
        ribbon: Ribbon = value
        kept = self.window().focusWidget()  # also while a form of the move is in front
        focused = next((a.stage.id for a in self.arrows if a is kept), None)
        self._ribbon = ribbon
        self._drop()
        here = next((s for s in ribbon.stages if s.id == ribbon.current), None)
        order = {stage.id: place for place, stage in enumerate(ribbon.stages)}
        reached = {stay.stage for stay in ribbon.stays}
        for stage in ribbon.stages:
            if not stage.is_open:
                self._add_end(stage, here)
                continue
            state = HERE if stage.id == ribbon.current else AHEAD
            before = here is None or order[stage.id] < order[here.id]
            if state == AHEAD and before and (stage.id in reached or here is None or here.is_open):
                state = PASSED
            self._add_arrow(stage, state, self._told(stage, ribbon, around))
        self._say_here(here, around)
        self._arrange()
        for arrow in self.arrows:
            if arrow.stage.id == focused:
                arrow.setFocus()

    def _drop(self) -> None:
        for widget in (*self.arrows, *self.ends):
            widget.hide()
            widget.deleteLater()
        self.arrows, self.ends = [], []

    def _add_arrow(self, stage: Stage, state: str, told: str) -> None:
        arrow = StageArrow(stage, state, self._line)
        arrow.setToolTip(plain_tip(told))
        arrow.setAccessibleDescription(told)
        arrow.clicked.connect(self._clicked)
        arrow.installEventFilter(self)
        arrow.show()
        self.arrows.append(arrow)

    def _add_end(self, stage: Stage, here: Stage | None) -> None:
        if here is not None and stage.id == here.id:
            return
        button = Button(stage.name, "check" if stage.outcome == "won" else "close", "ghost")
        button.setProperty(_STAGE, stage.id)
        button.clicked.connect(self._clicked)
        self._card.rights.keep(button)
        self._below.addWidget(button)
        self.ends.append(button)

    # --- words ------------------------------------------------------------------------------------

    def _say_here(self, here: Stage | None, around: Surroundings) -> None:
        ribbon = self._ribbon
        stay = ribbon.stays[-1] if ribbon is not None and ribbon.stays else None
        if here is None or stay is None or stay.since is None:
            self.said.setText(here.name if here is not None else "")
            self.said.set_ink("text2")
            return
        days = max(0, (around.now.date() - stay.since.astimezone(around.now.tzinfo).date()).days)
        if not here.is_open:
            said = _("{stage} since {day}")
            self.said.setText(said.format(stage=here.name, day=_moment(stay.since, around)))
            self.said.set_ink("ok" if here.outcome == "won" else "bad")
            return
        text = ngettext("{count} day in “{stage}”", "{count} days in “{stage}”", days)
        stuck = here.stuck_days is not None and days > here.stuck_days
        today = _("in “{stage}” since today").format(stage=here.name)
        words = [text.format(count=days, stage=here.name) if days else today]
        if stuck:
            words.append(ngettext(
                "should be {count} day at most", "should be {count} days at most",
                here.stuck_days or 0,
            ).format(count=here.stuck_days))  # fmt: skip
        self.said.setText(" · ".join(words))
        self.said.set_ink("warn" if stuck else "text2")

    @staticmethod
    def _told(stage: Stage, ribbon: Ribbon, around: Surroundings) -> str:
        """Every stay in a stage: when, how long in working time, whose it was."""
        stays = [stay for stay in ribbon.stays if stay.stage == stage.id]
        lines = [stage.name, *(_stay_said(stay, around) for stay in stays)]
        if not stays:
            lines.append(_("It has not been here"))
        return "\n".join(lines)

    # --- what the person does ---------------------------------------------------------------------

    def _clicked(self) -> None:
        sender = self.sender()
        ref = self._card.ref
        stage = sender.stage.id if isinstance(sender, StageArrow) else sender.property(_STAGE)
        if ref is None or self._ribbon is None or stage == self._ribbon.current:
            return
        if self._card.rights.stops():
            return
        self.moving().move([ref.id], int(stage))

    def moving(self) -> StageMoving:
        """What moves the record and asks for what is missing."""
        if self._moving is None:
            self._moving = StageMoving(self._card.session, self._card.navigator, self)
        return self._moving

    def _arrange(self) -> None:
        """Gives the arrows their widths."""
        count, overlap, at = len(self.arrows), px(_POINT - _GAP), 0.0
        if not count:
            return
        here = next((n for n, a in enumerate(self.arrows) if a.state == HERE), count - 1)
        room = self._line.width() + overlap * (count - 1)
        needs = [arrow.needed() for arrow in self.arrows]
        for arrow, own in zip(self.arrows, shares(needs, here, room, px(_STUB)), strict=True):
            arrow.setGeometry(round(at), 0, round(own), px(_TALL))
            at += own - overlap

    # --- what Qt asks -----------------------------------------------------------------------------

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        if watched is self._line and isinstance(event, QResizeEvent):
            self._arrange()
        if isinstance(watched, StageArrow) and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
            if step is not None and event.type() == QEvent.Type.KeyPress:
                place = self.arrows.index(watched) + step
                if 0 <= place < len(self.arrows):
                    self.arrows[place].setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if event.type() == QEvent.Type.KeyPress:
                    watched.click()
                return True
        return super().eventFilter(watched, event)


def shares(needs: Sequence[int], here: int, room: float, least: float) -> list[float]:
    """How wide each arrow is of `room` pixels, with names that need so much.

    Long names take from short ones. Where there is not enough, names stay whole around the stage
    `here`, and those farthest from it give way down to `least`.
    """
    if sum(needs) <= room:
        fixed = [False] * len(needs)
        while True:
            free = room - sum(need for need, own in zip(needs, fixed, strict=True) if own)
            level = free / max(fixed.count(False), 1)
            grown = [need > level for need in needs]
            if grown == fixed:
                return [max(float(need), level) for need in needs]
            fixed = grown
    wide, left = [least] * len(needs), room - least * len(needs)
    cut = []
    for place in sorted(range(len(needs)), key=lambda n: (abs(n - here), n < here)):
        more = needs[place] - least
        if place == here or more <= left:
            wide[place] += max(min(more, left), 0)
            left -= wide[place] - least
        else:
            cut.append(place)
    for place in cut:
        wide[place] += max(left, 0) / len(cut)
    return wide


def _moment(moment: datetime, around: Surroundings) -> str:
    return format_datetime(moment, around.language, zone=around.now.tzinfo, now=around.now)


def _stay_said(stay: Stay, around: Surroundings) -> str:
    words = [_moment(stay.since, around) if stay.since else "…"]
    if stay.until is not None:
        words[0] += f" – {_moment(stay.until, around)}"
    if stay.minutes is not None:
        hours, minutes = divmod(stay.minutes, 60)
        text = _("{hours} h {minutes} min of working time")
        words.append(text.format(hours=hours, minutes=minutes))
    words += [name for name in (stay.responsible_name,) if name]
    return " · ".join(words)
