"""Drafts of a base on a server are kept in the base as well, a few seconds after they were typed:
what is lost with a computer, or stands on one whose window is closed when its owner is dismissed,
is there to be read (`services/server/dismissal`). A base of one file has nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, QTimer

from crm_desktop.errors import DatabaseUnavailable, UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.settings import PLANNER_DRAFTS
from crm_desktop.ui.session import Session

if TYPE_CHECKING:  # SQLAlchemy must not be imported before the first paint
    from crm_desktop.services.licensing.entry import Entry
    from crm_desktop.services.planner.drafts import Draft
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.operations import Job

REST_MS = 3000
"""So long after the first of several drafts they are sent together."""
Words = Callable[["Workspace"], tuple[str, str]]
"""Title and text of a draft; called in the worker."""


class Drafted(NamedTuple):
    """A draft as it stands now. `words` None: it was saved or given up."""

    ref: Ref
    words: Words | None


class KeptDrafts(QObject):
    """One a window."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._waiting: dict[Ref, Words | None] = {}
        self._taken: dict[Ref, Words | None] = {}
        """What is being told."""
        self._sent: dict[Ref, str] = {}
        self._busy = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self.send)
        session.drafted.connect(self._note)
        session.opened.connect(self._begin)
        session.closed.connect(self._forget)
        session.line.back.connect(self.send)

    @property
    def is_waiting(self) -> bool:
        """Whether the base has not been told all."""
        return self._busy or bool(self._waiting)

    def hand_over(self) -> Callable[[Entry], None]:
        """What the base has not been told yet, to be told in the worker by who closes it."""
        session, waiting = self._session, {**self._taken, **self._waiting}
        self._waiting = {}
        here, known = here_in(session), dict(self._sent)
        planned = session.settings.get(PLANNER_DRAFTS).get(session.address)
        waiting |= {
            ref: words
            for ref, words in of_planner(session.base, planned).items()
            if ref not in known and ref not in waiting
        }
        self._timer.stop()

        def last(entry: Entry) -> None:
            tell(entry, here, waiting, known)

        return last

    def _forget(self) -> None:
        self._timer.stop()
        self._waiting, self._taken, self._sent, self._busy = {}, {}, {}, False

    def _note(self, one: Drafted) -> None:
        if self._session.seat.entry is None:
            return
        if one.words is None and not self._busy and one.ref not in self._sent:
            self._waiting.pop(one.ref, None)  # the base was never told
            return
        self._waiting[one.ref] = one.words
        if not self._timer.isActive():
            self._timer.start()

    def send(self) -> None:
        """Tells the base what it has not been told; by itself after a rest."""
        entry = self._session.seat.entry
        if entry is None or self._busy or not self._waiting or not self._session.line.holds:
            return
        taken, self._waiting = self._waiting, {}
        self._busy, self._taken = True, taken
        here, known = here_in(self._session), dict(self._sent)

        def work(_job: Job) -> dict[Ref, str]:
            return tell(entry, here, taken, known)

        self._session.operations.query(
            ("kept drafts",), work, owner=self, done=partial(self._told, entry),
            failed=lambda error: self._refused(entry, taken, error),
        )  # fmt: skip

    def _told(self, entry: Entry, told: dict[Ref, str]) -> None:
        if entry is not self._session.seat.entry:
            return
        self._busy, self._taken, self._sent = False, {}, told
        if self._waiting:
            self._timer.start()

    def _refused(self, entry: Entry, taken: dict[Ref, Words | None], error: UserError) -> None:
        """What the line did not carry goes when it is back; more than the base takes stays here."""
        if entry is self._session.seat.entry:
            self._busy, self._taken = False, {}
            if isinstance(error, DatabaseUnavailable):
                self._waiting = {**taken, **self._waiting}

    def _begin(self) -> None:
        """What this computer kept while the base was away is told, and what it no longer has."""
        from crm_desktop.ui.drafts.local import Drafts, in_words, name_of

        session, entry = self._session, self._session.seat.entry
        self._forget()
        if entry is None:
            return
        here, base = here_in(session), session.base
        planned = session.settings.get(PLANNER_DRAFTS).get(session.address)
        drafts = Drafts(session.settings.path.parent, entry.standing.guid)

        def words(ref: Ref, raw: Mapping[str, Any]) -> Words:
            entity = base.catalogue[ref.entity]
            return lambda _base: (name_of(entity, ref, raw), in_words(entity, raw))

        def work(_job: Job) -> dict[Ref, str]:
            local: dict[Ref, Words | None] = {
                ref: words(ref, draft.raw) for ref, draft in drafts.of(base.login, base.catalogue)
            }
            return tell(entry, here, local | of_planner(base, planned), None)

        self._busy = True
        session.operations.query(
            ("kept drafts",), work, owner=self, done=partial(self._told, entry),
            failed=lambda error: self._refused(entry, {}, error),
        )  # fmt: skip


def here_in(session: Session) -> str:
    """This computer, as the base keeps drafts of it."""
    from crm_desktop.services.server.dismissal import place_of

    return place_of(session.settings.path.parent)


def tell(
    entry: Entry, here: str, drafts: Mapping[Ref, Words | None], known: dict[Ref, str] | None
) -> dict[Ref, str]:
    """What the base knows then: the texts of `known` are not told again. Without it the drafts are
    all that there are, and others go. In the worker."""
    from crm_desktop.services.server.dismissal import LONGEST, parts_of

    base, told = entry.workspace, dict(known or {})
    numbers = {entity.key: entity.number for entity in base.catalogue}
    gone = [(numbers[ref.entity], ref.id) for ref, words in drafts.items() if words is None]
    if known is None:
        kept = {(numbers[ref.entity], ref.id) for ref in drafts}
        gone += entry.broker.drafts_at(here) - kept
    for number, record in gone:
        entry.broker.drop_draft(here, number, record)
    for ref, words in drafts.items():
        if words is None:
            told.pop(ref, None)
            continue
        title, text = words(base)
        if told.get(ref) != text:
            parts = parts_of(text[:LONGEST])
            entry.broker.keep_draft(here, numbers[ref.entity], ref.id, title, parts)
        told[ref] = text
    return told


def of_planner(base: Workspace, kept: object) -> dict[Ref, Words | None]:
    """The drafts of the planner, as the settings hold them."""
    from crm_desktop.services.planner.drafts import Drafts
    from crm_desktop.services.planner.schedule import Schedule

    drafts = Drafts.from_json(kept).all()
    event = Schedule.of(base.tables).event.key
    return {planner_ref(event): planned_words(drafts)} if drafts else {}


def planner_ref(event: str) -> Ref:
    """What the drafts of the planner are kept under, all together."""
    from crm_desktop.models.backend.firebird_drafts import PLANNER

    return Ref(event, PLANNER)


def planned_words(drafts: Sequence[Draft]) -> Words:
    """What stands in the planner."""

    def words(base: Workspace) -> tuple[str, str]:
        from crm_desktop.services.planner.telling import drafts_in_words

        return _("Drafts of the planner"), drafts_in_words(base, drafts)

    return words
