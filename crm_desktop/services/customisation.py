"""Reads and keeps the user-made part of the catalogue: objects and fields as JSON rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.overlay import CustomRows
from crm_desktop.models.system.tables import define_system


def custom_tables() -> tuple[sa.Table, sa.Table]:
    """The tables of user-made objects and fields."""
    metadata = sa.MetaData()
    define_system(metadata)
    return metadata.tables["custom_object"], metadata.tables["custom_field"]


def read_custom(backend: Backend) -> CustomRows:
    """What users have added to the catalogue of this base, and its currency."""
    objects, fields = custom_tables()
    facts = objects.metadata.tables["base_info"]
    with backend.read() as connection:
        currency = connection.execute(
            sa.select(facts.c.content).where(facts.c.name == "currency")
        ).scalar()
        made = connection.execute(sa.select(objects).order_by(objects.c.number)).all()
        added = connection.execute(sa.select(fields).order_by(fields.c.number)).all()
    return CustomRows(
        objects=tuple((row.number, json.loads(row.definition)) for row in made),
        fields=tuple((row.number, row.entity, json.loads(row.definition)) for row in added),
        version=len(made) + len(added),
        currency=str(currency or "RUB"),
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
