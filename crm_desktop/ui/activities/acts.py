"""What can be done with an activity from a list: each is one undoable operation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from crm_desktop import i18n
from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.models.text.date_formats import format_date, format_datetime
from crm_desktop.services.rights import words as rights
from crm_desktop.ui.activities.questions import Question
from crm_desktop.ui.icons import icon
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.series_question import SeriesQuestion, shown_date
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.popover import Menu

if TYPE_CHECKING:
    from crm_desktop.models.text.phrases import Phrase
    from crm_desktop.services.activities.service import Dates
    from crm_desktop.services.series.card import DateOfSeries
    from crm_desktop.services.workspace import Workspace

_MOST_COLLEAGUES = 500
_DONE, _MOVED, _HANDED = ("state", "done"), ("starts", None), ("author", None)
"""What an act changes, as the question about a series wants to know it."""


def said_moment(base: Workspace, phrase: Phrase) -> str:
    """How a phrase is understood: day, time, length; '' without a moment."""
    if phrase.moment is None:
        return ""
    now, language = base.clock.local(), i18n.language()
    if phrase.timed:
        said = format_datetime(phrase.moment, language, zone=now.tzinfo, now=now)
    else:
        said = format_date(phrase.moment.date(), language, now.date())
    if phrase.all_day:
        return _("{day}, all day").format(day=said)
    if phrase.minutes is None:
        return said
    hours, minutes = divmod(phrase.minutes, 60)
    length = f"{hours}:{minutes:02d}"
    return _("{moment}, for {length} h").format(moment=said, length=length)


class ActivityActs:
    """Carries them out; the words of what was done come with an undo."""

    def __init__(self, session: Session, navigator: Navigator, owner: QWidget) -> None:
        self._session, self._navigator, self._owner = session, navigator, owner
        self.dates = SeriesQuestion(owner)
        self.at: datetime | None = None
        """The date of a series that is shown, by its rule; None: the one that is due."""

    def _run(
        self, ref: Ref, change: tuple[str, Any], word: str,
        work: Callable[[Workspace, Dates], Any], refused: Callable[[UserError], None] | None = None,
    ) -> None:  # fmt: skip
        """Asks which dates of a series are meant by a change of this field, where that differs."""
        base, at = self._session.base, self.at
        entity = base.catalogue[ref.entity]

        def known(date: DateOfSeries | None) -> None:
            def go(extent: str) -> None:
                from crm_desktop.services.activities.service import DUE, Dates

                dates = Dates(date.original, extent) if date is not None and extent else DUE
                self._carry_out(word, lambda base: work(base, dates), refused)

            self.dates.before_save(entity, date, dict([change]), go)

        self._session.operations.query(
            ("date of an act", id(self)), lambda _job: shown_date(base, ref, at),
            owner=self._owner, done=known,
        )  # fmt: skip

    def _carry_out(
        self, word: str, work: Callable[[Workspace], Any],
        refused: Callable[[UserError], None] | None,
    ) -> None:  # fmt: skip
        base = self._session.base
        if self._session.refusals.stops(WRITE):
            return

        def done(outcome: Any) -> None:
            self._navigator.toast(word, undo_operation=outcome.operation)

        self._session.operations.run(
            lambda _job: work(base), owner=self._owner, done=done,
            failed=refused or (self._navigator.refuse),
        )  # fmt: skip

    def done(self, ref: Ref) -> None:
        """It is done; a kind that asks for a result asks for it here."""
        from crm_desktop.services.activities import service as activities

        def refused(error: UserError) -> None:
            if error.field == "result":
                self.ask_result(ref)
            else:
                self._navigator.refuse(error)

        done = partial(activities.done, id_=ref.id)
        self._run(ref, _DONE, _("Done"), lambda base, dates: done(base, dates=dates), refused)

    def ask_result(self, ref: Ref) -> None:
        """What came of it, from the book, and a few words; then it is done."""
        from crm_desktop.services.activities.next_steps import results

        base = self._session.base
        self._session.operations.query(
            ("activity results",), lambda _job: results(base), owner=self._owner,
            done=lambda known: self._ask_which(ref, known),
        )  # fmt: skip

    def _ask_which(self, ref: Ref, known: list[tuple[str, int]]) -> None:
        from crm_desktop.services.activities import service as activities

        ask = Question(_("What came of it?"), _("Done"), self._owner)
        result = ask.add_choice(_("Result"), list(known))
        note = ask.add_line(_("A few words (if they matter)"))
        result.setCurrentIndex(-1)  # nothing is taken for said that nobody chose
        ask.verb.setEnabled(False)
        result.currentIndexChanged.connect(lambda place: ask.verb.setEnabled(place >= 0))

        def go() -> None:
            chosen, said = result.value(), note.text()
            number = chosen if isinstance(chosen, int) else None
            done = partial(activities.done, id_=ref.id, result=number, note=said)
            self._run(ref, _DONE, _("Done"), lambda base, dates: done(base, dates=dates))

        self._ask(ask, go)

    def later(self, ref: Ref) -> None:
        """Tomorrow at the same time."""
        from crm_desktop.services.activities import service as activities

        self._run(ref, _MOVED, _("Put off to tomorrow"),
                  lambda base, dates: activities.tomorrow(base, ref.id, dates))  # fmt: skip

    def accept(self, ref: Ref) -> None:
        """It is taken on."""
        from crm_desktop.services.activities import service as activities

        self._run(ref, ("state", "working"), _("Accepted"),
                  lambda base, dates: activities.accept(base, ref.id, dates))  # fmt: skip

    def wait(self, ref: Ref) -> None:
        """Somebody else is to move."""
        from crm_desktop.services.activities import service as activities

        self._run(ref, ("state", "waiting"), _("Waiting for others"),
                  lambda base, dates: activities.wait(base, ref.id, dates=dates))  # fmt: skip

    # --- with a question --------------------------------------------------------------------------

    def move(self, ref: Ref) -> None:
        """To a moment in words, and why."""
        from crm_desktop.services.activities import service as activities

        ask = Question(_("Put off"), _("Put off"), self._owner)
        when = ask.add_line(_("To when"), hint=_("When: tomorrow, in 2 days, Fri 15:00"))
        ask.add_preview(when, lambda text: self._understood(text))
        why = ask.add_line(_("Why (if it matters)"))

        def go() -> None:
            to, reason = when.text(), why.text()
            self._run(ref, _MOVED, _("Moved"), lambda base, dates: activities.move_by_words(
                base, ref.id, to, reason, dates))  # fmt: skip

        self._ask(ask, go)

    def _understood(self, text: str) -> str:
        from crm_desktop.services.activities.service import read_line

        base = self._session.base
        phrase = read_line(base, text)
        return "" if phrase.subject else said_moment(base, phrase)

    def decline(self, ref: Ref) -> None:
        """No, and why."""
        from crm_desktop.services.activities import service as activities

        def work(base: Workspace, why: str, dates: Dates) -> Any:
            return activities.decline(base, ref.id, why, dates)

        self._ask_why(ref, ("state", "declined"), (_("Decline"), _("Declined")), work)

    def give_back(self, ref: Ref) -> None:
        """To whoever handed it on, and why."""
        from crm_desktop.services.activities import service as activities

        def work(base: Workspace, why: str, dates: Dates) -> Any:
            return activities.give_back(base, ref.id, why, dates)

        self._ask_why(ref, _HANDED, (_("Return"), _("Returned")), work)

    def _ask_why(
        self, ref: Ref, change: tuple[str, Any], words: tuple[str, str],
        work: Callable[[Workspace, str, Dates], Any],
    ) -> None:  # fmt: skip
        ask = Question(words[0], words[0], self._owner)
        why = ask.add_line(_("Why"), needed=True)

        def go() -> None:
            said = why.text()
            self._run(ref, change, words[1], lambda base, dates: work(base, said, dates))

        self._ask(ask, go)

    def delegate(self, ref: Ref) -> None:
        """To a colleague; it stays in one's own list of what one waits for."""
        from crm_desktop.services.activities import service as activities

        def work(base: Workspace, to: int, dates: Dates) -> Any:
            return activities.delegate(base, ref.id, to, dates)

        self._ask_whom(ref, (_("Delegate"), _("Delegated")), work)

    def reassign(self, ref: Ref) -> None:
        """To a colleague, for good."""
        from crm_desktop.services.activities import service as activities

        def work(base: Workspace, to: int, dates: Dates) -> Any:
            return activities.reassign(base, ref.id, to, dates)

        self._ask_whom(ref, (_("Reassign"), _("Reassigned")), work)

    def _ask_whom(
        self, ref: Ref, words: tuple[str, str], work: Callable[[Workspace, int, Dates], Any]
    ) -> None:  # fmt: skip
        base = self._session.base

        def ask(people: list[tuple[str, object]]) -> None:
            if not people:
                self._navigator.toast(_("There is no other colleague yet"), tone="info")
                return
            question = Question(words[0], words[0], self._owner)
            whom = question.add_choice(_("To whom"), people)

            def go() -> None:
                to = whom.value()
                if isinstance(to, int):
                    self._run(ref, _HANDED, words[1], lambda base, dates: work(base, to, dates))

            self._ask(question, go)

        self._session.operations.query(
            ("colleagues", id(self)), lambda _job: colleagues(base), owner=self._owner, done=ask
        )

    def _ask(self, question: Question, go: Callable[[], None]) -> None:
        question.accepted.connect(go)
        question.finished.connect(question.deleteLater)
        question.open()

    # --- the menu ---------------------------------------------------------------------------------

    def menu(self, ref: Ref, at: QPoint) -> Menu:
        """Opens the menu of an activity."""
        menu = Menu(self._owner)
        groups: list[list[tuple[str, str, Callable[[Ref], None]]]] = [
            [("check", _("Done"), self.done), ("play", _("Accept"), self.accept),
             ("pause", _("Waiting for others"), self.wait)],
            [("forward", _("Tomorrow"), self.later), ("clock", _("Put off…"), self.move)],
            [("person-add", _("Delegate…"), self.delegate),
             ("user", _("Reassign…"), self.reassign), ("back", _("Return…"), self.give_back),
             ("close", _("Decline…"), self.decline)],
            [("open", _("Open"), self._navigator.open_record)],
        ]  # fmt: skip
        for number, group in enumerate(groups):
            if number:
                menu.addSeparator()
            for picture, word, act in group:
                action = menu.addAction(icon(picture), word)
                action.triggered.connect(lambda _on=False, act=act: act(ref))
                if picture != "open":
                    self._session.refusals.keep(action, rights.EDIT, ref.entity)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)
        return menu


def colleagues(base: Workspace) -> list[tuple[str, object]]:
    """The colleagues who are here, but oneself."""
    staff = base.catalogue.staff()
    where = Condition("gone", "empty") if staff.has("gone") else None
    query = Query(staff.key, (staff.title_field,), where, (Sort(staff.title_field),))
    rows = base.lists.open(query).first(_MOST_COLLEAGUES)
    titles = base.titles.of([Ref(staff.key, row.id) for row in rows])
    return [(titles[ref].text, ref.id) for row in rows
            if (ref := Ref(staff.key, row.id)) in titles and row.id != base.user_id]  # fmt: skip
