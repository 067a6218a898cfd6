"""Groups of a list with counts and sums, on both back ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.services.lists import groups as list_groups
from crm_desktop.services.lists.groups import GroupHead
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create
from tests.bases import ready_base

TOWNS = ("Omsk", "OMSK", "Kazan", None)


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    """Eight clients of two towns and none, revenues of 10, 20 ..., activities of three months."""
    workspace = ready_base(base_url, language="en")
    ann = workspace.records.create("staff", {"name": "Ann Lee"}).ids[0]
    ids = workspace.records.apply([
        Create("client", {"name": f"C{n}", "city": TOWNS[n % 4], "revenue": Decimal(10 * n + 10),
                          "responsible": ann if n < 3 else None})
        for n in range(8)
    ]).ids  # fmt: skip
    workspace.records.apply([
        Create("activity", {"subject": "x", "kind": kind, "about": Ref("client", ids[0]),
                            "moment": datetime(2026, month, day, 12, tzinfo=UTC)})
        for kind, month, day in (("note", 9, 30), ("call", 10, 1), ("note", 11, 15))
    ])  # fmt: skip
    yield workspace
    workspace.close()


def groups(base: Workspace, query: Query, *sums: str) -> list[GroupHead]:
    entity = base.catalogue[query.entity]
    return base.lists.groups(query, [entity.field(key) for key in sums])


def told(heads: list[GroupHead]) -> list[tuple[int, str, int]]:
    return [(head.depth, head.title, head.count) for head in heads]


def test_texts_are_gathered_whatever_their_case_and_summed(base: Workspace) -> None:
    heads = groups(base, Query("client", groups=("city",)), "revenue")

    assert [(h.title.casefold(), h.count, h.sums) for h in heads] == [
        ("kazan", 2, (Decimal(100),)), ("omsk", 4, (Decimal(140),)),
        ("not filled in", 2, (Decimal(120),)),
    ]  # fmt: skip


def test_condition_of_a_head_finds_exactly_its_rows(base: Workspace) -> None:
    for spec in (("city",), ("responsible",), ("created_at:day",), ("responsible", "city")):
        query = Query("client", groups=spec)
        heads = groups(base, query)
        assert heads, spec
        for head in heads:
            assert base.lists.count(query.narrowed(head.where)) == head.count


def test_days_are_cut_to_months_quarters_and_years(base: Workspace) -> None:
    def heads(unit: str, *sort: Sort) -> list[str]:
        found = groups(base, Query("activity", groups=(f"moment:{unit}",), sort=sort))
        return [head.title for head in found]

    assert heads("month") == ["September 2026", "October 2026", "November 2026"]
    assert heads("quarter", Sort("moment", True)) == ["Quarter 4 of 2026", "Quarter 3 of 2026"]
    assert heads("year") == ["2026"]


def test_two_levels_stand_one_in_the_other(base: Workspace) -> None:
    heads = groups(base, Query("client", groups=("responsible", "city")))

    assert told(heads)[:3] == [(0, "Ann Lee", 3), (1, "Kazan", 1), (1, heads[2].title, 2)]
    assert (heads[3].depth, heads[3].title, heads[3].count) == (0, "Not filled in", 5)


def test_conditions_and_typed_text_narrow_the_groups(base: Workspace) -> None:
    narrowed = Query("client", groups=("city",), where=Condition("city", "filled"))
    typed = Query("client", groups=("city",), text="kazan")

    assert sum(head.count for head in groups(base, narrowed)) == 6
    assert told(groups(base, typed)) == [(0, "Kazan", 2)]


def test_choices_stand_in_their_order(base: Workspace) -> None:
    heads = groups(base, Query("activity", groups=("kind",)))

    assert told(heads) == [(0, "Note", 2), (0, "Call", 1)]


def test_too_many_groups_are_refused(base: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_groups, "MOST_GROUPS", 3)

    with pytest.raises(InvalidInput, match="more than 3 groups"):
        groups(base, Query("client", groups=("name",)))


def test_groups_are_kept_with_the_query() -> None:
    query = Query("client", ("name",), groups=("city", "created_at:month"))

    assert Query.from_json(query.to_json()) == query
    assert "groups" not in Query("client").to_json()


def test_people_are_gathered_by_the_town_of_their_client(base: Workspace) -> None:
    made = base.records.create
    towns = [made("client", {"name": f"C{n}", "city": c}).ids[0] for n, c in
             enumerate(("Omsk", "Perm", "", "omsk"))]  # fmt: skip
    for number, client in enumerate((*towns, None, towns[0])):
        made("person", {"name": f"P{number}", "client": client})
    query = Query("person", groups=("client.city",), where=Condition("name", "starts", "P"))

    heads = groups(base, query)

    counts = [(head.title.casefold(), head.count) for head in heads]
    assert counts == [("omsk", 3), ("perm", 1), ("not filled in", 2)]
    assert [base.lists.count(query.narrowed(h.where)) for h in heads] == [3, 1, 2]


def test_groups_over_a_link_stand_in_others_and_are_searched(base: Workspace) -> None:
    (client,) = base.records.create("client", {"name": "Elm", "city": "Omsk"}).ids[:1]
    for number in range(3):
        base.records.create("person", {"name": f"Anna {number}", "client": client})
    query = Query("person", groups=("client", "client.created_at:year"), text="anna")

    heads = groups(base, query)

    assert [(head.depth, head.count) for head in heads] == [(0, 3), (1, 3)]
    assert [base.lists.count(query.narrowed(head.where)) for head in heads] == [3, 3]
