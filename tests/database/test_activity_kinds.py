"""What is settled for kinds of activities: length, reminders, result, rolling over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.services.activities import service as activities
from crm_desktop.services.activities.kinds import (
    KindHabits,
    habits,
    keep_habits,
    keep_levels,
    kinds,
    overdue_levels,
    read_levels,
    retire_kind,
    save_kind,
    usual,
)
from crm_desktop.services.activities.my_day import OVERDUE, TODAY, my_day
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, clock=MovedClock(NOON))
    yield made
    made.close()


def planned(base: Workspace, **values: object) -> int:
    given = {"subject": "Roof", "kind": "visit", "state": "planned", "due": NOON, **values}
    return base.records.create("activity", given).ids[0]


def reminders(base: Workspace, activity: int) -> list[tuple[int, str]]:
    rows = base.reminders.of(activity).values()
    return [(int(str(row["offset"])), str(row["channel"])) for row in rows]


def test_a_kind_has_several_reminders_each_with_its_channel(base: Workspace) -> None:
    keep_habits(base, "visit", KindHabits(90, ((15, "window"), (1440, "mail"))))
    visit = planned(base, starts=NOON + 3 * DAY)
    assert reminders(base, visit) == [(1440, "mail"), (15, "window")]
    whole = planned(base, starts=NOON + 3 * DAY, all_day=True)
    assert reminders(base, whole) == [(900, "mail"), (-540, "window")]


def test_no_reminder_at_all_and_what_is_kept_is_read_again(base: Workspace, base_url: str) -> None:
    keep_habits(base, "call", KindHabits(None))
    call = planned(base, kind="call", starts=NOON + DAY)
    assert reminders(base, call) == []
    base.close()
    again = open_base(base_url)
    assert habits(again)["call"] == KindHabits(None)
    assert habits(again)["visit"] == usual("visit")


def test_the_usual_length_is_that_of_the_kind(base: Workspace) -> None:
    keep_habits(base, "visit", KindHabits(90))
    values = activities.values_of(base, "See the roof tomorrow at 10", "visit")
    assert values["ends"] - values["starts"] == timedelta(minutes=90)
    values = activities.values_of(base, "Write tomorrow at 10", "task")
    assert "starts" not in values
    keep_habits(base, "task", KindHabits(20))
    values = activities.values_of(base, "Write tomorrow at 10", "task")
    assert values["ends"] - values["starts"] == timedelta(minutes=20)


def test_a_kind_that_asks_for_a_result_does_not_end_without(base: Workspace) -> None:
    keep_habits(base, "visit", KindHabits(result=True))
    visit = planned(base)
    with pytest.raises(InvalidInput) as refused:
        activities.done(base, visit)
    assert refused.value.field == "result"
    book = {"book": "call_result", "name": "Agreed"}
    agreed = base.records.create("reference", book).ids[0]
    activities.done(base, visit, result=agreed)
    assert base.reader.many("activity", [visit], ("state",))[visit]["state"] == "done"
    base.records.update("activity", planned(base), {"state": "cancelled", "reason": "rain"})


def test_what_is_unfinished_rolls_over_or_is_overdue(base: Workspace) -> None:
    keep_habits(base, "task", KindHabits(rolls=True))
    task = planned(base, kind="task", due=NOON - 2 * DAY)
    visit = planned(base, due=NOON - 2 * DAY)
    later = planned(base, kind="task", due=NOON + DAY)
    today = planned(base, kind="task")
    found = my_day(base, None)
    assert [(t.ref.id, t.rolled) for t in found[TODAY]] == [(task, True), (today, False)]
    assert [(t.ref.id, t.rolled) for t in found[OVERDUE]] == [(visit, False)]
    assert later not in [t.ref.id for tasks in found.values() for t in tasks]


@pytest.mark.parametrize(
    "wrong",
    [KindHabits(0), KindHabits(10**6), KindHabits(reminders=((-5, "window"),)),
     KindHabits(reminders=tuple((n, "window") for n in range(9)))],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(base: Workspace, wrong: KindHabits) -> None:
    with pytest.raises(InvalidInput):
        keep_habits(base, "call", wrong)
    assert habits(base)["call"] == usual("call")


@pytest.mark.parametrize("text", ["{", "[]", '{"minutes":"x","reminders":[[1],7],"rolls":3}', ""])
def test_spoilt_facts_do_no_harm(base: Workspace, text: str) -> None:
    base.set_info("kind.task", text)
    assert habits(base)["task"].rolls is False
    assert planned(base, kind="task")


def test_levels_are_kept_and_read(base: Workspace) -> None:
    assert overdue_levels(base) == (0, 30, 120)
    keep_levels(base, (60,))
    assert overdue_levels(base) == (60,)
    keep_levels(base, ())
    assert overdue_levels(base) == ()
    assert read_levels("120; 0,30 30") == (0, 30, 120)
    for wrong in ("-5", "1.5", "soon", "999999", "1 2 3 4 5 6 7 8 9"):
        with pytest.raises(InvalidInput):
            read_levels(wrong)


def test_a_kind_is_renamed_coloured_and_retired_for_everybody(
    base: Workspace, base_url: str
) -> None:
    look = {"label": "Journey", "tone": "bad", "icon": "object-car"}
    save_kind(base, "visit", look, KindHabits(120))
    retire_kind(base, "visit", on=True)
    visit = planned(base)
    base.close()
    again = open_base(base_url)
    choice, known = kinds(again)[-1]
    assert (choice.key, choice.label, choice.tone, choice.icon, choice.retired) == (
        "visit", "Journey", "bad", "object-car", True,
    )  # fmt: skip
    assert known.minutes == 120
    assert again.reader.many("activity", [visit], ("kind",))[visit]["kind"] == "visit"
    with pytest.raises(InvalidInput):
        save_kind(again, "visit", {**look, "label": "Call"}, KindHabits())
    with pytest.raises(InvalidInput):
        again.constructor.change_choice(again.catalogue["activity"], "kind", "nothing")
    again.close()
