"""A time that is taken already, however an entry is saved: named before, refused to who may not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crm_desktop.services.bulk import service as bulk
from crm_desktop.services.demo.home import ensure_demo
from crm_desktop.services.interactive import interactive
from crm_desktop.services.planner.double_booking import FACT, NOBODY, DoubleBooked
from crm_desktop.services.writing.staging import Create, Update
from tests.database.test_planner_question import Office, at, office

__all__ = ["office"]


def times(day: int, hour: float, minutes: int = 60) -> dict[str, object]:
    begin = at(day, 0) + timedelta(hours=hour)
    return {"starts": begin, "ends": begin + timedelta(minutes=minutes)}


def test_who_can_be_asked_is_told_both_and_saves_it_after_a_word(office: Office) -> None:
    office.plan(office.boris, at(1, 10), subject="Lesson")
    visit = office.plan(office.boris, at(2, 10))

    with interactive(), pytest.raises(DoubleBooked) as refused:
        office.base.records.update("activity", visit.id, times(1, 10.5))

    assert refused.value.allowed
    assert refused.value.message == (
        "Boris: “Visit” 17 Nov 10:30–11:30 and “Lesson” 17 Nov 10:00–11:00"
    )
    office.base.records.update("activity", visit.id, times(1, 10.5))
    assert office.bar(visit, office.boris).starts == times(1, 10.5)["starts"].timestamp()  # type: ignore[attr-defined]


def test_where_nobody_may_no_way_of_saving_does_it(office: Office) -> None:
    office.plan(office.boris, at(1, 10), subject="Lesson")
    visit = office.plan(office.anna, at(1, 10))
    office.base.set_info(FACT, NOBODY)
    records, entity = office.base.records, office.base.catalogue["activity"]

    with pytest.raises(DoubleBooked, match="nobody may"):
        office.plan(office.boris, at(1, 10, 30))
    with pytest.raises(DoubleBooked, match="nobody may"):
        records.update("activity", visit.id, {"author": office.boris.id})
    with pytest.raises(DoubleBooked, match="nobody may"):
        part = {"activity": visit.id, "staff": office.boris.id, "role": "participant"}
        records.create("participation", part)
    with pytest.raises(DoubleBooked, match="nobody may"):
        bulk.update_all(records, entity, [visit.id], {"author": office.boris.id},
                   progress=lambda _done, _all: None, check=lambda: None)  # fmt: skip
    assert len(office.bars()) == 2


def test_nothing_is_asked_where_nothing_clashes_newly(office: Office) -> None:
    office.plan(office.boris, at(1, 10), subject="Lesson")
    beside = office.plan(office.boris, at(1, 10, 30))
    with interactive():
        office.base.records.update("activity", beside.id, {"subject": "Longer", "priority": "high"})
        office.base.records.update("activity", beside.id, times(1, 10.75))
        office.base.records.update("activity", beside.id, {"state": "done"})
        office.plan(office.boris, at(1, 12))
        office.plan(office.boris, at(1, 10), kind="reminder")
        office.plan(office.boris, at(-5, 10))
        office.plan(office.boris, at(-5, 10))
        office.plan(office.boris, at(1, 10), state="cancelled")

    assert len(office.bars()) == 4


def test_what_is_open_again_takes_its_time_again(office: Office) -> None:
    visit = office.plan(office.boris, at(1, 10), state="cancelled")
    office.plan(office.boris, at(1, 10), subject="Lesson")

    with interactive(), pytest.raises(DoubleBooked, match="Lesson"):
        office.base.records.update("activity", visit.id, {"state": "planned"})


def test_two_of_one_save_clash_with_one_another_and_may_change_places(office: Office) -> None:
    new = {"kind": "visit", "state": "planned", "author": office.boris.id}
    made = [Create("activity", {**new, **times(1, 9), "subject": name}) for name in ("One", "Two")]
    one, other = office.plan(office.anna, at(1, 9)), office.plan(office.anna, at(1, 10))

    with interactive():
        with pytest.raises(DoubleBooked, match=r"One.*Two"):
            office.base.records.apply(made)
        office.base.records.apply(
            [Update("activity", one.id, times(1, 10)), Update("activity", other.id, times(1, 9))]
        )

    assert office.bar(one, office.anna).starts == at(1, 10).timestamp()


def test_a_series_is_looked_at_over_its_next_dates(office: Office) -> None:
    office.plan(office.boris, at(14, 10), subject="Lesson")

    with interactive(), pytest.raises(DoubleBooked, match=r"30 Nov.*Lesson"):
        office.plan(office.boris, at(0, 10), rule="FREQ=WEEKLY", subject="Round")


def test_a_date_of_a_series_moves_within_its_own_time(office: Office) -> None:
    office.plan(office.boris, at(0, 10), rule="FREQ=DAILY;COUNT=5", subject="Round")
    second = office.bars()[1]

    with interactive():
        office.planner.move([second_moved := _later(second)], "this")

    assert office.bars()[1].starts == second_moved.starts


def _later(bar):  # type: ignore[no-untyped-def]
    from crm_desktop.services.planner.moving import Move

    return Move(bar, bar.starts + 900, bar.ends + 900, bar.row)


def test_what_is_undone_comes_back_although_its_time_is_taken(office: Office) -> None:
    visit = office.plan(office.boris, at(1, 10))
    moved = office.base.records.update("activity", visit.id, times(2, 10)).operation
    office.plan(office.boris, at(1, 10), subject="Lesson")
    office.base.set_info(FACT, NOBODY)

    with interactive():
        office.base.undo.undo(moved)

    assert office.bar(visit, office.boris).starts == at(1, 10).timestamp()


def test_a_change_of_many_is_asked_once_and_goes_on_after_a_word(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BLOCK", 2)
    office.plan(office.boris, at(1, 12), subject="Lesson")
    ids = [office.plan(office.anna, at(1, hour)).id for hour in (9, 10, 11, 12, 13)]

    def give() -> bulk.BulkResult:
        return bulk.update_all(
            office.base.records, office.base.catalogue["activity"], ids,
            {"author": office.boris.id}, progress=lambda _done, _all: None, check=lambda: None,
        )  # fmt: skip

    with interactive(), pytest.raises(DoubleBooked, match="Lesson"):
        give()
    assert give().written == 5
    assert len([bar for bar in office.bars() if bar.row == office.boris]) == 6


def test_nobody_is_asked_while_the_example_is_made(tmp_path: Path) -> None:
    with interactive():
        made = ensure_demo(tmp_path, "en", clients=25)

    assert made.exists()
