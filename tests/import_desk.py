"""What the tests of import and export share: small files, bringing them in, all records."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crm_desktop.services.importing.importer import Importer, Order, order
from crm_desktop.services.importing.mapping import Mapping
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.services.importing.results import ImportResult
from crm_desktop.services.importing.suggest import suggest
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    """A Russian office."""
    made = ready_base(base_url, language="ru")
    made.region = made.lists.region = "RU"
    yield made
    made.close()


def write_csv(path: Path, *rows: Sequence[object]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return path


def order_of(
    workspace: Workspace, path: Path, entity: str, mapping: Mapping | dict[str, Any] | None = None,
    **options: Any,
) -> Order:  # fmt: skip
    """The order for a file; without a mapping the suggested one."""
    chosen = Mapping.from_json(mapping) if isinstance(mapping, dict) else mapping
    definition = workspace.catalogue[entity]
    source = open_source(path)
    made = order(source, definition, chosen or Mapping(), **options)
    if chosen is None:
        first = [r.cells for r in made.sheet.rows(start=made.header.first_data_row, limit=200)]
        meanings = made.sheet.meanings
        names = made.header.names
        guessed = suggest(workspace.catalogue, definition, names, first, meanings=meanings)
        made = order(source, definition, guessed, **options)
    return made


def bring_in(
    workspace: Workspace, path: Path, entity: str, mapping: Mapping | dict[str, Any] | None = None,
    *, rejects: Path | None = None, block: int = 5000, **options: Any,
) -> ImportResult:  # fmt: skip
    """Imports a file into an object."""
    wanted = order_of(workspace, path, entity, mapping, **options)
    return Importer(workspace, block=block).run(wanted, rejects=rejects)


def records(workspace: Workspace, entity: str) -> list[dict[str, Any]]:
    """Every record of an object, the oldest first."""
    table = workspace.tables.main[entity]
    with workspace.backend.read() as connection:
        ids = list(connection.scalars(sa.select(table.c.id).order_by(table.c.id)))
    found = workspace.reader.many(entity, ids)
    return [{"id": id_, **found[id_]} for id_ in ids]


def one(workspace: Workspace, entity: str, **wanted: Any) -> dict[str, Any]:
    """The only record with these values."""
    found = [r for r in records(workspace, entity) if wanted.items() <= r.items()]
    assert len(found) == 1, found
    return found[0]


def title(workspace: Workspace, entity: str, id_: int | None) -> str:
    """The name of a linked record."""
    assert id_ is not None
    definition = workspace.catalogue[entity]
    return str(workspace.reader.many(entity, [id_])[id_][definition.title_field])
