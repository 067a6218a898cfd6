"""Relations between records and the careers of people, on both bases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from crm_desktop.errors import UserError
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query, where_from_json
from crm_desktop.services.relations import (
    KindName,
    change_relation,
    kind_names,
    picture_of,
    relate,
    relations_of,
)
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def client(base: Workspace, name: str) -> Ref:
    return Ref("client", base.records.create("client", {"name": name}).ids[0])


def named(base: Workspace, text: str) -> KindName:
    return next(one for one in kind_names(base) if one.text == text)


def seen(base: Workspace, ref: Ref) -> list[tuple[str, str]]:
    return [(one.name.text, one.title.text) for one in relations_of(base, ref)]


def test_each_side_sees_the_right_name(base: Workspace) -> None:
    holding, works, shop = (client(base, name) for name in ("Holding", "Works", "Shop"))
    relate(base, holding, named(base, "Subsidiary"), works, {})
    relate(base, shop, named(base, "Parent company"), holding, {})
    relate(base, works, named(base, "Partner"), shop, {})

    assert seen(base, holding) == [("Subsidiary", "Shop"), ("Subsidiary", "Works")]
    assert seen(base, works) == [("Parent company", "Holding"), ("Partner", "Shop")]
    assert seen(base, shop) == [("Parent company", "Holding"), ("Partner", "Works")]


def test_a_person_may_be_joined_to_a_company(base: Workspace) -> None:
    ann = Ref("person", base.records.create("person", {"name": "Ann"}).ids[0])
    works = client(base, "Works")
    relate(base, works, named(base, "Guarantor"), ann, {"since": date(2024, 5, 1)})

    assert seen(base, ann) == [("Guaranteed", "Works")]
    where = where_from_json({"relation.kind": "Guarantor"})
    assert base.lists.count(Query("person", where=where)) == 1
    assert base.lists.count(Query("client", where=where)) == 1


def test_what_makes_no_sense_is_refused(base: Workspace) -> None:
    one, two = client(base, "One"), client(base, "Two")
    partner = named(base, "Partner")
    relate(base, one, partner, two, {})

    with pytest.raises(UserError, match="already"):
        relate(base, one, partner, two, {})
    with pytest.raises(UserError, match="itself"):
        relate(base, one, partner, one, {})
    with pytest.raises(UserError, match="before it begins"):
        times = {"since": date(2026, 1, 2), "until": date(2026, 1, 1)}
        relate(base, two, partner, one, times)


def test_a_relation_is_changed_and_dies_with_its_record(base: Workspace) -> None:
    one, two = client(base, "One"), client(base, "Two")
    relate(base, one, named(base, "Partner"), two, {})
    (related,) = relations_of(base, one)
    change_relation(base, one, related, named(base, "Customer"), {"note": "wholesale"})
    assert seen(base, two) == [("Supplier", "One")]

    gone = base.records.delete("client", [two.id]).operation
    assert seen(base, one) == []
    base.undo.undo(gone)
    assert seen(base, one) == [("Customer", "Two")]


def test_the_picture_shows_two_steps_and_nothing_that_is_over(base: Workspace) -> None:
    one, two, three, past = (client(base, name) for name in ("One", "Two", "Three", "Past"))
    partner = named(base, "Partner")
    relate(base, one, partner, two, {})
    relate(base, two, partner, three, {})
    relate(base, one, partner, past, {"until": date(2001, 1, 1)})

    found = picture_of(base, one)

    assert [node.title for node in found.around] == ["Two"]
    assert [node.title for node in found.around[0].behind] == ["Three"]


def test_a_place_of_work_that_has_ended_is_left(base: Workspace) -> None:
    works = client(base, "Works")
    ann = base.records.create("person", {"name": "Ann"}).ids[0]
    place = {"person": ann, "client": works.id, "decision": "decides", "weight": 9}
    id_ = base.records.create("employment", {**place, "until": date(2001, 1, 1)}).ids[0]
    record = base.reader.get("employment", id_)
    assert record is not None and record.values["gone"] is True

    with pytest.raises(UserError, match="from 0 to 10"):
        base.records.update("employment", id_, {"weight": 11})
    asked = {"field": "employment", "op": "any", "value": {"decision": "decides", "gone": True}}
    assert base.lists.count(Query("client", where=where_from_json(asked))) == 1
