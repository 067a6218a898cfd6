"""A first mapping for a file: by what its columns are called, then by what they hold.

A column that is called as a field is (its key, its label in any language, a synonym) belongs to
it; one that is called nearly so does too; what is left is judged by its cells. The person has the
last word, and what he chose is offered again for files of the same columns (`learned`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from crm_desktop.i18n import LANGUAGES, said_in
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import (
    AddressField,
    DateField,
    DateTimeField,
    DecimalField,
    EmailField,
    IntegerField,
    LinkField,
    LongTextField,
    PhoneField,
    TextField,
    UrlField,
)
from crm_desktop.services.importing.content import ENOUGH, Shares, shares
from crm_desktop.services.importing.mapping import Mapping, Target
from crm_desktop.services.importing.pictures import has_pictures
from crm_desktop.services.importing.places import IDENTITY, Place, contacts_mirror, numbers, places
from crm_desktop.services.importing.readers.base import Cell
from crm_desktop.services.importing.readers.header import is_nameless
from crm_desktop.services.importing.suggest_beside import (
    beside_names,
    second_numbers,
)
from crm_desktop.services.importing.suggest_cards import (
    addresses_of,
    employees_of,
    is_told,
    of_cards,
    to_employees,
)
from crm_desktop.services.importing.suggest_cells import has_page_texts, may_hold
from crm_desktop.services.importing.suggest_groups import lacks_links, unnamed_groups
from crm_desktop.services.importing.suggest_names import NEAR, NameBook, bare, is_remark, plain
from crm_desktop.services.importing.suggest_numbered import numbered
from crm_desktop.services.importing.suggest_parts import (
    date_parts,
    drop_doubtful_titles,
    has_name_parts,
    lone_part_to_title,
    to_joined_titles,
    to_name_parts,
    to_whole_names,
)
from crm_desktop.services.importing.suggest_people import (
    parted_people,
    to_named_records,
    to_people_below,
)
from crm_desktop.services.importing.suggest_whole import to_own_title, to_parts, to_title_beside

_LABEL, _IN_GROUP, _OUR_WORD, _EMPTY = 120.0, 12.0, 2.0, 3.0
_LEAST = 60.0
_RANK = 0.01


@dataclass
class _Column:
    name: str
    place: int
    shares: Shares
    cells: Sequence[Cell] = ()
    words: str = field(init=False)
    bare: str = field(init=False)

    def __post_init__(self) -> None:
        self.words = plain(self.name)
        self.bare = bare(self.words)


def suggest(
    catalogue: Catalogue,
    entity: EntityDef,
    names: Sequence[str],
    rows: Sequence[Sequence[Cell]] = (),
    *,
    meanings: Sequence[str] | None = None,
) -> Mapping:
    """A mapping of the columns into the object and what stands in the same row with it.

    `meanings`: what the format itself says each column holds; it goes before the names.
    """
    called = meanings if meanings is not None else names
    columns = [
        _Column(name, place, shares(cells), cells)
        for place, name in enumerate(called)
        for cells in [[row[place] if place < len(row) else None for row in rows]]
    ]
    spots = list(places(catalogue, entity, pictures=has_pictures(rows)))
    people = employees_of(spots, _called) if meanings is not None else ""
    if meanings is not None:
        columns = [one for one in columns if is_told(one.name, twice=bool(people))]
    words = {column.place: column.words for column in columns}
    dates = dict(date_parts(words, spots, _called))
    own = list(_numbers(catalogue, entity, columns))
    several = {} if meanings is not None else _several(columns, spots)
    apart = {*dates, *several, *(column.place for _score, column, _spot in own)}
    scored = [(score, column, spot) for score, column, spot in _scores(columns, spots)
              if column.place not in apart]  # fmt: skip
    scored += own
    taken = {**_assigned(sorted(scored, key=lambda s: (-s[0], s[1].place))), **several}
    if meanings is None:
        _by_content(columns, spots, taken, set(dates))
        to_name_parts(words, spots, taken, _called)
        to_whole_names({c.place: c.cells for c in columns}, taken, spots)
        drop_doubtful_titles(words, taken, _called)
        lone_part_to_title(words, spots, taken, _called)
        to_joined_titles(catalogue, entity, words, spots, taken, _called)
        to_people_below(rows, spots, taken)
        to_own_title(entity, spots, taken, words)
        bare = {column.place: column.bare for column in columns}
        to_named_records(entity, bare, spots, taken, lambda at, spot: bare[at] in _plain(spot))
        cells = {column.place: column.cells for column in columns}
        to_parts(words, taken, cells)
        to_title_beside(
            entity, [at for at, n in enumerate(names) if is_nameless(n, at)], cells, taken
        )
    further = second_numbers({c.place: c.cells for c in columns}, taken, spots)
    targets = tuple(_targets(names, taken, dates, further))
    if meanings is None:
        ours = any(target.field == IDENTITY.key for target in targets) or _is_own_list(names, taken)
        held = [column.cells for column in columns]
        targets = parted_people(targets, spots, dict(zip(names, held, strict=True)))
        return Mapping(targets, html=not ours and has_page_texts(held))
    if people and any(target.field.startswith(f"{people}.") for target in targets):
        targets = to_employees(entity, spots, targets, people)
    return Mapping(of_cards(entity, names, called, targets, addresses_of(spots), people))


def _assigned(scored: Sequence[tuple[float, _Column, Place]]) -> dict[int, Place]:
    """The best field for each column. A further record of the row that is not named by the file
    gives way, and its columns are looked at again: at first one that no column could name, for it
    may have taken the name of another."""
    nameable = {spot.group for _score, _column, spot in scored if _is_title(spot)}
    weak: set[str] = set()
    while True:
        taken: dict[int, Place] = {}
        for _score, column, spot in scored:
            allowed = spot.is_identity or spot.group not in weak
            is_open = allowed and column.place not in taken
            if is_open and _is_free(spot, taken):
                taken[column.place] = spot
        blank = {column.place for _score, column, _spot in scored if not column.shares.filled}
        unnamed = set(unnamed_groups(taken, blank))
        if not unnamed:
            return taken
        weak |= (unnamed - nameable) or unnamed


def _numbers(
    catalogue: Catalogue, entity: EntityDef, columns: Sequence[_Column]
) -> Iterator[tuple[float, _Column, Place]]:
    """The columns of numbers that our own exports have, called exactly as there."""
    known = {}
    for spot in numbers(catalogue, entity):
        known.update(dict.fromkeys((spot.path, *spot.labels()), spot))
    for column in columns:  # a foreign file may call anything its id
        figures = not column.shares.filled or column.shares.number >= ENOUGH
        if column.name in known and figures:
            yield _LABEL, column, known[column.name]


def _several(columns: Sequence[_Column], spots: Sequence[Place]) -> dict[int, Place]:
    """The columns of further records of which a row has several."""
    groups: dict[str, list[Place]] = {}
    for spot in spots:
        if spot.group and not spot.forward and spot.entity.navigation:
            groups.setdefault(spot.group, []).append(spot)
    able = {group: found for group, found in groups.items() if not lacks_links(found)}
    return numbered({column.place: column.words for column in columns}, able, _called)


def _is_own_list(names: Sequence[str], taken: dict[int, Place]) -> bool:
    """Whether each column is called just as our own exports of lists call it: their texts stand as
    they were typed."""
    return bool(names) and all(
        at in taken and name in _labels(taken[at]) for at, name in enumerate(names)
    )


def _plain(spot: Place) -> set[str]:
    return _called(spot.field)


def _called_within(spot: Place) -> set[str]:
    """With the name of its object before it, too, as in `Person - Name`, for a further record."""
    names = _called(spot.field)
    if not spot.group or spot.link is None or spot.forward or not spot.entity.navigation:
        return names
    objects = {plain(said_in(code, spot.entity.label)) for code in LANGUAGES}
    return names | {f"{one} {name}" for one in objects for name in names}


def _called(f: Field) -> set[str]:
    return {plain(name) for name in _names_of(f)}


def _names_of(f: Field) -> Iterator[str]:
    yield from (f.key, *f.synonyms)
    yield from _our_words(f)


def _our_words(f: Field) -> Iterator[str]:
    yield from (said_in(code, f.label) for code in LANGUAGES)


def _scores(
    columns: Sequence[_Column], spots: Sequence[Place]
) -> Iterator[tuple[float, _Column, Place]]:
    labels = [_labels(spot) for spot in spots]
    said = [{plain(label) for label in _our_words(spot.field)} for spot in spots]
    ranks = [_ranks(spot.field) for spot in spots]
    book = NameBook(
        [beside_names(spot, _called_within(spot), plain) for spot in spots],
        [contacts_mirror(spot.entity, spot.field) is not None for spot in spots],
    )
    exactly: dict[str, list[int]] = {}
    for at, names in enumerate(labels):
        for name in names:
            exactly.setdefault(name, []).append(at)
    titles = {at for at, spot in enumerate(spots) if not spot.group and _is_title(spot)}
    is_empty = not any(column.shares.filled for column in columns)
    for column in columns:
        if not column.words or is_remark(column.name):
            continue
        scores = book.scores(column.words)
        labelled = exactly.get(column.name, ())
        is_own_title = not titles.isdisjoint(scores)
        for at in sorted({*scores, *labelled}):
            spot, score = spots[at], _LABEL if at in labelled else scores[at]
            if not may_hold(spot, column.cells, labelled=at in labelled):
                continue
            if spot.group and is_own_title and score < NEAR - 5.0 and _is_title(spot):
                continue  # another name of the record itself, not a further record
            score += _fit(spot.field, column.shares) - (_IN_GROUP if spot.group else 0)
            score += _OUR_WORD * (column.words in said[at])
            score -= ranks[at].get(column.words, 0.0)
            score -= _EMPTY * (not column.shares.filled and not is_empty)
            if score >= _LEAST:
                yield score, column, spot


def _ranks(f: Field) -> dict[str, float]:
    """What a book's later names lose to earlier ones: a region is rather called so than a country
    that stands beside it."""
    names = f.synonyms if isinstance(f, LinkField) and f.book else ()
    return {plain(name): _RANK * place for place, name in enumerate(names)}


def _is_title(spot: Place) -> bool:
    return spot.field.key == spot.entity.title_field


def _labels(spot: Place) -> set[str]:
    """What our own exports call the field."""
    own = {spot.field.key} if not spot.group else set()
    return {spot.path, *spot.labels(), *own}


def _fit(f: Field, found: Shares) -> float:
    """What the cells say for or against the field."""
    if not found.filled:
        return 0.0
    wanted = _share_for(f, found)
    if wanted is not None:
        return 10.0 * wanted if wanted >= ENOUGH else -60.0 * (ENOUGH - wanted)
    foreign = max(found.email, found.phone if found.text < ENOUGH else 0.0, found.url)
    if isinstance(f, TextField | LinkField) and foreign >= ENOUGH:
        return 0.0 if isinstance(f, TextField) and f.is_number else -50.0
    if isinstance(f, LinkField) or (isinstance(f, TextField) and not f.is_number):
        return 0.0 if found.text >= 0.3 else -20.0
    return 0.0


def _share_for(f: Field, found: Shares) -> float | None:
    """The share of cells that suit a field of a telling type; None for any other type."""
    if isinstance(f, EmailField):
        return found.email
    if isinstance(f, PhoneField):
        return max(found.phone, 0.6 if found.number + found.phone >= ENOUGH else 0.0)
    if isinstance(f, UrlField):
        return max(found.url, 0.6 if found.text >= ENOUGH and found.email < 0.1 else 0.0)
    if isinstance(f, DateField | DateTimeField):
        return max(found.date, 0.6 if found.number >= ENOUGH else 0.0)
    if isinstance(f, IntegerField | DecimalField):
        return max(found.number, 0.6 if not found.email and not found.phone else 0.0)
    return None


def _is_free(spot: Place, taken: dict[int, Place]) -> bool:
    if contacts_mirror(spot.entity, spot.field) is not None:
        return True
    return all(other.path != spot.path for other in taken.values())


# --- by content -----------------------------------------------------------------------------------


def _by_content(
    columns: Sequence[_Column], spots: Sequence[Place], taken: dict[int, Place], dates: set[int]
) -> None:
    """Columns whose names say nothing, into the record's own fields that are still open."""
    own = [spot for spot in spots if not spot.group]
    for column in columns:
        if column.place in taken or column.place in dates or not column.shares.filled:
            continue
        spot = next((s for s in own if _holds(s, column.shares) and _is_free(s, taken)), None)
        if spot is not None:
            taken[column.place] = spot
    title = next((s for s in own if s.field.key == s.entity.title_field), None)
    if title is None or not _is_free(title, taken) or not isinstance(title.field, TextField):
        return
    if has_name_parts(taken):
        return
    open_ = [c for c in columns if c.place not in taken and c.place not in dates]
    likely = [c for c in open_ if max(c.shares.firm, c.shares.people) >= ENOUGH]
    likely = likely or [c for c in open_ if c.shares.text >= 0.9 and c.shares.distinct >= 0.9]
    if likely and not any(s.group for s in taken.values()):
        taken[likely[0].place] = title


