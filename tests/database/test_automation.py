"""Rules that fire inside a save: what they plan, for whom, how often, and what they leave alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.writing.staging import Create
from tests.database.deal_world import MONDAY, DealWorld, deal_world, own_field


@pytest.fixture
def world(base_url: str) -> Iterator[DealWorld]:
    made = deal_world(base_url)
    yield made
    made.base.close()


def rule(world: DealWorld, stage: str | None = "First call", **values: Any) -> int:
    given: dict[str, Any] = {"name": "Rule", "event": "stage", "subject": "Call {client}"}
    if stage is not None:
        given["stage"] = world.stages[stage]
    return world.make("automation", **{**given, **values})


def planned(world: DealWorld, deal: int) -> list[dict[str, Any]]:
    return world.linked("activity", "about", deal)


def test_a_task_is_planned_in_working_time_with_its_reminder(world: DealWorld) -> None:
    rule(world, kind="call", minutes=15, remind=5, body="{phone}, {name}")
    client = world.make("client", name="Petrov", phone="+79165551234")
    world.base.work_as(world.people["Anna"])
    deal = world.deal(client=client)
    (task,) = planned(world, deal)
    assert (task["subject"], task["kind"], task["author"]) == (
        "Call Petrov", "call", world.people["Anna"],
    )  # fmt: skip
    assert task["due"] == MONDAY + timedelta(minutes=15)
    assert "555-12-34" in task["body"] and "Two windows" in task["body"]
    (reminder,) = world.linked("reminder", "activity", task_id(world, deal))
    assert reminder["due"] == MONDAY + timedelta(minutes=10)


def task_id(world: DealWorld, deal: int) -> int:
    (id_,) = world.base.reader.linked("activity", "about", [deal])
    return id_


@pytest.mark.parametrize(
    ("moment", "minutes", "due"),
    [
        (datetime(2026, 3, 6, 14, 55, tzinfo=UTC), 15, datetime(2026, 3, 9, 6, 10, tzinfo=UTC)),
        (datetime(2026, 3, 3, 9, 20, tzinfo=UTC), 120, datetime(2026, 3, 3, 12, 20, tzinfo=UTC)),
    ],
)
def test_deadlines_step_over_nights_weekends_and_lunch(
    world: DealWorld, moment: datetime, minutes: int, due: datetime
) -> None:
    rule(world, minutes=minutes)
    world.clock.moment = moment
    assert planned(world, world.deal())[0]["due"] == due


def test_several_fire_in_their_order_and_are_undone_with_the_save(world: DealWorld) -> None:
    rule(world, "Approval", name="B", position=2, subject="Second")
    rule(world, "Approval", name="A", position=1, subject="First")
    deal = world.deal()
    operation = world.move(deal, "Approval")
    assert [one["subject"] for one in planned(world, deal)] == ["First", "Second"]
    assert len(world.linked("firing", "about", deal)) == 2
    world.base.undo.undo(operation)
    assert planned(world, deal) == []


def test_a_time_in_a_field_makes_a_visit_of_a_job_with_place_and_wishes(world: DealWorld) -> None:
    measure = own_field(world, "datetime", "Measured at")
    rule(
        world,
        "Measurement",
        kind="visit",
        whom="job",
        job="measurer",
        at="Measured at",
        length=60,
        place="Address",
        body="{phone}; {wishes}",
        subject="Measure: {client}",
    )
    client = world.make("client", name="Petrov", phone="+79165551234", address="Lenina 5-12")
    world.make("wish", text="Wear overshoes", owner=Ref("client", client))
    deal, at = world.deal(client=client), datetime(2026, 3, 3, 8, tzinfo=UTC)
    world.move(deal, "Measurement", **{measure: at})
    (visit,) = planned(world, deal)
    assert (visit["author"], visit["place"]) == (world.people["Marat"], "Lenina 5-12")
    assert (visit["starts"], visit["ends"]) == (at, at + timedelta(hours=1))
    assert "555-12-34; Wear overshoes" in visit["body"]


def test_guards_let_a_rule_fire_once_or_once_a_day(world: DealWorld) -> None:
    rule(world, "Approval", name="Once", guard="record", subject="once")
    rule(world, "Approval", name="Daily", guard="day", subject="daily")
    deal = world.deal()
    for days in (0, 0, 1):
        world.clock.move(days=days)
        world.move(deal, "Approval")
        world.move(deal, "Measurement")
    subjects = sorted(one["subject"] for one in planned(world, deal))
    assert subjects == ["daily", "daily", "once"]


def test_braces_fill_in_fields_and_nothing_else(world: DealWorld) -> None:
    hostile = "{name.__class__} {0} {client.__dict__} {} {name!r} {stage}"
    rule(world, subject=hostile)
    (task,) = planned(world, world.deal(name="{stage} {client}"))
    assert task["subject"] == hostile.replace("{stage}", "First call")
    rule(world, "Approval", subject="{name}")
    deal = world.deal(name="{stage} {client}")
    world.move(deal, "Approval")
    assert planned(world, deal)[-1]["subject"] == "{stage} {client}"


def test_fields_in_braces_are_called_as_colleagues_call_them(world: DealWorld) -> None:
    client = world.make("client", name="Petrov")
    rule(world, subject="Позвонить: {Клиент}")
    (task,) = planned(world, world.deal(client=client))
    assert task["subject"] == "Позвонить: Petrov"


def test_fields_responsibles_and_notices(world: DealWorld) -> None:
    rule(world, "Approval", deed="set_field", field="Note", value="From {stage}")
    rule(world, "Approval", deed="assign", whom="person", staff=world.people["Boris"])
    rule(world, "Approval", deed="notify", whom="head", subject="{name} is with you", position=9)
    deal = world.deal(responsible=world.people["Anna"])
    world.move(deal, "Approval")
    values = world.of(deal)
    assert (values["note"], values["responsible"]) == ("From Approval", world.people["Boris"])
    (firing,) = world.base.reminders.look(world.people["Kirill"], "here").fresh
    assert firing.subject == "Two windows is with you"


def test_an_activity_set_begins(world: DealWorld) -> None:
    steps = world.make("activity_set", name="Welcome")
    world.make("set_step", set=steps, subject="Write", days=2)
    rule(world, "Approval", deed="begin_set", set=steps)
    deal = world.deal()
    world.move(deal, "Approval")
    assert [one["subject"] for one in planned(world, deal)] == ["Write"]


def test_a_field_of_any_object_and_a_condition(world: DealWorld) -> None:
    active = world.base.titles.find("reference", "Active")[0]
    rule(
        world,
        None,
        event="field",
        of="Client",
        when="Status",
        becomes="Active",
        subject="Greet {name}",
        where='{"field": "city", "op": "eq", "value": "Omsk"}',
    )
    omsk = world.make("client", name="Aster", city="Omsk")
    tver = world.make("client", name="Birch", city="Tver", status=active)
    world.base.records.update("client", omsk, {"status": active})
    assert [one["subject"] for one in planned(world, omsk)] == ["Greet Aster"]
    assert planned(world, tver) == []


@pytest.mark.parametrize(
    ("expected", "value", "fires"),
    [
        ("2026-03-31", "this_month", True), ("2026-04-01", "this_month", False),
        ("2026-03-01", "past", True), ("2026-03-02", "past", False), (None, "past", False),
    ],
)  # fmt: skip
def test_a_condition_by_period(
    world: DealWorld, expected: str | None, value: str, fires: bool
) -> None:
    rule(world, where=json.dumps({"field": "expected", "op": "period", "value": value}))
    day = date.fromisoformat(expected) if expected else None
    assert bool(planned(world, world.deal(expected=day))) is fires


def test_a_moment_is_in_a_period_by_the_days_of_the_company(world: DealWorld) -> None:
    where = {"field": "opened", "op": "period", "value": "today"}
    rule(world, where=json.dumps(where))
    night = datetime(2026, 3, 1, 21, 30, tzinfo=UTC)  # half past midnight in Moscow
    assert planned(world, world.deal(opened=night))
    assert not planned(world, world.deal(opened=night - timedelta(hours=1)))


@pytest.mark.parametrize(
    ("born", "fires"),
    [("1990-03-16", True), ("1990-03-17", False), ("1988-03-02", True), ("1990-03-01", False)],
)
def test_a_condition_by_a_day_that_comes_round(world: DealWorld, born: str, fires: bool) -> None:
    where = '{"field": "birthday", "op": "comes", "value": 14}'
    rule(world, None, event="made", of="person", subject="Greet {name}", where=where)
    person = world.make("person", name="Olga Kim", birthday=date.fromisoformat(born))
    assert bool(planned(world, person)) is fires


def test_what_is_made_fires_too_but_an_import_of_thousands_does_not(world: DealWorld) -> None:
    rule(world, None, event="made", of="client", subject="New: {name}")
    writes = [Create("client", {"name": f"C {n}"}) for n in range(60)]
    many = world.base.records.apply(writes).ids
    assert planned(world, many[0]) == []
    assert len(planned(world, world.make("client", name="One"))) == 1


def test_a_retired_rule_rests(world: DealWorld) -> None:
    id_ = rule(world)
    world.base.records.update("automation", id_, {"retired": True})
    assert planned(world, world.deal()) == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"whom": "job"}, "job"),
        ({"deed": "set_field", "field": "Stage", "value": "1"}, "field"),
        ({"deed": "set_field", "field": "Expected to close", "value": "soon"}, "value"),
        ({"at": "Weather"}, "at"),
        ({"event": "made", "stage": None}, "of"),
        ({"where": "{"}, "where"),
        ({"where": '{"field": "name", "op": "comes", "value": 3}'}, "where"),
        ({"where": '{"field": "expected", "op": "period", "value": "soon"}'}, "where"),
        ({"where": '{"field": "amount", "op": "period", "value": "today"}'}, "where"),
    ],
)
def test_a_rule_that_cannot_be_carried_out_is_refused(
    world: DealWorld, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        rule(world, **values)
    assert refused.value.field == field
