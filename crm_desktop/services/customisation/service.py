"""Reads and keeps the user-made part of the catalogue: objects and fields as JSON rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.overlay import ADDS_TO, CustomRows, build_catalogue
from crm_desktop.models.catalogue.own_choices import CHANGES
from crm_desktop.models.schema import Tables
from crm_desktop.models.system.tables import define_system
from crm_desktop.services.customisation.short_texts import short


class _Texts(NamedTuple):
    """The user-made part of a base as it is kept."""

    objects: tuple[tuple[int, str], ...]
    fields: tuple[tuple[int, str, str], ...]
    currency: str


@cache
def custom_tables() -> tuple[sa.Table, sa.Table]:
    """The tables of user-made objects and fields; on a server they are asked every few seconds."""
    metadata = sa.MetaData()
    define_system(metadata)
    return metadata.tables["custom_object"], metadata.tables["custom_field"]


def base_facts() -> sa.Table:
    """The table of facts about a base, before its catalogue is known."""
    return custom_tables()[0].metadata.tables["base_info"]


def read_tables(backend: Backend) -> Tables:
    """The tables of this base, and with them its catalogue: the same ones as before if nothing was
    added since, for they never change and two hundred tables take a fifteenth of a second."""
    return _tables(_read(backend), backend.behind_views)


def read_custom(backend: Backend) -> CustomRows:
    """What users have added to the catalogue of this base, and its currency."""
    return _custom(_read(backend))


@lru_cache(maxsize=3)
def _tables(texts: _Texts, behind_views: bool) -> Tables:
    tables = Tables(_catalogue(texts))
    if behind_views:
        from crm_desktop.models.strict.names import see_through_views  # of servers only

        return see_through_views(tables)
    return tables


def _catalogue(texts: _Texts) -> Catalogue:
    """Values of lists can be added by everybody, with any tool: what cannot be read is passed
    over."""
    try:
        return build_catalogue(_custom(texts))
    except (InvalidInput, ValueError):
        fitting = tuple(row for row in texts.fields if _fits(texts, row))
        if fitting == texts.fields:
            raise
        custom = _custom(texts._replace(fields=fitting))
        return build_catalogue(replace(custom, version=len(texts.objects) + len(texts.fields)))


def _fits(texts: _Texts, row: tuple[int, str, str]) -> bool:
    if not row[2].startswith(tuple(f'{{"{key}":' for key in (ADDS_TO, CHANGES))):
        return True
    try:
        build_catalogue(_custom(texts._replace(fields=(row,))))
    except (InvalidInput, ValueError):
        return False
    return True


def _read(backend: Backend) -> _Texts:
    with backend.read() as connection:
        currency, made, added = (ask(connection) for ask in asked_first())
    return _Texts(
        objects=tuple((row.number, _whole(backend, row, 0)) for row in made),
        fields=tuple((row.number, row.entity, _whole(backend, row, 1)) for row in added),
        currency=str(currency[0][0] if currency else "RUB"),
    )


@cache
def asked_first() -> tuple[Callable[[sa.Connection], Sequence[Any]], ...]:
    """What `read_tables` asks: the currency, the objects, the fields, each in one question."""
    (objects, fields), facts = (table.c for table in custom_tables()), base_facts().c
    made, added = (short(c.definition).label("short") for c in (objects, fields))
    asked = (
        sa.select(facts.content).where(facts.name == "currency"),
        sa.select(objects.number, made).order_by(objects.number),
        sa.select(fields.number, fields.entity, added).order_by(fields.number),
    )
    return tuple(partial(_rows, wanted) for wanted in asked)


def _rows(wanted: sa.Select[Any], connection: sa.Connection) -> Sequence[Any]:
    return connection.execute(wanted).all()


def _whole(backend: Backend, row: Any, table: int) -> str:
    if row.short is not None:
        return str(row.short)
    known = custom_tables()[table].c
    with backend.read() as connection:
        wanted = sa.select(known.definition).where(known.number == row.number)
        return str(connection.execute(wanted).scalar_one())


def _custom(texts: _Texts) -> CustomRows:
    return CustomRows(
        objects=tuple((number, json.loads(text)) for number, text in texts.objects),
        fields=tuple((number, key, json.loads(text)) for number, key, text in texts.fields),
        version=len(texts.objects) + len(texts.fields),
        currency=texts.currency,
    )


def custom_version(backend: Backend) -> int:
    """What `CustomRows.version` would be now; cheap enough to be asked every few seconds."""
    with backend.read() as connection:
        return sum(
            int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
            for table in custom_tables()
        )


def keep_object(
    backend: Backend, connection: sa.Connection, number: int, definition: Mapping[str, Any]
) -> None:
    """Keeps one user-made object."""
    text = json.dumps(definition, ensure_ascii=False)
    backend.insert_many(connection, custom_tables()[0], ("number", "definition"), [(number, text)])


def keep_field(
    backend: Backend, connection: sa.Connection, number: int, entity: str,
    definition: Mapping[str, Any],
) -> None:  # fmt: skip
    """Keeps one user-made field of an object."""
    text = json.dumps(definition, ensure_ascii=False)
    backend.insert_many(
        connection, custom_tables()[1], ("number", "entity", "definition"), [(number, entity, text)]
    )
