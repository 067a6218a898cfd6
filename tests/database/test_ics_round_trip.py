"""Nothing is lost on the way out to a calendar file and back in; other readers understand it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.ics.choosing import ids_between
from crm_desktop.services.ics.exporting import calendar_bytes
from crm_desktop.services.workspace import Workspace
from tests.database.calendar_bytes import bring_bytes
from tests.ics_files import happens, office

SKIPPED = ("id", "series", "uid", "version", "created_at", "created_by", "updated_at", "updated_by")
SOON = datetime(2026, 12, 1, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, Workspace]]:
    folder = tmp_path_factory.mktemp("ics")
    made = [office(str(folder / f"{name}.crm")) for name in "ab"]
    yield made[0], made[1]
    for one in made:
        one.close()


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = office(base_url)
    yield made
    made.close()


def rows(workspace: Workspace) -> dict[int, dict[str, Any]]:
    return workspace.reader.many("activity", ids_between(workspace, None, None), None)


def plain(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in row.items() if k not in SKIPPED and v not in (None, "", False)}


def empty(workspace: Workspace) -> None:
    ids = list(rows(workspace))
    if ids:
        workspace.records.delete("activity", ids)


moments = st.datetimes(datetime(2026, 12, 1), datetime(2035, 1, 1)).map(  # noqa: DTZ001
    lambda one: one.replace(microsecond=one.microsecond // 1000 * 1000, tzinfo=UTC)
)
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")),
                min_size=1, max_size=80).map(str.strip).filter(bool)  # fmt: skip
zones = st.sampled_from([None, "Europe/Moscow", "America/New_York", "Asia/Kathmandu", "UTC"])
rules = st.sampled_from([
    None, "FREQ=DAILY;COUNT=5", "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20361231",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1\nX-CRM-WORKDAYS:1",
    "FREQ=YEARLY;UNTIL=20390101T000000Z", "FREQ=WEEKLY;INTERVAL=2;WKST=SU;COUNT=9",
])  # fmt: skip


@st.composite
def activities(draw: st.DrawFn) -> dict[str, Any]:
    made: dict[str, Any] = {
        "subject": draw(texts), "kind": draw(st.sampled_from(["call", "meeting", "task", "visit"])),
        "state": draw(st.sampled_from(["planned", "working", "waiting", "done", "cancelled"])),
        "zone": draw(zones), "body": draw(st.none() | texts), "place": draw(st.none() | texts),
        "priority": draw(st.sampled_from([None, "low", "normal", "high"])),
        "private": draw(st.sampled_from([None, "open", "view", "title", "busy", "closed"])),
        "direction": draw(st.sampled_from([None, "in", "out"])),
    }  # fmt: skip
    if draw(st.booleans()):
        made["starts"] = draw(moments)
        made["ends"] = made["starts"] + timedelta(minutes=draw(st.integers(1, 5000)))
        made["rule"] = draw(rules)
    else:
        made["due"] = draw(st.none() | moments)
    return {k: v for k, v in made.items() if v is not None}


@given(made=st.lists(activities(), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_another_base_gets_the_same_activities(
    bases: tuple[Workspace, Workspace], made: list[dict[str, Any]]
) -> None:
    here, there = bases
    empty(here)
    empty(there)
    ids = [here.records.create("activity", one).ids[0] for one in made]
    data, count = calendar_bytes(here, ids)
    brought = bring_bytes(there, data, "x.ics")
    assert (count, brought.count("created"), brought.left) == (len(ids), len(ids), [])
    mine, theirs = rows(here), rows(there)
    assert [plain(mine[i]) for i in sorted(mine)] == [plain(theirs[i]) for i in sorted(theirs)]


def world(workspace: Workspace) -> int:
    """A weekly meeting about a client, one occurrence of which was moved."""
    create = workspace.records.create
    (client,) = create("client", {"name": "Aster"}).ids
    (staff,) = create("staff", {"name": "Eve", "email": "eve@example.com"}).ids
    (room,) = create("resource", {"name": "Hall", "kind": "room"}).ids
    (id_,) = create("activity", {
        "subject": "Stand-up", "kind": "meeting", "starts": SOON, "ends": SOON + timedelta(hours=1),
        "about": Ref("client", client), "author": staff, "rule": "FREQ=WEEKLY;COUNT=4",
    }).ids  # fmt: skip
    create("participation", {"activity": id_, "resource": room, "role": "resource"})
    create("participation", {"activity": id_, "address": "out@x.com", "answer": "tentative"})
    create("reminder", {"activity": id_, "offset": 45, "channel": "mail"})
    create(
        "checklist_item",
        {"activity": id_, "text": "Chairs, water; keys", "done": True, "position": 1},
    )
    week = timedelta(weeks=1)
    create("activity", {
        "subject": "Stand-up later", "kind": "meeting", "series": id_, "occurrence": SOON + week,
        "starts": SOON + week + timedelta(hours=2), "ends": SOON + week + timedelta(hours=3),
    })  # fmt: skip
    return id_


def around(workspace: Workspace, *entities: str) -> list[list[dict[str, Any]]]:
    found = []
    for entity in entities:
        linked = workspace.reader.linked(entity, "activity", list(rows(workspace)))
        kept = [{k: v for k, v in r.values.items() if k not in (*SKIPPED, "activity")}
                for _id, r in sorted(linked.items())]  # fmt: skip
        found.append(kept)
    return found


PARTS = ("participation", "reminder", "checklist_item")


def test_what_was_deleted_comes_back_whole(workspace: Workspace) -> None:
    id_ = world(workspace)
    before, parts = [plain(row) for row in rows(workspace).values()], around(workspace, *PARTS)
    data, count = calendar_bytes(workspace, [id_])
    workspace.records.delete("activity", list(rows(workspace)))
    brought = bring_bytes(workspace, data, "x.ics")
    assert (count, brought.left) == (2, [])
    assert [plain(row) for row in rows(workspace).values()] == before
    assert around(workspace, *PARTS) == parts
    assert len(happens(rows(workspace))) == 4


def test_ones_own_file_finds_ones_own_activities(workspace: Workspace) -> None:
    id_ = world(workspace)
    data, _count = calendar_bytes(workspace, [id_])
    workspace.records.update("activity", id_, {"subject": "Another"})
    brought = bring_bytes(workspace, data, "x.ics")
    assert (brought.count("updated"), brought.count("unchanged")) == (1, 1)
    assert rows(workspace)[id_]["subject"] == "Stand-up"


def test_only_the_days_and_the_person_asked_for_go_out(workspace: Workspace) -> None:
    id_ = world(workspace)
    create = workspace.records.create
    (other,) = create("activity", {"subject": "x", "starts": SOON + timedelta(days=90)}).ids
    staff = rows(workspace)[id_]["author"]
    until = SOON + timedelta(days=1)
    assert other not in ids_between(workspace, SOON, until)
    assert ids_between(workspace, SOON - timedelta(days=1), until, staff) == [id_]


def test_the_file_is_written_whole_or_not_at_all(workspace: Workspace, tmp_path: Path) -> None:
    from crm_desktop.errors import FileProblem
    from crm_desktop.services.ics.exporting import export_calendar

    id_ = world(workspace)
    assert export_calendar(workspace, [id_], tmp_path / "a.ics") == 2
    with pytest.raises(FileProblem):
        export_calendar(workspace, [id_], tmp_path / "nowhere" / "a.ics")
    assert [one.name for one in tmp_path.glob("*.ics*")] == ["a.ics"]


def test_the_library_reads_the_same_occurrences(workspace: Workspace) -> None:
    from icalendar import Calendar

    data, _count = calendar_bytes(workspace, [world(workspace)])
    read = Calendar.from_ical(data)
    assert [len(c.errors) for c in read.walk()] == [0] * len(list(read.walk()))
    assert [e["SUMMARY"] for e in read.walk("VEVENT")] == ["Stand-up", "Stand-up later"]
    assert [t["TZID"] for t in read.walk("VTIMEZONE")] == ["Europe/Moscow"]
