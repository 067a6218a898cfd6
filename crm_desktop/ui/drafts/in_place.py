"""What is typed in place, in a cell of a list or a line of a card, while the base is closed under
it (it was upgraded, the account was closed, somebody signs in again): the draft of its record keeps
it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.editors import EditorBase


_ONE_BY_ONE = threading.Lock()
"""Two fields of one record stand in one draft."""


class InPlace(NamedTuple):
    """An open editor: of the field `key` of a record, where `value` stood at `version`."""

    ref: Ref
    key: str
    version: int
    value: Any
    editor: EditorBase

    @property
    def is_typed(self) -> bool:
        """Whether something else stands in it than in the record."""
        if self.editor.text_error():
            return True
        return bool((self.editor.value() or None) != (self.value or None))

    @property
    def raw(self) -> Any:
        """What stands in it, as JSON holds it."""
        return self.editor.raw()


class HandedOver(NamedTuple):
    """What was typed into a field and handed over, and is not in the base as far as is known."""

    ref: Ref
    key: str
    version: int
    raw: Any

    @property
    def is_typed(self) -> bool:
        """Always: what stands there is something else."""
        return True


Typed = InPlace | HandedOver


class KeptInPlace(QObject):
    """For one list, or one card."""

    def __init__(
        self,
        session: Session,
        opened: Callable[[], Iterable[Typed]],
        end: Callable[[], None],
        parent: QObject,
    ) -> None:
        """`opened`: the editors that are open, and what waits; `end` takes the editors away
        without saving."""
        super().__init__(parent)
        self._session, self._opened, self._end = session, opened, end
        self._turn = threading.Lock()
        self._left: dict[tuple[Ref, str], str] = {}
        """What was left in drafts as the base was closed, with the identity of the base."""
        session.leaving.connect(self._keep)
        session.texts_wanted.connect(self._keep)

    def keep(self, one: HandedOver) -> None:
        """It waits for the server: should the program end before, its draft has it."""
        if guid := self._guid():
            base = self._session.base
            self._ask(one, lambda: self._write(one, guid, base))

    def drop(self, one: HandedOver) -> None:
        """It is in the base now, or given up."""
        if guid := self._guid():
            self._ask(one, lambda: self._take_out(one.ref, one.key, guid))

    @contextmanager
    def landing(self, ref: Ref, key: str) -> Iterator[None]:
        """In the worker: a value that was handed over has been saved; the block notes that where
        `opened` looks. If the base is being closed meanwhile, its draft has it already."""
        with self._turn:
            yield
            if guid := self._left.pop((ref, key), ""):
                self._take_out(ref, key, guid)

    def _ask(self, one: HandedOver, work: Callable[[], None]) -> None:
        self._session.operations.query(
            ("typed in place", one.ref, one.key), lambda _job: work(), owner=self._session,
            done=lambda _none: None,
        )  # fmt: skip

    def _guid(self) -> str:
        """Of a base on a server; '' of another one."""
        entry = self._session.seat.entry
        return entry.standing.guid if entry is not None else ""

    def _keep(self, _found: object = None) -> None:
        """At once and here: after this the base can be asked for nothing."""
        with self._turn:
            guid = self._guid()
            for one in self._opened() if guid else ():
                if one.is_typed:
                    self._write(one, guid, self._session.base)
                    self._left[one.ref, one.key] = guid
        self._end()

    def _write(self, one: Typed, guid: str, base: Workspace) -> None:
        """A folder that cannot be written keeps drafts of forms neither."""
        from crm_desktop.ui.drafts.local import Draft, Drafts

        drafts = Drafts(self._session.settings.path.parent, guid)
        with _ONE_BY_ONE, suppress(OSError):
            before = drafts.read(one.ref)
            raw = {**(before.raw if before is not None else {}), one.key: one.raw}
            version = before.version if before is not None else one.version
            drafts.keep(one.ref, Draft(raw, version, base.clock.now(), base.login))

    def _take_out(self, ref: Ref, key: str, guid: str) -> None:
        from crm_desktop.ui.drafts.local import Drafts

        drafts = Drafts(self._session.settings.path.parent, guid)
        with _ONE_BY_ONE, suppress(OSError):
            before = drafts.read(ref)
            if before is None or key not in before.raw:
                return
            raw = {name: value for name, value in before.raw.items() if name != key}
            if raw:
                drafts.keep(ref, replace(before, raw=raw))
            else:
                drafts.drop(ref)
