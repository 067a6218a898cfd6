"""The page of licence and seats: who works now, today's curve, how many would be enough, rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QFrame, QScrollArea

from crm_desktop.errors import UserError
from crm_desktop.i18n import _, language, ngettext
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.services.rights import words as rights
from crm_desktop.ui.charts.view import ChartView
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.messages import confirm
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.page import Page
from crm_desktop.ui.portraits.avatars import portraits_of
from crm_desktop.ui.seats import words
from crm_desktop.ui.seats.boxes import ReasonBox, TravelBox
from crm_desktop.ui.seats.curve import curve_of
from crm_desktop.ui.seats.rules_form import RulesForm
from crm_desktop.ui.session import Session
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.filling_table import FillingTable
from crm_desktop.ui.widgets.labels import FigureTile, Label, Surface
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.licensing.broker import Holder, Waiter
    from crm_desktop.services.licensing.house_rules import HouseRules, SignsIn
    from crm_desktop.services.licensing.licence import Licence
    from crm_desktop.services.licensing.seat_use import SeatUse
    from crm_desktop.services.licensing.standing import Colleague, Standing
    from crm_desktop.ui.widgets.dialog import Dialog

NAME = "seats"
_LOOK_MS = 10_000


class Seen(NamedTuple):
    """What the page shows."""

    standing: Standing
    holders: list[Holder]
    line: list[Waiter]
    use: SeatUse
    rules: HouseRules
    known: dict[str, Colleague]
    people: tuple[SignsIn, ...]
    """For whom a seat may be kept, told to an administrator."""

    @property
    def held(self) -> int:
        """Seats in use, those that travel too."""
        return sum(one.kind != "read" for one in self.holders)


class SeatsPage(Page):
    """Everybody may look; the administrator frees seats, installs licences and settles rules."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self.seen: Seen | None = None
        self.model = PagedTableModel(self)
        self.table = FillingTable(name=_("Seats"), least=words.LEAST, going=(1, 3))
        self.table.setModel(self.model)
        self.table.set_tickable(False)
        self.table.show_faces(faces := portraits_of(session))
        self.chart = ChartView(name=_("Seats"))
        self.tiles = [FigureTile("", "") for _place in range(4)]
        self.install, self.free = Button("", "import"), Button("", "sign-out")
        self.travel = Button("", "object-car")
        self.rules = RulesForm()
        self.rules.reserved.show_faces(faces)
        self._title, self._licence = Label("", "page"), Label("", "body", "text2", wrap=True)
        self._who, self._line = Label("", "strong"), Label("", "body", "text2", wrap=True)
        self.local = EmptyState()
        self._whole = self._laid_out()
        self.setLayout(column(self._whole, self.local, gap=0))
        self._connect()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.read)
        self._timer.start()
        keep_translated(self, self._say_texts)

    def _laid_out(self) -> QScrollArea:
        words_ = column(self._title, self._licence, gap=2)
        head = row(words_, self.install, gap=16)
        head.setStretch(0, 1)
        tiles = row(*self.tiles, gap=12)
        acts = row(self._who, None, self.travel, self.free, gap=8)
        ground = Surface("surface")
        ground.setLayout(
            column(head, tiles, self.chart, acts, self.table, self._line, self.rules, None, gap=14,
                   margins=(24, 18, 24, 24))
        )  # fmt: skip
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(ground)
        return area

    def _connect(self) -> None:
        for button in (self.install, self.free, self.rules.keep):
            self._session.refusals.keep(button, rights.ADMINISTER)
        self.install.clicked.connect(self._choose_file)
        self.free.clicked.connect(self.ask_reason)
        self.travel.clicked.connect(self.ask_days)
        self.rules.settled.connect(self._settle)
        self.table.current_row_changed.connect(lambda _row: self._say_buttons())
        self._session.opened.connect(self.read)

    # --- what is said -----------------------------------------------------------------------------

    def _say_texts(self) -> None:
        self._title.setText(_("Licence and seats"))
        self.install.setText(_("Install a licence"))
        self.free.setText(_("Free the seat"))
        self._who.setText(_("Who is here"))
        self.local.set_texts(
            "seats", _("This base needs no licence"),
            _("It is a file of this computer, and one person at a time works in it. Seats are "
              "counted in a base on a server."),
        )  # fmt: skip
        self.local.set_actions()
        self.rules.say_texts()
        self._say()
        self.title_changed.emit()
        self.read()

    def _say(self) -> None:
        base, seen = self._session.workspace, self.seen
        local = base is not None and base.backend.exclusive
        self.local.setVisible(local)
        self._whole.setVisible(not local)
        self._say_buttons()
        if seen is None:
            return
        self._licence.setText(_licence_text(seen.standing))
        use = seen.use
        texts = (
            (_("In use now"), _("{held} of {seats}").format(
                held=seen.held, seats=seen.standing.seats)),
            (_("Most in 30 days"), str(max(use.peak, seen.held))),
            (_("Found none free in 30 days"), str(use.refused)),
            (_("Would be enough"), str(max(use.advice, seen.held))),
        )  # fmt: skip
        for tile, (caption, figure) in zip(self.tiles, texts, strict=True):
            tile.set_texts(caption, figure)
        self.tiles[1].setToolTip(plain_tip(_moment(use.peak_at) if use.peak >= seen.held else ""))
        self.chart.show_chart(curve_of(use, seen.standing.seats))
        found = words.rows(seen.holders, seen.known)
        before = self.table.current_row
        lease = self.model.id_of(before)
        self.model.open(words.columns(), len(found), found)
        self.table.setFixedHeight(words.height(len(found)))
        self.table.fit()
        if found:
            self.table.go_to(words.place_of(seen.holders, lease, before))
        self._line.setText(_line_text(seen))
        self._line.setVisible(bool(seen.line))
        self.rules.setVisible(seen.standing.signed.is_admin)
        self.rules.reserved.show_people(seen.people)
        self.rules.show_rules(seen.rules)

    def _say_buttons(self) -> None:
        seen, holder = self.seen, self.chosen()
        admin = seen is not None and seen.standing.signed.is_admin
        self.install.setVisible(admin)
        self.free.setVisible(admin)
        self.free.setEnabled(holder is not None)
        travels = holder is not None and holder.kind == "travel"
        self.travel.setText(_("Back from the journey") if travels else _("Take on a journey"))
        self.travel.setEnabled(
            holder is not None and holder.kind != "read" and (holder.mine or admin)
        )

    def chosen(self) -> Holder | None:
        """The seat in hand."""
        place = self.table.current_row
        if self.seen is None or not 0 <= place < len(self.seen.holders):
            return None
        return self.seen.holders[place]

    # --- reading ----------------------------------------------------------------------------------

    def read(self) -> None:
        """Asks the base."""
        base, entry = self._session.workspace, self._session.seat.entry
        if base is None or entry is None:
            self._say()
            return
        keys = self._session.licence_keys

        def work(_job: Any) -> Seen:
            from crm_desktop.services.licensing.house_rules import house_rules, who_signs_in
            from crm_desktop.services.licensing.seat_use import seat_use
            from crm_desktop.services.licensing.standing import standing

            broker, how = entry.broker, standing(base, keys)
            return Seen(
                how, broker.holders(), broker.line(), seat_use(base, broker), house_rules(base),
                entry.known(), who_signs_in(base) if how.signed.is_admin else (),
            )  # fmt: skip

        def done(seen: Seen) -> None:
            self.seen = seen
            self._say()

        self._session.operations.query((NAME,), work, owner=self, done=done, failed=_later)

    # --- what is done -----------------------------------------------------------------------------

    def _choose_file(self) -> None:
        from crm_desktop.services.licensing.licence import SUFFIX

        kinds = _("Licences (*{ending})").format(ending=SUFFIX) + ";;" + _("All files (*)")
        path, _kind = QFileDialog.getOpenFileName(self, _("Install a licence"), filter=kinds)
        if path:
            self.install_file(Path(path))

    def install_file(self, path: Path) -> None:
        """Keeps the licence of a file in the base; the seats are those at once. Asks before where
        more people are inside than it has seats."""
        base, keys = self._session.base, self._session.licence_keys

        def work(_job: Any) -> Licence:
            from crm_desktop.services.licensing.licence import builtin_keys, read_licence_file
            from crm_desktop.services.licensing.standing import may_be_installed

            licence = read_licence_file(path, builtin_keys() if keys is None else keys)
            may_be_installed(base, licence)
            return licence

        def done(licence: Licence) -> None:
            if self._may_lose_seats(licence.seats):
                self._install(licence)

        self._session.operations.query(
            ("licence file",), work, owner=self, done=done, failed=self._navigator.refuse
        )

    def _may_lose_seats(self, seats: int) -> bool:
        held = self.seen.held if self.seen is not None else 0
        if held <= seats:
            return True
        text = ngettext(
            "This licence has {seats} seat, and {held} are taken: who came last goes on reading "
            "only. What was typed stays.",
            "This licence has {seats} seats, and {held} are taken: who came last goes on reading "
            "only. What was typed stays.", seats,
        )  # fmt: skip
        return confirm(self, _("More people work than the licence allows"),
                       text.format(seats=seats, held=held), _("Install a licence"))  # fmt: skip

    def _install(self, licence: Licence) -> None:
        base, entry = self._session.base, self._session.seat.entry

        def work(_job: Any) -> None:
            from crm_desktop.services.audit import service as audit
            from crm_desktop.services.licensing.standing import install

            install(base, licence)
            audit.note(base, audit.LICENCE, detail=f"{licence.id}, {licence.seats}")
            if entry is not None:
                entry.renew()

        self._run(work, _("The licence is installed"), self._session.seat.changed.emit)

    def ask_reason(self) -> Dialog | None:
        """The box that asks why a seat is freed."""
        holder, entry = self.chosen(), self._session.seat.entry
        if holder is None or entry is None:
            return None
        name = words.called(self.seen.known if self.seen else {}, holder.login)

        def free(reason: str) -> None:
            self._run(lambda _job: entry.broker.free(holder.lease, reason), _("The seat is free"))

        return _opened(ReasonBox(name, free, self))

    def ask_days(self) -> Dialog | None:
        """The box that asks for how long a seat travels; one that travels comes back at once."""
        holder, entry = self.chosen(), self._session.seat.entry
        if holder is None or entry is None or self.seen is None:
            return None
        lease, broker = holder.lease, entry.broker
        if holder.kind == "travel":
            self._run(lambda _job: broker.travel(lease, 0), _("The seat is back"))
            return None

        def go(days: int) -> None:
            self._run(lambda _job: broker.travel(lease, days), _("The seat is on a journey"))

        return _opened(TravelBox(self.seen.rules.travel, go, self))

    def _settle(self, rules: HouseRules) -> None:
        base = self._session.base

        def work(_job: Any) -> None:
            from crm_desktop.services.licensing.house_rules import settle

            settle(base, rules)

        self._run(work, _("The rules are kept"))

    def _run(self, work: Any, said: str, then: Callable[[], None] | None = None) -> None:
        def done(_nothing: Any) -> None:
            self._navigator.toast(said)
            if then is not None:
                then()
            self.read()

        def failed(error: UserError) -> None:
            self._navigator.refuse(error)
            self.read()

        self._session.operations.run(work, owner=self, done=done, failed=failed)

    # --- the page ---------------------------------------------------------------------------------

    def title(self) -> str:
        return _("Licence and seats")

    def icon(self) -> str:
        return "seats"

    def place(self) -> Place:
        return Place(PAGE, name=NAME)

    def take_focus(self) -> None:
        self.table.setFocus()

    def run(self, action_id: str) -> bool:
        if action_id != "refresh":
            return False
        self.read()
        return True


def _opened(box: Dialog) -> Dialog:
    box.finished.connect(box.deleteLater)
    box.open()
    return box


def _later(_error: UserError) -> None:
    """The line is down: the strip says so, and the page looks again."""


def _licence_text(standing: Standing) -> str:
    from crm_desktop.services.licensing.standing import said_day

    licence = standing.licence
    if standing.problem is not None:
        return standing.problem.message
    if licence is None:
        return _("No licence is installed: two seats for trying and for the administrator.")
    until = licence.valid_until
    ends = _("valid until {day}").format(day=said_day(until)) if until else _("for ever")
    return _("{customer} · licence {id}, {edition}, {ends}").format(
        customer=licence.customer, id=licence.id, edition=licence.edition, ends=ends
    )


def _moment(at: datetime | None) -> str:
    return f"{format_date(at.date(), language())} {at:%H:%M}" if at is not None else ""


def _line_text(seen: Seen) -> str:
    names = [words.called(seen.known, one.login) for one in seen.line]
    return _("Wait in line: {names}").format(names=", ".join(names))
