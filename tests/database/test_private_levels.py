"""Private activities on both back ends: what others find, see and change, and what is one's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm_desktop.errors import Private
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query
from crm_desktop.services.activities.my_day import agenda
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.ics.exporting import calendar_bytes
from crm_desktop.services.planner.service import Planner
from crm_desktop.services.workspace import Workspace
from crm_desktop.ui.record_card.loading import load_card
from tests.bases import ready_base
from tests.database.calendar_bytes import bring_bytes

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LEVELS = ("open", "view", "title", "busy", "closed")


class Office:
    """Ann, who keeps a diary with one entry of each level, and Bob, who looks at it."""

    def __init__(self, base: Workspace) -> None:
        self.base = base
        self.ann, self.bob = (self._new("staff", name=name) for name in ("Ann", "Bob"))
        self.client = Ref("client", self._new("client", name="Vector"))
        base.work_as(self.ann)
        self.entries = {
            level: self._new(
                "activity", subject=f"Diary {level}", kind="meeting", private=level,
                starts=NOW + n * HOUR, ends=NOW + (n + 1) * HOUR, about=self.client,
            )
            for n, level in enumerate(LEVELS)
        }  # fmt: skip
        base.work_as(self.bob)

    def _new(self, entity: str, **values: Any) -> int:
        return self.base.records.create(entity, values).ids[0]

    def levels(self, ids: Any) -> list[str]:
        known = {id_: level for level, id_ in self.entries.items()}
        return sorted(known[id_] for id_ in ids if id_ in known)


@pytest.fixture
def office(base_url: str) -> Iterator[Office]:
    base = ready_base(base_url, language="en", clock=MovedClock(NOW))
    yield Office(base)
    base.close()


def listed(office: Office, query: Query | None = None) -> list[str]:
    return office.levels(office.base.lists.open(query or Query("activity")).ids())


def bars(office: Office) -> dict[str, tuple[str, bool, bool]]:
    rows = [Ref("staff", office.ann)]
    found = Planner(office.base).bars(rows, NOW - HOUR, NOW + 9 * HOUR)
    names = {id_: level for level, id_ in office.entries.items()}
    return {names[b.id]: (b.subject, b.hidden, b.about is not None) for b in found}


def test_lists_leave_out_what_is_others_business(office: Office) -> None:
    assert listed(office) == ["open", "view"]
    assert office.base.lists.count(Query("activity")) == 2
    where = Condition("about", "eq", ["client", office.client.id])
    assert listed(office, Query("activity").narrowed(where)) == ["open", "view"]
    assert listed(office, Query("activity", text="diary")) == ["open", "view"]


def test_whose_business_it_is_sees_all(office: Office) -> None:
    office.base.work_as(office.ann)
    assert listed(office) == sorted(LEVELS)
    assert len(bars(office)) == 5 and not any(one[1] for one in bars(office).values())


def test_who_takes_part_sees_it_and_changes_it(office: Office) -> None:
    office.base.work_as(office.ann)
    closed = office.entries["closed"]
    office.base.records.create("participation", {"activity": closed, "staff": office.bob})
    office.base.work_as(office.bob)

    assert listed(office) == ["closed", "open", "view"]
    assert bars(office)["closed"] == ("Diary closed", False, True)
    office.base.records.update("activity", closed, {"place": "Hall"})


def test_the_planner_tells_as_much_as_the_level_allows(office: Office) -> None:
    assert bars(office) == {
        "open": ("Diary open", False, True), "view": ("Diary view", False, True),
        "title": ("Diary title", False, False), "busy": ("", True, False),
    }  # fmt: skip


def test_a_private_series_is_told_like_a_single_entry(office: Office) -> None:
    office.base.work_as(office.ann)
    office.base.records.update("activity", office.entries["busy"], {"rule": "FREQ=DAILY;COUNT=2"})
    office.base.work_as(office.bob)

    assert bars(office)["busy"] == ("", True, False)


def test_search_and_timeline_leave_it_out(office: Office) -> None:
    assert office.levels(hit.id for hit in office.base.search.find("diary")) == ["open", "view"]
    found = office.base.search.find_anywhere("diary")
    assert office.levels(hit.id for hit in found) == ["open", "view"]
    page = office.base.timeline.page(office.base.catalogue["client"], office.client.id)
    shown = [one.ref.id for one in (*page.found, *page.on_top)]
    assert office.levels(shown) == ["open", "view"]


def test_cards_refuse_it(office: Office) -> None:
    assert load_card(office.base, Ref("activity", office.entries["view"])).version
    for level in ("title", "busy", "closed"):
        with pytest.raises(Private):
            load_card(office.base, Ref("activity", office.entries[level]))


def test_calendar_files_leave_it_out(office: Office) -> None:
    text = calendar_bytes(office.base, list(office.entries.values()))[0].decode()

    assert text.count("BEGIN:VEVENT") == 2 and "Diary closed" not in text


def test_others_change_and_delete_only_what_is_open(office: Office) -> None:
    office.base.records.update("activity", office.entries["open"], {"place": "Hall"})
    for level in ("view", "title", "busy", "closed"):
        with pytest.raises(Private):
            office.base.records.update("activity", office.entries[level], {"place": "Hall"})
        with pytest.raises(Private):
            office.base.records.delete("activity", [office.entries[level]])


def test_nobody_lets_themselves_in(office: Office) -> None:
    given = {"activity": office.entries["closed"], "staff": office.bob}
    with pytest.raises(Private):
        office.base.records.create("participation", given)


def test_the_names_of_operations_do_not_tell(office: Office) -> None:
    names = [one.title.text() for one in office.base.operations.last(20)]
    assert any("Diary open" in name for name in names)
    assert not any("Diary busy" in name or "Diary closed" in name for name in names)


def test_the_first_private_entry_is_noticed(office: Office) -> None:
    office.base.work_as(office.ann)
    secret = [office.entries[level] for level in ("title", "busy", "closed")]
    office.base.records.delete("activity", secret)
    office.base.reload()
    office.base.work_as(office.bob)
    assert listed(office) == ["open", "view"]
    office.base.work_as(office.ann)

    office.base.records.update("activity", office.entries["open"], {"private": "closed"})

    office.base.work_as(office.bob)
    assert listed(office) == ["view"]


def test_the_agenda_tells_no_more_than_the_planner(office: Office) -> None:
    tasks = agenda(office.base, office.ann, NOW.date(), NOW.date())
    names = {id_: level for level, id_ in office.entries.items()}
    told = {names[t.ref.id]: (t.values["subject"], t.values["about"] is not None) for t in tasks}

    assert told == {
        "open": ("Diary open", True), "view": ("Diary view", True),
        "title": ("Diary title", False), "busy": ("Busy", False),
    }  # fmt: skip
    office.base.work_as(office.ann)
    assert len(agenda(office.base, office.ann, NOW.date(), NOW.date())) == 5


def test_links_and_suggestions_do_not_name_it(office: Office) -> None:
    refs = {level: Ref("activity", id_) for level, id_ in office.entries.items()}
    names = office.base.titles.of(refs.values())
    assert [names[refs[level]].text for level in LEVELS] == [
        "Diary open", "Diary view", "Diary title", "…", "…"
    ]  # fmt: skip
    offered = office.base.titles.suggest("activity", "Diary")
    assert office.levels(ref.id for ref, _title in offered) == ["open", "view"]
    office.base.work_as(office.ann)
    assert office.base.titles.of([refs["busy"]])[refs["busy"]].text == "Diary busy"


def test_a_calendar_brought_in_leaves_others_private_entries_alone(office: Office) -> None:
    office.base.work_as(office.ann)
    data = calendar_bytes(office.base, list(office.entries.values()))[0]
    office.base.work_as(office.bob)

    brought = bring_bytes(office.base, data.replace(b"Diary", b"Diaries"), "ann.ics")

    assert brought.count("updated") == 1
    assert sum("private matter" in one.reason for one in brought.left) == 4
