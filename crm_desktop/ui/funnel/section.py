"""A section of the page: chart and table of the same numbers, and what can be done with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.ui.charts.chart import Chart
from crm_desktop.ui.charts.files import PDF, PNG, XLSX, write_pdf, write_png
from crm_desktop.ui.charts.number_table import NumberTable, SidewaysArea
from crm_desktop.ui.charts.view import ChartView
from crm_desktop.ui.funnel.sheets import Section
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.buttons import ToolButton
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column
from crm_desktop.ui.widgets.popover import Menu

if TYPE_CHECKING:
    from crm_desktop.models.query import Query
    from crm_desktop.ui.operations import Job


class SectionView(QWidget):
    """Shows a `Section`."""

    narrowed = Signal(int)
    """The funnel is to show this manager, source or category only."""

    def __init__(self, section: Section, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self.section = section
        self._session, self._navigator = session, navigator
        name = section.title or (section.chart.title if section.chart else "")
        self.menu_button = ToolButton("more", _("Copy and save"))
        self.menu_button.clicked.connect(self._menu_below)
        self.chart = ChartView(name=name)
        self.table = NumberTable(name=name)
        self._title = Label(section.title, "title")
        self._title.setVisible(bool(section.title))
        self.chart.opened.connect(self._open_spot)
        self.chart.menu_asked.connect(self._menu_at)
        self.chart.copied.connect(self._said_copied)
        self.table.opened.connect(self._open_cell)
        self._lay_out()

    def _lay_out(self) -> None:
        section = self.section
        self.chart.setVisible(section.chart is not None)
        below = SidewaysArea(self.table)
        below.setVisible(section.grid is not None)
        top = QGridLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(self.chart if section.chart is not None else self._title, 0, 0)
        corner = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight
        top.addWidget(self.menu_button, 0, 0, corner)
        self.menu_button.raise_()
        self.table.copied.connect(self._note_copied)
        self.setLayout(column(top, below, gap=8))
        if section.chart is not None:
            self.chart.show_chart(section.chart)
        if section.grid is not None:
            self.table.show_grid(section.grid)

    # --- rows -------------------------------------------------------------------------------------

    def _open_spot(self, series: int, place: int) -> None:
        self._open(self.section.chart_rows.get((series, place)))

    def _open_cell(self, line: int, place: int) -> None:
        if place == 0 and self.section.groups:
            self.narrowed.emit(self.section.groups[line])
        else:
            self._open(self.section.grid_rows.get((line, place)))

    def _open(self, query: Query | None) -> None:
        if query is not None:
            self._navigator.show_list(query.entity, where=query.where)

    # --- copies and files -------------------------------------------------------------------------

    def _menu_below(self) -> None:
        self._menu().open_below(self.menu_button)

    def _menu_at(self, place: QPoint) -> None:
        self._menu().popup(place)

    def _menu(self) -> Menu:
        menu = Menu(self)
        if self.section.chart is not None:
            menu.addAction(_("Copy as a picture")).triggered.connect(self.chart.copy)
            menu.addAction(_("Save as PNG…")).triggered.connect(self._ask_png)
            menu.addAction(_("Save as PDF…")).triggered.connect(self._ask_pdf)
        if self.section.grid is not None:
            menu.addAction(_("Save as xlsx with the rows…")).triggered.connect(self._ask_xlsx)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _name(self) -> str:
        return self.section.title or (self.section.chart.title if self.section.chart else "")

    def _said_copied(self) -> None:
        self._navigator.toast(_("The picture is on the clipboard"))
        self._note_copied()

    def _note_copied(self) -> None:
        """Figures that left a base on a server by the clipboard stand in its audit."""
        base, title = self._session.workspace, self._name()
        if base is None or not base.login:
            return

        def work(_job: Job) -> None:
            from crm_desktop.services.rights import acts

            acts.copied_figures(base, title)

        self._session.operations.query(
            ("figures", "note copy", id(self)), work, owner=self, done=lambda _done: None
        )

    def _ask_png(self) -> None:
        self._ask(_("Save as PNG…"), PNG)

    def _ask_pdf(self) -> None:
        self._ask(_("Save as PDF…"), PDF)

    def _ask_xlsx(self) -> None:
        self._ask(_("Save as xlsx with the rows…"), XLSX)

    def _ask(self, title: str, ending: str) -> None:
        name = self._name()
        plain = "".join(sign for sign in name if sign not in '\\/:*?"<>|“”«»')
        path, _kind = QFileDialog.getSaveFileName(self, title, plain + ending, f"*{ending}")
        if path:
            self.save(Path(path if path.lower().endswith(ending) else path + ending))

    def save(self, path: Path) -> None:
        """The chart (.png, .pdf) or the table with its rows (.xlsx) into a file."""
        chart, ending = self.section.chart, path.suffix.lower()
        if ending == XLSX:
            self._save_table(path)
        elif chart is not None:
            try:
                self._paint_into(chart, path, ending)
            except UserError as error:
                self._navigator.refuse(error)
            else:
                self._note(path)
                self._written(path)

    def _paint_into(self, chart: Chart, path: Path, ending: str) -> None:
        if ending == PDF:
            write_pdf(chart, path)
        else:
            write_png(chart, path, self.chart.size())

    def _note(self, path: Path) -> None:
        """A picture that left a base on a server stands in its audit."""
        base, title = self._session.workspace, self._name()
        if base is None or not base.login:
            return

        def work(_job: Job) -> None:
            from crm_desktop.services.rights import acts

            acts.pictured(base, title, path)

        self._session.operations.query(
            ("figures", "note", str(path)), work, owner=self, done=lambda _done: None
        )

    def _save_table(self, path: Path) -> None:
        grid, base = self.section.grid, self._session.workspace
        if grid is None or base is None:
            return
        title, found = self._name(), self.section.behind()

        def write(job: Job) -> int:
            from crm_desktop.services.exporting.figures import Behind, export_figures
            from crm_desktop.services.exporting.writers.workbook import Sheet

            rows: list[list[Any]] = grid.plain()
            behind = [Behind(name, query) for name, query in found]
            return export_figures(
                base, path, Sheet(title, grid.header, rows), behind, check=job.check
            )

        self._session.operations.query(
            ("figures", "file"), write, owner=self, done=lambda _done: self._written(path),
            failed=self._navigator.refuse,
        )  # fmt: skip

    def _written(self, path: Path) -> None:
        self._navigator.toast(_("{name} is written").format(name=path.name))
