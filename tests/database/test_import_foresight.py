"""What the reading process works out of rows is what the writer would have made of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm_desktop.services.importing import importer
from crm_desktop.services.importing.foresight import Foresight
from crm_desktop.services.importing.results import Progress
from crm_desktop.services.importing.rowplan import RowPlan
from crm_desktop.services.search.terms import SearchTerms
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.import_desk import bring_in, order_of, write_csv

HEADER = ["Name", "Legal name", "Phone", "E-mail", "City"]
ROWS = [[f"«Ёлка {i}»", f"ООО Ёлка № {i}", f"+7 916 204-{i:04}, +7 495 100-{i:04}",
         f"info{i}@elka.example", "Орёл"] for i in range(40)]  # fmt: skip
WHAT_SHOWS = ("search_doc", "search_posting", "search_form", "client", "contact_channel")


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def content(workspace: Workspace) -> list[list[tuple[object, ...]]]:
    """All that is found and sorted by, without numbers and moments."""
    found = []
    with workspace.backend.read() as connection:
        for name in WHAT_SHOWS:
            table = workspace.tables.metadata.tables[name]
            left = [c for c in table.c if not c.name.endswith(("id", "_at")) or c.name == "tax_id"]
            rows = [tuple(row) for row in connection.execute(sa.select(*left))]
            found.append(sorted(rows, key=repr))
    return found


def test_the_base_is_the_same_with_it_and_without(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_csv(tmp_path / "list.csv", HEADER, *ROWS)
    here = bring_in(workspace, file, "client")
    made_here = content(workspace)
    workspace.undo.undo(here.operation or 0)
    monkeypatch.setattr(importer, "LONG", 1)
    monkeypatch.setattr(importer, "LONG_BYTES", 1)

    ahead = bring_in(workspace, file, "client", block=30)

    assert (ahead.created, content(workspace)) == (40, made_here)


def test_a_block_that_is_written_in_parts_makes_the_same_base(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [*ROWS, ["", "", "", "", "Орёл"], *ROWS[3:6], ["Named twice", "", "", "", "no town"]]
    file = write_csv(tmp_path / "list.csv", HEADER, *rows)
    here = bring_in(workspace, file, "client")
    made_here = content(workspace)
    workspace.undo.undo(here.operation or 0)
    monkeypatch.setattr(importer, "LONG", 1)
    monkeypatch.setattr(importer, "LONG_BYTES", 1)
    told: list[Progress] = []
    sizes = iter([7, 7, 4, 100, *[7] * 50])

    parts = importer.Importer(workspace, block=30, at_once=lambda: next(sizes)).run(
        order_of(workspace, file, "client"), progress=told.append
    )

    assert (parts.created, parts.rejected) == (here.created, here.rejected)
    assert content(workspace) == made_here
    assert len(told) > 4
    assert told[-1].read == len(rows)


def test_documents_of_new_rows_are_foreseen(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_csv(tmp_path / "list.csv", HEADER, *ROWS)
    order = order_of(workspace, file, "client")
    plan = RowPlan(
        workspace.catalogue, order.entity, order.mapping,
        header=order.header.names, context=workspace.parse_context(),
    )  # fmt: skip
    rows = [plan.prepare(row) for row in order.sheet.rows(start=order.header.first_data_row)]
    foreseen = Foresight(workspace.catalogue, plan).of(rows)
    asked = []
    usual = SearchTerms._document
    monkeypatch.setattr(
        SearchTerms, "_document", lambda *given: asked.append(usual(*given)) or asked[-1]
    )

    monkeypatch.setattr(
        importer, "prepare_blocks", lambda *_given: [importer.RowBlock(40, rows, [], foreseen)]
    )
    bring_in(workspace, file, "client")

    assert len(asked) == 40
    assert all(document is not None and document.ready is not None for document in asked)
