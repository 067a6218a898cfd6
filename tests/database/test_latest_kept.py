"""Last contact and next step stay right through saving, moving, deleting and undoing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.maintenance.kept_fields import renew_kept
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create, Delete, Update
from tests.bases import ready_base

DAY = datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


@pytest.fixture
def client(workspace: Workspace) -> int:
    return workspace.records.create("client", {"name": "A"}).ids[0]


def values(workspace: Workspace, id_: int, entity: str = "client") -> dict[str, Any]:
    record = workspace.reader.get(entity, id_)
    assert record is not None
    return record.values


def call(workspace: Workspace, client: int, day: int, **more: Any) -> int:
    given = {"kind": "call", "about": Ref("client", client), "moment": DAY + timedelta(days=day)}
    return workspace.records.create("activity", {**given, **more}).ids[0]


def step(workspace: Workspace, client: int, day: int, name: str) -> int:
    given = {"subject": name, "about": Ref("client", client), "due": DAY + timedelta(days=day)}
    return workspace.records.create("activity", given).ids[0]


def test_the_newest_call_is_the_last_contact_and_a_note_is_none(
    workspace: Workspace, client: int
) -> None:
    call(workspace, client, 5)
    call(workspace, client, 2)
    call(workspace, client, 9, kind="note")
    assert values(workspace, client)["last_contact"] == DAY + timedelta(days=5)


def test_deleting_the_newest_brings_the_one_before(workspace: Workspace, client: int) -> None:
    call(workspace, client, 2)
    newest = call(workspace, client, 5)
    gone = workspace.records.delete("activity", [newest])
    assert values(workspace, client)["last_contact"] == DAY + timedelta(days=2)
    workspace.undo.undo(gone.operation)
    assert values(workspace, client)["last_contact"] == DAY + timedelta(days=5)


def test_the_step_due_first_is_the_next_until_it_is_done(workspace: Workspace, client: int) -> None:
    step(workspace, client, 9, "Send the offer")
    first = step(workspace, client, 3, "Call back")
    assert values(workspace, client)["next_step"] == "Call back"
    workspace.records.update("activity", first, {"state": "done"})
    found = values(workspace, client)
    assert (found["next_step"], found["next_step_at"]) == (
        "Send the offer",
        DAY + timedelta(days=9),
    )


def test_a_step_renamed_or_moved_back_is_followed(workspace: Workspace, client: int) -> None:
    first = step(workspace, client, 3, "Call back")
    step(workspace, client, 9, "Send the offer")
    workspace.records.update("activity", first, {"subject": "Write"})
    assert values(workspace, client)["next_step"] == "Write"
    workspace.records.update("activity", first, {"due": DAY + timedelta(days=20)})
    assert values(workspace, client)["next_step"] == "Send the offer"


def test_a_call_with_a_person_is_contact_with_the_company(
    workspace: Workspace, client: int
) -> None:
    person = workspace.records.create("person", {"name": "B", "client": client}).ids[0]
    call(workspace, client, 4, about=Ref("person", person))
    assert values(workspace, client)["last_contact"] == DAY + timedelta(days=4)
    call(workspace, client, 6, person=person)
    assert values(workspace, person, "person")["last_contact"] == DAY + timedelta(days=6)


def test_an_activity_that_moves_to_another_client_takes_its_moment_along(
    workspace: Workspace, client: int
) -> None:
    other = workspace.records.create("client", {"name": "B"}).ids[0]
    moved = call(workspace, client, 4)
    workspace.records.update("activity", moved, {"about": Ref("client", other)})
    assert values(workspace, client)["last_contact"] is None
    assert values(workspace, other)["last_contact"] == DAY + timedelta(days=4)


def test_a_note_by_somebody_else_is_no_conflict_and_no_history(
    workspace: Workspace, client: int
) -> None:
    call(workspace, client, 1)
    workspace.records.update("client", client, {"city": "Omsk"}, version=1)
    entries = workspace.history.of(workspace.catalogue["client"], client)
    assert {change.field.key for e in entries for change in e.fields} == {"name", "kind", "city"}


def test_undo_of_an_older_entry_is_not_stopped_by_a_newer_one(
    workspace: Workspace, client: int
) -> None:
    older = workspace.records.create("activity", {"kind": "call", "about": Ref("client", client)})
    newer = call(workspace, client, 4000)
    workspace.undo.undo(older.operation)
    assert values(workspace, client)["last_contact"] == DAY + timedelta(days=4000)
    workspace.records.delete("activity", [newer])
    assert values(workspace, client)["last_contact"] is None


def test_a_restored_client_knows_its_last_contact(workspace: Workspace, client: int) -> None:
    call(workspace, client, 4)
    gone = workspace.records.delete("client", [client])
    workspace.undo.undo(gone.operation)
    assert values(workspace, client)["last_contact"] == DAY + timedelta(days=4)


def test_nobody_writes_a_kept_field(workspace: Workspace, client: int) -> None:
    workspace.records.update("client", client, {"last_contact": DAY, "city": "Omsk"})
    found = values(workspace, client)
    assert (found["last_contact"], found["city"]) == (None, "Omsk")


def test_a_step_without_a_date_is_no_next_step(workspace: Workspace, client: int) -> None:
    workspace.records.create(
        "activity", {"subject": "x", "state": "planned", "about": Ref("client", client)}
    )
    assert values(workspace, client)["next_step_at"] is None


def test_check_finds_a_kept_field_that_is_wrong_and_renewing_puts_it_right(
    workspace: Workspace, client: int
) -> None:
    person = workspace.records.create("person", {"name": "B", "client": client}).ids[0]
    call(workspace, client, 4, about=Ref("person", person))
    for key in ("client", "person"):
        table = workspace.tables.main[key]
        with workspace.backend.write() as connection:
            connection.execute(table.update().values(last_contact=DAY))
    assert len(check_base(workspace).problems) == 1
    renew_kept(workspace.records)
    assert check_base(workspace).problems == []
    assert values(workspace, client)["last_contact"] == DAY + timedelta(days=4)


def test_ready_views_name_whom_to_turn_to(workspace: Workspace, client: int) -> None:
    silent = workspace.records.create("client", {"name": "Silent"}).ids[0]
    call(workspace, silent, 0, moment=workspace.clock.now() - timedelta(days=40))
    call(workspace, client, 0, moment=workspace.clock.now())
    step(workspace, client, 0, "Call back")
    found = {}
    for name in ("No next step", "Overdue", "No contact for 30 days"):
        query = workspace.views.named("client", name).query
        found[name] = list(workspace.lists.open(query).ids())
    assert found == {
        "No next step": [silent], "Overdue": [client], "No contact for 30 days": [silent]
    }  # fmt: skip


def test_what_is_overdue_goes_by_the_moment(base_url: str) -> None:
    """Not by whole days: the call of this morning stands in the view before the day is over."""
    clock = MovedClock(DAY - timedelta(minutes=1))
    workspace = ready_base(base_url, language="en", clock=clock)
    client = workspace.records.create("client", {"name": "A"}).ids[0]
    step(workspace, client, 0, "Call back")
    query = workspace.views.named("client", "Overdue").query
    assert list(workspace.lists.open(query).ids()) == []
    clock.move(minutes=2)
    assert list(workspace.lists.open(query).ids()) == [client]
    workspace.close()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["call", "step", "done", "move", "delete", "undo", "both"]),
        st.integers(0, 4), st.integers(0, 6),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_happens_the_kept_fields_agree_with_the_activities(
    workspace: Workspace, steps: list[tuple[str, int, int]]
) -> None:
    records = workspace.records
    start = records.apply([Create("client", {"name": n}) for n in "AB"])
    owners = start.ids
    made: list[int] = []
    for what, which, day in steps:
        alive = [id_ for id_ in made if workspace.reader.exists("activity", [id_])]
        one = alive[which % len(alive)] if alive else None
        if what in ("call", "step"):
            make = call if what == "call" else step
            more = {} if what == "call" else {"name": f"S{len(made)}"}
            made.append(make(workspace, owners[which % 2], day, **more))
        elif what == "undo":
            last = workspace.undo.last_undoable()
            if last is not None and last.id != start.operation:
                workspace.undo.undo(last.id, skip_blocked=True)
        elif one is not None:
            _change(workspace, what, one, owners[day % 2], day)
    for owner in owners:
        assert _kept(workspace, owner) == _reckoned(workspace, owner)


def _change(workspace: Workspace, what: str, one: int, owner: int, day: int) -> None:
    if what == "delete":
        workspace.records.apply([Delete("activity", one)])
    elif what == "move":
        workspace.records.update("activity", one, {"about": Ref("client", owner)})
    elif what == "done":
        workspace.records.update("activity", one, {"state": "done"})
    else:
        writes = [
            Update("activity", one, {"moment": DAY + timedelta(days=day)}),
            Create("activity", {"kind": "call", "about": Ref("client", owner), "moment": DAY}),
        ]
        workspace.records.apply(writes)


def _kept(workspace: Workspace, owner: int) -> tuple[Any, ...]:
    found = values(workspace, owner)
    return found["last_contact"], found["next_step_at"], found["next_step"]


def _reckoned(workspace: Workspace, owner: int) -> tuple[Any, ...]:
    rows = workspace.reader.linked("activity", "about", [owner])
    calls = [r.values["moment"] for r in rows.values()
             if r.values["kind"] == "call" and r.values["state"] == "done"]  # fmt: skip
    steps = [(r.values["due"], id_, r.values["subject"]) for id_, r in rows.items()
             if r.values["state"] == "planned"]  # fmt: skip
    first = min(steps) if steps else (None, 0, None)
    return max(calls, default=None), first[0], first[2]
