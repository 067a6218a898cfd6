"""What of private activities shows through the past and through what belongs to them, on both
back ends: the recycle bin, operations, histories, small steps, counts and calculated columns."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.errors import Private
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.files.files import Files
from crm_desktop.services.files.sources import FileSource
from crm_desktop.services.private.mark import MARK, NO, YES
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base
from tests.database.test_private_levels import LEVELS, NOW, Office

SEEN = ["open", "view"]


@pytest.fixture
def office(base_url: str) -> Iterator[Office]:
    base = ready_base(base_url, language="en", clock=MovedClock(NOW))
    yield Office(base)
    base.close()


def as_ann(office: Office) -> Workspace:
    office.base.work_as(office.ann)
    return office.base


def steps(office: Office) -> dict[str, int]:
    """A small step of each entry, made by whoever keeps the diary."""
    base = as_ann(office)
    found = {}
    for level, id_ in office.entries.items():
        given = {"text": f"Step {level}", "activity": id_}
        found[level] = base.records.create("checklist_item", given).ids[0]
    base.work_as(office.bob)
    return found


def binned(office: Office) -> list[str]:
    found = office.base.recycle_bin.at(office.base.recycle_bin.places())
    assert found == office.base.recycle_bin.page()
    assert len(found) == office.base.recycle_bin.count()
    return office.levels(one.ref.id for one in found)


def test_the_recycle_bin_leaves_others_private_entries_out(office: Office) -> None:
    as_ann(office).records.delete("activity", list(office.entries.values()))
    assert binned(office) == sorted(LEVELS)
    office.base.work_as(office.bob)

    assert binned(office) == SEEN
    for level in ("title", "busy", "closed"):
        ref = Ref("activity", office.entries[level])
        with pytest.raises(Private):
            office.base.recycle_bin.values(ref)
        with pytest.raises(Private):
            office.base.recycle_bin.restore([ref])


def test_who_took_part_finds_it_in_the_recycle_bin(office: Office) -> None:
    base, closed = as_ann(office), office.entries["closed"]
    base.records.create("participation", {"activity": closed, "staff": office.bob})
    base.records.delete("activity", [closed])
    base.work_as(office.bob)

    assert binned(office) == ["closed"]
    back = base.recycle_bin.restore([Ref("activity", closed)]).operation
    assert base.reader.exists("activity", [closed])
    assert "Diary" not in base.operations.get(back).title.text()


def test_a_small_step_deleted_from_a_private_entry_is_not_in_the_bin(office: Office) -> None:
    made = steps(office)
    as_ann(office).records.delete("checklist_item", list(made.values()))
    office.base.work_as(office.bob)

    found = {one.title for one in office.base.recycle_bin.page()}

    assert found == {"Step open", "Step view"}


def test_operations_tell_no_values_of_private_records(office: Office) -> None:
    made = steps(office)
    as_ann(office).records.delete("activity", list(office.entries.values()))
    office.base.work_as(office.bob)
    last = office.base.operations.last(40)
    changes = [one for o in last for one in office.base.history.of_operation(o.id)]
    told = {level: set[str]() for level in LEVELS}
    for one in changes:
        for level in LEVELS:
            if one.ref.id in (office.entries[level], made[level]):
                told[level] |= {one.title, *(c.field.key for c in one.fields)}

    assert {"Diary open", "Step open", "subject", "text"} <= told["open"]
    assert all(told[level] == {"…"} for level in ("title", "busy", "closed"))
    assert not any("Step closed" in o.title.text() for o in last)
    assert any("Step open" in o.title.text() for o in last)


def test_histories_and_former_days_are_refused(office: Office) -> None:
    base, entity = office.base, office.base.catalogue["activity"]
    as_ann(office).records.delete("activity", [office.entries["busy"]])
    base.work_as(office.bob)
    for level in ("title", "busy", "closed"):
        with pytest.raises(Private):
            base.history.of(entity, office.entries[level])
        with pytest.raises(Private):
            base.as_of.card(entity, office.entries[level], base.clock.now())

    assert base.history.of(entity, office.entries["view"])
    card = base.as_of.card(base.catalogue["client"], office.client.id, base.clock.now())
    assert office.levels(child.record.ref.id for child in card.children) == SEEN


def test_what_belongs_to_a_private_entry_is_as_private(office: Office) -> None:
    made = steps(office)
    names = {id_: level for level, id_ in made.items()}
    base = office.base

    assert sorted(names[i] for i in base.lists.open(Query("checklist_item")).ids()) == SEEN
    assert base.privacy.outside("checklist_item", names) == {
        made[level] for level in ("title", "busy", "closed")
    }
    titles = base.titles.of(Ref("checklist_item", id_) for id_ in names)
    assert {title.text for title in titles.values()} == {"Step open", "Step view", "…"}
    with pytest.raises(Private):
        base.privacy.check(Ref("checklist_item", made["title"]))
    base.work_as(office.ann)
    assert base.lists.count(Query("checklist_item")) == len(LEVELS)


def test_files_of_a_private_entry_are_as_private(office: Office) -> None:
    base = as_ann(office)
    kept = {
        Files(base).add(Ref("activity", id_), [FileSource(f"{level}.txt", content=b"text")])
        .refs[0].id: level
        for level, id_ in office.entries.items()
    }  # fmt: skip
    assert base.lists.count(Query("attachment")) == len(LEVELS)
    base.work_as(office.bob)

    assert sorted(kept[i] for i in base.lists.open(Query("attachment")).ids()) == SEEN
    closed = next(id_ for id_, level in kept.items() if level == "closed")
    with pytest.raises(Private):
        base.privacy.check(Ref("attachment", closed))


def test_counts_and_calculated_columns_leave_it_out(office: Office) -> None:
    base, client = office.base, office.base.catalogue["client"]
    columns = ("count(activity.about)", "last(activity.about).subject")
    query = Query("client", columns, Condition("name", "eq", "Vector"))
    counted = base.links.tabs(client, office.client.id)
    tabs = {(tab.link.entity.key, tab.link.field.key): tab.count for tab in counted}

    assert tabs["activity", "about"] == 2
    assert base.lists.open(query).first(1)[0].cells == (2, "Diary view")
    hidden = Condition("activity.subject", "eq", "Diary closed")
    assert base.lists.count(Query("client", (), hidden)) == 0
    base.work_as(office.ann)
    assert base.lists.open(query).first(1)[0].cells == (5, "Diary closed")
    assert base.lists.count(Query("client", (), hidden)) == 1


def test_next_steps_are_kept_of_what_all_may_see(office: Office) -> None:
    base = as_ann(office)
    late = {"state": "planned", "due": NOW.replace(hour=20), "kind": "task"}
    base.records.update("activity", office.entries["view"], late)
    base.records.update("activity", office.entries["closed"], late | {"due": NOW})

    kept = base.reader.get("client", office.client.id)

    assert kept is not None and kept.values["next_step"] == "Diary view"


def test_the_base_says_whether_it_holds_private_records(base_url: str) -> None:
    base = ready_base(base_url, language="en", clock=MovedClock(NOW))
    assert base.info(MARK) == NO and not base.privacy.concerns("activity")
    base.records.create("activity", {"subject": "All may see"})
    assert base.info(MARK) == NO

    base.records.create("activity", {"subject": "Mine", "private": "view"})

    assert base.info(MARK) == YES and base.privacy.concerns("activity")
    base.close()


@pytest.mark.parametrize(("level", "mark"), [("closed", YES), (None, NO)])
def test_a_base_of_before_is_looked_through_once(
    base_url: str, level: str | None, mark: str
) -> None:
    base = ready_base(base_url, language="en", clock=MovedClock(NOW))
    base.records.create("activity", {"subject": "Mine", "private": level})
    facts = base.tables.system("base_info")
    with base.backend.write() as connection:
        base.backend.delete_keys(connection, facts, ("name",), [(MARK,)])
    base.close()
    base = open_base(base_url, clock=MovedClock(NOW))
    assert base.privacy.concerns("activity"), "until it is known, all is asked with care"

    base.privacy.mark.settle()

    assert base.info(MARK) == mark and base.privacy.concerns("activity") is (mark == YES)
    base.close()
