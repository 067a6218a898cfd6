"""What may not be done with the rows that are chosen, known before it is tried."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crm_desktop.services.rights import words
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.widgets.labels import Label

if TYPE_CHECKING:
    from crm_desktop.services.rights.whose import Split

_OF_ALL = (words.EXPORT, words.PRINT)
Act = Callable[[list[int], str], None]
"""What is done with records, and what is to be said of those that are left out."""


class RowRights(QObject):
    """Of one list."""

    def __init__(self, controller: ListController) -> None:
        super().__init__(controller)
        self._c = controller

    def why(self, action: str, record: int | None = None) -> str:
        """Why it may not be done with a record of the list, by default the current one."""
        refusals, source = self._c.session.refusals, self._c.loader.source
        if (why := refusals.why(action, self._c.key)) or action not in words.BY_RECORD:
            return why
        pointed = self._c.pointed()
        id_ = record if record is not None else pointed.id if pointed is not None else None
        if id_ is None or source is None or source.owners is None:
            return ""
        return refusals.why_of(action, source.owners.of(id_))

    def why_chosen(self, action: str) -> str:
        """Why it may be done with none of the ticked records, or not with the current one; where
        none is ticked all that is seen is exported and printed."""
        ticks = self._c.view.model.ticks
        if ticks.everything or (not ticks.ids and action in _OF_ALL):
            return self._c.session.refusals.why(action, self._c.key)
        found = [self.why(action, id_) for id_ in ticks.ids or (None,)]
        return found[0] if all(found) else ""

    def stops(self, action: str, record: int | None = None) -> bool:
        """Whether a key or another gesture on a record is refused: says why then."""
        return self._says(self.why(action, record))

    def stops_chosen(self, action: str) -> bool:
        """The same of all that is ticked."""
        return self._says(self.why_chosen(action))

    def _says(self, why: str) -> bool:
        if why:
            self._c.session.refusals.said.emit(why)
        return bool(why)

    def permitted(self, ids: Sequence[int], actions: Sequence[str], act: Act) -> None:
        """Acts on those of the records with which the person may do all this, and hands over what
        is to be said of the rest; where there is no other, that is all."""
        base, entity = self._c.session.base, self._c.entity
        if base.rights is None or not ids:
            act(list(ids), "")
            return

        def work(_job: Job) -> Split:
            from crm_desktop.services.rights.whose import split

            return split(base, entity, ids, actions)

        def done(found: Split) -> None:
            if found.allowed:
                act(list(found.allowed), found.why)
            else:
                self._says(found.why)

        self._c.session.operations.query(("permitted", id(self)), work, owner=self, done=done)


def changing(owner_field: bool = False) -> tuple[str, ...]:
    """What a person needs to give many records a value; of the field that says whose they are."""
    many = (words.MASS_EDIT, words.EDIT)
    return (*many, words.REASSIGN) if owner_field else many


class LeftOut(Label):
    """In a box about many records: how many of them are left out, and why."""

    def __init__(self, why: str = "") -> None:
        super().__init__("", "small", "warn", wrap=True)
        self.say(why)

    def say(self, why: str) -> None:
        """'' where none is."""
        self.setText(why)
        self.setVisible(bool(why))
