"""Visits that rules plan: clashes are named and told, nothing is planned twice; who gets a record
is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.database.deal_world import DealWorld, deal_world, own_field

AT = datetime(2026, 3, 3, 8, tzinfo=UTC)  # Tuesday, 11:00 in Moscow
HOUR = timedelta(hours=1)


@pytest.fixture
def world(base_url: str) -> Iterator[DealWorld]:
    made = deal_world(base_url)
    yield made
    made.base.close()


@pytest.fixture
def measured(world: DealWorld) -> str:
    """A field with the time of the measurement, and the rule that plans it for Marat."""
    key = own_field(world, "datetime", "Measured at")
    world.make(
        "automation", name="Visit", event="stage", stage=world.stages["Measurement"], kind="visit",
        whom="job", job="measurer", at="Measured at", length=60, subject="Measure: {name}",
    )  # fmt: skip
    return key


def visits(world: DealWorld, deal: int) -> list[dict[str, Any]]:
    return [one for one in world.linked("activity", "about", deal) if one["kind"] == "visit"]


def told(world: DealWorld, name: str) -> list[str]:
    return [one.subject for one in world.base.reminders.look(world.people[name], "here").fresh]


def measure(world: DealWorld, key: str, at: datetime, **values: Any) -> int:
    deal = world.deal(responsible=world.people["Anna"], **values)
    world.move(deal, "Measurement", **{key: at})
    return deal


def test_a_free_time_names_nothing(world: DealWorld, measured: str) -> None:
    measure(world, measured, AT - HOUR)
    (visit,) = visits(world, measure(world, measured, AT))
    assert (visit["body"], told(world, "Anna")) == (None, [])


def test_a_clash_is_named_in_the_visit_and_told_the_responsible(
    world: DealWorld, measured: str
) -> None:
    measure(world, measured, AT, name="First")
    (visit,) = visits(world, measure(world, measured, AT + HOUR / 2, name="Second"))
    assert "Taken twice then: “Measure: First”" in visit["body"]
    assert told(world, "Anna") == ["“Measure: Second” clashes with something else"]


def test_the_next_free_time_is_proposed(world: DealWorld, measured: str) -> None:
    """11:00 to 12:30 is taken, lunch is from one to two, then Marat is at a fair until three."""
    marat = world.people["Marat"]
    measure(world, measured, AT, name="First")
    measure(world, measured, AT + HOUR, name="Second")
    fair = {"subject": "Fair", "kind": "meeting", "state": "planned", "author": marat,
            "starts": AT + 3 * HOUR, "due": AT + 3 * HOUR, "ends": AT + 4 * HOUR}  # fmt: skip
    world.make("activity", **fair)
    deal = measure(world, measured, AT + HOUR / 2, name="Third")
    (visit,) = visits(world, deal)
    free = "Next free time: 3 Mar 2026, 15:00"
    assert visit["body"].splitlines()[-1] == free
    (notice,) = [one for one in world.linked("activity", "about", deal) if one["kind"] != "visit"]
    assert notice["body"].splitlines()[-1] == free
    (fired,) = world.linked("firing", "about", deal)
    assert fired["name"] == f"Measure: Third. {free}"


def test_a_free_time_is_looked_for_past_leave_and_the_week_end(
    world: DealWorld, measured: str
) -> None:
    """On leave from Tuesday to Friday: Monday at nine."""
    leave = datetime(2026, 3, 2, 21, tzinfo=UTC)
    world.make("activity", subject="Leave", kind="leave", state="planned", all_day=True,
               author=world.people["Marat"], starts=leave, due=leave,
               ends=leave + timedelta(days=4))  # fmt: skip
    (visit,) = visits(world, measure(world, measured, AT))
    assert visit["body"].splitlines()[-1] == "Next free time: 9 Mar 2026, 09:00"


def test_what_others_asked_him_to_and_what_recurs_clash_too(
    world: DealWorld, measured: str
) -> None:
    marat = world.people["Marat"]
    weekly = world.make("activity", subject="Plan", kind="meeting", state="planned",
                        author=marat, starts=AT - timedelta(days=7), due=AT - timedelta(days=7),
                        ends=AT - timedelta(days=7) + HOUR, rule="FREQ=WEEKLY")  # fmt: skip
    (visit,) = visits(world, measure(world, measured, AT))
    assert "“Plan”" in visit["body"]
    world.base.records.delete("activity", [weekly])
    shared = world.make("activity", subject="Fair", kind="meeting", state="planned",
                        author=world.people["Boris"], starts=AT + 3 * HOUR, ends=AT + 4 * HOUR,
                        due=AT + 3 * HOUR)  # fmt: skip
    world.make("participation", activity=shared, staff=marat, role="participant")
    (visit,) = visits(world, measure(world, measured, AT + 3 * HOUR))
    assert "“Fair”" in visit["body"]


def test_back_at_the_stage_it_is_moved_not_planned_again(world: DealWorld, measured: str) -> None:
    deal = measure(world, measured, AT)
    world.move(deal, "First call")
    world.move(deal, "Measurement")
    assert [one["starts"] for one in visits(world, deal)] == [AT]
    world.move(deal, "First call")
    world.move(deal, "Measurement", **{measured: AT + 2 * HOUR})
    assert [(one["starts"], one["ends"]) for one in visits(world, deal)] == [
        (AT + 2 * HOUR, AT + 3 * HOUR)
    ]


def test_once_it_was_done_it_is_planned_anew(world: DealWorld, measured: str) -> None:
    deal = measure(world, measured, AT)
    (id_,) = world.base.reader.linked("activity", "about", [deal])
    world.base.records.update("activity", id_, {"state": "done"})
    world.move(deal, "First call")
    world.move(deal, "Measurement", **{measured: AT + 2 * HOUR})
    assert sorted(one["starts"] for one in visits(world, deal)) == [AT, AT + 2 * HOUR]


def test_a_deadline_is_not_set_twice_while_it_is_open(world: DealWorld) -> None:
    world.make("automation", name="Call", event="stage", stage=world.stages["First call"],
               kind="call", minutes=15, subject="Call")  # fmt: skip
    deal = world.deal()
    world.move(deal, "Measurement")
    world.move(deal, "First call")
    assert len(world.linked("activity", "about", deal)) == 1


@pytest.mark.parametrize("entity", ["lead", "deal"])
def test_whoever_gets_a_record_by_a_rule_is_told(world: DealWorld, entity: str) -> None:
    world.base.work_as(world.people["Anna"])
    world.make("automation", name="Whose", event="made", of=entity, deed="assign",
               whom="person", staff=world.people["Boris"])  # fmt: skip
    id_ = world.make(entity, name="Petrov")
    assert world.of(id_, entity)["responsible"] == world.people["Boris"]
    label = entity.capitalize()
    assert told(world, "Boris") == [f"{label} “Petrov” is yours now"]


def test_why_it_fell_to_the_head_is_told_with_a_lead(world: DealWorld) -> None:
    world.base.work_as(world.people["Anna"])
    world.make("automation", name="Whose", event="made", of="lead", deed="assign",
               whom="job", job="plumber")  # fmt: skip
    lead = world.make("lead", name="Petrov")
    (note,) = world.linked("activity", "about", lead)
    assert (note["author"], note["body"]) == (
        world.people["Kirill"], "There is nobody with the job title “plumber”"
    )  # fmt: skip
