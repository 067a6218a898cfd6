"""A call that is noted finishes the one that was planned: which, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.activities.kinds import KindHabits, keep_habits
from crm_desktop.services.activities.next_steps import Said, log_call, planned_call
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    made.work_as(made.records.create("staff", {"name": "Anna"}).ids[0])
    yield made
    made.close()


@pytest.fixture
def client(workspace: Workspace) -> Ref:
    return Ref("client", workspace.records.create("client", {"name": "Vector"}).ids[0])


def _call(workspace: Workspace, about: Ref, *, days: int = 0, **more: Any) -> int:
    due = workspace.clock.local().replace(hour=12) + timedelta(days=days)
    values = {"subject": "Ring up", "kind": "call", "state": "planned", "about": about, "due": due}
    return workspace.records.create("activity", {**values, **more}).ids[0]


def _values(workspace: Workspace, id_: int) -> dict[str, Any]:
    found = workspace.reader.get("activity", id_)
    assert found is not None
    return dict(found.values)


def _about(workspace: Workspace, ref: Ref) -> list[dict[str, Any]]:
    rows = workspace.reader.linked("activity", "about", [ref.id])
    return [dict(rows[id_].values) for id_ in sorted(rows)]


def test_the_earliest_own_one_of_today_or_before_is_meant(
    workspace: Workspace, client: Ref
) -> None:
    boris = workspace.records.create("staff", {"name": "Boris"}).ids[0]
    _call(workspace, client, days=-5, author=boris)
    _call(workspace, client, days=-4, kind="task")
    _call(workspace, client, days=-3, state="done")
    _call(workspace, client, days=1)
    assert planned_call(workspace, client) is None

    _call(workspace, client)
    late = _call(workspace, client, days=-1)

    found = planned_call(workspace, client)
    assert found is not None and (found.id, found.subject) == (late, "Ring up")


def test_a_clients_call_about_a_deal_is_meant_from_his_card_too(
    workspace: Workspace, client: Ref
) -> None:
    deal = workspace.records.create("deal", {"name": "Windows", "client": client.id}).ids[0]
    wanted = _call(workspace, Ref("deal", deal))
    other = Ref("client", workspace.records.create("client", {"name": "Orion"}).ids[0])

    found = [planned_call(workspace, ref) for ref in (client, Ref("deal", deal), other)]

    assert [one and one.id for one in found] == [wanted, wanted, None]


def test_it_is_finished_with_its_note_and_the_next_step_as_one_operation(
    workspace: Workspace, client: Ref
) -> None:
    wanted = _call(workspace, client, body="Two windows")

    said = Said(note="Wants a discount", following="send the offer tomorrow", finishes=wanted)
    operation = log_call(workspace, client, said).operation

    finished, following = _about(workspace, client)
    assert (finished["state"], finished["body"]) == ("done", "Two windows\n\nWants a discount")
    assert (following["subject"], following["state"]) == ("send the offer", "planned")
    assert planned_call(workspace, client) is None
    workspace.undo.undo(operation)
    assert [one["state"] for one in _about(workspace, client)] == ["planned"]


def test_without_it_the_planned_one_stays(workspace: Workspace, client: Ref) -> None:
    wanted = _call(workspace, client)

    log_call(workspace, client, Said(note="Engaged"))

    assert _values(workspace, wanted)["state"] == "planned"
    assert [one["state"] for one in _about(workspace, client)] == ["planned", "done"]


def test_of_a_series_the_date_that_is_due_is_finished(workspace: Workspace, client: Ref) -> None:
    begin = workspace.clock.local().replace(hour=9) - timedelta(days=1)
    series = _call(
        workspace, client, due=None, starts=begin, ends=begin + timedelta(hours=1),
        rule="FREQ=DAILY",
    )  # fmt: skip
    found = planned_call(workspace, client)
    assert found is not None and found.id == series

    log_call(workspace, client, Said(finishes=series))

    assert _values(workspace, series)["state"] == "planned"
    assert [one["state"] for one in _about(workspace, client)].count("done") == 1


def test_one_that_needs_a_result_is_refused_without_and_nothing_is_written(
    workspace: Workspace, client: Ref
) -> None:
    keep_habits(workspace, "call", KindHabits(result=True))
    wanted = _call(workspace, client)

    with pytest.raises(InvalidInput, match="Say what came of it") as refused:
        log_call(workspace, client, Said(note="Engaged", following="tomorrow", finishes=wanted))

    assert refused.value.field == "result"
    assert [one["state"] for one in _about(workspace, client)] == ["planned"]
