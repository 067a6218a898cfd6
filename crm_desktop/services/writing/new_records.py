"""New records that nothing follows from, by columns.

Staging looks at one record after another, since anything may follow from one. An import makes
thousands of which it is known beforehand that only their own contacts follow: they go to the base
column by column, for a third of the work. What is written is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice, repeat
from json.encoder import encode_basestring
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.by_columns import ByColumns, Same
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, RecordField
from crm_desktop.models.catalogue.sales_traits import PricedLines
from crm_desktop.models.catalogue.traits import (
    FilledFrom,
    Latest,
    Mirror,
    OneFlag,
    Scheduled,
    Tagging,
    Tags,
)
from crm_desktop.models.rowcodec import RowCodec
from crm_desktop.services.rules import RULES
from crm_desktop.services.writing.changes import CREATED, Changes, encode_json
from crm_desktop.services.writing.foreseen import Beginnings, Postings

SYSTEM = ("id", "version", "created_at", "created_by", "updated_at", "updated_by")
Column = Sequence[Any]


@dataclass(frozen=True)
class NewRecords:
    """New records of one object: `values` by field key, one for each of `ids`, None where there is
    none. `keys`: the sort keys of those text fields of which they are known."""

    entity: EntityDef
    ids: Sequence[int]
    values: Mapping[str, Column]
    keys: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class NewBlock:
    """What one transaction makes by columns: records, the texts kept of them for the search by
    (id, object, text), and the rows of `search_posting`."""

    records: tuple[NewRecords, ...]
    documents: Sequence[tuple[int, int, str]]
    postings: Postings

    def log(self, changes: Changes) -> None:
        """Adds the rows of the change log, in the order of the ids: each record before its
        contacts."""
        ents, ids, texts = list[int](), list[int](), list[str]()
        for one in self.records:
            ents += [one.entity.number] * len(one.ids)
            ids += one.ids
            texts += _texts(one)
        places = sorted(range(len(ids)), key=ids.__getitem__)
        in_order = (_moved(column, places) for column in (ents, ids, texts))
        changes.add(CREATED, *in_order)


# --- what follows ---------------------------------------------------------------------------------


def follows_nothing(catalogue: Catalogue, entity: EntityDef, keys: Iterable[str]) -> bool:
    """Whether a new record with these fields is written as it is, but for the children that its
    mirrors make (`made_children`)."""
    given = set(keys)
    return (
        stands_alone(catalogue, entity)
        and not any(trait.by in given for trait in entity.traits_of(FilledFrom))
        and not any(trait.field in given for trait in entity.traits_of(Tags))
        and entity.kept.isdisjoint(given)
        and all(map(entity.has, given))
    )


def stands_alone(catalogue: Catalogue, entity: EntityDef) -> bool:
    """Whether no rule is about the object's records, and none of others about them as children."""
    own = (OneFlag, PricedLines, Scheduled, Tagging)
    has_own = any(isinstance(trait, own) for trait in entity.traits)
    watched = any(
        isinstance(trait, Latest | Mirror) and trait.child == entity.key
        for other in catalogue
        for trait in other.traits
    )
    return entity.key not in RULES and not has_own and not watched


def made_children(catalogue: Catalogue, entity: EntityDef) -> list[Mirror] | None:
    """The mirrors that make a child for their field; None if more may follow from such a child."""
    mirrors = [mirror for mirror in entity.traits_of(Mirror) if mirror.makes]
    return mirrors if all(_child_is_plain(catalogue, mirror) for mirror in mirrors) else None


def _child_is_plain(catalogue: Catalogue, mirror: Mirror) -> bool:
    child = catalogue[mirror.child]
    watched = any(
        trait.child == child.key for other in catalogue for trait in other.traits_of(Latest)
    )
    said = {mirror.owner, mirror.value, mirror.flag, *defaults_of(child)} - {mirror.value}
    searched = {f.key for f in child.search_fields()}
    found_so = child.search_through == mirror.owner if searched else True
    return not watched and found_so and searched.isdisjoint(said) and not child.trait(Scheduled)


def defaults_of(entity: EntityDef) -> dict[str, str]:
    """What a new record has without being told."""
    return {f.key: f.default for f in entity.fields if isinstance(f, ChoiceField) and f.default}


def children(
    catalogue: Catalogue, mirror: Mirror, owners: Column, ids: Sequence[int], values: Column,
    keys: Sequence[str],
) -> NewRecords:  # fmt: skip
    """The children that the mirror makes for new owners: `owners` are of the type of its link."""
    child = catalogue[mirror.child]
    columns: dict[str, Column] = {k: [v] * len(ids) for k, v in defaults_of(child).items()}
    columns[mirror.owner] = owners
    columns[mirror.value] = values
    columns[mirror.flag] = [True] * len(ids)
    if mirror.kind:
        columns[mirror.kind[0]] = [mirror.kind[1]] * len(ids)
    return NewRecords(child, ids, columns, {mirror.value: keys})


