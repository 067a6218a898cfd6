"""Times and states of activities agree with one another, however they are written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.history.timeline import NOTED
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

HOUR = timedelta(hours=1)


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


@pytest.fixture
def soon(workspace: Workspace) -> datetime:
    now = workspace.clock.now()
    return datetime(now.year, now.month, now.day, 9, tzinfo=UTC) + timedelta(days=3)


def make(workspace: Workspace, **values: Any) -> int:
    return workspace.records.create("activity", {"subject": "x", **values}).ids[0]


def read(workspace: Workspace, id_: int) -> dict[str, Any]:
    record = workspace.reader.get("activity", id_)
    assert record is not None
    return dict(record.values)


def test_what_begins_in_the_future_is_planned_and_due_when_it_begins(
    workspace: Workspace, soon: datetime
) -> None:
    found = read(workspace, make(workspace, kind="meeting", starts=soon, ends=soon + HOUR))
    assert (found["state"], found["due"], found["moment"]) == ("planned", soon, soon)


def test_what_began_in_the_past_is_done(workspace: Workspace, soon: datetime) -> None:
    past = soon - timedelta(days=9)
    found = read(workspace, make(workspace, kind="meeting", starts=past, ends=past + HOUR))
    assert (found["state"], found["due"], found["moment"]) == ("done", None, past)


def test_the_end_and_the_deadline_move_with_the_start(workspace: Workspace, soon: datetime) -> None:
    one = make(workspace, kind="meeting", starts=soon, ends=soon + HOUR)
    workspace.records.update("activity", one, {"starts": soon + 5 * HOUR})
    found = read(workspace, one)
    assert (found["ends"], found["due"]) == (soon + 6 * HOUR, soon + 5 * HOUR)
    assert found["moment"] == soon + 5 * HOUR


def test_a_deadline_of_its_own_stays(workspace: Workspace, soon: datetime) -> None:
    one = make(workspace, kind="task", starts=soon, due=soon + 9 * HOUR)
    workspace.records.update("activity", one, {"starts": soon + HOUR})
    assert read(workspace, one)["due"] == soon + 9 * HOUR


def test_an_end_before_the_start_is_refused(workspace: Workspace, soon: datetime) -> None:
    with pytest.raises(InvalidInput, match="before"):
        make(workspace, starts=soon, ends=soon - HOUR)
    with pytest.raises(InvalidInput, match="starts"):
        make(workspace, ends=soon)


def test_a_plan_without_a_date_is_allowed(workspace: Workspace) -> None:
    found = read(workspace, make(workspace, kind="task", state="planned"))
    assert (found["state"], found["due"], found["starts"]) == ("planned", None, None)


def test_a_task_is_done_now_and_a_meeting_when_it_took_place(
    workspace: Workspace, soon: datetime
) -> None:
    past = soon - timedelta(days=9)
    for kind in ("task", "meeting"):
        one = make(workspace, kind=kind, state="planned", starts=past)
        workspace.records.update("activity", one, {"state": "done"})
        assert (read(workspace, one)["moment"] == past) == (kind == "meeting")


@pytest.mark.parametrize("state", ["planned", "working", "waiting"])
def test_every_open_state_is_the_next_step_and_stands_on_top(
    workspace: Workspace, soon: datetime, state: str
) -> None:
    client = workspace.records.create("client", {"name": "A"}).ids[0]
    one = make(workspace, kind="task", state=state, due=soon, about=Ref("client", client))
    record = workspace.reader.get("client", client)
    page = workspace.timeline.page(workspace.catalogue["client"], client)
    assert record is not None and record.values["next_step_at"] == soon
    assert [top.ref.id for top in page.on_top] == [one]
    assert one not in [h.ref.id for h in page.found if h.source == NOTED]


@pytest.mark.parametrize("state", ["done", "declined", "cancelled"])
def test_no_ended_state_is_a_next_step(workspace: Workspace, soon: datetime, state: str) -> None:
    client = workspace.records.create("client", {"name": "A"}).ids[0]
    make(workspace, kind="task", state=state, due=soon, about=Ref("client", client))
    record = workspace.reader.get("client", client)
    assert record is not None and record.values["next_step_at"] is None
