"""What a row is to those around it: it goes on with the record above, or heads the rows below.

A telephone in the column of a person who is not named is the client's.

Client      | Contact    | Telephone
Alpha Ltd   | Ann Lee    | 22-33-44
            | Bob Fox    | 22-33-45      <- a further person of Alpha Ltd; so a further account
North                                    <- heads what follows: no record, if it is merged or
                                            stands in another column of the next row, too
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.importing.mapping import REFUSE
from crm_desktop.services.importing.readers.base import Cell, Sheet, is_blank
from crm_desktop.services.importing.rowplan import ABOVE, Part, Prepared, Problem, RowPlan

_WIDE = 3  # columns; two merged cells may be one long name
_SHARE = 0.5


class Surroundings:
    """Looks at the prepared rows of one sheet, in their order."""

    def __init__(self, plan: RowPlan, headings: Iterable[int] | None = ()) -> None:
        """`headings`: see `headings_of`."""
        self._entity = plan.entity
        groups = list(enumerate(plan.groups))
        below = [(at, one) for at, one in groups if one.link and not one.forward]
        self._below = [(at, one.entity) for at, one in below if not one.is_beside]
        self._forward = [at for at, one in groups if one.forward]
        self._beside = [at for at, one in groups if one.is_beside]
        self._headings = frozenset(headings or ())
        self._above = 0  # the row whose record the next ones may go on with
        self._cells: Sequence[Cell] = ()
        self._title = [plan.entity.title_field]
        known = {spot.path for group, spot in plan.match if not group} | {*self._title}
        self._naming = plan.columns_of(known)
        self._is_table = headings is not None and len(plan.mapping.columns()) >= _WIDE
        self._refuses_names = plan.mapping.name_only == REFUSE

    def look(self, rows: Sequence[Prepared]) -> list[Prepared]:
        """The rows, each marked with the one it goes on with, or refused as a heading."""
        return [self._look(row, next_) for row, next_ in zip_longest(rows, rows[1:]) if row]

    def _look(self, row: Prepared, following: Prepared | None) -> Prepared:
        if self._is_heading(row) or self._names_group(row, following):
            said = _("The row heads those below it: it is no record")
            row.problems.append(Problem("", "", "", said))
        if any(not one.field for one in row.problems):
            self._above = 0
        elif row.parts[0].values.get(self._entity.title_field) is not None:
            self._above, self._cells = row.number, row.cells
            self._take_nobodys(row.parts)
        elif self._above and (self._below or self._beside) and self._goes_on(row.parts):
            row.parts[0].values[ABOVE] = self._above
            return row._replace(cells=self._with_name(row.cells))
        return row

    def name_only(self, rows: Iterable[Prepared]) -> list[tuple[int, str]]:
        """The rows that come in with a name and nothing else: their numbers and names."""
        key = self._title[0]
        return [(r.number, str(r.parts[0].values[key])) for r in rows if self._is_name_only(r)]

    def _names_group(self, row: Prepared, following: Prepared | None) -> bool:
        """Whether a row of a name alone heads others: so it was said, or the next row has the same
        in another column, such as that of its town."""
        if not self._is_name_only(row):
            return False
        name = norm(str(row.parts[0].values[self._title[0]]))
        below = following.cells if following is not None else ()
        again = any(
            isinstance(cell, str) and norm(cell) == name
            for place, cell in enumerate(below) if is_blank(_at(row.cells, place))
        )  # fmt: skip
        return self._refuses_names or again

    def _is_name_only(self, row: Prepared) -> bool:
        """Whether all that the row says is a name, where it could say more: it may be a heading."""
        own = row.parts[0]
        return (
            self._is_table
            and not row.problems
            and not own.contacts
            and [key for key, value in own.values.items() if value is not None] == self._title
            and all(part.is_empty for part in row.parts[1:])
            and sum(not is_blank(cell) for cell in row.cells) == 1
        )

    def _with_name(self, cells: Sequence[Cell]) -> Sequence[Cell]:
        """The cells, with those of the row above by which its record is known: a refused row that
        is brought in again by itself finds it."""
        whole = list(cells)
        for column in self._naming:
            whole += [None] * (column + 1 - len(whole))
            if column < len(self._cells) and is_blank(whole[column]):
                whole[column] = self._cells[column]
        return whole

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
        if not all(parts[at].is_empty for at in self._forward):
            return False
        below = next((one for one in self._below if not parts[one[0]].is_empty), None)
        if below is None:
            brings = own.contacts or any(not parts[at].is_empty for at in self._beside)
            return bool(brings) and not said
        theirs, entity = parts[below[0]], below[1]
        if not all(self._may_say(entity, theirs, key) for key in said):
            return False
        own.values.clear()
        theirs.values.update(said)
        _hand_over(own, theirs, entity)
        return True

    def _take_nobodys(self, parts: Sequence[Part]) -> None:
        """The telephone of somebody without a name reaches the record itself, and so does a note
        where it has room for one."""
        own = parts[0]
        for at, entity in self._below:
            said = {key: value for key, value in parts[at].values.items() if value is not None}
            if not (said or parts[at].contacts) or entity.title_field in said:
                continue
            if all(self._may_say(entity, own, key) for key in said):
                parts[at].values.clear()
                own.values.update(said)
                _hand_over(parts[at], own, self._entity)

    def _may_say(self, entity: EntityDef, part: Part, key: str) -> bool:
        """Whether a part may say what one of the other record says; `entity`: the lower one."""
        if not (entity.has(key) and self._entity.has(key)) or part.values.get(key) is not None:
            return False
        return type(entity.field(key)) is type(self._entity.field(key))


def _at(cells: Sequence[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else None


def _hand_over(giver: Part, taker: Part, entity: EntityDef) -> None:
    """Numbers and addresses, where the taker, a record of `entity`, has fields for them."""
    mirrors = {one.field: one for one in entity.traits_of(Mirror) if one.kind}
    taker.contacts.extend((mirrors[m.field], v) for m, v in giver.contacts if m.field in mirrors)
    giver.contacts[:] = [(m, value) for m, value in giver.contacts if m.field not in mirrors]


def headings_of(sheet: Sheet) -> list[int] | None:
    """The rows of a sheet in which one cell is merged over most columns; None for the cards of an
    address book and other records that no person has laid out in rows."""
    if sheet.names is not None:
        return None
    least = max(_WIDE, sheet.columns * _SHARE)
    return [
        merge.top for merge in sheet.merged
        if merge.top == merge.bottom and merge.right - merge.left + 1 >= least
    ]  # fmt: skip
