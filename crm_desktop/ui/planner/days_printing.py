"""Days and months of one person on paper: all of it on one page, painted as on the screen."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from crm_desktop.ui.painting import LEFT
from crm_desktop.ui.planner.days_drawing import DaysDrawing
from crm_desktop.ui.planner.days_margins import DAYS_HEAD, HOURS, paint_days, paint_hours
from crm_desktop.ui.planner.drawing import Drawing
from crm_desktop.ui.planner.geometry import Geometry
from crm_desktop.ui.planner.month_drawing import WEEKS, MonthDrawing, paint_weekdays
from crm_desktop.ui.theme import color, font, px

_TITLE, _WEEKDAYS = 34, 26


def paint_person(painter: QPainter, shown: Drawing, page: QRectF, title: str) -> None:
    """One page with what the drawing shows; a month where it has so many days."""
    sheet = shown.sheet
    paper = Drawing(sheet, Geometry(sheet.lines, (), strip=False), shown.look)
    paper.on_top = True
    painter.setFont(font("title"))
    painter.setPen(color("text"))
    name = sheet.lines[0].row.name if sheet.lines else ""
    head = QRectF(page.left(), page.top(), page.width(), px(_TITLE) - 6)
    painter.drawText(head, LEFT, f"{name} · {title}" if name else title)
    room = page.adjusted(0, px(_TITLE), 0, 0)
    if sheet.axis.days > WEEKS * 2:
        _paint_month(painter, paper, room)
    else:
        _paint_days(painter, paper, room)


def _paint_days(painter: QPainter, paper: Drawing, room: QRectF) -> None:
    days = DaysDrawing(paper)
    left, top = px(HOURS), px(DAYS_HEAD)
    days.wide = (room.width() - left) / paper.axis.days
    days.scale = (room.height() - top - days.band) / paper.axis.shown
    paint_days(painter, days, QRectF(room.left() + left, room.top(), room.width() - left, top))
    painter.save()
    painter.translate(room.left(), room.top() + top)
    paint_hours(painter, days, left, 0)
    painter.translate(left, 0)
    area = QRectF(0, 0, room.width() - left, room.height() - top)
    painter.setClipRect(area)
    days.paint(painter, area)
    painter.restore()


def _paint_month(painter: QPainter, paper: Drawing, room: QRectF) -> None:
    head = px(_WEEKDAYS)
    paint_weekdays(painter, QRectF(room.left(), room.top(), room.width(), head), long=True)
    painter.save()
    painter.translate(room.left(), room.top() + head)
    tall = (room.height() - head) / WEEKS
    area = QRectF(0, 0, room.width(), room.height() - head)
    painter.setClipRect(area)
    MonthDrawing(paper, room.width() / 7, tall).paint(painter, area)
    painter.restore()
