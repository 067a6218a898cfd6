"""What a change of many records would do is told before: old and new, on both back ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.services.bulk.preview import ChangedRow, preview_value
from crm_desktop.services.tags.preview import preview_tags
from crm_desktop.services.tags.service import TagChange
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def clients(base: Workspace, count: int, **values: object) -> list[int]:
    return [
        base.records.create("client", {"name": f"Client {n}", **values}).ids[0]
        for n in range(count)
    ]


def nothing() -> None:
    """Goes on."""


def test_the_first_rows_show_old_and_new(base: Workspace) -> None:
    ids = [*clients(base, 7, city="Omsk"), *clients(base, 2, city="Perm")]

    found = preview_value(base, base.catalogue["client"], ids, ("city", "Perm"), nothing)

    assert (found.changing, len(found.rows)) == (7, 5)
    assert found.rows[0] == ChangedRow("Client 0", "Omsk", "Perm")


def test_colleagues_and_wiped_values_are_told_by_name(base: Workspace) -> None:
    people = [base.records.create("staff", {"name": name}).ids[0] for name in ("Ann", "Bob")]
    ids = clients(base, 1, responsible=people[0])
    entity = base.catalogue["client"]

    reassigned = preview_value(base, entity, ids, ("responsible", people[1]), nothing)
    wiped = preview_value(base, entity, ids, ("responsible", None), nothing)

    assert reassigned.rows == (ChangedRow("Client 0", "Ann", "Bob"),)
    assert wiped.rows == (ChangedRow("Client 0", "Ann", ""),)


def test_tags_are_given_and_taken(base: Workspace) -> None:
    ids = [*clients(base, 1, tags="VIP"), *clients(base, 1, tags="New")]

    change = TagChange(("VIP",), ("New",))
    found = preview_tags(base, base.catalogue["client"], ids, change, nothing)

    assert (found.changing, found.rows) == (1, (ChangedRow("Client 0", "New", "VIP"),))
