"""The footer of a list: how many are ticked, and the sums of the number columns."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from crm_desktop import settings as s
from crm_desktop.models.catalogue.traits import Book
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.record_list.fields import FieldChoice
from crm_desktop.ui.record_list.footer import DENSITIES, density_text
from crm_desktop.ui.record_list.numbers import count_text, rows_text, sums_text
from crm_desktop.ui.record_list.source import ListSource
from crm_desktop.ui.widgets.popover import Menu

_WAIT_MS = 120
_MOST_SUMMED = 300_000
"""Sums over all rows of a longer list are not made unasked: they would read the whole table."""


class Totals(QObject):
    """Says counts and sums of what is shown and ticked."""

    def __init__(self, controller: ListController) -> None:
        super().__init__(controller)
        self._c = controller
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_WAIT_MS)
        self._soon.timeout.connect(self._sum)
        controller.view.model.ticks.changed.connect(self._say)
        controller.loader.opened.connect(self._say)
        controller.loader.counted.connect(lambda _total: self._say())
        footer = controller.view.footer
        footer.clear_clicked.connect(controller.view.model.ticks.clear)
        footer.density_clicked.connect(self._density_menu)
        self.set_density(controller.session.settings.get(s.DENSITY))

    def _say(self) -> None:
        model, view = self._c.view.model, self._c.view
        total = self._c.total or 0
        ticked = model.ticks.count(total)
        known = self._c.total is not None
        view.set_count(count_text(total) if known else "")
        view.footer.set_count(rows_text(total, ticked) if known else "", ticked=bool(ticked))
        self._soon.start()

    def summed(self) -> list[FieldChoice]:
        """The columns that have sums: numbers of the object itself; in books they only order."""
        if self._c.entity.trait(Book) is not None:
            return []
        choices = [self._c.choice(path) for path in self._c.state.query.columns]
        return [
            c
            for c in choices
            if c is not None and not c.over and not c.child and "sum" in c.field.aggregates
        ]

    def _sum(self) -> None:
        if self._c.session.workspace is None:  # closed since
            return
        choices, ticks = self.summed(), self._c.view.model.ticks
        total = self._c.total or 0
        ticked = ticks.count(total)
        if not choices or not total or (not ticked and total > _MOST_SUMMED):
            self._c.view.footer.set_sums("")
            return
        everything, ids, without = ticks.everything, ticks.ids, ticks.exceptions

        def work(job: Job, source: ListSource) -> dict[Any, Any]:
            from crm_desktop.services.lists.service import Measure

            measures = [Measure(c.path, f) for c in choices for f in ("sum", "average")]
            if not ticked or (everything and not without):
                return source.totals(job, None, measures)
            chosen = source.ids(job, without) if everything else list(ids)
            return source.totals(job, chosen, measures)

        self._c.loader.ask(
            "sums", work, lambda found: self._c.view.footer.set_sums(sums_text(found, choices))
        )

    # --- the height of rows -----------------------------------------------------------------------

    def set_density(self, density: str) -> None:
        """Makes the rows that high."""
        self._c.view.table.set_density(density)
        self._c.view.footer.set_density(density)

    def _density_menu(self, anchor: QWidget) -> None:
        menu = Menu(anchor)
        settings = self._c.session.settings
        for density in DENSITIES:
            action = menu.addAction(density_text(density))
            action.setCheckable(True)
            action.setChecked(density == settings.get(s.DENSITY))
            action.triggered.connect(lambda _on=False, d=density: self._choose(d))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.open_below(anchor)

    def _choose(self, density: str) -> None:
        self._c.session.settings.put(s.DENSITY, density)
        self.set_density(density)
