"""The page of what was promised and not kept, and of records without a next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from crm_desktop import i18n
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.services.rights import words as rights
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.page import TablePage
from crm_desktop.ui.refusals import activities_of
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import Segment
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.filling_table import FillingTable
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.reminders.promises import Promise
    from crm_desktop.services.writing.changes import ChangeSet

NAME = "promises"
BROKEN, NO_STEP = "broken", "no-step"
MINE, ALL = "mine", "all"
_REFRESH_MS = 400
_REST = (230, 150, 170, 180)
_LEAST = 200


class PromisesPage(TablePage):
    """Two lists; what is ticked, or the row in hand, is called tomorrow at ten with one click.

    As long as nobody has said who works here, everybody's are shown.
    """

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self._found: list[Promise] = []
        self._which, self._whose = BROKEN, MINE
        self.model = PagedTableModel(self)
        self.table = FillingTable(name=_("Promises"), least=_LEAST)
        self.table.setModel(self.model)
        self.which, self.whose = Segment([], name=""), Segment([], name="")
        self.call = Button("", "phone", kind="primary")
        self.empty = EmptyState()
        self._title, self._count = Label("", "page"), Label("", "page", "text3")
        head = row(self._title, self._count, None, self.call, gap=10, margins=(24, 18, 24, 8))
        choice = row(self.which, self.whose, None, gap=10, margins=(24, 0, 24, 12))
        ground = Surface("surface")
        layout = column(head, choice, self.table, self.empty, gap=0)
        layout.setStretch(2, 1)
        layout.setStretch(3, 1)
        ground.setLayout(layout)
        self.setLayout(column(ground, gap=0))
        self.empty.hide()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.read)
        self.which.chosen.connect(self.show_which)
        self.whose.chosen.connect(self.show_whose)
        self.call.clicked.connect(self.call_tomorrow)
        events = activities_of(session.base.catalogue)
        session.refusals.keep(self.call, rights.CREATE, events)
        self.table.row_opened.connect(self._open)
        self.table.current_row_changed.connect(
            lambda _row: self.record_pointed.emit(self.pointed())
        )
        session.changed.connect(self._changed)
        session.person_changed.connect(self.read)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self._title.setText(_("Promises"))
        self.which.set_choices(
            [(_("Promises broken"), BROKEN), (_("No next step"), NO_STEP)]
        )  # fmt: skip
        self.which.set_value(self._which)
        self.which.set_name(_("Which list"))
        self.whose.set_choices([(_("Mine"), MINE), (_("Of all colleagues"), ALL)])
        self.whose.set_value(self._whose)
        self.whose.set_name(_("Whose"))
        self._say_list()
        self.title_changed.emit()
        self.read()

    def _say_list(self) -> None:
        broken = self._which == BROKEN
        self.call.setText(_("Tomorrow at 10:00") if broken else _("Call tomorrow at 10:00"))
        texts = (
            (_("No promise is broken"), _("What is past its day and still open appears here."))
            if broken
            else (_("Everybody has a next step"),
                  _("Records of which nothing is planned appear here."))
        )  # fmt: skip
        self.empty.set_texts("check", *texts)
        self.empty.set_actions()

    def show_which(self, which: Any) -> None:
        """`BROKEN` or `NO_STEP`."""
        self._which = str(which)
        self.which.set_value(which)
        self._say_list()
        self.read()

    def show_whose(self, whose: Any) -> None:
        """`MINE` or `ALL`."""
        self._whose = str(whose)
        self.whose.set_value(whose)
        self.read()

    def read(self) -> None:
        """Asks the base."""
        base, which, whose = self._session.workspace, self._which, self._whose
        if base is None:
            return
        mine = whose == MINE and base.user_id is not None
        self.whose.setVisible(base.user_id is not None)

        def work(_job: Any) -> tuple[list[Promise], dict[Ref, Any]]:
            from crm_desktop.services.reminders import promises
            from crm_desktop.services.reminders.question import EVERYBODY

            asked = promises.broken if which == BROKEN else promises.without_step
            found = asked(base, base.user_id if mine else EVERYBODY)
            staff = base.catalogue.staff().key
            refs = [p.record for p in found if p.record is not None]
            refs += [Ref(staff, p.whom) for p in found if p.whom is not None]
            return found, dict(base.titles.of(list(dict.fromkeys(refs))))

        self._session.operations.query(
            (NAME,), work, owner=self, done=lambda found: self._show(*found)
        )

    def _changed(self, changes: ChangeSet) -> None:
        if changes.touched and self.isVisible():
            self._soon.start(_REFRESH_MS)

    def _show(self, found: list[Promise], titles: dict[Ref, Any]) -> None:
        base = self._session.workspace
        if base is None:
            return
        self._found = found
        staff, today = base.catalogue.staff().key, base.clock.today()
        rows = []
        for promise in found:
            record = titles[promise.record].text if promise.record in titles else ""
            whom = Ref(staff, promise.whom) if promise.whom is not None else None
            who = titles[whom].text if whom in titles else ""
            rows.append(Row(promise.ref.id, self._cells(promise, (record, who), today)))
        self.model.open(self._columns(), len(rows), rows)
        self.table.fit()
        self._count.setText(str(len(rows)) if rows else "")
        self.show_table(some=bool(rows))
        self.empty.setVisible(not rows)
        self.call.setEnabled(bool(rows))
        if rows and self.table.current_row < 0:
            self.table.go_to(0)

    def _cells(self, promise: Promise, names: tuple[str, str], today: Any) -> tuple[Cell, ...]:
        zone = self._session.base.clock.zone()
        since = ""
        if promise.since is not None:
            since = format_date(promise.since.astimezone(zone).date(), i18n.language(), today)
        from crm_desktop.services.reminders.promises import money_field

        entity = self._session.base.catalogue[(promise.record or promise.ref).entity]
        key = money_field(entity)
        money = entity.field(key).format(promise.money, i18n.language()) if key else ""
        broken = self._which == BROKEN
        second = names[0] if broken else ""
        return (
            Cell(promise.text, "title"), Cell(second, "text"), Cell(money, "money"),
            Cell(since, "date", bad=broken), Cell(names[1], "text"),
        )  # fmt: skip

    def _columns(self) -> tuple[Column, ...]:
        broken = self._which == BROKEN
        return (
            Column("what", _("What") if broken else _("Name"), _LEAST, sortable=False),
            Column("record", _("About") if broken else "", _REST[0], sortable=False),
            Column("money", _("Worth"), _REST[1], right=True, sortable=False),
            Column("since", _("Was due") if broken else _("Last contact"), _REST[2],
                   sortable=False),
            Column("who", _("Who"), _REST[3], sortable=False),
        )  # fmt: skip

    # --- what is done about it --------------------------------------------------------------------

    def chosen(self) -> list[Promise]:
        """What is ticked; nothing ticked: the row in hand."""
        ticked = [p for p in self._found if self.model.ticks.holds(p.ref.id)]
        place = self.table.current_row
        if ticked or not 0 <= place < len(self._found):
            return ticked
        return [self._found[place]]

    def call_tomorrow(self) -> None:
        """The next working day at ten, for all that are chosen."""
        base, chosen = self._session.base, self.chosen()
        if not chosen:
            return

        def work(_job: Any) -> int:
            from crm_desktop.services.reminders.promises import call_tomorrow

            return call_tomorrow(base, chosen)

        def done(operation: int) -> None:
            self.model.ticks.clear()
            said = ngettext("Planned for the next working day at 10:00: {count}",
                            "Planned for the next working day at 10:00: {count}",
                            len(chosen))  # fmt: skip
            self._navigator.toast(said.format(count=len(chosen)), undo_operation=operation)

        self._session.operations.run(work, owner=self, done=done, failed=self._navigator.refuse)

    def _open(self, place: int, new_tab: bool) -> None:
        if 0 <= place < len(self._found):
            self._navigator.open_record(self._found[place].ref, new_tab)

    # --- what the window asks ---------------------------------------------------------------------

    def title(self) -> str:
        return _("Promises")

    def icon(self) -> str:
        return "flag"

    def place(self) -> Place:
        return Place(PAGE, name=NAME)

    def pointed(self) -> Ref | None:
        place = self.table.current_row
        if not 0 <= place < len(self._found):
            return None
        return self._found[place].record or self._found[place].ref

    def wants_panel(self) -> bool:
        return True
