"""What a person sees of a found record: its title and a second line, read in one statement an
object."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.i18n import language
from crm_desktop.models.backend.asking import typed
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, MoneyField, TagsField, UserField
from crm_desktop.models.schema import Tables, decode, read_columns
from crm_desktop.services.money.currencies import currency_column
from crm_desktop.services.paths import Scope
from crm_desktop.services.search.template import InList
from crm_desktop.services.titles import Title, Titles

MOST_DETAILS = 3
_READ_DETAILS = 5
_LONGEST_DETAIL = 60
_SEPARATOR = " · "
_SHOWN = ("text", "date", "datetime", "integer", "decimal")


class Shown(NamedTuple):
    """A record as the search shows it."""

    title: str
    detail: str


class _Question(NamedTuple):
    """The statement that reads what is shown, its fields and how many columns each has."""

    listed: InList
    fields: tuple[Field, ...]
    widths: tuple[int, ...]


class HitReader:
    """Reads titles and second lines by id; the same for every object of the catalogue."""

    def __init__(self, backend: Backend, tables: Tables, titles: Titles) -> None:
        self._backend = backend
        self._tables = tables
        self._titles = titles
        self._catalogue = tables.catalogue
        self._questions: dict[str, _Question] = {}
        self._details = {e.key: _detail_fields(e) for e in tables.catalogue}

    def shown(
        self, connection: sa.Connection, ids: Mapping[str, Sequence[int]]
    ) -> dict[int, Shown]:
        """The records that are still there, by id; `ids` by the key of their object."""
        found: dict[int, Shown] = {}
        for key, wanted in ids.items():
            entity = self._catalogue[key]
            rows = self._rows(connection, entity, wanted)
            others = self._record_titles(connection, entity, rows)
            for id_, values in rows.items():
                found[id_] = self._shown(entity, values, others)
        return found

    def _rows(
        self, connection: sa.Connection, entity: EntityDef, ids: Sequence[int]
    ) -> dict[int, dict[str, Any]]:
        question = self._question(entity)
        types = question.listed.types
        rows = typed(question.listed.rows(connection, ids), types, connection)
        return {id_: self._values(question, raw) for id_, *raw in rows}

    def _question(self, entity: EntityDef) -> _Question:
        """The statement for an object, compiled once."""
        question = self._questions.get(entity.key)
        if question is None:
            fields = (entity.title, *self._details[entity.key])
            chosen, widths = self._select(entity, fields)
            listed = InList(self._backend, chosen, self._tables.main[entity.key].c.id)
            question = self._questions[entity.key] = _Question(listed, fields, tuple(widths))
        return question

    def _select(
        self, entity: EntityDef, fields: Sequence[Field]
    ) -> tuple[sa.Select[Any], list[int]]:
        """The columns of the fields; of a link the title of what it points to."""
        main = self._tables.main[entity.key]
        source: sa.FromClause = main
        if any(f.extra for f in fields):
            side = self._tables.side[entity.key]
            source = source.outerjoin(side, side.c.id == main.c.id)
        columns: list[sa.ColumnElement[Any]] = [main.c.id]
        widths = []
        for f in fields:
            if isinstance(f, LinkField):
                target = self._catalogue[f.target]
                other = self._tables.table_of(target, target.title).alias()
                source = source.outerjoin(other, other.c.id == self._tables.column(entity, f))
                columns.append(other.c[read_columns(target.title)[0]])
                widths.append(1)
            else:
                table = self._tables.table_of(entity, f)
                columns += [table.c[name] for name in read_columns(f)]
                widths.append(len(read_columns(f)))
        for f in fields:
            unit = currency_column(Scope(self._tables, entity), f)
            if unit is not None:
                source = unit.joined(source)
                columns.append(unit.column)
        return sa.select(*columns).select_from(source), widths

    def _values(self, question: _Question, raw: Sequence[Any]) -> dict[str, Any]:
        found, at = {}, 0
        for f, width in zip(question.fields, question.widths, strict=True):
            part = raw[at : at + width]
            found[f.key] = part[0] if isinstance(f, LinkField) else decode(self._catalogue, f, part)
            at += width
        amounts = (f for f in question.fields if isinstance(f, MoneyField) and f.currency_field)
        for f, named in zip(amounts, raw[at:], strict=True):
            found[f.key] = f.in_currency(found[f.key], named)
        return found

    def _record_titles(
        self, connection: sa.Connection, entity: EntityDef, rows: Mapping[int, Mapping[str, Any]]
    ) -> Mapping[Ref, Title]:
        """The titles of records of any object that these rows point to."""
        keys = [f.key for f in self._details[entity.key] if f.storage == "record"]
        wanted = {values[key] for values in rows.values() for key in keys if values[key]}
        return self._titles.of(wanted, connection=connection) if wanted else {}

    def _shown(
        self, entity: EntityDef, values: Mapping[str, Any], others: Mapping[Ref, Title]
    ) -> Shown:
        title = self._text(entity.title, values, others)
        texts = (self._text(f, values, others) for f in self._details[entity.key])
        details = list(dict.fromkeys(text for text in texts if text and text != title))
        return Shown(title, _SEPARATOR.join(details[:MOST_DETAILS]))

    def _text(self, f: Field, values: Mapping[str, Any], others: Mapping[Ref, Title]) -> str:
        value = values[f.key]
        if value is None:
            return ""
        if f.storage == "record":
            return others[value].text if value in others else ""
        if isinstance(f, LinkField):
            target = self._catalogue[f.target].title
            text = target.format(decode(self._catalogue, target, (value,)), language())
        else:
            text = f.format(value, language())
        return text if len(text) <= _LONGEST_DETAIL else text[: _LONGEST_DETAIL - 1] + "…"


def _detail_fields(entity: EntityDef) -> tuple[Field, ...]:
    """The fields that tell two records of one title apart: those of the list, then the searched.

    Pills, marks and who is responsible say little about which record it is.
    """
    listed = [f for f in entity.fields if f.listed and f.key != entity.title_field]
    searched = [f for f in entity.search_fields() if not f.listed and f.key != entity.title_field]
    chosen = [f for f in listed + searched if _tells(f)]
    return tuple(chosen[:_READ_DETAILS])


def _tells(f: Field) -> bool:
    if f.kept or isinstance(f, TagsField):
        return False
    if isinstance(f, LinkField):
        return not f.book and not isinstance(f, UserField)
    return f.storage in (*_SHOWN, "record")


def by_entity(rows: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """Pairs (key of an object, id) as ids by key."""
    found: dict[str, list[int]] = defaultdict(list)
    for key, id_ in rows:
        found[key].append(id_)
    return found
