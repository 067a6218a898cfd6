"""The page of annual dates: whose day comes round when, and for the how-manieth time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from crm_desktop import i18n
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.models.text.firms import client_kind
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.page import TablePage
from crm_desktop.ui.portraits.avatars import portraits_of
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.choices import Segment
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.filling_table import FillingTable
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.annual.service import Coming
    from crm_desktop.services.writing.changes import ChangeSet

NAME = "annual-dates"
SPANS = (7, 14, 30, 90)
_USUAL = 14
_REFRESH_MS = 250
_REST = (200, 220, 90)
_LEAST = 220


class AnnualDaysPage(TablePage):
    """Opens the card of whose day it is; the list follows the base."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self._found: list[Coming] = []
        self._days = _USUAL
        self.model = PagedTableModel(self)
        self.table = FillingTable(name=_("Annual dates"), wide=1, least=_LEAST)
        self.table.begin_under_title()
        self.table.setModel(self.model)
        self.table.show_faces(portraits_of(session))
        self.span = Segment([(str(days), days) for days in SPANS], name="")
        self.empty = EmptyState()
        self._title, self._count = Label("", "page"), Label("", "body", "text3")
        head = row(self._title, self._count, None, self.span, gap=10, margins=(24, 18, 24, 12))
        ground = Surface("surface")
        layout = column(head, self.table, self.empty, gap=0)
        layout.setStretch(1, 1)
        layout.setStretch(2, 1)
        ground.setLayout(layout)
        self.setLayout(column(ground, gap=0))
        self.empty.hide()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.read)
        self.span.chosen.connect(self.show_days)
        self.table.row_opened.connect(self._open)
        self.table.current_row_changed.connect(
            lambda _place: self.record_pointed.emit(self.pointed())
        )
        session.changed.connect(self._changed)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self._title.setText(_("Annual dates"))
        self.span.set_choices([(_days_words(days), days) for days in SPANS])
        self.span.set_value(self._days)
        self.span.set_name(_("How many days ahead"))
        self.empty.set_texts(
            "entity-annual", _("Nothing comes round in these days"),
            _("Birthdays of people and annual dates of clients appear here by themselves."),
        )  # fmt: skip
        self.empty.set_actions()
        self.title_changed.emit()
        self.read()

    def show_days(self, days: Any) -> None:
        """Looks so many days ahead."""
        self._days = int(days)
        self.read()

    def read(self) -> None:
        """Asks for what comes round."""
        base, days = self._session.workspace, self._days
        if base is None:
            return

        def work(_job: Any) -> tuple[list[Coming], dict[Ref, Any]]:
            found = base.annual.soon(days)
            return found, dict(base.titles.of([coming.owner for coming in found]))

        self._session.operations.query(
            (NAME,), work, owner=self, done=lambda found: self._show(*found)
        )

    def _changed(self, changes: ChangeSet) -> None:
        if changes.touched:
            self._soon.start(_REFRESH_MS)

    def _show(self, found: list[Coming], titles: dict[Ref, Any]) -> None:
        self._found = found
        today = self._session.base.clock.today()
        language = i18n.language()
        rows = []
        for place, coming in enumerate(found, start=1):
            title = titles[coming.owner].text if coming.owner in titles else "…"
            near = format_date(coming.day, language, today)
            if coming.within > 1:
                said = ngettext("in {count} day", "in {count} days", coming.within)
                near = f"{near}, {said.format(count=coming.within)}"
            shape = "square" if client_kind(title) == "company" else "round"
            years = str(coming.years) if coming.years else ""
            rows.append(Row(place, (
                Cell(near, "date"), Cell(title, "title", avatar=shape, face=coming.owner),
                Cell(coming.occasion or _(coming.label), "text"), Cell(years, "number"),
            )))  # fmt: skip
        self.model.open(_columns(), len(rows), rows)
        self.table.fit()
        self._count.setText(str(len(rows)) if rows else "")
        self.show_table(some=bool(rows))
        self.empty.setVisible(not rows)
        if rows:
            self.table.go_to(0)  # the panel shows whose day comes first

    def _open(self, place: int, new_tab: bool) -> None:
        if 0 <= place < len(self._found):
            self._navigator.open_record(self._found[place].owner, new_tab)

    # --- what the window asks ---------------------------------------------------------------------

    def title(self) -> str:
        return _("Annual dates")

    def icon(self) -> str:
        return "entity-annual"

    def place(self) -> Place:
        return Place(PAGE, name=NAME)

    def pointed(self) -> Ref | None:
        place = self.table.current_row
        return self._found[place].owner if 0 <= place < len(self._found) else None

    def wants_panel(self) -> bool:
        return True

    def neighbour(self, ref: Ref, by: int) -> Ref | None:
        owners = [coming.owner for coming in self._found]
        place = owners.index(ref) + by if ref in owners else -1
        return owners[place] if 0 <= place < len(owners) else None


def _days_words(days: int) -> str:
    return ngettext("{count} day", "{count} days", days).format(count=days)


def _columns() -> tuple[Column, ...]:
    return (
        Column("when", _("When"), _REST[0], sortable=False),
        Column("whose", _("Whose"), _LEAST, sortable=False),
        Column("occasion", _("Occasion"), _REST[1], sortable=False),
        Column("years", _("Years"), _REST[2], right=True, sortable=False),
    )
