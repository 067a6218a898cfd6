"""A chart as a picture, a page and a table: what is copied and what is saved in files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSize
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.models.text.disk_reasons import disk_reason
from crm_desktop.ui.charts.chart import Chart
from crm_desktop.ui.charts.painting import lay_out, paint
from crm_desktop.ui.theme import color, theme

PNG, PDF, XLSX = ".png", ".pdf", ".xlsx"
_SHARP = 2
_EDGE = 12
_WIDE, _HIGH = 960.0, 540.0
_MARGIN_MM = 12


def picture(chart: Chart, size: QSize) -> QImage:
    """The chart as on paper, twice as many dots as on the screen."""
    image = QImage(size * _SHARP, QImage.Format.Format_RGB32)
    with theme().on_paper():
        image.fill(color("surface"))
        painter = QPainter(image)
        painter.scale(_SHARP, _SHARP)
        room = QRectF(0, 0, size.width(), size.height()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        paint(painter, lay_out(chart, room))
        painter.end()
    return image


def write_png(chart: Chart, path: Path, size: QSize) -> None:
    """The picture into a file; UserError if it cannot be written."""
    _check(path)
    picture(chart, size).save(str(path), "PNG")


def write_pdf(chart: Chart, path: Path) -> None:
    """One page of A4 across, in lines and letters; UserError if it cannot be written."""
    _check(path)
    writer = QPdfWriter(str(path))
    writer.setTitle(chart.title)
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageLayout(QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, margins,
        QPageLayout.Unit.Millimeter,
    ))  # fmt: skip
    with theme().on_paper():
        painter = QPainter(writer)
        painter.scale(writer.width() / _WIDE, writer.width() / _WIDE)
        paint(painter, lay_out(chart, QRectF(0, 0, _WIDE, _HIGH)))
        painter.end()


def _check(path: Path) -> None:
    try:
        path.open("wb").close()
    except OSError as error:
        said = _("{file} cannot be written: {reason}")
        raise UserError(said.format(file=path.name, reason=disk_reason(error))) from None
