"""The page of messages that are to go out: what waits, for whom, and by which way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHeaderView

from crm_desktop import i18n
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.messages import tell
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.page import TablePage
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.strips import StripMessage
from crm_desktop.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from crm_desktop.services.reminders.outgoing import Message

NAME = "outgoing"


class OutgoingPage(TablePage):
    """Shows the queue; what waits may be called off."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self._found: list[Message] = []
        self.model = PagedTableModel(self)
        self.table = TableView(name=_("Outgoing messages"))
        self.table.head.setSectionsMovable(False)
        self.table.setModel(self.model)
        self.off = Button("", "close")
        self.note = StripMessage("", tone="info")
        self.empty = EmptyState()
        self._title, self._count = Label("", "page"), Label("", "page", "text3")
        head = row(self._title, self._count, None, self.off, gap=10, margins=(24, 18, 24, 12))
        ground = Surface("surface")
        layout = column(head, self.note, self.table, self.empty, gap=0)
        layout.setStretch(2, 1)
        layout.setStretch(3, 1)
        ground.setLayout(layout)
        self.setLayout(column(ground, gap=0))
        self.empty.hide()
        self.off.clicked.connect(self.call_off)
        session.refusals.keep(self.off, WRITE)
        self.table.row_opened.connect(self._open)
        session.changed.connect(self._changed)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self._title.setText(_("Outgoing messages"))
        self.off.setText(_("Call off"))
        self.note.set_text(
            _("Nothing is sent from here yet: the messages wait until sending is set up.")
        )
        self.empty.set_texts(
            "mail", _("Nothing is to go out"),
            _("Reminders by e-mail and text message appear here when they are due."),
        )  # fmt: skip
        self.empty.set_actions()
        self.title_changed.emit()
        self.read()

    def _changed(self, _changes: Any) -> None:
        if self.isVisible():
            self.read()

    def read(self) -> None:
        """Asks for the queue."""
        base = self._session.workspace
        if base is None:
            return

        def work(_job: Any) -> tuple[list[Message], dict[Ref, Any]]:
            from crm_desktop.services.reminders.outgoing import messages

            found = messages(base)
            staff = base.catalogue.staff().key
            refs = {Ref(staff, m.whom) for m in found if m.whom is not None}
            return found, dict(base.titles.of(list(refs)))

        self._session.operations.query(
            (NAME,), work, owner=self, done=lambda found: self._show(*found)
        )

    def _show(self, found: list[Message], titles: dict[Ref, Any]) -> None:
        base = self._session.workspace
        if base is None:
            return
        from crm_desktop.services.reminders.outgoing import STATES

        self._found = found
        question, staff = base.reminders.question, base.catalogue.staff().key
        channel = question.entity.field(question.trait.channel)
        zone, today = base.clock.zone(), base.clock.today()
        rows = []
        for message in found:
            local = message.made_at.astimezone(zone)
            when = f"{format_date(local.date(), i18n.language(), today)} {local:%H:%M}"
            whom = Ref(staff, message.whom) if message.whom is not None else None
            word, tone = STATES.get(message.state, (message.state, "neutral"))
            rows.append(Row(message.id, (
                Cell(message.subject, "title"), Cell(when, "date"),
                Cell(titles[whom].text if whom in titles else "", "text"),
                Cell(channel.format(message.channel, i18n.language()), "text"),
                Cell(message.address, "text"), Cell(_(word), "pill", tone=tone),
            )))  # fmt: skip
        self.model.open(_columns(), len(rows), rows)
        self.table.size_columns()
        self.table.head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._count.setText(str(len(rows)) if rows else "")
        self.show_table(some=bool(rows))
        self.note.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self.off.setEnabled(bool(rows))

    def _open(self, place: int, _new_tab: bool) -> None:
        """The whole text of a message."""
        if 0 <= place < len(self._found):
            message = self._found[place]
            tell(self, message.subject, message.body or message.subject)

    def call_off(self) -> None:
        """What is ticked, or the row in hand, is not sent."""
        base = self._session.base
        ids = [m.id for m in self._found if self.model.ticks.holds(m.id)]
        place = self.table.current_row
        if not ids and 0 <= place < len(self._found):
            ids = [self._found[place].id]
        if not ids:
            return

        def work(_job: Any) -> None:
            from crm_desktop.services.reminders.outgoing import call_off

            call_off(base, ids)

        def done(_nothing: None) -> None:
            self.read()
            said = ngettext("{count} message called off", "{count} messages called off", len(ids))
            self._navigator.toast(said.format(count=len(ids)))

        self._session.operations.run(work, owner=self, done=done)

    # --- what the window asks ---------------------------------------------------------------------

    def title(self) -> str:
        return _("Outgoing messages")

    def icon(self) -> str:
        return "mail"

    def place(self) -> Place:
        return Place(PAGE, name=NAME)


def _columns() -> tuple[Column, ...]:
    return (
        Column("what", _("What"), 240, sortable=False),
        Column("when", _("When"), 150, sortable=False),
        Column("whom", _("Whom"), 180, sortable=False),
        Column("how", _("How"), 150, sortable=False),
        Column("where", _("Address"), 210, sortable=False),
        Column("state", _("State"), 180, sortable=False),
    )
