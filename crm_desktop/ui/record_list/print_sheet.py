"""A list on paper: pages of rows under a heading, painted on whatever takes a painter.

Everything is measured in points (1/72 inch), so that a picture on the screen, a PDF and a printer
get the same pages. Runs in a worker: fonts, pictures and printers may be used there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPen,
)

from crm_desktop.i18n import _

_MARGIN = 34
_ROW, _HEAD, _TITLE = 17.0, 20.0, 44.0
_PAD = 4.0
_TEXT, _SMALL, _BIG = 9, 8, 14
_MEASURED = 400
_WIDEST, _NARROWEST = 220.0, 34.0
_INK, _QUIET, _LINE, _SOFT = (QColor(n) for n in ("#1b1f24", "#5b6470", "#c9ced6", "#f1f3f6"))
_TONES = {
    "bad": "#f8dcd9", "warn": "#fbeccd", "ok": "#daf0e1", "info": "#dbeaf8", "accent": "#e0e7ff",
    "neutral": "#e9ebef",
}  # fmt: skip
_FLAGS = Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class SheetRow:
    """One line: its texts; `depth` of the head of a group, -1 for a record; its tone."""

    texts: tuple[str, ...]
    depth: int = -1
    tone: str = ""


@dataclass(frozen=True)
class Sheet:
    """What is printed: title, what it was narrowed by, the day, columns and rows."""

    title: str
    filters: str
    moment: str
    columns: tuple[tuple[str, bool], ...]
    """(heading, whether figures stand at the right)"""
    rows: Sequence[SheetRow]


def page_layout(*, landscape: bool) -> QPageLayout:
    """A4 with the margins of the sheet."""
    turned = QPageLayout.Orientation.Landscape if landscape else QPageLayout.Orientation.Portrait
    margins = QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    return QPageLayout(QPageSize(QPageSize.PageSizeId.A4), turned, margins)


class SheetPages:
    """A sheet cut into pages of one layout."""

    def __init__(self, sheet: Sheet, layout: QPageLayout, family: str) -> None:
        """`family`: the font."""
        self._sheet, self._layout = sheet, layout
        area = layout.paintRect(QPageLayout.Unit.Point)
        self._width, self._height = area.width(), area.height()
        self._font, self._strong, self._small, self._big = (
            _font(family, size, bold)
            for size, bold in ((_TEXT, False), (_TEXT, True), (_SMALL, False), (_BIG, True))
        )
        self._widths = self._measure()
        self._fit = max(1, int((self._height - _TITLE - _HEAD - _ROW) // _ROW))

    @property
    def count(self) -> int:
        """How many pages there are; one for no rows."""
        return max(1, -(-len(self._sheet.rows) // self._fit))

    def _measure(self) -> list[float]:
        """Columns as wide as what stands in them, all together as wide as the page."""
        metrics, strong = QFontMetricsF(self._font), QFontMetricsF(self._strong)
        wide = [strong.horizontalAdvance(title) for title, _right in self._sheet.columns]
        for number, row in enumerate(self._sheet.rows):
            head = row.depth >= 0
            for place, text in enumerate(row.texts):
                right = self._sheet.columns[place][1]  # a figure must never be cut
                if right or (number < _MEASURED and not head):
                    used = strong if head else metrics
                    wide[place] = max(wide[place], used.horizontalAdvance(text[:80]))
        wide = [min(_WIDEST, max(_NARROWEST, one + 2 * _PAD)) for one in wide]
        share = self._width / sum(wide) if wide else 1.0
        return [one * min(share, 2.0) for one in wide]

    # --- painting ---------------------------------------------------------------------------------

    def paint(self, painter: QPainter, page: int) -> None:
        """One page, counted from 0, from the corner of its margins, in points."""
        self._paint_title(painter, page)
        top = _TITLE
        headings = [title for title, _right in self._sheet.columns]
        self._paint_cells(painter, top + _HEAD - _ROW, headings, strong=True)
        top += _HEAD
        painter.setPen(QPen(_INK, 0.8))
        painter.drawLine(0, int(top), int(sum(self._widths)), int(top))
        for row in self._sheet.rows[page * self._fit : (page + 1) * self._fit]:
            self._paint_row(painter, top, row)
            top += _ROW

    def _paint_title(self, painter: QPainter, page: int) -> None:
        painter.setPen(_INK)
        painter.setFont(self._big)
        painter.drawText(QRectF(0, 0, self._width * 0.6, 20), _FLAGS, self._sheet.title)
        painter.setFont(self._small)
        painter.setPen(_QUIET)
        right = Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(self._width * 0.6, 0, self._width * 0.4, 20), _FLAGS | right,
                         self._sheet.moment)  # fmt: skip
        room = self._width - 90
        words = QFontMetricsF(self._small).elidedText(
            self._sheet.filters, Qt.TextElideMode.ElideRight, room
        )
        painter.drawText(QRectF(0, 20, room, 14), _FLAGS, words)
        number = _("Page {number} of {count}").format(number=page + 1, count=self.count)
        painter.drawText(QRectF(self._width - 90, 20, 90, 14), _FLAGS | right, number)

    def _paint_row(self, painter: QPainter, top: float, row: SheetRow) -> None:
        whole = QRectF(0, top, sum(self._widths), _ROW)
        if row.depth >= 0:
            painter.fillRect(whole, _SOFT)
        elif row.tone:
            painter.fillRect(whole, QColor(_TONES.get(row.tone, "#ffffff")))
        indent = max(0, row.depth) * 12
        self._paint_cells(painter, top, row.texts, strong=row.depth >= 0, indent=indent)
        painter.setPen(QPen(_LINE, 0.4))
        painter.drawLine(0, int(top + _ROW), int(whole.width()), int(top + _ROW))

    def _paint_cells(
        self,
        painter: QPainter,
        top: float,
        texts: Sequence[str],
        *,
        strong: bool,
        indent: float = 0,
    ) -> None:
        font = self._strong if strong else self._font
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(_INK)
        left = 0.0
        for place, text in enumerate(texts):
            wide, right = self._widths[place], self._sheet.columns[place][1]
            room = QRectF(left + _PAD + (indent if place == 0 else 0), top, wide - 2 * _PAD, _ROW)
            shown = text  # a cut figure would be another figure: it reaches to the left
            if not right:
                shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            painter.drawText(room, _FLAGS | side, shown)
            left += wide

    # --- where to ---------------------------------------------------------------------------------

    @property
    def width(self) -> float:
        """Of the paper, in points."""
        return float(self._layout.fullRect(QPageLayout.Unit.Point).width())

    def picture(self, page: int, scale: float) -> QImage:
        """A page as it will look, `scale` pixels a point."""
        size = self._layout.fullRect(QPageLayout.Unit.Point).size()
        image = QImage((QSizeF(size) * scale).toSize(), QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        painter.translate(_MARGIN, _MARGIN)
        self.paint(painter, page)
        painter.end()
        return image

    def print_to(self, device: QPagedPaintDevice, *, each: object = None) -> int:
        """All pages on a printer or into a PDF; how many. `each` is called before every page and
        may raise to stop."""
        device.setPageLayout(self._layout)
        painter = QPainter(device)
        try:
            for page in range(self.count):
                if callable(each):
                    each(page, self.count)
                if page:
                    device.newPage()
                painter.save()
                painter.scale(
                    painter.device().logicalDpiX() / 72, painter.device().logicalDpiY() / 72
                )
                self.paint(painter, page)
                painter.restore()
        finally:
            painter.end()
        return self.count


def _font(family: str, size: int, bold: bool) -> QFont:
    font = QFont(family)
    font.setPixelSize(size)
    font.setBold(bold)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
