"""What a row is to those around it: it goes on with the record above, or heads the rows below.

A telephone in the column of a person who is not named is the client's.

Client      | Contact    | Telephone
Alpha Ltd   | Ann Lee    | 22-33-44
            | Bob Fox    | 22-33-45      <- a further person of Alpha Ltd
North                                    <- heads what follows: no record
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.services.importing.readers.base import Sheet, is_blank
from crm_desktop.services.importing.rowplan import ABOVE, Part, Prepared, Problem, RowPlan

_WIDE = 3  # columns; two merged cells may be one long name
_SHARE = 0.5


class Surroundings:
    """Looks at the prepared rows of one sheet, in their order."""

    def __init__(self, plan: RowPlan, headings: Iterable[int] = ()) -> None:
        """`headings`: see `headings_of`."""
        self._entity = plan.entity
        groups = list(enumerate(plan.groups))
        self._below = [(at, one.entity) for at, one in groups if one.link and not one.forward]
        self._beside = [at for at, one in groups if one.forward]
        self._headings = frozenset(headings)
        self._above = 0  # the row whose record the next ones may go on with

    def look(self, row: Prepared) -> None:
        """Marks the row with the one it goes on with, or refuses it as a heading."""
        if self._is_heading(row):
            said = _("The row heads those below it: it is no record")
            row.problems.append(Problem("", "", "", said))
        if any(not one.field for one in row.problems):
            self._above = 0
        elif row.parts[0].values.get(self._entity.title_field) is not None:
            self._above = row.number
            self._take_nobodys(row.parts)
        elif self._above and self._below and self._goes_on(row.parts):
            row.parts[0].values[ABOVE] = self._above

    def _is_heading(self, row: Prepared) -> bool:
        nothing = all(part.is_empty for part in row.parts)
        if not (nothing or row.number in self._headings) or row.problems:
            return False
        return sum(not is_blank(cell) for cell in row.cells) == 1

    def _goes_on(self, parts: Sequence[Part]) -> bool:
        """Whether all that the row says can be said of a record below the one above; then what
        stands in columns of that one, such as a telephone, is the lower one's, too."""
        own = parts[0]
        self._take_nobodys(parts)
        said = {key: value for key, value in own.values.items() if value is not None}
        if not all(parts[at].is_empty for at in self._beside):
            return False
        below = next((one for one in self._below if not parts[one[0]].is_empty), None)
        if below is None:
            return bool(own.contacts) and not said
        theirs, entity = parts[below[0]], below[1]
        if not all(self._may_say(entity, theirs, key) for key in said):
            return False
        own.values.clear()
        theirs.values.update(said)
        _hand_over(own, theirs, entity)
        return True

    def _take_nobodys(self, parts: Sequence[Part]) -> None:
        """The telephone of somebody without a name reaches the record itself."""
        for at, _entity in self._below:
            if parts[at].contacts and all(value is None for value in parts[at].values.values()):
                _hand_over(parts[at], parts[0], self._entity)

    def _may_say(self, entity: EntityDef, part: Part, key: str) -> bool:
        if not entity.has(key) or part.values.get(key) is not None:
            return False
        return type(entity.field(key)) is type(self._entity.field(key))


def _hand_over(giver: Part, taker: Part, entity: EntityDef) -> None:
    """Numbers and addresses, where the taker, a record of `entity`, has fields for them."""
    mirrors = {one.field: one for one in entity.traits_of(Mirror) if one.kind}
    taker.contacts.extend((mirrors[m.field], v) for m, v in giver.contacts if m.field in mirrors)
    giver.contacts[:] = [(m, value) for m, value in giver.contacts if m.field not in mirrors]


def headings_of(sheet: Sheet) -> Iterator[int]:
    """The rows of a sheet in which one cell is merged over most columns."""
    for merge in sheet.merged:
        width = merge.right - merge.left + 1
        if merge.top == merge.bottom and width >= max(_WIDE, sheet.columns * _SHARE):
            yield merge.top
