"""Joins reminders and the window: looks when it is time, shows, carries out what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from crm_desktop import settings as s
from crm_desktop.errors import UserError
from crm_desktop.i18n import _, language, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.date_formats import format_datetime
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Job
from crm_desktop.ui.reminders.rounds import Rounds
from crm_desktop.ui.reminders.row import AT, TOMORROW, Said
from crm_desktop.ui.reminders.window import ReminderWindow
from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from crm_desktop.services.reminders.service import Firing, Look
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.services.writing.changes import ChangeSet
    from crm_desktop.ui.reminders.alarm import Alarm
    from crm_desktop.ui.reminders.tray import Tray

_SOON_MS = 200


class _Seen(NamedTuple):
    """What a look brought from the worker."""

    look: Look
    said: tuple[Said, ...]
    watched: frozenset[str]
    now: datetime


class ReminderDesk(QObject):
    """One a session; begins when a base is open and goes on with the next one."""

    counted = Signal(int)
    """How many reminders stand unanswered."""
    came = Signal(object)
    """A tuple of `Said` that came up for the first time here."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__(session)
        self._session, self._navigator = session, navigator
        self._watched: frozenset[str] = frozenset()
        self._rounds = Rounds(session, self)
        self.alarm: Alarm | None = None
        self.tray: Tray | None = None
        self.window = ReminderWindow()
        self.window.stand_beside(self._main_rect)
        self.window.opened.connect(self.open)
        self.window.done.connect(self.do)
        self.window.done_with.connect(self.do)
        self.window.seen.connect(self.answer)
        self.window.put_off.connect(self.put_off)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self.look)
        session.opened.connect(self.begin)
        session.closed.connect(self._base_closed)
        session.changed.connect(self._changed)
        session.person_changed.connect(self._soon.start)
        self.destroyed.connect(self.window.deleteLater)

    @classmethod
    def of(cls, session: Session, navigator: Navigator) -> ReminderDesk:
        """The one of this session; it begins at once."""
        found = session.findChild(cls)
        if found is None:
            found = cls(session, navigator)
            found.begin()
        return found

    # --- looking ----------------------------------------------------------------------------------

    def begin(self) -> None:
        """A base is open: looks, and wakes the alarm once it is imported."""
        self.look()
        if self.tray is None and QSystemTrayIcon.isSystemTrayAvailable():
            from crm_desktop.ui.reminders.tray import Tray

            self.tray = Tray(self._session, self._navigator, self)
        if self.alarm is None:
            self._session.operations.query(
                ("reminders", "alarm"), _import_scheduler, owner=self, done=self._wake
            )

    def _wake(self, _imported: None) -> None:
        from crm_desktop.ui.reminders.alarm import Alarm

        if self.alarm is None:
            self.alarm = Alarm(self)
            self.alarm.rang.connect(self.look)
            QApplication.instance().aboutToQuit.connect(self.alarm.stop)  # type: ignore[union-attr]

    def look(self) -> None:
        """Asks what has come up; if anything is new here, notes that it is shown."""
        base = self._session.workspace
        if base is None:
            return
        place = s.this_place(self._session.settings)
        self._rounds.go()
        self._session.operations.query(
            ("reminders",), lambda job: _look(base, place, claim=False),
            owner=self, done=self._looked, failed=_not_now,
        )  # fmt: skip

    def _looked(self, seen: _Seen) -> None:
        base = self._session.workspace
        if base is None:
            return
        if not seen.look.fresh:
            self._show(seen)
            return
        place = s.this_place(self._session.settings)
        self._session.operations.run(
            lambda job: _look(base, place, claim=True),
            owner=self, done=self._show, failed=_not_now,
        )  # fmt: skip

    def _show(self, seen: _Seen) -> None:
        base = self._session.workspace
        if base is None:
            return
        self._watched = seen.watched
        had = {(one.firing.id, one.firing.moment) for one in self.window.said}
        self.window.fill(seen.said, seen.now, base.clock.zone())
        self.counted.emit(len(seen.said))
        fresh = tuple(one for one in seen.said if one.firing.fresh)
        if self.alarm is not None:
            self.alarm.set_next(seen.look.next)
        if fresh or (seen.said and not had and not self.window.isVisible()):
            self.window.come_up()
        if fresh:
            self._be_heard(fresh)

    def _be_heard(self, fresh: tuple[Said, ...]) -> None:
        self.came.emit(fresh)
        main = self._main()
        if main is not None:
            QApplication.alert(main)
        if self._session.settings.get(s.REMINDER_SOUND):
            QApplication.beep()
        if self._session.settings.get(s.SYSTEM_NOTIFICATIONS):
            self._tell_system(fresh)

    def _tell_system(self, fresh: tuple[Said, ...]) -> None:
        """By the desktop's own notifications, beside the window."""
        from crm_desktop.ui.reminders.notify import desktop_tells, tell_desktop
        from crm_desktop.ui.reminders.tray import message

        if not desktop_tells():
            if self.tray is not None:
                self.tray.tell(fresh)
            return
        title, text = message(fresh)
        self._session.operations.query(
            ("reminders", "notification"), lambda job: tell_desktop(title, text),
            owner=self, done=_nothing, failed=_not_now,
        )  # fmt: skip

    def _changed(self, changes: ChangeSet) -> None:
        if any(changes.touches(key) for key in self._watched):
            self._soon.start()

    def _base_closed(self) -> None:
        self.window.clear()
        self.counted.emit(0)

    # --- what was chosen --------------------------------------------------------------------------

    def open(self, firing: Firing) -> None:
        """Shows the activity in the main window; the reminder was seen by that."""
        self.main_forward()
        self._navigator.open_record(firing.event)
        self.answer([firing])

    def do(self, firing: Firing, result: int | None = None) -> None:
        """The activity is done; a kind that asks for a result asks in the window of reminders,
        what asks for more is opened instead."""
        base = self._session.base

        def failed(error: UserError) -> None:
            if error.field == "result" and result is None:
                self._ask_result(firing, error)
                return
            self._navigator.refuse(error)
            self._navigator.open_record(firing.event)

        said = _("Done: {subject}").format(subject=firing.subject)
        self._session.operations.run(
            lambda job: base.reminders.complete(firing, result), owner=self, failed=failed,
            done=lambda operation: self._navigator.toast(said, undo_operation=operation),
        )  # fmt: skip

    def _ask_result(self, firing: Firing, error: UserError) -> None:
        from crm_desktop.services.activities.next_steps import results

        base = self._session.base

        def known(choices: list[tuple[str, int]]) -> None:
            if choices:
                self.window.ask_result(firing, choices)
                return
            self._navigator.refuse(error)  # the book is empty: the card has room
            self._navigator.open_record(firing.event)

        self._session.operations.query(
            ("reminders", "results"), lambda _job: results(base), owner=self, done=known
        )

    def answer(self, firings: Sequence[Firing]) -> None:
        """They were seen and come up nowhere any more."""
        base = self._session.base
        self._session.operations.run(
            lambda job: base.reminders.answer(firings), owner=self, done=_nothing
        )

    def put_off(self, firings: Sequence[Firing], minutes: int) -> None:
        """They come up again in so many minutes, tomorrow, or when the person says."""
        if minutes == AT:
            from crm_desktop.ui.reminders.at_box import AtBox

            beside = self.window if self.window.isVisible() else self._main()
            box = AtBox(self._session.base, beside)
            box.chosen.connect(lambda until: self._put_off(firings, until))
            box.open()
            return
        from crm_desktop.services.reminders.snooze import in_minutes, tomorrow

        clock = self._session.base.clock
        until = (
            tomorrow(clock.now(), clock.zone())
            if minutes == TOMORROW
            else in_minutes(clock.now(), minutes)
        )
        self._put_off(firings, until)

    def _put_off(self, firings: Sequence[Firing], until: datetime) -> None:
        base = self._session.base
        count = len(firings)
        said = ngettext("{count} reminder put off until {moment}",
                        "{count} reminders put off until {moment}", count)  # fmt: skip
        local = until.astimezone(base.clock.zone())
        shown = format_datetime(local, language(), now=base.clock.now())
        text = said.format(count=count, moment=shown)
        self._session.operations.run(
            lambda job: base.reminders.put_off(firings, until), owner=self,
            done=lambda _none: self._navigator.toast(text, tone="info"),
        )  # fmt: skip

    def show_standing(self) -> None:
        """Shows what stands again, after it was put away."""
        if self.window.said:
            self.window.come_up()

    # --- the main window --------------------------------------------------------------------------

    def _main(self) -> QWidget | None:
        """The window of the program, shown or in the tray."""
        from crm_desktop.ui.main_window.view import WindowView

        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, WindowView)]
        return found[0] if found else None

    def main_is_seen(self) -> bool:
        """Whether the window of the program is on the screen."""
        main = self._main()
        return main is not None and main.isVisible() and not main.isMinimized()

    def main_forward(self) -> None:
        """The window of the program comes to the front."""
        main = self._main()
        if main is not None:
            main.setWindowState(main.windowState() & ~Qt.WindowState.WindowMinimized)
            main.show()
            main.raise_()
            main.activateWindow()

    def _main_rect(self) -> QRect | None:
        main = self._main()
        return main.frameGeometry() if main is not None else None


