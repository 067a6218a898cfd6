"""Whose telephone it is: a column named after the person of the row belongs to the person.

`Contact person` beside `Phone of the contact`: the first names a further record of the row, the
second is called after it. What is called exactly as a field of the record itself stays there, but
in a file whose rows go on with more people, each with a telephone: then all of them are theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from crm_desktop.i18n import LANGUAGES, said_in
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.text.persons import several_people
from crm_desktop.services.importing.mapping import Target
from crm_desktop.services.importing.places import Place, contacts_mirror
from crm_desktop.services.importing.readers.base import Cell, is_blank
from crm_desktop.services.importing.suggest_parts import is_part_of_title

_BETWEEN = ("\n", ";", ",", "/")
_MOST_PEOPLE = 4
_STEM = 6  # letters that the forms of a Russian word have in common, as in `контакта`, `контактное`


def to_named_records(
    entity: EntityDef, called: Mapping[int, str], spots: Sequence[Place], taken: dict[int, Place],
    is_own: Callable[[int, Place], bool],
) -> None:  # fmt: skip
    """Gives numbers and addresses to the further record that their columns are called after.

    `called`: the plain names of the columns; `is_own`: a column is called just as the field.
    """
    labels = (said_in(code, entity.label) for code in LANGUAGES)
    own = _stems(*labels, *entity.title.synonyms)
    for group, stems in _named(called, taken, own):
        for column, spot in list(taken.items()):
            if spot.group or contacts_mirror(spot.entity, spot.field) is None:
                continue
            theirs = next((s for s in spots if s.group == group and _same(s, spot)), None)
            after = not stems.isdisjoint(_stems(called.get(column, "")))
            if theirs is not None and after and not is_own(column, spot):
                taken[column] = theirs


def to_people_below(
    rows: Sequence[Sequence[Cell]], spots: Sequence[Place], taken: dict[int, Place]
) -> None:  # fmt: skip
    """Gives numbers and addresses to the further record of the row where rows without a name of
    their own, or with that of a row before, have them, too."""
    own = next((c for c, s in taken.items() if not s.group and _is_title(s)), None)
    for column, theirs in list(taken.items()):
        names = _is_title(theirs) or is_part_of_title(theirs.entity, theirs.field)
        if own is None or not theirs.group or theirs.forward or not names:
            continue
        below = list(_below(rows, column, own))
        for at, spot in list(taken.items()):
            if spot.group or at < column or contacts_mirror(spot.entity, spot.field) is None:
                continue
            other = next((s for s in spots if s.group == theirs.group and _same(s, spot)), None)
            if other is not None and any(_is_filled(row, at) for row in below):
                taken[at] = other


def parted_people(
    targets: Sequence[Target], spots: Sequence[Place], cells: Mapping[str, Sequence[Cell]]
) -> tuple[Target, ...]:
    """A column of which cells name several people becomes one of as many people of the row.

    `cells`: what stands in the columns, by their names.
    """
    titles = {
        spot.path: spot for spot in spots
        if spot.group and not spot.forward and _is_title(spot)
        and any(is_part_of_title(spot.entity, f) for f in spot.entity.fields)
    }  # fmt: skip
    taken = {path.partition(".")[0] for target in targets for path in target.fields}
    found = []
    for target in targets:
        spot = titles.get(target.field)
        is_alone = len(target.columns) == 1 and len(target.fields) == 1
        if spot is not None and is_alone and f"{spot.group}[2]" not in taken:
            sign, count = _parting(cells[target.columns[0]])
            more = [f"{spot.group}[{n}].{spot.field.key}" for n in range(2, count + 1)]
            target = replace(target, fields=(spot.path, *more), split=sign if more else "")
        found.append(target)
    return tuple(found)


def _parting(cells: Sequence[Cell]) -> tuple[str, int]:
    """What stands between the people of a cell, and how many there are at most."""
    told = [cell for cell in cells if isinstance(cell, str)]
    for sign in _BETWEEN:
        counts = [len(cell.split(sign)) for cell in told if sign in cell]
        parted = [len(several_people(cell)) for cell in told if sign in cell]
        if counts and counts == parted and max(counts) <= _MOST_PEOPLE:
            return sign, max(counts)
    return "", 1


def _below(rows: Sequence[Sequence[Cell]], column: int, own: int) -> Iterator[Sequence[Cell]]:
    """The rows with a further record that go on with that of a row above."""
    seen: set[Cell] = set()
    for row in rows:
        name = row[own] if _is_filled(row, own) else None
        if _is_filled(row, column) and (name is None or name in seen):
            yield row
        if isinstance(name, str):
            seen.add(name)


def _is_filled(row: Sequence[Cell], column: int) -> bool:
    return column < len(row) and not is_blank(row[column])


def _is_title(spot: Place) -> bool:
    return not spot.is_identity and spot.field.key == spot.entity.title_field


def _named(
    called: Mapping[int, str], taken: Mapping[int, Place], own: set[str]
) -> Iterator[tuple[str, set[str]]]:
    """Each further record that a column names, and the words it is named by."""
    for column, spot in taken.items():
        if spot.group and _is_title(spot):
            yield spot.group, _stems(called.get(column, "")) - own


def _stems(*texts: str) -> set[str]:
    words = (word for text in texts for word in text.lower().split())
    return {word[:_STEM] for word in words if len(word) >= _STEM}


def _same(theirs: Place, own: Place) -> bool:
    return (
        type(theirs.field) is type(own.field)
        and contacts_mirror(theirs.entity, theirs.field) is not None
    )
