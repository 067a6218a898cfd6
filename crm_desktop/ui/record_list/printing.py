"""Prints a list as it is seen: read and laid out in a worker, looked at, sent to paper or PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage, QPdfWriter, QPixmap
from PySide6.QtWidgets import QFileDialog, QLabel, QScrollArea, QWidget

from crm_desktop import i18n
from crm_desktop.errors import FileProblem, InvalidInput
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.text.date_formats import format_datetime
from crm_desktop.models.text.disk_reasons import disk_reason
from crm_desktop.ui.itemmodels.cells import Row
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.record_list.numbers import count_text
from crm_desktop.ui.record_list.print_sheet import Sheet, SheetPages, SheetRow, page_layout
from crm_desktop.ui.record_list.source import ListSource
from crm_desktop.ui.theme import font, px
from crm_desktop.ui.widgets.buttons import ToolButton
from crm_desktop.ui.widgets.choices import Segment
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row

MOST_PRINTED = 20_000
_BLOCK = 500
_LARGEST = 115  # px for 100 points in the preview


class PrintPreview(Dialog):
    """One page at a time, the way the paper lies, and where it goes."""

    page_wanted = Signal(int, bool)
    """(page from 0, across)"""
    pdf_wanted = Signal(bool)
    print_wanted = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        body = QWidget()
        super().__init__(_("Print"), body, parent)
        self.page, self.count = 0, 1
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setAccessibleName(_("Page as it will be printed"))
        self._area = area = QScrollArea()
        area.setWidget(self._picture)
        area.setWidgetResizable(True)
        area.setMinimumSize(px(760), px(520))
        self._way = Segment([(_("Across"), True), (_("Upright"), False)], name=_("Paper"))
        self._way.chosen.connect(lambda _value: self.show_page(0))
        self._said = Label("", "small", "text2")
        self._back = ToolButton("chevron-left", _("Page before"))
        self._on = ToolButton("chevron-right", _("Next page"))
        self._back.clicked.connect(lambda: self.show_page(self.page - 1))
        self._on.clicked.connect(lambda: self.show_page(self.page + 1))
        bar = row(self._way, None, self._back, self._said, self._on, gap=8)
        body.setLayout(column(bar, area, gap=10))
        self.setMinimumWidth(max(px(840), min(px(1060), parent.window().width() - px(80))))
        self.add_button(_("Cancel"), result=0)
        self.pdf = self.add_button(_("Save as PDF…"))
        self.pdf.clicked.connect(lambda: self.pdf_wanted.emit(self.across))
        self.go = self.add_button(_("Print…"), kind="primary")
        self.go.clicked.connect(lambda: self.print_wanted.emit(self.across))

    @property
    def across(self) -> bool:
        """Whether the paper lies across."""
        return bool(self._way.value())

    def scale(self, points: float) -> float:
        """Pixels a point with which a page of that width finds room beside the scroll bar."""
        bar = self._area.verticalScrollBar().sizeHint().width()
        return min(px(_LARGEST) / 100, (self._area.width() - bar - px(4)) / points)

    def show_page(self, page: int) -> None:
        """Asks for a page."""
        self.page = max(0, min(page, self.count - 1))
        self.page_wanted.emit(self.page, self.across)

    def show_picture(self, image: QImage, count: int) -> None:
        """The page has come; how many there are."""
        self.count = count
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self._picture.setPixmap(QPixmap.fromImage(image))
        self._said.setText(
            _("Page {number} of {count}").format(number=self.page + 1, count=count_text(count))
        )
        self._back.setEnabled(self.page > 0)
        self._on.setEnabled(self.page < count - 1)

    def picture(self) -> QPixmap:
        """What is shown."""
        return self._picture.pixmap()


class Printing(QObject):
    """Prints one list."""

    def __init__(self, controller: ListController) -> None:
        super().__init__(controller)
        self._c = controller
        self._pages: dict[bool, SheetPages] = {}

    def open(self) -> None:
        """Reads what is seen and shows its first page."""
        columns = tuple((c.title, c.right) for c in self._columns())
        order = self._order()
        title, filters = self._title()
        moment = format_datetime(self._c.session.base.clock.local(), i18n.language())

        base, total, query = self._c.session.base, self._c.total, self._c.state.query

        def work(job: Job, source: ListSource) -> Sheet:
            if base.login:
                from crm_desktop.services.rights import acts

                acts.before_print(base, query)
                acts.printed(base, query, ": ".join(filter(None, (title, filters))), total)
            return Sheet(title, filters, moment, columns, read_rows(job, source, order))

        self._c.loader.ask("print", work, self._show, self._c.navigator.refuse)

    def _order(self) -> list[int]:
        head = self._c.view.table.head
        return [head.logicalIndex(place) for place in range(head.count())]

    def _columns(self) -> list[Any]:
        return [self._c.view.model.columns[n] for n in self._order()]

    def _title(self) -> tuple[str, str]:
        parts = [f"{label}: {text}" if label else text for label, text in self._c.chips()]
        if self._c.state.query.text:
            parts.append(_("“{text}”").format(text=self._c.state.query.text))
        total = self._c.total or 0
        parts.append(
            ngettext("{count} record", "{count} records", total).format(count=count_text(total))
        )
        return _(self._c.entity.plural), "  ·  ".join(parts)

    # --- looking ----------------------------------------------------------------------------------

    def _show(self, sheet: Sheet) -> None:
        family = font("body").family()
        pages = {
            way: SheetPages(sheet, page_layout(landscape=way), family) for way in (True, False)
        }
        dialog = PrintPreview(self._c.view)

        def look(page: int, across: bool) -> None:
            scale = dialog.scale(pages[across].width) * dialog.devicePixelRatioF()

            def work(_job: Job) -> QImage:
                return pages[across].picture(page, scale)

            self._c.session.operations.query(
                ("printed page", id(dialog)), work, owner=dialog,
                done=lambda image: dialog.show_picture(image, pages[across].count),
            )  # fmt: skip

        dialog.page_wanted.connect(look)
        dialog.pdf_wanted.connect(lambda across: self._ask_pdf(dialog, pages[across]))
        dialog.print_wanted.connect(lambda across: self._print(dialog, pages[across]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        dialog.show_page(0)

    # --- paper and PDF ----------------------------------------------------------------------------

    def _ask_pdf(self, dialog: PrintPreview, pages: SheetPages) -> None:
        name = f"{_(self._c.entity.plural)}.pdf"
        path, _kind = QFileDialog.getSaveFileName(dialog, _("Save as PDF"), name, "PDF (*.pdf)")
        if path:
            dialog.accept()
            self.write_pdf(Path(path if path.lower().endswith(".pdf") else f"{path}.pdf"), pages)

    def write_pdf(self, path: Path, pages: SheetPages) -> None:
        """All pages into a file."""

        def work(job: Job) -> int:
            try:
                path.open("wb").close()
            except OSError as error:
                said = _("{file} cannot be written: {reason}")
                raise FileProblem(said.format(file=path.name, reason=disk_reason(error))) from None
            writer = QPdfWriter(str(path))
            writer.setTitle(self._c.key)
            return pages.print_to(writer, each=lambda *_page: job.check())

        self._run(work, path.name)

    def _print(self, dialog: PrintPreview, pages: SheetPages) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        chooser = QPrintDialog(printer, dialog)
        if chooser.exec() == QPrintDialog.DialogCode.Accepted:
            dialog.accept()
            self._run(lambda job: pages.print_to(printer, each=lambda *_p: job.check()), "")

    def _run(self, work: Any, name: str) -> None:
        def done(count: int) -> None:
            said = ngettext("{count} page printed", "{count} pages printed", count)
            if name:
                said = ngettext(
                    "{count} page written to {name}", "{count} pages written to {name}", count
                )
            self._c.navigator.toast(said.format(count=count_text(count), name=name))

        self._c.session.operations.query(
            ("printing", id(self)), work, owner=self, done=done, failed=self._c.navigator.refuse
        )


def read_rows(job: Job, source: ListSource, order: list[int]) -> list[SheetRow]:
    """The rows of a list as lines of a sheet; InvalidInput if there are too many for paper."""
    total = source.count(job)
    if total > MOST_PRINTED:
        raise InvalidInput(
            _("At most {most} rows are printed. Filter the list, or export it.").format(
                most=count_text(MOST_PRINTED)
            )
        )
    found: list[SheetRow] = []
    for start in range(0, total, _BLOCK):
        job.check()
        found.extend(_line(row, order) for row in source.rows(job, start, _BLOCK))
    return found


def _line(found: Row, order: list[int]) -> SheetRow:
    cells = found.cells
    texts = [cells[place].text for place in order]
    if found.id >= 0:
        marks = {cell.mark for cell in cells if cell.striped or cell.mark}
        return SheetRow(tuple(texts), tone=next(iter(marks), "") if len(marks) == 1 else "")
    title = f"{cells[0].text} ({cells[0].tag})"
    texts = ["" if place == 0 else cells[place].text for place in order]
    texts[0] = title
    return SheetRow(tuple(texts), cells[0].depth)
