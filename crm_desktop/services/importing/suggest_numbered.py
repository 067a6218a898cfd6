"""Several people of one row: `Contact 1, Telephone 1, Contact 2, Telephone 2`, `Second contact`.

Such columns belong together by their ordinal. They are taken apart only where a further record is
named at least a second time: `Telephone 2` alone is another number of the record itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.catalogue.fieldtypes import TextField
from crm_desktop.services.importing.places import Place

_ORDINALS = {
    "first": 1, "1st": 1, "main": 1, "primary": 1, "второй": 2, "второе": 2, "второго": 2,
    "second": 2, "2nd": 2, "secondary": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "первый": 1, "первое": 1, "первого": 1, "основной": 1, "основное": 1, "основного": 1,
    "третий": 3, "третье": 3, "третьего": 3, "четвертый": 4, "четвертое": 4, "четвертого": 4,
    "дополнительный": 2, "дополнительное": 2, "дополнительного": 2, "доп": 2,
}  # fmt: skip
_NUMBER = re.compile(r"№?([1-9])(?:й|ый|ой|ое|го|ого)?")
_SHORTEST_STEM, _LONGEST_STEM = (
    3,
    6,
)  # letters that `лицо` and `лица`, `контакта`, `контактное` share


def numbered(
    called: Mapping[int, str], groups: Mapping[str, list[Place]],
    names_of: Callable[[Field], set[str]],
) -> dict[int, Place]:  # fmt: skip
    """Where the columns of several records of one kind go; empty where a row has only one.

    `called`: the plain names of the columns; `groups`: the places of each further record.
    """
    told = {column: _apart(words) for column, words in called.items()}
    for group, spots in groups.items():
        titles = [spot for spot in spots if _is_title(spot) and isinstance(spot.field, TextField)]
        if not titles:
            continue
        words = {_stem(word) for name in names_of(titles[0].field) for word in name.split()}
        found = {
            column: (ordinal, spot)
            for column, (ordinal, rest) in told.items()
            if ordinal is not None
            and rest  # a column called `1` is nobody
            and (spot := _spot_called(rest, words, spots, titles[0], names_of)) is not None
        }
        named = {ordinal for ordinal, spot in found.values() if spot is titles[0]}
        if not {1, 2} <= named | _unnumbered(told, titles[0], names_of):
            continue
        return dict(_placed(group, found, named))
    return {}


def _apart(words: str) -> tuple[int | None, str]:
    """The ordinal that a column's name says, and the name without it."""
    ordinal, rest = None, []
    for word in words.split():
        number = _NUMBER.fullmatch(word)
        said = int(number[1]) if number else _ORDINALS.get(word)
        if said is None or ordinal is not None:
            rest.append(word)
        else:
            ordinal = said
    return ordinal, " ".join(rest)


def _spot_called(
    rest: str, words: set[str], spots: list[Place], title: Place,
    names_of: Callable[[Field], set[str]],
) -> Place | None:  # fmt: skip
    """The field that is meant: `telephone`, or `contact telephone` of what is called a contact."""
    if rest in names_of(title.field):
        return title
    bare = " ".join(word for word in rest.split() if _stem(word) not in words)
    if not bare:
        return title
    return next((spot for spot in spots if {rest, bare} & names_of(spot.field)), None)


def _unnumbered(
    told: Mapping[int, tuple[int | None, str]], title: Place, names_of: Callable[[Field], set[str]]
) -> set[int]:
    """`Contact` beside `Contact 2` is the first one."""
    names = names_of(title.field)
    own = any(ordinal is None and rest in names for ordinal, rest in told.values())
    return {1} if own else set()


def _placed(
    group: str, found: Mapping[int, tuple[int, Place]], named: set[int]
) -> Iterator[tuple[int, Place]]:
    taken: set[str] = set()
    for column, (ordinal, spot) in sorted(found.items()):
        if ordinal not in named:
            continue
        within = group if ordinal == 1 else f"{group}[{ordinal}]"
        path = f"{within}.{spot.field.key}"
        if path not in taken or not _is_title(spot):
            taken.add(path)
            yield column, Place(path, within, spot.entity, spot.field, spot.link)


def _is_title(spot: Place) -> bool:
    return spot.field.key == spot.entity.title_field


def _stem(word: str) -> str:
    return word[: max(_SHORTEST_STEM, min(_LONGEST_STEM, len(word) - 1))]
