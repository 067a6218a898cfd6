"""The page of substitutions: who stands in for whom, from when until when, what for; end it now."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.models.query import Condition
from crm_desktop.services.writing.changes import ChangeSet
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.page import TablePage
from crm_desktop.ui.portraits.avatars import portraits_of
from crm_desktop.ui.rights.standing_box import StandingBox, Wanted
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import CheckBox
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.filling_table import FillingTable
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.rights.stand_ins import Told
    from crm_desktop.services.workspace import Workspace

NAME = "standing-in"
_TONES = {"now": "ok", "later": "info", "over": "neutral"}


class StandingPage(TablePage):
    """Administrators see all and change them, everybody else those that concern them."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self.seen: list[Told] = []
        self._people: list[tuple[int, str]] = []
        self._wanted: int | None = None
        self.model = PagedTableModel(self)
        self.table: FillingTable = FillingTable(name=_("Substitutions"), least=200, going=(4,))
        self.table.setModel(self.model)
        self.table.show_faces(portraits_of(session))
        self.table.set_tickable(False)
        self.new, self.end = Button("", "add", kind="primary"), Button("", "stop")
        self.over = CheckBox()
        self._title, self._said = Label("", "page"), Label("", "body", "text2", wrap=True)
        self.none = EmptyState()
        self._whole = self._laid_out()
        self.setLayout(column(self._whole, gap=0))
        self.new.clicked.connect(lambda: self.ask())
        self.end.clicked.connect(self.end_now)
        self.over.toggled.connect(lambda _on: self.read())
        self.none.primary.connect(lambda: self.ask())
        self.table.current_row_changed.connect(lambda _row: self._say_buttons())
        session.opened.connect(self._say_texts)
        session.line.rights.connect(self.read)
        keep_translated(self, self._say_texts)

    def _laid_out(self) -> QWidget:
        head = row(column(self._title, self._said, gap=2), self.new, gap=16)
        head.setStretch(0, 1)
        ground = Surface("surface")
        layout = column(head, row(self.end, None, self.over, gap=8), self.table, self.none,
                        gap=14, margins=(24, 18, 24, 20))  # fmt: skip
        layout.setStretch(2, 1)
        layout.setStretch(3, 1)
        ground.setLayout(layout)
        return ground

    # --- what is said -----------------------------------------------------------------------------

    @property
    def _administers(self) -> bool:
        base = self._session.workspace
        return base is not None and bool(base.login) and base.administers and not base.read_only

    def _say_texts(self) -> None:
        self._title.setText(_("Who stands in for whom"))
        self._said.setText(
            _("Whoever stands in has the rights of the one who is away, beside his own, until the "
              "last day is over.")
        )  # fmt: skip
        self.new.setText(_("Somebody stands in…"))
        self.end.setText(_("End it now"))
        self.over.setText(_("Also those that are over"))
        self.title_changed.emit()
        self._say()
        self.read()

    def _say(self) -> None:
        from crm_desktop.services.rights.stand_ins import STATES

        base = self._session.workspace
        shared = base is not None and bool(base.login)
        rows = [
            Row(place, (
                Cell(one.absent, "title", avatar="round", face=one.refs[0]),
                Cell(one.stand_in, "text", face=one.refs[1]),
                Cell(one.days(), "date"),
                Cell(_(STATES[one.state]), "pill", tone=_TONES[one.state]),
                Cell(one.it.note, "text"),
            ))
            for place, one in enumerate(self.seen)
        ]  # fmt: skip
        columns = (
            Column("absent", _("Away"), 220, sortable=False),
            Column("instead", _("Stands in"), 220, sortable=False),
            Column("days", _("From – until"), 220, sortable=False),
            Column("state", _("State"), 180, sortable=False),
            Column("note", _("Reason"), 220, sortable=False),
        )
        place = max(self.table.current_row, 0)
        self.model.open(columns, len(rows), rows)
        self.table.fit()
        if rows:
            self.table.go_to(min(place, len(rows) - 1))
        self.show_table(some=bool(rows))
        self.none.setVisible(not rows)
        self.none.set_texts(
            "users", _("Nobody stands in for anybody") if shared else _("Nobody signs in here"),
            _("Where somebody is away, another one has his rights for a time.") if shared
            else _("This base is a file of this computer. Whoever opens it may do everything."),
        )  # fmt: skip
        self.none.set_actions(*([(_("Somebody stands in…"), "add")] if self._administers else []))
        self._say_buttons()

    def _say_buttons(self) -> None:
        one = self.chosen()
        self.new.setVisible(self._administers)
        self.end.setVisible(self._administers)
        self.end.setEnabled(one is not None and one.state != "over")

    def chosen(self) -> Told | None:
        """The substitution in hand."""
        place = self.table.current_row
        return self.seen[place] if 0 <= place < len(self.seen) else None

    # --- reading ----------------------------------------------------------------------------------

    def read(self) -> None:
        """Asks the base."""
        base, over = self._session.workspace, self.over.isChecked()
        if base is None or not base.login:
            return

        def work(_job: Any) -> tuple[list[Told], list[tuple[int, str]]]:
            from crm_desktop.services.rights.stand_ins import LATER, NOW, OVER, told
            from crm_desktop.services.rights.working import working_people

            states = (LATER, NOW, OVER) if over else (LATER, NOW)
            mine = None if base.administers else base.user_id
            return told(base, of=mine, states=states), working_people(base)

        def done(found: tuple[list[Told], list[tuple[int, str]]]) -> None:
            self.seen, self._people = found
            self._say()
            wanted, self._wanted = self._wanted, None
            if wanted is not None:
                self.ask(wanted)

        self._session.operations.query((NAME, id(self)), work, owner=self, done=done,
                                       failed=self._navigator.refuse)  # fmt: skip

    # --- what is done -----------------------------------------------------------------------------

    def ask(self, absent: int | None = None) -> StandingBox | None:
        """The box of a new one."""
        if not self._administers or len(self._people) < 2:
            return None
        box = StandingBox(self._session.base, self._people, absent, self.begin, self)
        box.open()
        return box

    def begin(self, wanted: Wanted) -> None:
        """Gives the rights."""
        base = self._session.base
        zone = base.clock.local().tzinfo
        today = wanted.first <= base.clock.today()
        begins = base.clock.now() if today else datetime.combine(wanted.first, time(), zone)
        ends = datetime.combine(wanted.last, time(23, 59, 59), zone)

        def work(_job: Any) -> None:
            from crm_desktop.services.rights.roles import Roles

            Roles(base).stand_in(wanted.absent, wanted.stand_in, begins, ends, wanted.note)
            _tell_cards(base, wanted.absent, wanted.stand_in)

        names = dict(self._people)
        said = _("{name} stands in for {absent}").format(
            name=names.get(wanted.stand_in, ""), absent=names.get(wanted.absent, "")
        )
        self._run(work, said)

    def end_now(self) -> None:
        """Ends the one in hand."""
        one, base = self.chosen(), self._session.base
        if one is None or one.state == "over":
            return

        def work(_job: Any) -> None:
            from crm_desktop.services.rights.roles import Roles

            ended = Roles(base).end_stand_in(one.it.id)
            _tell_cards(base, ended.absent, ended.stand_in)

        said = _("{name} no longer stands in for {absent}")
        self._run(work, said.format(name=one.stand_in, absent=one.absent))

    def _run(self, work: Any, said: str) -> None:
        def done(_done: Any) -> None:
            self._navigator.toast(said)
            self.read()

        self._session.operations.run(work, owner=self, done=done, failed=self._navigator.refuse)

    # --- the page ---------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        if isinstance(place.where, Condition) and self._administers:
            self._wanted = place.where.value[0]
            self.read()

    def title(self) -> str:
        return _("Substitutions")

    def icon(self) -> str:
        return "users"

    def place(self) -> Place:
        return Place(PAGE, name=NAME)

    def run(self, action_id: str) -> bool:
        if action_id == "new" and self._administers:
            self.ask()
            return True
        return super().run(action_id)


def _tell_cards(base: Workspace, *people: int) -> None:
    """Open cards of theirs say it at once; nothing of the record itself has changed."""
    base.publish(ChangeSet(0, {base.catalogue.staff().key: frozenset(people)}))
