"""What a rule would have done in the last days: a list to be looked through, nothing is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.text.date_formats import format_datetime
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.filling_table import FillingTable
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column

if TYPE_CHECKING:
    from crm_desktop.services.automation.dry_run import WouldFire
    from crm_desktop.services.workspace import Workspace

DAYS = 30


class RuleTrial(Dialog):
    """How often the rule would have fired, and for which records; a row opens its card."""

    def __init__(
        self, base: Workspace, name: str, found: list[WouldFire], navigator: Navigator,
        parent: QWidget,
    ) -> None:  # fmt: skip
        self._navigator, self._found = navigator, found
        text = ngettext(
            "It would have fired {count} time in the last {days} days.",
            "It would have fired {count} times in the last {days} days.", len(found),
        )  # fmt: skip
        self.said = Label(text.format(count=len(found), days=DAYS), "body", "text2", wrap=True)
        self.table = FillingTable(name=_("Records"), least=200)
        self.model = PagedTableModel(self.table)
        self.table.setModel(self.model)
        self.table.set_tickable(False)
        self.table.setFixedHeight(px(320))
        body = QWidget()
        body.setLayout(column(self.said, self.table, gap=10))
        super().__init__(name, body, parent)
        self.setMinimumWidth(px(560))
        self._show_rows(base)
        self.table.setVisible(bool(found))
        self.table.row_opened.connect(self._open)
        self.add_button(_("Close"), kind="primary", result=0)

    def _show_rows(self, base: Workspace) -> None:
        zone, now = base.clock.local().tzinfo, base.clock.local()
        rows = [
            Row(place, (
                Cell(one.title, "title"),
                Cell(format_datetime(one.moment, i18n.language(), zone=zone, now=now), "date"),
            ))
            for place, one in enumerate(reversed(self._found))
        ]  # fmt: skip
        columns = [Column("record", _("Record"), 300, sortable=False),
                   Column("moment", _("When"), 150, sortable=False)]  # fmt: skip
        self.model.open(columns, len(rows), rows)
        self.table.fit()

    def _open(self, place: int, _ctrl: bool) -> None:
        self.accept()
        self._navigator.open_record(self._found[len(self._found) - 1 - place].ref)