def _holds(spot: Place, found: Shares) -> bool:
    f = spot.field
    if isinstance(f, EmailField):
        return found.email >= ENOUGH
    if isinstance(f, PhoneField):
        return found.phone >= 0.8 and found.tax < ENOUGH
    if isinstance(f, UrlField):
        return found.url >= ENOUGH
    if isinstance(f, TextField) and f.identifier and {"inn", "инн"} & {f.key, *f.synonyms}:
        return found.tax >= 0.9
    return isinstance(f, AddressField) and found.address >= ENOUGH and found.email < 0.1


def _targets(
    names: Sequence[str],
    taken: dict[int, Place],
    dates: dict[int, tuple[Place, tuple[int, ...]]],
    further: dict[int, Place],
) -> Iterator[Target]:
    """In the order of the columns; several columns of one field together. `further`: where the
    second number goes of a column that holds two."""
    done: set[str] = set()
    for at in sorted({*taken, *dates}):
        if at in dates:
            spot, parts = dates[at]
            columns = tuple(names[part] for part in parts)
            target = Target(columns, (spot.path,), join="-", date_order="ymd")
        else:
            spot = taken[at]
            columns = tuple(names[i] for i in sorted(taken) if taken[i].path == spot.path)
            target = Target(columns, (spot.path,), join=_between(spot.field, columns))
            if at in further and len(columns) == 1:
                target = Target(columns, (spot.path, further[at].path), split="/")
        if spot.path not in done:
            done.add(spot.path)
            yield target


def _between(f: Field, columns: Sequence[str]) -> str:
    """What stands between the cells of several columns."""
    if len(columns) > 1 and isinstance(f, LongTextField):
        return "\n"
    return ", " if len(columns) > 1 and isinstance(f, AddressField) else " "
