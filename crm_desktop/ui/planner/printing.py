"""The sheet on paper: the same painting, fitted to the width of A4 or A3 across."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QObject, QRectF
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QFileDialog, QWidget

from crm_desktop.i18n import _
from crm_desktop.models.text.disk_reasons import disk_reason
from crm_desktop.services.rights import words as rights
from crm_desktop.ui.icons import icon
from crm_desktop.ui.painting import LEFT, elided
from crm_desktop.ui.planner import words
from crm_desktop.ui.planner.days_printing import paint_person
from crm_desktop.ui.planner.drawing import Drawing
from crm_desktop.ui.planner.geometry import Entry, Geometry
from crm_desktop.ui.planner.state import PERSONAL
from crm_desktop.ui.refusals import put_off
from crm_desktop.ui.theme import color, font, px, theme
from crm_desktop.ui.widgets.popover import Menu

if TYPE_CHECKING:
    from crm_desktop.ui.operations import Job
    from crm_desktop.ui.planner.controller import PlannerController

A4, A3 = QPageSize.PageSizeId.A4, QPageSize.PageSizeId.A3
_MARGIN, _TITLE, _HEAD, _NAMES = 10, 34, 26, 170
_WIDE = {A4: 1180.0, A3: 1680.0}
"""Pixels of the sheet that a page is wide: letters stay as large on A3, there is more room."""


class PlannerPrinting(QObject):
    """Prints what is seen."""

    def __init__(self, controller: PlannerController, page: QWidget) -> None:
        super().__init__(page)
        self._controller, self._page = controller, page

    def open(self) -> None:
        """Asks where to."""
        menu = Menu(self._page)
        event = self._controller.planner.schedule.event
        why = self._controller.session.refusals.why(rights.PRINT, event.key)
        for size, name in ((A4, "A4"), (A3, "A3")):
            pdf = menu.addAction(icon("document"), _("Save as PDF, {paper}…").format(paper=name))
            pdf.triggered.connect(lambda _on=False, s=size: self._ask_pdf(s))
        for size, name in ((A4, "A4"), (A3, "A3")):
            paper = menu.addAction(icon("print"), _("Print on {paper}…").format(paper=name))
            paper.triggered.connect(lambda _on=False, s=size: self._print(s))
        for line in menu.actions():
            put_off(line, why)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.open_below(self._page.print_button)  # type: ignore[attr-defined]

    def _ask_pdf(self, size: QPageSize.PageSizeId) -> None:
        name = f"{_('Planner')}.pdf"
        path, _kind = QFileDialog.getSaveFileName(self._page, _("Save as PDF"), name, "PDF (*.pdf)")
        if path:
            file = Path(path if path.lower().endswith(".pdf") else f"{path}.pdf")
            self.allowed(lambda: self.write_pdf(file, size))

    def allowed(self, go: Callable[[], None]) -> None:
        """Goes on if whoever works here may print what is seen; in a shared base that is noted."""
        session, drawing = self._controller.session, self._controller.grid.drawing
        base = session.base
        if not base.login or drawing is None:
            go()
            return
        event = self._controller.planner.schedule.event
        ids = {bar.id for bar in drawing.sheet.bars() if bar.id > 0}

        def work(_job: Job) -> None:
            from crm_desktop.services.rights import acts

            acts.print_records(base, event, ids, _("Planner"))

        session.operations.query(
            ("planner print",), work, owner=self, done=lambda _nothing: go(),
            failed=self._controller.navigator.refuse,
        )  # fmt: skip

    def write_pdf(self, path: Path, size: QPageSize.PageSizeId) -> None:
        """The visible sheet into a file."""
        navigator = self._controller.navigator
        try:
            path.open("wb").close()
        except OSError as error:
            said = _("{file} cannot be written: {reason}")
            navigator.toast(said.format(file=path.name, reason=disk_reason(error)), tone="bad")
            return
        writer = QPdfWriter(str(path))
        writer.setTitle(_("Planner"))
        self.paint_on(writer, size)
        navigator.toast(_("{name} is written").format(name=path.name))

    def _print(self, size: QPageSize.PageSizeId) -> None:
        self.allowed(lambda: self._ask_printer(size))

    def _ask_printer(self, size: QPageSize.PageSizeId) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageLayout(_layout(size))
        dialog = QPrintDialog(printer, self._page)
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            self.paint_on(printer, size)

    # --- painting ---------------------------------------------------------------------------------

    def paint_on(self, device: QPagedPaintDevice, size: QPageSize.PageSizeId) -> int:
        """All pages; how many. The rows are cut between pages, never across a row."""
        with theme().on_paper():
            return self._paint_on(device, size)

    def _paint_on(self, device: QPagedPaintDevice, size: QPageSize.PageSizeId) -> int:
        drawing = self._controller.grid.drawing
        if drawing is None:
            return 0
        device.setPageLayout(_layout(size))
        area = _layout(size).paintRect(QPageLayout.Unit.Point)
        wide = _WIDE[size]
        tall = wide * area.height() / area.width()
        if self._controller.arrangement.view in PERSONAL:
            return self._paint_person(device, drawing, QRectF(0, 0, wide, tall))
        paper = self._paper(drawing, wide - px(_NAMES))
        pages = list(_pages(paper.geometry, tall - px(_TITLE) - px(_HEAD)))
        painter = QPainter(device)
        factor = device.width() / wide
        for number, (top, bottom) in enumerate(pages):
            if number:
                device.newPage()
            painter.resetTransform()
            painter.scale(factor, factor)
            self._paint_page(painter, paper, wide, (top, bottom))
        painter.end()
        return len(pages)

    def _paint_person(self, device: QPagedPaintDevice, drawing: Drawing, page: QRectF) -> int:
        painter = QPainter(device)
        painter.scale(device.width() / page.width(), device.width() / page.width())
        paint_person(painter, drawing, page, self._controller.period)
        painter.end()
        return 1

    def _paper(self, drawing: Drawing, wide: float) -> Drawing:
        sheet = drawing.sheet
        folded = self._controller.grid.folded
        geometry = Geometry(sheet.lines, folded, strip=sheet.axis.days > 1)
        paper = Drawing(sheet, geometry, self._controller.look)
        paper.scale = wide / sheet.axis.length
        return paper

    def _paint_page(
        self, painter: QPainter, paper: Drawing, wide: float, part: tuple[int, int]
    ) -> None:
        top, bottom = part
        names, under = px(_NAMES), px(_TITLE) + px(_HEAD)
        controller = self._controller
        painter.setFont(font("title"))
        painter.setPen(color("text"))
        said = controller.period
        title = QRectF(0, 0, wide, px(_TITLE) - 6)
        painter.drawText(title, LEFT, f"{_('Planner')} · {said}")
        self._paint_head(painter, paper, names)
        painter.save()
        painter.translate(names, under - top)
        area = QRectF(0, top, paper.width, bottom - top)
        painter.setClipRect(area)
        paper.paint(painter, area)
        painter.restore()
        for entry in paper.geometry.between(top, bottom - 1):
            self._paint_name(painter, entry, under - top)

    def _paint_head(self, painter: QPainter, paper: Drawing, names: int) -> None:
        axis = paper.axis
        painter.setFont(font("small"))
        painter.setPen(color("text2"))
        wide = axis.shown * paper.scale
        for day in range(axis.days):
            if axis.days > 1:
                place = QRectF(names + day * wide + 4, px(_TITLE), wide - 6, px(_HEAD))
                text = words.day(axis.day(day))
                painter.drawText(place, LEFT, text)
                continue
            for minute in range(-(-axis.opens // 60) * 60, axis.closes, 60):
                left = names + (minute - axis.opens) * paper.scale + 4
                place = QRectF(left, px(_TITLE), 60 * paper.scale, px(_HEAD))
                painter.drawText(place, LEFT, f"{minute // 60:02}:00")

    def _paint_name(self, painter: QPainter, entry: Entry, shift: int) -> None:
        place = QRectF(4, entry.top + shift, px(_NAMES) - 8, entry.height)
        if entry.line is None:
            name = self._controller.grid.group_name(entry.group)
            kind = "small"
        else:
            name, kind = entry.line.row.name, "strong"
        painter.setFont(font(kind))
        painter.setPen(color("text"))
        painter.drawText(place, LEFT, elided(name, kind, place.width()))
        under = QRectF(0, entry.bottom + shift - 1, px(_NAMES), 0.6)
        painter.fillRect(under, color("line2"))


def _layout(size: QPageSize.PageSizeId) -> QPageLayout:
    margins = QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    across = QPageLayout.Orientation.Landscape
    return QPageLayout(QPageSize(size), across, margins, QPageLayout.Unit.Millimeter)


def _pages(geometry: Geometry, room: float) -> list[tuple[int, int]]:
    """(top, bottom) of what each page shows."""
    found, top, bottom = [], 0, 0
    for entry in geometry.entries:
        if entry.bottom - top > room and bottom > top:
            found.append((top, bottom))
            top = entry.top
        bottom = entry.bottom
    return [*found, (top, bottom)]
