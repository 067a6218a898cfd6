"""The timeline of a record on both back ends: everything, in order, by pages, narrowed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.history.timeline import ADDED, CHANGED, Happening, Page, Wish
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create
from tests.bases import ready_base

DAY = datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def client(workspace: Workspace, **more: object) -> int:
    return workspace.records.create("client", {"name": "A", **more}).ids[0]


def note(workspace: Workspace, about: Ref, day: int, **more: object) -> int:
    values = {"body": f"Day {day}", "about": about, "moment": DAY + timedelta(days=day), **more}
    return workspace.records.create("activity", values).ids[0]


def page(workspace: Workspace, id_: int, wish: Wish | None = None, **more: object) -> Page:
    entity = workspace.catalogue["client"]
    return workspace.timeline.page(entity, id_, wish or Wish(), **more)  # type: ignore[arg-type]


def said(one: Happening) -> str:
    if one.source == CHANGED:
        return ", ".join(f"{c.field.key}: {c.old}>{c.new}" for c in one.fields)
    return str(one.values.get("subject") or f"{one.source} {one.ref.entity}")


def test_notes_of_people_changes_and_additions_stand_together(workspace: Workspace) -> None:
    id_ = client(workspace, phone="+74950000001", city="Omsk")
    person = workspace.records.create("person", {"name": "B", "client": id_}).ids[0]
    workspace.records.update("client", id_, {"city": "Tver"})
    note(workspace, Ref("client", id_), 20_000)
    note(workspace, Ref("person", person), 20_001)
    found = [said(one) for one in page(workspace, id_).found]
    assert found[:3] == ["Day 20001", "Day 20000", "city: Omsk>Tver"]
    assert {"made client", "added channel", "added employment"} <= set(found)


def test_pages_follow_each_other_without_gap_or_repetition(workspace: Workspace) -> None:
    id_ = client(workspace, phone="+74950000001")
    person = workspace.records.create("person", {"name": "B", "client": id_}).ids[0]
    for day in range(25):
        about = Ref("client", id_) if day % 3 else Ref("person", person)
        note(workspace, about, day // 2)
    whole = page(workspace, id_, limit=200)
    got: list[Happening] = []
    part = page(workspace, id_, limit=7)
    got += part.found
    while part.more:
        part = page(workspace, id_, limit=7, marks=part.marks)
        got += part.found
    assert [(one.ref, one.place) for one in got] == [(one.ref, one.place) for one in whole.found]
    assert not whole.more and len(got) >= 28


def test_it_is_narrowed_by_kind_and_by_person(workspace: Workspace) -> None:
    id_ = client(workspace)
    person = workspace.records.create("person", {"name": "B", "client": id_}).ids[0]
    other = workspace.records.create("staff", {"name": "C"}).ids[0]
    note(workspace, Ref("client", id_), 1, kind="call")
    note(workspace, Ref("person", person), 2, author=other)
    workspace.records.update("client", id_, {"city": "Omsk"})
    narrowed = {
        "call": Wish("call"), "by": Wish(author=other), "about": Wish(about=Ref("person", person)),
        "changed": Wish(CHANGED), "added": Wish(ADDED),
    }  # fmt: skip
    found = {key: [said(one) for one in page(workspace, id_, w).found]
             for key, w in narrowed.items()}  # fmt: skip
    assert found == {
        "call": ["Day 1"], "by": ["Day 2"], "about": ["Day 2"],
        "changed": ["city: >Omsk", "made client"], "added": ["added employment"],
    }  # fmt: skip


def test_planned_and_pinned_ones_stand_on_top(workspace: Workspace) -> None:
    id_ = client(workspace)
    note(workspace, Ref("client", id_), 1, pinned=True)
    note(workspace, Ref("client", id_), 2, due=DAY + timedelta(days=9))
    note(workspace, Ref("client", id_), 3, due=DAY + timedelta(days=4))
    assert [said(one) for one in page(workspace, id_).on_top] == ["Day 3", "Day 2", "Day 1"]


def test_a_talk_with_a_person_stands_in_the_persons_timeline(workspace: Workspace) -> None:
    id_ = client(workspace)
    person = workspace.records.create("person", {"name": "B", "client": id_}).ids[0]
    note(workspace, Ref("client", id_), 20_000, person=person)
    found = workspace.timeline.page(workspace.catalogue["person"], person).found
    assert said(found[0]) == "Day 20000"


def test_thousands_of_entries_open_at_once(workspace: Workspace) -> None:
    id_ = client(workspace)
    operation = workspace.operations.start(
        workspace.operations.last(1)[0].title, workspace.clock.now(), "import"
    )
    for block in range(2):
        writes = [
            Create("activity", {"subject": f"{block} {n}", "about": Ref("client", id_),
                                "moment": DAY + timedelta(minutes=block * 5000 + n)})
            for n in range(5000)
        ]  # fmt: skip
        workspace.records.apply(writes, operation=operation)
    workspace.operations.end(operation, workspace.clock.now())
    workspace.backend.analyze()
    page(workspace, id_)
    spent = []
    for _turn in range(5):  # the quickest tells what it takes when nothing else is done
        began = time.perf_counter()
        first = page(workspace, id_)
        second = page(workspace, id_, marks=first.marks)
        spent.append(time.perf_counter() - began)
    assert len(first.found) == 30
    assert len(second.found) == 30 and second.more
    assert min(spent) < 1
