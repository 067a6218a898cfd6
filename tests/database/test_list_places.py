"""Places along long orders: among thousands of equal keys, and of values that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.models.query import Query, Sort
from crm_desktop.services.lists.walk import STEP
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create
from tests.bases import ready_base

_MANY = 3 * STEP + 40
"""Clients of one city, with several known places among them."""


@pytest.fixture
def base(base_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """Clients of three cities and of none, walked along the index on both back ends."""
    made = ready_base(base_url, language="en")
    cities = ["Omsk"] * _MANY + ["Tver", "Abakan", ""] * 20
    made.records.apply([
        Create("client", {"name": f"Client {number:04}", "city": city} if city else
               {"name": f"Client {number:04}"})
        for number, city in enumerate(cities)
    ])  # fmt: skip
    monkeypatch.setattr(made.backend, "ids_at_once", 50)
    monkeypatch.setattr("crm_desktop.services.lists.cursor.SORTS_ANYTHING", 10**9)
    yield made
    made.close()


def in_memory(base: Workspace, *, descending: bool) -> list[int]:
    """The ids by city and id, sorted here."""
    cursor = base.lists.open(Query("client", ("city",), sort=(Sort("name"),)))
    rows = [(str(row.cells[0] or "").lower(), row.id) for row in cursor.rows(0, 10_000)]
    return [id_ for _city, id_ in sorted(rows, reverse=descending)]


@pytest.mark.parametrize("descending", [False, True])
def test_pages_among_equal_keys_stand_where_they_belong(base: Workspace, descending: bool) -> None:
    wanted = in_memory(base, descending=descending)
    cursor = base.lists.open(Query("client", ("city",), sort=(Sort("city", descending),)))
    assert cursor.prepare()

    for start in (0, 1, STEP - 1, STEP, STEP + 5, 2 * STEP + 90, 3 * STEP - 3, 3 * STEP + 30, 470):
        found = [row.id for row in cursor.rows(start, 40)]
        assert found == wanted[start : start + 40]
    assert cursor.total == len(wanted)


def test_records_of_a_value_that_is_gone_are_found_behind_all_others(base: Workspace) -> None:
    """Another seat may have deleted it since the values were read."""
    table = base.tables.main["client"]
    cursor = base.lists.open(Query("client", ("name",), sort=(Sort("status"),)))
    ids = cursor.ids()
    lost = {int(ids[3]): 1, int(ids[40]): 10**12}
    with base.backend.write() as connection:
        base.backend.update_many(connection, table, ["status"], lost.items())

    cursor = base.lists.open(Query("client", ("name",), sort=(Sort("status"),)))
    assert cursor.prepare()
    found = [row.id for row in cursor.rows(0, 10_000)]

    assert set(found[-2:]) == lost.keys()
    assert sorted(found) == sorted(ids)