def _look(base: Workspace, place: str, *, claim: bool) -> _Seen:
    """In the worker: what stands, with names and icons. What goes out is queued on the way."""
    from crm_desktop.services.reminders.outgoing import queue_due

    if claim is False:
        queue_due(base)
    service, whom = base.reminders, base.user_id
    look = service.look(whom, place) if claim else service.due(whom, place)
    records = [firing.record for firing in look.standing if firing.record is not None]
    staff = base.catalogue.staff().key
    told = {f.id: Ref(staff, f.who) for f in look.standing if f.level is not None and f.who}
    titles = base.titles.of(list(dict.fromkeys([*records, *told.values()])))
    event = service.question.event
    kinds = event.field(service.question.scheduled.kind)
    icons = {c.key: c.icon for c in getattr(kinds, "choices", ())}
    said = tuple(
        Said(
            firing,
            _title(titles, firing.record),
            icons.get(firing.kind) or event.icon,
            _title(titles, told.get(firing.id)),
        )
        for firing in look.standing
    )
    watched = frozenset({event.key, service.question.entity.key})
    return _Seen(look, said, watched, base.clock.now())


def _title(titles: Any, record: Ref | None) -> str:
    return str(titles[record].text) if record is not None and record in titles else ""


def _import_scheduler(_job: Job) -> None:
    from apscheduler.schedulers import background  # noqa: F401 - a third of a second


def _not_now(_error: UserError) -> None:
    """The base is busy or away: the next look comes."""


def _nothing(_outcome: object) -> None:
    """The look that follows the change shows what has become of it."""
