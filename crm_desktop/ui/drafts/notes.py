"""Notes that are typed on top of timelines and not saved: each is kept in a file until it is, and
stands there again wherever its record is looked at next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.ui.drafts.local import Draft, Drafts, Typed, in_words, name_of, note_place
from crm_desktop.ui.drafts.on_server import Drafted, Words
from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

REST_MS = 700
"""So long after the last key a note is written to its file."""
Raw = Mapping[str, Any]


class NoteDrafts(QObject):
    """For one timeline; `entity` is the object of its entries."""

    found = Signal(object, object)
    """(record, raw): what was left there when the program ended, or is typed elsewhere in it."""

    def __init__(
        self, session: Session, entity: EntityDef, typed: Callable[[], Mapping[Ref, Raw]],
        parent: QObject,
    ) -> None:  # fmt: skip
        """`typed`: what stands in the timeline now and is not saved, by its record."""
        super().__init__(parent)
        self._session, self._entity, self._typed = session, entity, typed
        self._drafts: Drafts | None = None
        self._changed: set[Ref] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self.write)
        session.leaving.connect(self._write_now)
        session.texts_wanted.connect(self._hand_over)

    def look(self, record: Ref) -> None:
        """Reads what was left there; `found` follows if there is something."""
        base, home = self._session.base, self._session.settings.path.parent

        def work(_job: object) -> tuple[Drafts, Draft | None]:
            drafts = self._drafts or Drafts(home, base.info("guid"))
            return drafts, drafts.read(self._place(record))

        def done(read: tuple[Drafts, Draft | None]) -> None:
            self._drafts, draft = read
            if draft is not None and draft.raw and draft.login == base.login:
                self.found.emit(record, draft.raw)

        self._session.operations.query(("note left", id(self)), work, owner=self, done=done)

    def changed(self, record: Ref) -> None:
        """Something was typed there, saved or given up: its file follows."""
        self._changed.add(record)
        self._timer.start()

    def write(self) -> None:
        """Brings the files up to what stands there now, in the worker."""
        base, drafts = self._session.workspace, self._drafts
        if base is None or drafts is None:
            return
        typed, changed = dict(self._typed()), self._changed
        self._changed = set()
        for record in changed:
            words = self._words(self._place(record), typed[record]) if record in typed else None
            self._session.drafted.emit(Drafted(self._place(record), words))
        self._session.operations.query(
            ("notes kept", id(self)), lambda _job: self._keep(base, drafts, changed, typed),
            owner=self._session, done=lambda _none: None,
        )  # fmt: skip

    def _write_now(self) -> None:
        """At once and here: after this the base can be asked for nothing."""
        self._timer.stop()
        if self._drafts is not None and self._session.workspace is not None:
            changed, self._changed = self._changed, set()
            self._keep(self._session.workspace, self._drafts, changed, dict(self._typed()))

    def _keep(
        self, base: Workspace, drafts: Drafts, changed: set[Ref], typed: Mapping[Ref, Raw]
    ) -> None:
        for record in changed:
            with suppress(OSError):  # a folder that cannot be written keeps drafts of forms neither
                if record in typed:
                    draft = Draft(dict(typed[record]), 0, base.clock.now(), base.login)
                    drafts.keep(self._place(record), draft)
                else:
                    drafts.drop(self._place(record))

    def _hand_over(self, found: list[Typed]) -> None:
        """What is typed here goes to others in words; the draft of this computer is gone then."""
        drafts = self._drafts
        for record, raw in self._typed().items():
            place = self._place(record)
            if all(one.ref != place for one in found):
                found.append(Typed(
                    place, name_of(self._entity, place, raw), in_words(self._entity, raw),
                    lambda place=place: drafts.drop(place) if drafts is not None else None,
                ))  # fmt: skip

    def _words(self, place: Ref, raw: Raw) -> Words:
        return lambda _base: (name_of(self._entity, place, raw), in_words(self._entity, raw))

    def _place(self, record: Ref) -> Ref:
        return note_place(self._entity.key, record)
