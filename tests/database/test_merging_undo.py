"""Property: whatever is done after a merge, undoing it loses no value.

Every value that any record ever had is in the base, in the history, or named as left alone.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.undo.service import UndoBlocked
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.batch import is_empty
from crm_desktop.services.writing.staging import Create, Delete, Update
from tests.bases import ready_base

WORDS = st.sampled_from(["", "Omsk", "Tver", "Perm", "Omsk ", "Kazan"])
PHONES = st.sampled_from([None, "+79161112233", "+79164445566", "+79167778899"])
RECORD = st.fixed_dictionaries(
    {"name": st.sampled_from("ABC"), "city": WORDS, "phone": PHONES, "note": WORDS}
)
EDIT = st.tuples(
    st.integers(0, 20),
    st.sampled_from(["city", "phone", "note", "delete", "activity", "channel", "person"]),
    WORDS,
    PHONES,
)


def fresh(workspace: Workspace, rows: list[dict[str, Any]]) -> list[int]:
    """Records with activities, a person each, and a second telephone."""
    ids = list(workspace.records.apply([Create("client", row) for row in rows]).ids)
    workspace.records.apply(
        [Create("activity", {"body": f"about {id_}", "about": Ref("client", id_)}) for id_ in ids]
        + [Create("channel", {"value": f"a{id_}@b.ru", "owner": Ref("client", id_)}) for id_ in ids]
        + [Create("person", {"name": f"Person {id_}", "client": id_}) for id_ in ids]
    )
    return ids


def edit(workspace: Workspace, ids: list[int], change: tuple[int, str, str, str | None]) -> None:
    """One change by somebody, of a record that is there."""
    place, kind, word, phone = change
    there = sorted(workspace.reader.exists("client", ids))
    if not there:
        return
    id_ = there[place % len(there)]
    if kind in ("city", "note"):
        workspace.records.update("client", id_, {kind: word})
    elif kind == "phone":
        workspace.records.update("client", id_, {"phone": phone})
    elif kind == "delete":
        workspace.records.delete("client", [id_])
    elif kind == "activity":
        workspace.records.create("activity", {"body": word or "x", "about": Ref("client", id_)})
    else:
        linked = {"channel": "owner", "person": "client"}[kind]
        known = sorted(workspace.reader.linked(kind, linked, [id_]))
        if known:
            one = known[place % len(known)]
            gone = place % 3 == 0
            write = Delete(kind, one) if gone else Update(kind, one, {"note": word})
            workspace.records.apply([write])


def logged(workspace: Workspace) -> set[str]:
    """Every value that stands in the history."""
    rows = workspace.tables.system("change_row")
    found: set[str] = set()
    with workspace.backend.read() as connection:
        for row in connection.execute(sa.select(rows.c.delta, rows.c.overflow)):
            for value in json.loads(row.overflow or row.delta).values():
                found.update(map(str, value if isinstance(value, list) else [value]))
    return found


def standing(workspace: Workspace, ids: list[int]) -> dict[tuple[str, int, str], Any]:
    """Every value of the records and of what belongs to them."""
    found: dict[tuple[str, int, str], Any] = {}
    for key, link in (("client", ""), ("channel", "owner"), ("activity", "about"),
                      ("person", "client")):  # fmt: skip
        rows = workspace.reader.linked(key, link, ids) if link else workspace.reader.load(key, ids)
        for id_, row in rows.items():
            found.update({(key, id_, k): v for k, v in row.values.items() if not is_empty(v)})
    return found


@settings(
    max_examples=10, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(rows=st.lists(RECORD, min_size=2, max_size=3), edits=st.lists(EDIT, max_size=4))
def test_no_value_is_ever_lost(base_url: str, rows: list[dict[str, Any]], edits: list[Any]):
    workspace = _opened(base_url)
    client = workspace.catalogue["client"]
    ids = fresh(workspace, rows)
    before = standing(workspace, ids)
    operation = workspace.merging.merge(client, ids).operation
    for change in edits:
        edit(workspace, ids, change)
    edited = standing(workspace, ids)
    blocked = []
    try:
        workspace.undo.undo(operation)
    except UndoBlocked as refused:
        assert standing(workspace, ids) == edited
        blocked = workspace.undo.undo(operation, skip_blocked=True).blocked
        assert refused.blocked_total == len(refused.blocked) > 0
    after, history = standing(workspace, ids), logged(workspace)
    named = {(b.entity, b.id) for b in blocked}
    for (entity, id_, field), value in before.items():
        back = after.get((entity, id_, field)) == value
        plain = workspace.catalogue[entity].field(field).plain(value)
        kept = {str(one) for one in (plain if isinstance(plain, list) else [plain])} <= history
        assert back or kept, (entity, id_, field, value)
        assert back or (entity, id_) in named or edits, (entity, id_, field, value)
    if not edits:
        assert after == before
    assert check_base(workspace).problems == []


_WORKSPACES: dict[str, Workspace] = {}


def _opened(base_url: str) -> Workspace:
    """One base for all examples: making one takes longer than the rest."""
    known = _WORKSPACES.get(base_url)
    if known is None:
        known = _WORKSPACES[base_url] = ready_base(base_url, language="en")
    return known
