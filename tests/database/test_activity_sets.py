"""Sets of activities are planned around a date in working time, and their open rest moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.activity_sets import service as s
from crm_desktop.services.workspace import Workspace
from tests.ics_files import office

FRIDAY = date(2026, 12, 18)


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = office(base_url)
    yield made
    made.close()


@pytest.fixture
def about(workspace: Workspace) -> Ref:
    return Ref("client", workspace.records.create("client", {"name": "Aster"}).ids[0])


@pytest.fixture
def delivery(workspace: Workspace) -> int:
    """Pack two days before, deliver at ten, ring two days after the delivery."""
    create = workspace.records.create
    (id_,) = create("activity_set", {"name": "Delivery"}).ids
    create("set_step", {"set": id_, "subject": "Pack", "days": -5})
    main = {"set": id_, "subject": "Deliver", "kind": "visit", "time": "10:00", "minutes": 90}
    (deliver,) = create("set_step", main).ids
    create("set_step", {"set": id_, "subject": "Ring", "kind": "call", "days": 1, "after": deliver})
    return int(id_)


def activities(workspace: Workspace, about: Ref) -> dict[str, dict[str, Any]]:
    rows = workspace.reader.linked("activity", "about", [about.id])
    return {row.values["subject"]: {**row.values, "id": id_} for id_, row in rows.items()}


def test_days_off_are_stepped_over_towards_the_right_side(
    workspace: Workspace, delivery: int
) -> None:
    days = {one.subject: one.day for one in s.preview(workspace, delivery, FRIDAY)}
    # Sunday 13th back to Friday 11th; Saturday 19th on to Monday 21st.
    assert days == {"Pack": date(2026, 12, 11), "Deliver": FRIDAY, "Ring": date(2026, 12, 21)}


def test_a_set_is_started_and_undone_as_one(
    workspace: Workspace, about: Ref, delivery: int
) -> None:
    outcome = s.start(workspace, delivery, about, FRIDAY)
    found = activities(workspace, about)
    assert found["Deliver"]["starts"] == datetime(2026, 12, 18, 7, tzinfo=UTC)
    assert found["Deliver"]["ends"] == datetime(2026, 12, 18, 8, 30, tzinfo=UTC)
    assert found["Pack"]["due"] == datetime(2026, 12, 11, 15, tzinfo=UTC)
    assert {one["state"] for one in found.values()} == {"planned"}
    workspace.undo.undo(outcome.operation)
    assert activities(workspace, about) == {}


def test_what_is_open_moves_with_the_date_and_what_is_done_stays(
    workspace: Workspace, about: Ref, delivery: int
) -> None:
    s.start(workspace, delivery, about, FRIDAY)
    packed = activities(workspace, about)["Pack"]
    workspace.records.update("activity", packed["id"], {"state": "done"})
    (one,) = s.started(workspace, about)
    assert (one.name, one.anchor, one.open) == ("Delivery", FRIDAY, 2)
    s.move(workspace, about, one, date(2026, 12, 22))
    found = activities(workspace, about)
    assert found["Deliver"]["starts"] == datetime(2026, 12, 22, 7, tzinfo=UTC)
    assert found["Pack"]["due"] == packed["due"]
    assert [one.anchor for one in s.started(workspace, about)] == [date(2026, 12, 22)]


def test_steps_in_a_circle_are_refused(workspace: Workspace, delivery: int) -> None:
    steps = workspace.reader.linked("set_step", "set", [delivery])
    deliver = next(i for i, row in steps.items() if row.values["subject"] == "Deliver")
    ring = next(i for i, row in steps.items() if row.values["subject"] == "Ring")
    workspace.records.update("set_step", deliver, {"after": ring})
    with pytest.raises(InvalidInput):
        s.preview(workspace, delivery, FRIDAY)


def test_only_sets_that_are_in_use_are_offered(workspace: Workspace, delivery: int) -> None:
    workspace.records.create("activity_set", {"name": "Old", "retired": True})
    assert s.sets(workspace) == [("Delivery", delivery)]
    (empty,) = workspace.records.create("activity_set", {"name": "Empty"}).ids
    with pytest.raises(InvalidInput):
        s.preview(workspace, empty, FRIDAY)
