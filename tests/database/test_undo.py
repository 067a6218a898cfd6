"""Undo of any operation on both back ends: what was changed since is listed, never overwritten."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.errors import Cancelled, Conflict, InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.undo import service as undo
from crm_desktop.services.undo.service import UndoBlocked
from crm_desktop.services.workspace import Workspace, open_base
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create, Delete, Update, Write
from tests.bases import ready_base


@pytest.fixture
def workspace(base_url: str):  # type: ignore[no-untyped-def]
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def city(workspace: Workspace, id_: int) -> object:
    record = workspace.reader.get("client", id_)
    return None if record is None else record.values["city"]


def test_undo_and_redo_of_a_change(workspace: Workspace) -> None:
    id_ = workspace.records.create("client", {"name": "A", "city": "Omsk"}).ids[0]
    change = workspace.records.update("client", id_, {"city": "Tver"}).operation
    undone = workspace.undo.undo(change)
    assert city(workspace, id_) == "Omsk"
    workspace.undo.undo(undone.operation)
    assert city(workspace, id_) == "Tver"
    assert workspace.operations.get(change).state == "done"


def test_an_operation_is_undone_once(workspace: Workspace) -> None:
    operation = workspace.records.create("client", {"name": "A"}).operation
    workspace.undo.undo(operation)
    with pytest.raises(Conflict):
        workspace.undo.undo(operation)


def test_what_was_changed_since_stops_the_undo_and_is_named(workspace: Workspace) -> None:
    first, second = workspace.records.apply(
        [Create("client", {"name": name, "city": "Omsk"}) for name in ("A", "B")]
    ).ids
    both = workspace.records.apply([Update("client", i, {"city": "Tver"}) for i in (first, second)])
    workspace.records.update("client", first, {"city": "Perm"})
    with pytest.raises(UndoBlocked) as refused:
        workspace.undo.undo(both.operation)
    assert [(b.name, b.field) for b in refused.value.blocked] == [("A", "city")]
    assert city(workspace, second) == "Tver"
    workspace.undo.undo(both.operation, skip_blocked=True)
    assert (city(workspace, first), city(workspace, second)) == ("Perm", "Omsk")


def test_a_new_record_that_others_built_on_is_left_alone(workspace: Workspace) -> None:
    made = workspace.records.create("client", {"name": "A"})
    workspace.records.create("activity", {"body": "x", "about": Ref("client", made.ids[0])})
    with pytest.raises(UndoBlocked, match="A"):
        workspace.undo.undo(made.operation)
    assert workspace.reader.get("client", made.ids[0]) is not None


def test_a_child_does_not_come_back_without_its_parent(workspace: Workspace) -> None:
    client = workspace.records.create("client", {"name": "A"}).ids[0]
    note = workspace.records.create("activity", {"body": "x", "about": Ref("client", client)}).ids[
        0
    ]
    gone = workspace.records.delete("activity", [note]).operation
    workspace.records.delete("client", [client])
    with pytest.raises(UndoBlocked):
        workspace.undo.undo(gone)
    assert check_base(workspace).problems == []


def test_a_long_operation_is_undone_as_one(workspace: Workspace) -> None:
    operation = workspace.operations.start(Title("Import"), workspace.clock.now(), "import")
    for block in range(2):
        writes = [Create("client", {"name": f"Client {block} {i}"}) for i in range(1500)]
        workspace.records.apply(writes, operation=operation)
    workspace.operations.end(operation, workspace.clock.now())
    result = workspace.undo.undo(operation.id)
    assert (result.restored, result.blocked_total) == (3000, 0)
    assert workspace.reader.exists("client", range(1, 20_000)) == set()
    assert check_base(workspace).problems == []


def _imported(workspace: Workspace, blocks: int) -> int:
    operation = workspace.operations.start(Title("Import"), workspace.clock.now(), "import")
    for block in range(blocks):
        writes = [Create("client", {"name": f"Client {block} {i}"}) for i in range(700)]
        workspace.records.apply(writes, operation=operation)
    workspace.operations.end(operation, workspace.clock.now())
    return operation.id


def _stop_after(blocks: int) -> Callable[[], None]:
    asked = iter(range(blocks))

    def check() -> None:
        if next(asked, None) is None:
            raise Cancelled

    return check


@pytest.mark.parametrize("blocks", [0, 1])
def test_a_cancelled_undo_leaves_nothing_running_and_goes_on(
    workspace: Workspace, blocks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "BLOCK", 1300)
    id_ = _imported(workspace, 3)

    with pytest.raises(Cancelled):
        workspace.undo.undo(id_, check=_stop_after(blocks))

    assert workspace.operations.running() == []
    assert workspace.operations.get(id_).state == "done"
    parts = [o.total for o in workspace.operations.last(5) if o.undoes == id_]
    assert len(parts) == blocks and all(0 < total < 2100 for total in parts)
    result = workspace.undo.undo(id_)
    assert result.restored == 2100 - sum(parts)
    assert workspace.operations.get(id_).state == "undone"
    assert workspace.reader.exists("client", range(1, 20_000)) == set()


def test_half_an_undo_is_done_again_by_itself(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "BLOCK", 1300)
    id_ = _imported(workspace, 3)
    with pytest.raises(Cancelled):
        workspace.undo.undo(id_, check=_stop_after(1))
    half = workspace.operations.last(1)[0]

    workspace.undo.undo(half.id)

    assert workspace.operations.get(id_).state == "done"
    assert len(workspace.reader.exists("client", range(1, 20_000))) == 2100
    assert check_base(workspace).problems == []


def test_work_that_a_crash_cut_off_is_taken_back_at_the_next_start(base_url: str) -> None:
    workspace = ready_base(base_url, language="en")
    workspace.operations.seat = "nowhere:1:me:0" if workspace.backend.exclusive else _dead_seat()
    operation = workspace.operations.start(Title("Import"), workspace.clock.now(), "import")
    workspace.records.apply([Create("client", {"name": "Half"})], operation=operation)
    workspace.close()
    again = open_base(base_url)
    assert again.search.find("Half") == []
    assert again.operations.get(operation.id).state == "undone"
    assert again.undo.is_final(again.operations.get(operation.id))
    assert again.undo.is_final(again.operations.last(1)[0])
    assert check_base(again).problems == []
    again.close()


def _dead_seat() -> str:
    import socket

    return f"{socket.gethostname()[:30]}:999999:me:0"


CITIES = st.sampled_from(["Omsk", "Tver", "Perm", ""])
STEPS = st.lists(
    st.tuples(st.sampled_from(["create", "city", "phone", "delete", "undo"]),
              st.integers(0, 5), CITIES),
    max_size=14,
)  # fmt: skip


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_undoing_everything_backwards_leaves_what_was_before(
    workspace: Workspace, steps: list[tuple[str, int, str]]
) -> None:
    start = state(workspace)
    done: list[int] = []
    for kind, which, text in steps:
        act(workspace, kind, which, text, done)
    for operation in reversed(done):
        workspace.undo.undo(operation)
    assert state(workspace) == start
    assert check_base(workspace).problems == []


def act(workspace: Workspace, kind: str, which: int, text: str, done: list[int]) -> None:
    """One step of a random day; steps that have no record to work on do nothing."""
    ids = sorted(workspace.reader.many("client", all_ids(workspace)))
    write: Write
    if kind == "undo":
        if done:
            workspace.undo.undo(done.pop())
        return
    if kind == "create":
        write = Create(
            "client", {"name": f"N{which}", "city": text or None, "phone": "+79162041183"}
        )
    elif not ids:
        return
    elif kind == "delete":
        write = Delete("client", ids[which % len(ids)])
    else:
        value = (text or None) if kind == "city" else (f"+7916204118{which}" if text else None)
        write = Update("client", ids[which % len(ids)], {kind: value})
    try:
        outcome = workspace.records.apply([write], Title("Step"))
    except InvalidInput:
        return
    if outcome.changes.touched:
        done.append(outcome.operation)


def all_ids(workspace: Workspace) -> list[int]:
    return sorted(workspace.lists.open(Query("client", ("id",))).ids())


def state(workspace: Workspace) -> object:
    ids = all_ids(workspace)
    rows = workspace.reader.many("client", ids)
    children = workspace.reader.linked("channel", "owner", ids)
    return rows, {id_: row.values for id_, row in children.items()}