def joined(records: Iterable[NewRecords]) -> Iterator[NewRecords]:
    """Records of one object and the same fields together: each index is walked through once."""
    found: dict[tuple[str, tuple[str, ...]], list[NewRecords]] = {}
    for one in records:
        found.setdefault((one.entity.key, tuple(one.values)), []).append(one)
    for some in found.values():
        yield some[0] if len(some) == 1 else _together(some)


def _together(some: Sequence[NewRecords]) -> NewRecords:
    first = some[0]
    known = set(first.keys).intersection(*(one.keys for one in some))
    ids = [id_ for one in some for id_ in one.ids]
    values = {key: [v for one in some for v in one.values[key]] for key in first.values}
    keys = {key: [text for one in some for text in one.keys[key]] for key in known}
    return NewRecords(first.entity, ids, values, keys)


# --- change rows ----------------------------------------------------------------------------------


def _texts(one: NewRecords) -> list[str]:
    """The values of each record in JSON."""
    pieces = [_pieces(one.entity, key, column) for key, column in one.values.items()]
    rows = islice(zip(*pieces, strict=False), len(one.ids))  # what all share has no end
    return ["{" + "".join(row)[1:] + "}" for row in rows]


def _pieces(entity: EntityDef, key: str, column: Column) -> Iterable[str]:
    """`,"key":value` for each record, as `flush` writes it; nothing where there is no value."""
    head, f, turn = f",{encode_json(key)}:", entity.field(key), entity.encoded.get(key)
    if isinstance(f, RecordField):
        begun = f"{head}["
        return [v and f"{begun}{encode_basestring(v.entity)},{v.id}]" or "" for v in column]
    if column.count(column[0]) == len(column):
        column = column[:1]
    said = [
        "" if v is None or v is False
        else head + encode_basestring(v) if type(v) is str and turn is None
        else head + encode_json(v if turn is None else turn(v))
        for v in column
    ]  # fmt: skip
    return said if len(said) > 1 else repeat(said[0])


# --- rows -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Inserter:
    """Writes new records by columns, in one transaction."""

    backend: Backend
    connection: sa.Connection
    now: datetime
    author: int | None

    def insert(self, codec: RowCodec, one: NewRecords) -> None:
        """In the order of their titles, which most indexes follow."""
        places = _title_order(one)
        ids = _moved(one.ids, places)
        same = (1, self.now, self.author, self.now, self.author)
        self._insert(codec, codec.main, ids, same, _lists(codec, codec.own, one, places))
        if codec.side is not None:
            self._insert(codec, codec.side, ids, (), _lists(codec, codec.extra, one, places))

    def _insert(
        self, codec: RowCodec, table: sa.Table, ids: Column, same: Sequence[Any],
        fields: Sequence[tuple[Field, Sequence[Column]]],
    ) -> None:  # fmt: skip
        columns = (*SYSTEM[: 1 + len(same)], *codec.columns(f for f, _lists in fields))
        lists = [ids, *map(Same, same), *(column for _f, some in fields for column in some)]
        rows = ByColumns(lists, len(ids))
        self.backend.insert_many(self.connection, table, columns, rows)


def _title_order(one: NewRecords) -> list[int]:
    title = one.entity.title_field
    keys = one.keys.get(title) or one.values.get(title)
    places = range(len(one.ids))
    if keys is None or not one.entity.title.keyed:
        return list(places)
    return sorted(places, key=[key or "" for key in keys].__getitem__)


def _moved(column: Column, places: Sequence[int]) -> Column:
    return list(map(column.__getitem__, places))


def _lists(
    codec: RowCodec, fields: Iterable[Field], one: NewRecords, places: Sequence[int]
) -> list[tuple[Field, Sequence[Column]]]:
    """For each field that has values those of its columns."""
    found: list[tuple[Field, Sequence[Column]]] = []
    for f in fields:
        values, keys = one.values.get(f.key), one.keys.get(f.key)
        if values is not None:
            known = None if keys is None else _moved(keys, places)
            found.append((f, codec.spread(f, _moved(values, places), known)))
    return found


def search_rows(ent: int, ids: Sequence[int | None], tokens: Beginnings) -> Postings:
    """The rows of `search_posting`; `ids` by the numbers that stand beside the beginnings, None
    for what is found in another way."""
    found = list(map(ids.__getitem__, tokens.numbers))
    return Postings.known(ent, tokens.tokens, found)
