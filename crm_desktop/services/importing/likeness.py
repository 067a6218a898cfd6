"""An import and its test run say which new rows look like records that are in the base already.

Match fields find equal values; here the same client under another spelling is found. Each row is
asked for by itself, so only the first ones are: an import stays as quick as it is. What a real
import finds is kept with what sweeps find, so that the page of duplicates shows it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.services.duplicates.sweep import FoundGroup
from crm_desktop.services.importing.rowplan import Prepared
from crm_desktop.services.workspace import Workspace

MOST_ROWS = 200
"""New rows that are looked at."""
MOST_SECONDS = 2.0
"""On a slow server fewer are."""
SHARE_OF_TIME, LEAST_SECONDS = 0.01, 0.25
"""So much of the time of a real import may go into it, but a quarter of a second in any case."""


@dataclass(frozen=True)
class LikeRow:
    """A row of the file that looks like a record: `row` as the file counts; `new` is the number
    of the record that the row has made, 0 in a test run."""

    row: int
    name: str
    id: int
    title: str
    likelihood: float
    new: int = 0

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return asdict(self)


class Likeness:
    """Looks at the first new rows of a run."""

    def __init__(self, workspace: Workspace, entity: EntityDef) -> None:
        self._workspace = workspace
        self._entity = entity
        self.looked = 0
        self._seconds, self._allowed = 0.0, MOST_SECONDS
        self._reasons: tuple[str, ...] = ()
        self._noted: list[tuple[Prepared, int]] = []
        self.found: list[LikeRow] = []

    def look(self, new: Sequence[tuple[Prepared, int]]) -> None:
        """Asks about rows that would make a new record, in a test run."""
        for row, _id in new:
            if not self._look_at(row, 0):
                return

    def note(self, new: Sequence[tuple[Prepared, int]]) -> None:
        """Remembers the first rows that have made a record, for `look_back`."""
        room = MOST_ROWS - len(self._noted)
        if room > 0:
            self._noted += new[:room]

    def look_back(self, seconds: float) -> None:
        """Asks about the records that were made by an import of so many seconds."""
        self._allowed = min(MOST_SECONDS, max(LEAST_SECONDS, seconds * SHARE_OF_TIME))
        pairs: dict[tuple[int, ...], FoundGroup] = {}
        for row, id_ in self._noted:
            before = len(self.found)
            if not self._look_at(row, id_):
                break
            for one in self.found[before:]:
                ids = tuple(sorted((one.new, one.id)))
                pairs[ids] = FoundGroup(one.likelihood, ids, self._reasons)
        self._workspace.duplicates.keep_found(self._entity, list(pairs.values()))

    def _look_at(self, row: Prepared, id_: int) -> bool:
        """Whether there was time for it."""
        if self.looked >= MOST_ROWS or self._seconds > self._allowed:
            return False
        self.looked += 1
        started = time.perf_counter()
        self._ask(row, id_)
        self._seconds += time.perf_counter() - started
        return True

    def _ask(self, row: Prepared, id_: int) -> None:
        part = row.parts[0]
        values = {
            key: value
            for key, value in part.values.items()
            if self._entity.has(key) and isinstance(value, str)
        }
        contacts = [str(value) for _mirror, value in part.contacts]
        duplicates = self._workspace.duplicates
        like = duplicates.like(self._entity, values, contacts=contacts, but=id_ or None, limit=1)
        if like and like[0].likelihood >= duplicates.limits().shown:
            name = str(values.get(self._entity.title_field) or "")
            best = like[0]
            self._reasons = best.reasons
            chance = round(best.likelihood, 3)
            self.found.append(LikeRow(row.number, name, best.id, best.title, chance, id_))
