"""Activity sets that begin by themselves, on both back ends: when, how often, and what not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.services.activity_sets import service as activity_sets
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create, Update
from tests.bases import ready_base

SATURDAY = datetime(2026, 12, 12, 9, 0, tzinfo=UTC)
MONDAY = date(2026, 12, 14)


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en", clock=MovedClock(SATURDAY))
    yield made
    made.close()


@pytest.fixture
def status(workspace: Workspace) -> int:
    return workspace.titles.find("reference", "Active")[0]


@pytest.fixture
def welcome(workspace: Workspace, status: int) -> int:
    """Ring on the day, write two days later; begins when a client becomes active."""
    create = workspace.records.create
    begins = {"of": "client", "when": "status", "becomes": str(status)}
    (id_,) = create("activity_set", {"name": "Welcome", **begins}).ids
    create("set_step", {"set": id_, "subject": "Ring", "kind": "call"})
    create("set_step", {"set": id_, "subject": "Write", "days": 2})
    return int(id_)


def client(workspace: Workspace, **values: Any) -> Ref:
    return Ref("client", workspace.records.create("client", {"name": "Aster", **values}).ids[0])


def steps(workspace: Workspace, about: Ref) -> dict[str, dict[str, Any]]:
    rows = workspace.reader.linked("activity", "about", [about.id])
    return {row.values["subject"]: row.values for row in rows.values()}


def test_a_set_begins_with_the_save_and_goes_with_its_undo(
    workspace: Workspace, welcome: int, status: int
) -> None:
    about = client(workspace)
    assert steps(workspace, about) == {}

    outcome = workspace.records.update("client", about.id, {"status": status})

    found = steps(workspace, about)
    assert {s["due"].date() for s in found.values()} == {MONDAY, date(2026, 12, 16)}
    assert all(s["anchor"] == MONDAY and s["state"] == "planned" for s in found.values())
    workspace.undo.undo(outcome.operation)
    assert steps(workspace, about) == {}


def test_a_new_record_begins_it_too(workspace: Workspace, welcome: int, status: int) -> None:
    assert len(steps(workspace, client(workspace, status=status))) == 2


def test_its_open_rest_can_be_moved(workspace: Workspace, welcome: int, status: int) -> None:
    about = client(workspace, status=status)
    (running,) = activity_sets.started(workspace, about)

    activity_sets.move(workspace, about, running, date(2026, 12, 21))

    assert steps(workspace, about)["Write"]["due"].date() == date(2026, 12, 23)


def test_it_does_not_begin_again_while_steps_are_open(
    workspace: Workspace, welcome: int, status: int
) -> None:
    about = client(workspace, status=status)
    for value in (None, status):
        workspace.records.update("client", about.id, {"status": value})
    assert len(workspace.reader.linked("activity", "about", [about.id])) == 2

    for id_ in workspace.reader.linked("activity", "about", [about.id]):
        workspace.records.update("activity", id_, {"state": "done"})
    for value in (None, status):
        workspace.records.update("client", about.id, {"status": value})
    assert len(workspace.reader.linked("activity", "about", [about.id])) == 4


def test_other_saves_begin_nothing(workspace: Workspace, welcome: int, status: int) -> None:
    about = client(workspace, status=status)
    for id_ in workspace.reader.linked("activity", "about", [about.id]):
        workspace.records.delete("activity", [id_])

    workspace.records.update("client", about.id, {"city": "Omsk"})
    workspace.records.update("client", about.id, {"status": status})

    assert steps(workspace, about) == {}


def test_many_records_at_once_begin_nothing(
    workspace: Workspace, welcome: int, status: int
) -> None:
    many = [Create("client", {"name": f"Client {n}", "status": status}) for n in range(51)]
    outcome = workspace.records.apply(many)
    assert not workspace.reader.linked("activity", "about", outcome.ids)

    few = [Update("client", id_, {"status": None}) for id_ in outcome.ids[:3]]
    workspace.records.apply(few)
    few = [Update("client", id_, {"status": status}) for id_ in outcome.ids[:3]]
    workspace.records.apply(few)
    assert len(workspace.reader.linked("activity", "about", outcome.ids)) == 6


def test_a_changed_set_is_heard_of(workspace: Workspace, welcome: int, status: int) -> None:
    client(workspace, status=status)
    workspace.records.update("activity_set", welcome, {"retired": True})
    assert steps(workspace, client(workspace, status=status)) == {}


def test_objects_of_ones_own_begin_sets(workspace: Workspace) -> None:
    stages = [{"key": "talks", "label": "Talks"}, {"key": "won", "label": "Won"}]
    fields = [
        {"key": "name", "type": "text", "label": "Name", "required": True},
        {"key": "stage", "type": "choice", "label": "Stage", "choices": stages},
    ]
    (made,) = workspace.constructor.add_object(
        {"key": "deal", "label": "Deal", "plural": "Deals", "activities": True,
         "fields": fields}
    )  # fmt: skip
    stage = next(f for f in made.fields if isinstance(f, ChoiceField))
    begins = {"of": made.key, "when": stage.key, "becomes": stage.choices[1].key}
    set_ = workspace.records.create("activity_set", {"name": "Handing over", **begins}).ids[0]
    workspace.records.create("set_step", {"set": set_, "subject": "Thank them"})
    deal = workspace.records.create(made.key, {made.title_field: "Roof"}).ids[0]

    workspace.records.update(made.key, deal, {stage.key: stage.choices[1].key})

    assert list(steps(workspace, Ref(made.key, deal))) == ["Thank them"]


def test_steps_that_wait_for_one_another_do_not_stop_the_save(
    workspace: Workspace, welcome: int, status: int
) -> None:
    one, other = workspace.reader.linked("set_step", "set", [welcome])
    workspace.records.update("set_step", one, {"after": other})
    workspace.records.update("set_step", other, {"after": one})

    about = client(workspace, status=status)

    assert workspace.reader.get(*about) is not None and steps(workspace, about) == {}


@pytest.mark.parametrize(
    "wrong",
    [{"of": "client"}, {"of": "client", "when": "name", "becomes": "A"},
     {"of": "client", "when": "status", "becomes": "much"},
     {"of": "set_step", "when": "kind", "becomes": "call"}],
)  # fmt: skip
def test_half_said_or_impossible_beginnings_are_refused(
    workspace: Workspace, wrong: dict[str, str]
) -> None:
    with pytest.raises(InvalidInput):
        workspace.records.create("activity_set", {"name": "Wrong", **wrong})
