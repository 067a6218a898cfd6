"""Rows of what goes on all day, with its dates as they are called where the person sits.

Only a seat in another zone than the office has something to do here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.traits import Recurring, Scheduled
from crm_desktop.models.whole_days import seen_from

if TYPE_CHECKING:
    from crm_desktop.services.lists.rows import ListRow
    from crm_desktop.services.workspace import Workspace


class WholeDays:
    """For the rows of one list with these columns; asked in a worker."""

    def __init__(self, workspace: Workspace, entity: EntityDef, columns: Sequence[str]) -> None:
        self._workspace, self._entity = workspace, entity
        self._zone = workspace.clock.zone()
        trait, recurring = entity.trait(Scheduled), entity.trait(Recurring)
        self._all_day = trait.all_day if trait is not None else ""
        self._keys: list[str] = []
        if trait is not None:
            self._keys = [trait.starts, trait.ends, trait.due]
            self._keys += [recurring.moment] if recurring is not None else []
        self._places = {n: key for n, key in enumerate(columns) if key in self._keys}
        self._needed = bool(self._places) and self._is_abroad()

    def _is_abroad(self) -> bool:
        now, office = self._workspace.clock.now(), self._workspace.worktime.office_zone()
        return now.astimezone(self._zone).utcoffset() != now.astimezone(office).utcoffset()

    def rows(self, found: Sequence[ListRow]) -> Sequence[ListRow]:
        """The rows; those of whole days with the moments at which their dates begin here."""
        if not self._needed or not found:
            return found
        ids = [row.id for row in found]
        known = self._workspace.reader.many(
            self._entity.key, ids, [self._all_day, *self._keys]
        )  # fmt: skip
        return [self._placed(row, known.get(row.id, {})) for row in found]

    def _placed(self, row: ListRow, values: dict[str, object]) -> ListRow:
        if not values.get(self._all_day):
            return row
        seen = seen_from(self._zone, values, self._keys, self._workspace.worktime.usual_zone())
        cells = [seen.get(self._places[n], cell) if n in self._places else cell
                 for n, cell in enumerate(row.cells)]  # fmt: skip
        return row._replace(cells=tuple(cells))
