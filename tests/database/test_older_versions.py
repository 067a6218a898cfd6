"""A base of an earlier version is brought up to this program, with all that follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.overlay import build_catalogue
from crm_desktop.models.migrations.draft import draft
from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.models.schema import SCHEMA_VERSION, Tables
from crm_desktop.services.base_tables import FINISHED, index_plans
from crm_desktop.services.search.index import Document
from crm_desktop.services.search.repair import SearchRepair
from crm_desktop.services.tally import wrong_tallies
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import copied_base
from tests.freeze_version import merged
from tests.older_base import CALLED, make_older, statements

COUNTS = {
    "sqlite": [52, 123, 169, 171, 294, 311, 324, 332, 371, 373, 374],
    "firebird": [65, 162, 223, 225, 388, 406, 470, 508, 587, 596, 599],
}
OLDER = range(1, SCHEMA_VERSION)


@pytest.fixture(params=OLDER)
def upgraded(request: pytest.FixtureRequest, base_url: str) -> str:
    """As that version made it, with a client who was called once, and brought up to this program;
    a copy of one for all tests."""

    def make() -> None:
        make_older(base_url, request.param)
        open_base(base_url).close()

    copied_base(("upgraded", request.param), base_url, make)
    return base_url


@pytest.mark.parametrize("kind", ["sqlite", "firebird"])
def test_every_older_version_is_kept_as_it_was(kind: str) -> None:
    """A new version begins with the statements of the one before, frozen."""
    counts = [len(statements(kind, version)) for version in OLDER]

    assert counts == COUNTS[kind]


def test_a_version_is_kept_beside_the_older_ones() -> None:
    older = merged(merged([], ["a", "b", "c"], 1), ["a", "x", "c"], 2)
    made = ["new", "a", "c", "d"]

    newest = merged(older, made, 3)

    assert [s.text for s in newest if s.of(1)] == ["a", "b", "c"]
    assert [s.text for s in newest if s.of(2)] == ["a", "x", "c"]
    assert [s.text for s in newest if s.of(3)] == made
    assert merged(newest, made, 3) == newest


@pytest.fixture
def workspace(upgraded: str) -> Iterator[Workspace]:
    opened = open_base(upgraded)
    yield opened
    opened.close()


def test_it_is_a_base_of_this_program(workspace: Workspace, tmp_path: Path) -> None:
    """Tables and columns, indexes, what follows from older records, what the base counts."""
    query = Query("client", columns=("name", "last_contact"), sort=(Sort("last_contact", True),))

    assert workspace.backend.version == SCHEMA_VERSION
    metadata = Tables(build_catalogue()).metadata
    assert draft(workspace.backend, metadata, "nothing", tmp_path) is None
    assert not missing_indexes(workspace)
    (row,) = workspace.lists.open(query).first(10)
    assert row.cells == ("Vector", CALLED)
    assert tallies(workspace) == [("moment", 2026 * 12 + CALLED.month - 1, 1)]
    assert not list(wrong_tallies(workspace))


def missing_indexes(workspace: Workspace) -> list[str]:
    return [
        plan.name
        for plan in index_plans(workspace.tables)
        if workspace.backend.covering or not plan.covering
        if workspace.backend.index_columns(plan.table).get(plan.name) != plan.columns
    ]


def tallies(workspace: Workspace) -> list[tuple[object, ...]]:
    table = workspace.tables.system("tally")
    with workspace.backend.read() as connection:
        rows = connection.execute(sa.select(table.c.field, table.c.period, table.c.amount))
        return [tuple(row) for row in rows]


def test_it_can_be_worked_with_at_once(workspace: Workspace) -> None:
    """New objects, what older ones have got, and all that a planner needs."""
    kinds = Query("reference", where=Condition("book", "eq", "relation_kind"))
    workspace.records.create("tag", {"name": "Important"})
    outcome = workspace.records.create(
        "activity", {"subject": "Meet", "kind": "meeting", "starts": CALLED,
                     "about": Ref("client", 1), "state": "planned"}
    )  # fmt: skip

    assert workspace.lists.count(Query("tag")) == 1
    assert workspace.lists.count(kinds) > 3
    assert workspace.lists.count(Query("stage")) > 3
    assert workspace.lists.count(Query("working_calendar")) == 1
    assert outcome.ids


@pytest.mark.parametrize("upgraded", [1], indirect=True)
def test_an_upgrade_cut_off_before_its_end_is_finished_next_time(upgraded: str) -> None:
    """Indexes that are missing, and accounts kept before they were searched."""
    with closing(open_base(upgraded)) as workspace:
        _account(workspace, "40702810900000005555")
        with workspace.backend.write() as connection:  # as a program that did not know them
            workspace.index.write(
                connection, {1: Document(workspace.catalogue["client"].number, ("vector", "|"))}
            )
        before = workspace.search.find("40702810900000005555")
        workspace.set_info(FINISHED, str(SCHEMA_VERSION - 1))
        workspace.backend.run_ddl(["DROP INDEX ix_client_city"])

    with closing(open_base(upgraded)) as workspace:
        found = workspace.search.find("40702810900000005555")
        repair = SearchRepair(workspace.backend, workspace.tables, workspace.index)
        with workspace.backend.read() as connection:
            problems = repair.problems(connection)
        indexes = workspace.backend.index_columns("client")
        finished = workspace.info(FINISHED)

    assert (before, [hit.id for hit in found]) == ([], [1])
    assert [said for said in problems if "Clients" in said] == []
    assert "ix_client_city" in indexes and finished == str(SCHEMA_VERSION)


def _account(workspace: Workspace, number: str) -> None:
    details = workspace.records.create(
        "legal_details", {"preset": "foreign", "short_name": "Vector", "owner": Ref("client", 1)}
    )
    workspace.records.create("bank_account", {"account": number, "details": details.ids[0]})
