"""Whose the rows of a list are: what decides is read with each page, so that it costs no question.

Only what belongs to other records, or what several take part in, is asked about once more, and of
that only the rows that one does not reach by their own owner.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.services.lists.rows import ListRow
from crm_desktop.services.rights.owners import Known, known_from, read_for_owners
from crm_desktop.services.rights.whose import Whose, decided_alone, narrowed, of_known, own_only

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

MOST_KEPT = 20_000
"""Rows that were seen longest ago are forgotten beyond that."""


class RowOwners:
    """Of one list; noted in a worker, asked in the window."""

    def __init__(self, base: Workspace, entity: EntityDef) -> None:
        self._base, self._entity = base, entity
        rights = base.rights
        self._narrow = narrowed(rights, entity) if rights is not None else ()
        self.columns = tuple(read_for_owners(entity)) if self._narrow else ()
        """What a page reads for it, after its other columns."""
        self._known: dict[int, Whose] = {}

    def of(self, id_: int) -> Whose | None:
        """Whose a row is; None if that is not known, or makes no difference."""
        return self._known.get(id_)

    def note(self, rows: Sequence[ListRow]) -> None:
        """Rows that came, with `columns` at their end."""
        if not self.columns or not rows:
            return
        known = [self._one(row) for row in rows]
        alone = decided_alone(self._entity)
        asked = [one for one in known if not alone and not self._is_reached(own_only(one))]
        found = {one.id: self._own(one) for one in known if one.id is not None}
        if asked:
            with self._base.backend.read() as connection:
                found |= of_known(self._base, asked, connection)
        self._known.update(found)
        for id_ in list(self._known)[: max(0, len(self._known) - MOST_KEPT)]:
            self._known.pop(id_, None)

    def bare(self, rows: Sequence[ListRow]) -> Sequence[ListRow]:
        """The rows as they are shown, without what was read for this."""
        if not self.columns:
            return rows
        return [row._replace(cells=row.cells[: -len(self.columns)]) for row in rows]

    def _one(self, row: ListRow) -> Known:
        values = dict(zip(self.columns, row.cells[-len(self.columns) :], strict=True))
        plain: dict[str, Any] = {
            key: self._plain(key, value) for key, value in values.items()
        }  # fmt: skip
        return known_from(self._entity, row.id, plain)

    def _plain(self, key: str, value: Any) -> Any:
        """A link to one object as the reader gives it, by its number."""
        one_object = key == "created_by" or self._entity.field(key).storage == "link"
        return value.id if one_object and isinstance(value, Ref) else value

    def _own(self, one: Known) -> Whose:
        own = own_only(one)
        return Whose(self._entity.key, frozenset() if own is None else frozenset({own}))

    def _is_reached(self, owner: int | None) -> bool:
        """Whether all that is narrow is allowed on that colleague's records."""
        rights = self._base.rights
        return rights is not None and owner is not None and all(
            owner in rights.reached(action, self._entity) for action in self._narrow
        )  # fmt: skip
