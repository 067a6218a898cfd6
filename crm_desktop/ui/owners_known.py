"""Whose the records are that a page shows otherwise than in a list, such as cards and bars: known
before a gesture, so that it can be refused before it begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crm_desktop.services.rights import words
from crm_desktop.ui.operations import Job

if TYPE_CHECKING:
    from crm_desktop.errors import UserError
    from crm_desktop.services.rights.whose import Whose
    from crm_desktop.services.writing.changes import ChangeSet
    from crm_desktop.ui.session import Session


class OwnersKnown(QObject):
    """Of the records of one page; asked behind what is painted, where it makes a difference."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._known: dict[int, Whose | None] = {}
        """None: it is being asked, or one reaches it by its own owner."""
        session.changed.connect(self._changed)

    def read(self, entity: str, own: Mapping[int, int | None]) -> None:
        """These records are shown now, and no others. `own`: by record, whom it names; None where
        nobody."""
        self._known = {}
        self.add(entity, own)

    def add(self, entity: str, own: Mapping[int, int | None]) -> None:
        """These records are shown, too."""
        base, new = self._session.workspace, own.keys() - self._known.keys()
        if base is None or not new or not self._session.refusals.is_narrow(entity):
            return
        asked, known = {id_: own[id_] for id_ in new}, self._known
        known.update(dict.fromkeys(asked))

        def work(_job: Job) -> Mapping[int, Whose]:
            from crm_desktop.services.rights.whose import whose_others

            return whose_others(base, base.catalogue[entity], asked)

        def failed(_error: UserError) -> None:
            """The base says by itself what is refused; it is asked again the next time."""
            for id_ in asked:
                known.pop(id_, None)

        self._session.operations.query(
            ("owners known", id(self), min(asked)), work, owner=self, done=known.update,
            failed=failed,
        )  # fmt: skip

    def forget(self) -> None:
        """Whose they are may be another one's."""
        self._known = {}

    def _changed(self, changes: ChangeSet) -> None:
        if changes.whole:
            self.forget()
        for id_ in self._known.keys() & {id_ for ids in changes.touched.values() for id_ in ids}:
            self._known.pop(id_, None)

    def why(self, action: str, entity: str, ids: Iterable[int]) -> str:
        """Why it may not be done with the first of these records that is refused; '' where none
        is, or where the base has to say it."""
        refusals = self._session.refusals
        if (why := refusals.why(action, entity)) or action not in words.BY_RECORD:
            return why
        found = (refusals.why_of(action, self._known.get(id_)) for id_ in ids)
        return next((why for why in found if why), "")
