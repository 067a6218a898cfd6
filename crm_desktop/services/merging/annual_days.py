"""Activities that are planned for a day in a field, such as a birthday, when records are merged.

Each record has its own for the same day; of the merged one there is to be one. Those that were done
stay: they are what happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.builtin.activity import OPEN_STATES
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.services.annual.made import UID, mark, note, planned_for, uid_of
from crm_desktop.services.annual.times import own_days
from crm_desktop.services.writing.batch import Batch, Staged, same
from crm_desktop.services.writing.staging import Delete, Update, Write


class AnnualMerge:
    """Of one merge; `before`: the values of all the records, `after`: those of the merged one."""

    def __init__(
        self, batch: Batch, entity: EntityDef, ids: Sequence[int],
        before: Mapping[int, Mapping[str, Any]], after: Mapping[str, Any],
    ) -> None:  # fmt: skip
        self._batch, self._before, self._after = batch, before, after
        self._refs = [Ref(entity.key, id_) for id_ in ids]
        self._fields, self._years = own_days(entity), dict[str, int]()

    def writes(self) -> list[Write]:
        """What deletes the activities that are one too many and gives the others to the winner."""
        if not self._fields:
            return []
        around = self._batch.now.year
        places = [(ref, f, around) for ref in self._refs for f in self._fields]
        found = planned_for(self._batch, places)
        open_ = {place: [one for one in rows if _state(one) in OPEN_STATES]
                 for place, rows in found.items()}  # fmt: skip
        return [write for f in self._fields for write in self._of_field(f, open_)]

    def note(self, backend: Backend) -> None:
        """What the winner took over counts as made for it."""
        if self._years:
            note(backend, self._batch.reader.tables, self._years, self._batch.connection)

    def _of_field(
        self, f: Field, found: Mapping[tuple[Ref, str], Sequence[Staged]]
    ) -> Iterator[Write]:
        winner, *losers = self._refs
        taken = {_year(one) for one in found.get((winner, f.key), ())}
        for ref in losers:
            kept = same(self._before[ref.id].get(f.key), self._after.get(f.key))
            for one in found.get((ref, f.key), ()):
                year = _year(one)
                if not kept or year in taken:
                    yield Delete(one.entity.key, one.id)
                    continue
                taken.add(year)
                name = mark(self._batch.reader.tables, winner, f.key)
                self._years[name] = max(year, self._years.get(name, 0))
                uid = uid_of(self._batch, winner, f, year)
                yield Update(one.entity.key, one.id, {UID: uid})


def _state(one: Staged) -> Any:
    return (one.after or {}).get("state")


def _year(one: Staged) -> int:
    anchor = (one.after or {}).get("anchor")
    return anchor.year if isinstance(anchor, date) else 0
