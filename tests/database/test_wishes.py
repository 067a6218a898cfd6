"""Critical wishes on both back ends: which count today, who has read them, what waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.wishes import UnreadWishes
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(NOW)


@pytest.fixture
def workspace(base_url: str, clock: MovedClock) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en", clock=clock)
    yield made
    made.close()


@pytest.fixture
def client(workspace: Workspace) -> Ref:
    return Ref("client", workspace.records.create("client", {"name": "Vector"}).ids[0])


def wish(workspace: Workspace, owner: Ref, text: str = "Nut allergy", **values: Any) -> Ref:
    given = {"text": text, "owner": owner, **values}
    return Ref("wish", workspace.records.create("wish", given).ids[0])


def colleague(workspace: Workspace, name: str) -> int:
    return workspace.records.create("staff", {"name": name}).ids[0]


def visit(client: Ref, **values: Any) -> dict[str, Any]:
    return {"about": client, "kind": "meeting", "state": "planned", **values}


def test_the_most_serious_comes_first_and_what_is_over_does_not_count(
    workspace: Workspace, client: Ref
) -> None:
    wish(workspace, client, "Shoes off", severity="hint")
    wish(workspace, client, "Gas mask", severity="critical", until=date(2026, 11, 21))
    wish(workspace, client, "Over", until=date(2026, 11, 20))
    wish(workspace, client, "Gone", retired=True)
    found = workspace.wishes.active(client)
    assert [w.text for w in found] == ["Gas mask", "Shoes off"]
    assert [w.tone for w in found] == ["bad", "info"]


def test_a_reading_is_kept_per_person_with_who_and_when(workspace: Workspace, client: Ref) -> None:
    ref, anna, boris = (
        wish(workspace, client), colleague(workspace, "Anna"), colleague(workspace, "Boris")
    )  # fmt: skip
    workspace.work_as(anna)
    workspace.wishes.acknowledge([ref])
    assert workspace.wishes.unread(client) == []
    entry = workspace.history.of(workspace.catalogue[ref.entity], ref.id)[0]
    assert entry.author == anna
    workspace.work_as(boris)
    assert [w.ref for w in workspace.wishes.unread(client)] == [ref]


def test_a_changed_wish_has_to_be_read_again(
    workspace: Workspace, client: Ref, clock: MovedClock
) -> None:
    ref = wish(workspace, client)
    workspace.wishes.acknowledge([ref])
    workspace.records.update(ref.entity, ref.id, {"text": "Nut and milk allergy"})
    assert [w.text for w in workspace.wishes.unread(client)] == ["Nut and milk allergy"]
    clock.moment = NOW + timedelta(hours=1)
    workspace.wishes.acknowledge([ref])
    assert workspace.wishes.unread(client) == []


def test_a_planned_visit_waits_for_the_reading_and_a_note_does_not(
    workspace: Workspace, client: Ref
) -> None:
    ref = wish(workspace, client)
    assert [w.ref for w in workspace.wishes.due("activity", visit(client))] == [ref]
    assert workspace.wishes.due("activity", visit(client, state="done")) == []
    assert workspace.wishes.due("activity", visit(client, kind="note")) == []
    with pytest.raises(UnreadWishes, match="Nut allergy"):
        workspace.wishes.check("activity", visit(client))
    workspace.wishes.acknowledge([ref])
    workspace.wishes.check("activity", visit(client))


def test_wishes_go_and_come_back_with_their_owner(workspace: Workspace, client: Ref) -> None:
    ref = wish(workspace, client)
    outcome = workspace.records.delete(client.entity, [client.id])
    assert workspace.reader.get(*ref) is None
    workspace.undo.undo(outcome.operation)
    assert [w.ref for w in workspace.wishes.active(client)] == [ref]
