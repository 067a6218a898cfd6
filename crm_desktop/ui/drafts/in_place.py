"""What is typed in place, in a cell of a list or a line of a card, while the base is closed under
it (it was upgraded, the account was closed, somebody signs in again): the draft of its record keeps
it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from crm_desktop.ui.editors import EditorBase


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


class KeptInPlace(QObject):
    """For one list, or one card."""

    def __init__(
        self,
        session: Session,
        opened: Callable[[], Iterable[InPlace]],
        end: Callable[[], None],
        parent: QObject,
    ) -> None:
        """`opened`: the editors that are open; `end` takes them away without saving."""
        super().__init__(parent)
        self._session, self._opened, self._end = session, opened, end
        session.leaving.connect(self._keep)
        session.texts_wanted.connect(self._keep)

    def _keep(self, _found: object = None) -> None:
        """At once and here: after this the base can be asked for nothing."""
        typed = [one for one in self._opened() if one.is_typed]
        entry = self._session.seat.entry
        if typed and entry is not None:
            for one in typed:
                with suppress(OSError):  # a folder that cannot be written: drafts of forms neither
                    self._write(one, entry.standing.guid)
        self._end()

    def _write(self, one: InPlace, guid: str) -> None:
        from crm_desktop.ui.drafts.local import Draft, Drafts

        base, drafts = self._session.base, Drafts(self._session.settings.path.parent, guid)
        before = drafts.read(one.ref)
        raw = {**(before.raw if before is not None else {}), one.key: one.editor.raw()}
        version = before.version if before is not None else one.version
        drafts.keep(one.ref, Draft(raw, version, base.clock.now(), base.login))
