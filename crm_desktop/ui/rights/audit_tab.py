"""The tab of the audit: who signed in, exported, printed, changed many at once, changed rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.text.date_formats import format_datetime
from crm_desktop.services.audit_words import TITLES, said
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.filling_table import FillingTable
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.audit import Entry

MOST = 500


class AuditTab(QWidget):
    """The latest rows; the administrator alone reads them."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.entries: list[Entry] = []
        self.what = ComboBox(name=_("What"))
        self.model = PagedTableModel(self)
        self.table = FillingTable(name=_("Audit"), least=240, wide=5, going=(2,))
        self.table.setModel(self.model)
        self.table.set_tickable(False)
        self._said, self._whole = Label("", "small", "text2"), Label("", "body", "text2", wrap=True)
        layout = column(row(self.what, None, self._said, gap=8), self.table, self._whole, gap=10,
                        margins=(24, 16, 24, 20))  # fmt: skip
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.what.activated.connect(lambda _place: self._say())
        self.table.current_row_changed.connect(lambda _place: self._say_whole())

    def say_texts(self) -> None:
        """In the language of now."""
        kinds = [(_("Everything"), ""), *((_(title), key) for key, title in TITLES.items())]
        self.what.set_choices(kinds, self.what.value() or "")
        self._say()

    def read(self) -> None:
        """Asks the base."""
        base = self._session.workspace
        if base is None or not base.administers or not base.login:
            return

        def work(_job: Any) -> list[Entry]:
            from crm_desktop.services import audit

            return audit.last(base, MOST)

        def done(found: list[Entry]) -> None:
            self.entries = found
            self._say()

        self._session.operations.query(("audit", id(self)), work, owner=self, done=done)

    def shown(self) -> list[Entry]:
        """The rows of the kind that was chosen."""
        kind = self.what.value()
        return [one for one in self.entries if not kind or one.what == kind]

    def _say(self) -> None:
        if self._session.workspace is None:
            return
        zone = self._session.base.clock.local().tzinfo
        rows = [
            Row(place, (
                Cell(format_datetime(one.made_at.astimezone(zone), i18n.language()), "date"),
                Cell(one.login, "title"), Cell(one.machine, "muted"), Cell(said(one.what), "text"),
                Cell("" if one.amount is None else str(one.amount), "number"),
                Cell(one.detail, "text"),
            ))
            for place, one in enumerate(self.shown())
        ]  # fmt: skip
        self.model.open(_columns(), len(rows), rows)
        self.table.fit()
        self._said.setText(_("The latest {count}").format(count=len(rows)))
        self._say_whole()

    def _say_whole(self) -> None:
        place, shown = self.table.current_row, self.shown()
        self._whole.setText(shown[place].detail if 0 <= place < len(shown) else "")


def _columns() -> tuple[Column, ...]:
    return (
        Column("at", _("When"), 190, sortable=False),
        Column("login", _("Login"), 130, sortable=False),
        Column("machine", _("Computer"), 140, sortable=False),
        Column("what", _("What"), 190, sortable=False),
        Column("amount", _("Records"), 80, right=True, sortable=False),
        Column("detail", _("Detail"), 240, sortable=False),
    )
