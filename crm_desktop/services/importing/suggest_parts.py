"""Columns that are parts of one thing: a date in three of them, a person's name in two or three."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import DateField, TextField
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.importing.places import Place
from crm_desktop.services.importing.readers.base import Cell, is_blank
from crm_desktop.services.rules import RULES

_LEAST_PARTS = 2
_DATE_PARTS = ("year", "month", "day")
NamesOf = Callable[[Field], set[str]]
"""The plain names of a field."""


def date_parts(
    called: Mapping[int, str], spots: Sequence[Place], names_of: NamesOf
) -> Iterator[tuple[int, tuple[Place, tuple[int, ...]]]]:
    """`Birth Year`, `Birth Month`, `Birth Day` are one date. `called`: the plain names of the
    columns."""
    by_words = {words: column for column, words in called.items()}
    for spot in spots:
        if not isinstance(spot.field, DateField) or spot.group:
            continue
        for name in names_of(spot.field):
            head = name.removesuffix(" date").removesuffix(" day").removesuffix("day").strip()
            parts = [by_words.get(f"{head} {part}") for part in _DATE_PARTS]
            found = tuple(column for column in parts if column is not None)
            if head and len(found) == len(_DATE_PARTS):
                yield from ((at, (spot, found)) for at in found)
                break


def to_name_parts(
    called: Mapping[int, str], spots: Sequence[Place], taken: dict[int, Place], names_of: NamesOf
) -> None:
    """A column that may be a name or a part of it, as `Имя`, is a part where another column is one:
    `Фамилия`. Parts of a name stand in one section of its object."""
    for column, spot in list(taken.items()):
        if spot.is_identity or spot.field.key != spot.entity.title_field:
            continue
        own = [one for one in taken.values() if one.group == spot.group and one is not spot]
        sections = {one.field.section for one in own if _is_part(one.field)}
        part = next(
            (
                one
                for one in spots
                if one.group == spot.group
                and _is_part(one.field)
                and one.field.section in sections
                and called[column] in names_of(one.field)
                and all(other.path != one.path for other in taken.values())
            ),
            None,
        )
        if part is not None:
            taken[column] = part


def to_whole_names(
    cells: Mapping[int, Sequence[Cell]], taken: dict[int, Place], spots: Sequence[Place]
) -> None:
    """`Имя` that holds the last name of the next column, too, is the whole name; the column that
    was taken for it is the part."""
    for column, part in list(taken.items()):
        if not _is_part(part.field) or part.forward:
            continue
        beside = [
            at for at, one in taken.items()
            if one.group == part.group and one is not part and _is_part(one.field)
            and one.field.section == part.field.section
        ]  # fmt: skip
        if not any(_holds_other(cells[column], cells[at]) for at in beside):
            continue
        title = part.entity.title_field
        named = [at for at, one in taken.items()
                 if one.group == part.group and one.field.key == title]  # fmt: skip
        whole = next((s for s in spots if s.group == part.group and s.field.key == title), None)
        if whole is not None:
            taken.update(dict.fromkeys(named, part))
            taken[column] = whole
            return


def _holds_other(cells: Sequence[Cell], others: Sequence[Cell]) -> bool:
    """Whether the words of another column stand within longer texts of this one."""
    both = [(norm(str(one)), norm(str(other))) for one, other in zip(cells, others, strict=True)
            if not is_blank(one) and not is_blank(other)]  # fmt: skip
    within = sum(one != other and other in one.split() for one, other in both)
    return within * 2 > len(both)


def drop_doubtful_titles(
    called: Mapping[int, str], taken: dict[int, Place], names_of: NamesOf
) -> None:
    """Beside columns of the parts of a name, a column is the whole name only if it is called just
    so: `Assistant's name` is somebody else's."""
    for column, spot in list(taken.items()):
        if spot.is_identity or spot.field.key != spot.entity.title_field:
            continue
        own = [one for one in taken.values() if one.group == spot.group and _is_part(one.field)]
        parts = [one for one in own if one.entity.key in RULES and one.field.section]
        if len(parts) > 1 and called[column] not in names_of(spot.field):
            del taken[column]


def to_joined_titles(
    catalogue: Catalogue, entity: EntityDef, called: Mapping[int, str], spots: Sequence[Place],
    taken: dict[int, Place], names_of: NamesOf,
) -> None:  # fmt: skip
    """`Фамилия` and `Имя` are together the name of a record that keeps no parts of it, where no
    other column names it."""
    whole = next((s for s in spots if not s.group and s.field.key == entity.title_field), None)
    parts = [
        {name for f in one.fields if is_part_of_title(one, f) for name in names_of(f)}
        for one in catalogue if one.key in RULES
    ]  # fmt: skip
    names = set().union(*parts)
    columns = [at for at, words in called.items() if words in names]
    named = [at for at, spot in taken.items() if spot is whole]
    keeps = any(is_part_of_title(entity, f) for f in entity.fields)
    if whole is None or keeps or len(columns) < _LEAST_PARTS or not set(named) <= set(columns):
        return
    theirs = {taken[at].group for at in columns if at in taken} - {""}
    for at, spot in list(taken.items()):
        if spot.group in theirs:
            del taken[at]
    taken.update(dict.fromkeys(columns, whole))


def is_part_of_title(entity: EntityDef, f: Field) -> bool:
    """Whether the field is a part of the name of such a record, as a last name."""
    return _is_part(f) and f.section == entity.title.label


def lone_part_to_title(
    called: Mapping[int, str], spots: Sequence[Place], taken: dict[int, Place], names_of: NamesOf
) -> None:
    """`Имя` without a last name beside it is the whole name."""
    for column, part in list(taken.items()):
        own = [one for one in taken.values() if one.group == part.group and one is not part]
        title = part.entity.title_field
        if not _is_part(part.field) or part.forward or part.entity.key not in RULES:
            continue
        if any(_is_part(one.field) and one.field.section == part.field.section
               or one.field.key == title for one in own):  # fmt: skip
            continue
        whole = next((s for s in spots if s.group == part.group and s.field.key == title), None)
        if whole is not None and called[column] in names_of(whole.field):
            taken[column] = whole


def has_name_parts(taken: Mapping[int, Place]) -> bool:
    """Whether the name of the record follows from parts that have columns, by the rules of it."""
    own = [spot for spot in taken.values() if not spot.group and not spot.is_identity]
    return any(spot.entity.key in RULES and _is_part(spot.field) for spot in own)


def _is_part(f: Field) -> bool:
    return type(f) is TextField and bool(f.section) and not f.search
