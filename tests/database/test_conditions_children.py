"""Conditions over records that point here, tags, segments and values of a tree, on both bases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crm_desktop.errors import UserError
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query, where_from_json, where_to_json
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.selections.service import membership
from crm_desktop.services.selections.writes import (
    add_members,
    make_selection,
    remove_members,
    save_selection,
)
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.cli_desk import place_for_base


@pytest.fixture(scope="module", params=["sqlite", "firebird"])
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workspace]:
    """Only to be looked at."""
    with place_for_base(request, tmp_path_factory) as address:
        made = filled(address)
        yield made
        made.close()


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    made = filled(base_url)
    yield made
    made.close()


def filled(address: str) -> Workspace:
    made = ready_base(address, language="en")
    for name, tags in (("Aster", "VIP, Wholesale"), ("Birch", "vip"), ("Clover", None)):
        made.records.create("client", {"name": name, "tags": tags})
    ann = {"name": "Ann", "client": number(made, "Aster"), "job_title": "Director"}
    made.records.create("person", ann)
    return made


def number(base: Workspace, name: str, entity: str = "client") -> int:
    return base.titles.find(entity, name)[0]


def names(base: Workspace, where: Any, entity: str = "client") -> str:
    """The first letters of the records found."""
    query = Query(entity, ("name",), where_from_json(where))
    return "".join(sorted(row.cells[0][0] for row in base.lists.open(query).first(100)))


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"tags": "VIP"}, "AB"),
        ({"tags": ["wholesale", "no such tag"]}, "A"),
        ({"field": "tags", "op": "all", "value": ["VIP", "Wholesale"]}, "A"),
        ({"field": "tags", "op": "not_in", "value": ["VIP"]}, "C"),
        ({"field": "tags", "op": "empty"}, "C"),
        ({"not": {"tags": "VIP"}}, "C"),
        ({"field": "employment", "op": "filled"}, "A"),
        ({"field": "employment", "op": "empty"}, "BC"),
        ({"field": "employment.person.name", "op": "starts", "value": "an"}, "A"),
        ({"field": "employment.person.name", "op": "ne", "value": "Ann"}, "BC"),
        ({"field": "employment", "op": "any", "value": {"person.name": "Ann", "gone": False}}, "A"),
        ({"field": "employment", "op": "any", "value": {"person.name": "Ann", "gone": True}}, ""),
        ({"field": "employment", "op": "none", "value": {"person.name": "Ann"}}, "BC"),
        ({"or": [{"tags": "Wholesale"}, {"name": "Clover"}]}, "AC"),
    ],
)
def test_children_are_asked_about(office: Workspace, where: Any, found: str) -> None:
    assert names(office, where) == found


def test_a_link_leads_on_to_children(office: Workspace) -> None:
    assert names(office, {"client.tags": "Wholesale"}, "person") == "A"
    assert names(office, {"client.tagging.tag.tone": "bad"}, "person") == ""


def test_a_step_to_many_needs_a_field(office: Workspace) -> None:
    with pytest.raises(UserError, match="several records"):
        names(office, {"employment": "Ann"})


def test_nested_conditions_survive_json() -> None:
    row = {"field": "employment", "op": "any", "value": {"field": "gone", "op": "eq", "value": 1}}

    assert where_to_json(where_from_json(row)) == row


def test_a_live_selection_finds_whoever_fits_now(base: Workspace) -> None:
    query = Query("client", where=where_from_json({"tags": "VIP"}))
    save_selection(base, "Important", query, live=True)
    base.records.update("client", number(base, "Clover"), {"tags": "VIP"})

    assert names(base, {"in_segment": "important"}) == "ABC"
    assert names(base, {"field": "in_segment", "op": "not_in", "value": ["Important"]}) == ""
    assert names(base, {"client.in_segment": "Important"}, "person") == "A"


def test_a_frozen_selection_keeps_who_was_put_there(base: Workspace) -> None:
    query = Query("client", where=where_from_json({"tags": "VIP"}))
    kept = save_selection(base, "Today", query, live=False)
    base.records.update("client", number(base, "Clover"), {"tags": "VIP"})
    assert names(base, {"in_segment": "Today"}) == "AB"

    add_members(base, kept, [number(base, "Clover"), number(base, "Aster")])
    taken = remove_members(base, kept, [number(base, "Birch")])
    assert names(base, {"field": "id", "op": "in_segment", "value": "Today"}) == "AC"

    assert taken.operation is not None
    base.undo.undo(taken.operation)
    assert names(base, {"in_segment": "Today"}) == "ABC"


def test_a_record_knows_its_selections(base: Workspace) -> None:
    clients = base.catalogue["client"]
    make_selection(base, "By hand", clients, ids=[number(base, "Clover")])
    vip = Query("client", where=where_from_json({"tags": "VIP"}))
    save_selection(base, "Important", vip, live=True)
    save_selection(base, "Both", Query("client", where=where_from_json(
        {"or": [{"in_segment": "By hand"}, {"in_segment": "Important"}]})), live=True)  # fmt: skip

    found = membership(base, Ref("client", number(base, "Clover"))).selections

    assert [one.name for one in found] == ["Both", "By hand"]


def test_selections_in_a_circle_are_refused(base: Workspace) -> None:
    one = save_selection(base, "One", Query("client"), live=True)
    text = '{"entity": "client", "where": {"field": "in_segment", "op": "in", "value": ["One"]}}'
    base.records.update("selection", one.id, {"query": text})

    with pytest.raises(UserError, match="circle"):
        names(base, {"in_segment": "One"})


def test_a_selection_of_another_object_is_refused(base: Workspace) -> None:
    people = save_selection(base, "People", Query("person"), live=True)

    with pytest.raises(UserError, match="People"):
        names(base, {"in_segment": people.id})
    with pytest.raises(UserError, match="no segment"):
        names(base, {"in_segment": "People"})


def test_a_value_means_those_below_it(base: Workspace) -> None:
    above = base.records.create("reference", {"book": "region", "name": "Siberia"}).ids[0]
    below = {"book": "region", "name": "Omsk region", "parent": above}
    id_ = base.records.create("reference", below).ids[0]
    base.records.update("client", number(base, "Birch"), {"region": id_})

    assert names(base, {"region": "Siberia"}) == "B"
    assert names(base, {"field": "region", "op": "under", "value": [above]}) == "B"
    assert names(base, {"field": "region", "op": "exactly", "value": [above]}) == ""
    assert names(base, {"field": "region", "op": "not_in", "value": ["Siberia"]}) == "AC"


def test_a_value_never_stands_below_itself(base: Workspace) -> None:
    above = base.records.create("reference", {"book": "region", "name": "Siberia"}).ids[0]
    below = {"book": "region", "name": "Omsk region", "parent": above}
    id_ = base.records.create("reference", below).ids[0]

    with pytest.raises(UserError, match="below itself"):
        base.records.update("reference", above, {"parent": id_})
    with pytest.raises(UserError, match="another book"):
        other = {"book": "industry", "name": "Mines", "parent": above}
        base.records.create("reference", other)


def test_the_line_of_tags_follows_the_tags(base: Workspace) -> None:
    aster = number(base, "Aster")
    renamed = base.records.update("tag", number(base, "VIP", "tag"), {"name": "Gold"}).operation
    assert line(base, aster) == "Gold, Wholesale"
    assert base.search.matching("client", "gold") == [aster, number(base, "Birch")]

    base.undo.undo(renamed)
    gone = base.records.delete("tag", [number(base, "Wholesale", "tag")]).operation
    assert line(base, aster) == "VIP"

    base.undo.undo(gone)
    assert line(base, aster) == "VIP, Wholesale"
    assert check_base(base).problems == []


def test_giving_a_tag_writes_the_line(base: Workspace) -> None:
    clover = number(base, "Clover")
    tag = number(base, "VIP", "tag")
    given = base.records.create("tagging", {"tag": tag, "record": Ref("client", clover)})
    assert line(base, clover) == "VIP"

    base.records.delete("tagging", [given.ids[0]])
    assert line(base, clover) is None
    assert names(base, {"field": "tagging", "op": "filled"}) == "AB"


def line(base: Workspace, client: int) -> str | None:
    record = base.reader.get("client", client)
    assert record is not None
    found: str | None = record.values["tags"]
    return found


def test_a_tag_is_one_word_for_all(base: Workspace) -> None:
    with pytest.raises(UserError, match="comma"):
        base.records.create("tag", {"name": "one, two"})
    assert len(base.titles.find("tag", "vip")) == 1
