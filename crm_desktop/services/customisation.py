"""Reads and keeps the user-made part of the catalogue: objects and fields as JSON rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.overlay import CustomRows, build_catalogue
from crm_desktop.models.schema import Tables
from crm_desktop.models.system.tables import define_system


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


def read_tables(backend: Backend) -> Tables:
    """The tables of this base, and with them its catalogue: the same ones as before if nothing was
    added since, for they never change and two hundred tables take a fifteenth of a second."""
    return _tables(_read(backend), backend.behind_views)


def read_custom(backend: Backend) -> CustomRows:
    """What users have added to the catalogue of this base, and its currency."""
    return _custom(_read(backend))


@lru_cache(maxsize=3)
def _tables(texts: _Texts, behind_views: bool) -> Tables:
    tables = Tables(build_catalogue(_custom(texts)))
    if behind_views:
        from crm_desktop.models.strict.names import see_through_views  # of servers only

        return see_through_views(tables)
    return tables


def _read(backend: Backend) -> _Texts:
    objects, fields = custom_tables()
    facts = objects.metadata.tables["base_info"]
    with backend.read() as connection:
        currency = connection.execute(
            sa.select(facts.c.content).where(facts.c.name == "currency")
        ).scalar()
        made = connection.execute(sa.select(objects).order_by(objects.c.number)).all()
        added = connection.execute(sa.select(fields).order_by(fields.c.number)).all()
    return _Texts(
        objects=tuple((row.number, row.definition) for row in made),
        fields=tuple((row.number, row.entity, row.definition) for row in added),
        currency=str(currency or "RUB"),
    )


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
