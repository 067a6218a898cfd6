"""A test run also says which new rows look like records that are in the base already.

Match fields find equal values; here the same client under another spelling is found. Each row is
asked for by itself, so only the first ones are: an import stays as quick as it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.services.importing.rowplan import Prepared
from crm_desktop.services.workspace import Workspace

MOST_ROWS = 200
"""New rows that are looked at."""
MOST_SECONDS = 2.0
"""On a slow server fewer are."""


@dataclass(frozen=True)
class LikeRow:
    """A row of the file that looks like a record: `row` as the file counts."""

    row: int
    name: str
    id: int
    title: str
    likelihood: float

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return asdict(self)


class Likeness:
    """Looks at the first rows of a test run."""

    def __init__(self, workspace: Workspace, entity: EntityDef) -> None:
        self._workspace = workspace
        self._entity = entity
        self.looked = 0
        self._seconds = 0.0
        self.found: list[LikeRow] = []

    def look(self, rows: Sequence[Prepared], is_new: Callable[[Prepared], bool]) -> None:
        """Asks about the rows that would make a new record."""
        for row in rows:
            if self.looked >= MOST_ROWS or self._seconds > MOST_SECONDS:
                return
            if is_new(row):
                self.looked += 1
                started = time.perf_counter()
                self._look_at(row)
                self._seconds += time.perf_counter() - started

    def _look_at(self, row: Prepared) -> None:
        part = row.parts[0]
        values = {
            key: value
            for key, value in part.values.items()
            if self._entity.has(key) and isinstance(value, str)
        }
        contacts = [str(value) for _mirror, value in part.contacts]
        like = self._workspace.duplicates.like(self._entity, values, contacts=contacts, limit=1)
        if like and like[0].likelihood >= self._workspace.duplicates.limits().shown:
            name = str(values.get(self._entity.title_field) or "")
            best = like[0]
            chance = round(best.likelihood, 3)
            self.found.append(LikeRow(row.number, name, best.id, best.title, chance))
