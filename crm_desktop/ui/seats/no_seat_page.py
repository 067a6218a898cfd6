"""The page of who finds no free seat: who holds them, ask one, wait in line, come in to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.page import Page
from crm_desktop.ui.portraits.avatars import portraits_of
from crm_desktop.ui.seats import words
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.filling_table import FillingTable
from crm_desktop.ui.widgets.labels import IconLabel, Label, Surface
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.licensing.broker import Holder, Turn
    from crm_desktop.services.licensing.entry import Entry
    from crm_desktop.services.licensing.standing import Colleague

NAME = "no-seat"
_LOOK_MS = 2000
_WIDEST = 900


class Seen(NamedTuple):
    """What is true at the door."""

    turn: Turn
    holders: list[Holder]
    waiting: int
    known: dict[str, Colleague]


class NoSeatPage(Page):
    """Stands alone, as the welcome page does. Looks every two seconds."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self.seen: Seen | None = None
        self._in_line = self._called = False
        self._note = ""
        self._asked = ""
        self.model = PagedTableModel(self)
        self.table = FillingTable(name=_("Seats"), least=words.LEAST)
        self.table.setModel(self.model)
        self.table.set_tickable(False)
        self.table.show_faces(portraits_of(session))
        self._title, self._text = Label("", "page"), Label("", "body", "text2", wrap=True)
        self.news = Label("", "strong", "text", wrap=True)
        self.come_in = Button("", "forward", kind="primary")
        self.wait = Button("", "clock", kind="primary")
        self.leave_line = Button("")
        self.ask = Button("", "chat")
        self.read_only = Button("", "eye")
        self.other = Button("", "folder-open", kind="ghost")
        self._lay_out()
        self._connect()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        keep_translated(self, self._say_texts)
        self.look()

    def _lay_out(self) -> None:
        words_ = column(self._title, self._text, gap=4)
        head = row(IconLabel("seats", "accent", 20), words_, gap=14, margins=(0, 0, 0, 12))
        head.setStretch(1, 1)
        acts = row(
            self.come_in, self.wait, self.leave_line, self.ask, self.read_only, None, self.other
        )
        middle = Surface("surface")
        inner = column(head, self.table, self.news, acts, None, gap=14)
        middle.setLayout(inner)
        middle.setMaximumWidth(px(_WIDEST))
        ground = Surface("surface")
        line = row(None, middle, None, margins=(32, 48, 32, 40))
        line.setStretch(1, 100)
        ground.setLayout(line)
        self.setLayout(column(ground, gap=0))

    def _connect(self) -> None:
        self.come_in.clicked.connect(self.enter)
        self.wait.clicked.connect(lambda: self._do(lambda entry: entry.broker.wait(), ""))
        self.leave_line.clicked.connect(lambda: self._do(lambda entry: entry.broker.give(), ""))
        self.ask.clicked.connect(self._ask)
        self.read_only.clicked.connect(self._read)
        self.other.clicked.connect(self._other_base)
        self.table.current_row_changed.connect(lambda _row: self._say_buttons())
        self.table.row_opened.connect(lambda _row, _tab: self._ask())

    # --- what is said -----------------------------------------------------------------------------

    def _entry(self) -> Entry | None:
        waiting = self._session.waiting
        return waiting.entry if waiting is not None else None

    def _say_texts(self) -> None:
        self.come_in.setText(_("Come in"))
        self.wait.setText(_("Wait in line"))
        self.leave_line.setText(_("Leave the line"))
        self.ask.setText(_("Ask for this seat"))
        self.read_only.setText(_("Only read"))
        self.other.setText(_("Choose another base"))
        self.table.setAccessibleName(_("Seats"))
        if self.seen is not None:
            self._show(self.seen)
        self._say()
        self.title_changed.emit()

    def _say(self) -> None:
        entry, seen = self._entry(), self.seen
        self._title.setText(self.title())
        if entry is not None:
            self._text.setText(self._reason(entry))
        self._text.setVisible(not self._may_enter())
        self.read_only.setVisible(entry is not None and entry.rules.reading)
        self._say_buttons()
        self.news.setText(self._news(seen))
        self.news.setVisible(bool(self.news.text()))

    def _reason(self, entry: Entry) -> str:
        seats = self.seen.turn.most if self.seen is not None else entry.taken.most
        problem = entry.standing.problem
        if problem is not None:
            return _("Without a valid licence {seats} people work at once. {problem}").format(
                seats=seats, problem=problem.message
            )
        if entry.standing.is_trial:
            return _(
                "This base has no licence, so {seats} people work in it at once. Ask one of them, "
                "or wait until somebody leaves."
            ).format(seats=seats)
        return _(
            "The licence has {seats} seats, and all of them are taken. Ask a colleague, or wait "
            "until somebody leaves: the line is served in order."
        ).format(seats=seats)

    def _news(self, seen: Seen | None) -> str:
        if seen is None:
            return self._note
        turn, place = seen.turn, words.turn_text(seen.turn)
        if turn.left_s is not None:
            return place
        answer = self._declined() if turn.answer == "declined" else ""
        if turn.place == 0 and self._is_free(seen):
            place = _("A seat is free now.")
        return " · ".join(filter(None, (place, answer, self._note)))

    def _declined(self) -> str:
        if not self._asked:
            return _("Your colleague cannot give up the seat just now.")
        return _("{name} cannot give up the seat just now.").format(name=self._asked)

    @staticmethod
    def _is_free(seen: Seen) -> bool:
        return seen.turn.held < seen.turn.most and not seen.waiting

    def _may_enter(self) -> bool:
        seen = self.seen
        return seen is not None and (seen.turn.left_s is not None or self._is_free(seen))

    def _say_buttons(self) -> None:
        seen = self.seen
        turn = seen.turn if seen is not None else None
        may = self._may_enter()
        in_line = bool(turn is not None and turn.place)
        focused = self.window().focusWidget()
        self.come_in.setVisible(may)
        self.wait.setVisible(not in_line and not may)
        self.leave_line.setVisible(in_line)
        holder = self._chosen()
        self.ask.setVisible(not may)
        self.ask.setEnabled(holder is not None and holder.kind == "work" and holder.windows > 0)
        ways = (self.come_in, self.wait, self.leave_line)
        if focused in (*ways, self.ask) and not focused.isVisibleTo(self):
            # Qt would hand the keyboard to the next button: Enter would then leave the base
            next(way for way in ways if way.isVisibleTo(self)).setFocus()

    def _chosen(self) -> Holder | None:
        place = self.table.current_row
        if self.seen is None or not 0 <= place < len(self.seen.holders):
            return None
        return self.seen.holders[place]

    # --- looking ----------------------------------------------------------------------------------

    def look(self) -> None:
        """Asks the server how it stands."""
        entry = self._entry()
        if entry is None:
            return

        def work(_job: Any) -> Seen:
            broker, turn = entry.broker, entry.look()
            return Seen(turn, broker.holders(), len(broker.line()), entry.known())

        self._session.operations.query(
            (NAME,), work, owner=self, done=self._show, failed=self._failed
        )

    def _show(self, seen: Seen) -> None:
        before = self.table.current_row
        lease = self.model.id_of(before)
        self.seen = seen
        if self._in_line and not seen.turn.place:
            self._note = _("Your turn has passed: wait in line again.")
        elif seen.turn.answer or seen.turn.left_s is not None:
            self._note = ""
        self._in_line = bool(seen.turn.place)
        found = words.rows(seen.holders, seen.known)
        self.model.open(words.columns(), len(found), found)
        self.table.setFixedHeight(words.height(len(found)))
        self.table.fit()
        if found:
            self.table.go_to(words.place_of(seen.holders, lease, before))
        called = seen.turn.left_s is not None
        if called and not self._called:
            QApplication.alert(self.window())
            self.come_in.setFocus()
        self._called = called
        self._say()
        self.title_changed.emit()

    # --- what is done about it --------------------------------------------------------------------

    def enter(self) -> None:
        """Takes the seat and opens the base."""
        entry = self._entry()
        if entry is None:
            return

        def work(_job: Any) -> None:
            entry.take_again()

        self._run(work, lambda: self._session.come_in())

    def _read(self) -> None:
        entry = self._entry()
        if entry is not None:
            self._run(lambda _job: entry.read(), lambda: self._session.come_in())

    def _ask(self) -> None:
        holder = self._chosen()
        if holder is None or self.seen is None or not self.ask.isEnabled() or self._may_enter():
            return
        self._asked = words.called(self.seen.known, holder.login)
        said = _("{name} was asked; you wait in line meanwhile.").format(name=self._asked)
        self._do(lambda entry: entry.broker.ask(holder.lease), said)

    def _do(self, act: Callable[[Entry], Any], note: str) -> None:
        entry, self._note = self._entry(), note
        self._in_line = False  # whoever leaves the line by himself has missed nothing
        if entry is not None:
            self._run(lambda _job: act(entry), self.look)

    def _run(self, work: Callable[[Any], Any], then: Callable[[], None]) -> None:
        self._session.operations.run(
            work, owner=self, done=lambda _done: then(), failed=self._failed
        )

    def _failed(self, error: UserError) -> None:
        self._note = error.message
        self._say()

    def _other_base(self) -> None:
        self._session.leave_door()
        self._navigator.open_welcome()

    # --- the page ---------------------------------------------------------------------------------

    def title(self) -> str:
        entry = self._entry()
        office = entry.standing.office if entry is not None else ""
        if not office:
            return _("A seat is free") if self._may_enter() else _("No seat is free")
        said = _("A seat is free in “{name}”") if self._may_enter() else _(
            "No seat is free in “{name}”")  # fmt: skip
        return said.format(name=office)

    def icon(self) -> str:
        return "seats"

    def place(self) -> Place:
        return Place(PAGE, name=NAME)

    def take_focus(self) -> None:
        self.wait.setFocus()
