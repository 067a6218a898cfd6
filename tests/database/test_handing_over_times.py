"""A hand-over moves what clashes to a free time, and tells each receiver in the window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.handing_over.carrying import carry_out
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.planner.service import Planner
from crm_desktop.services.reminders.outgoing import messages
from tests.bases import ready_base
from tests.cli_desk import Cli
from tests.hand_over_firm import MONDAY, Firm, firm, task

__all__ = ["firm"]


def test_a_free_time_is_taken_with_the_hand_over_and_goes_back_with_it(firm: Firm) -> None:
    at = {"starts": MONDAY + timedelta(hours=4), "ends": MONDAY + timedelta(hours=5)}
    visit = task(firm, Ref("client", firm.clients[0]), **at, subject="Visit")
    for hour in (4, 6):
        begins = MONDAY + timedelta(hours=hour)
        firm.base.records.create("activity", {
            "kind": "meeting", "subject": "Busy", "state": "planned", "author": firm.boris,
            "starts": begins, "ends": begins + timedelta(hours=1),
        })  # fmt: skip
    (meeting,) = firm.plan(receivers=(firm.boris,)).meetings
    chosen = firm.plan(receivers=(firm.boris,), times={meeting.entry: meeting.free[0]})
    assert chosen.meetings == () and [one.entry for one in chosen.moved] == [(visit, 0)]
    assert any("At another time: “Visit" in one.text for one in chosen.letters)

    done = carry_out(firm.base, chosen)

    def stands() -> tuple[int, datetime, datetime]:
        values = firm.base.reader.get("activity", visit).values  # type: ignore[union-attr]
        return values["author"], values["starts"], values["ends"]

    starts = datetime.fromtimestamp(meeting.free[0], UTC)
    assert stands() == (firm.boris, starts, starts + timedelta(hours=1))
    firm.base.undo.undo(done.operation)
    assert stands() == (firm.anna, at["starts"], at["ends"])


def test_a_chosen_time_that_is_taken_is_named_once_more(firm: Firm) -> None:
    at = {"starts": MONDAY + timedelta(hours=4), "ends": MONDAY + timedelta(hours=5)}
    visit = task(firm, Ref("client", firm.clients[0]), **at, subject="Visit")
    begins = MONDAY + timedelta(hours=6)
    firm.base.records.create("activity", {
        "kind": "meeting", "subject": "Busy", "state": "planned", "author": firm.boris,
        "starts": begins, "ends": begins + timedelta(hours=1),
    })  # fmt: skip
    assert firm.plan(receivers=(firm.boris,)).meetings == ()

    taken = firm.plan(receivers=(firm.boris,), times={(visit, 0): int(begins.timestamp())})

    assert [one.entry for one in taken.meetings] == [(visit, 0)] and len(taken.moved) == 1


@pytest.mark.parametrize("weeks_ago", [0, 2], ids=["all", "the rest"])
def test_a_date_of_a_series_gets_another_time_with_the_hand_over(
    firm: Firm, weeks_ago: int
) -> None:
    begins = MONDAY + timedelta(hours=4) - timedelta(weeks=weeks_ago)
    series = task(firm, Ref("client", firm.clients[0]), starts=begins, rule="FREQ=WEEKLY",
                  ends=begins + timedelta(hours=1), subject="Round")  # fmt: skip
    busy = MONDAY + timedelta(hours=4)
    firm.base.records.create("activity", {
        "kind": "meeting", "subject": "Busy", "state": "planned", "author": firm.boris,
        "starts": busy, "ends": busy + timedelta(hours=1),
    })  # fmt: skip
    (meeting,) = firm.plan(receivers=(firm.boris,)).meetings
    assert meeting.entry == (series, int(busy.timestamp()))

    done = carry_out(
        firm.base, firm.plan(receivers=(firm.boris,), times={meeting.entry: meeting.free[0]})
    )

    planner = Planner(firm.base)
    bars = [
        bar for bar in planner.bars([Ref("staff", firm.boris)], MONDAY, MONDAY + timedelta(days=15))
        if bar.subject == "Round"
    ]  # fmt: skip
    week = 7 * 24 * 3600
    regular = [int(busy.timestamp()) + n * week for n in (1, 2)]
    assert [bar.starts for bar in bars] == [meeting.free[0], *regular]
    owner = firm.base.reader.get("activity", bars[1].id)
    assert owner is not None and int(owner.values["due"].timestamp()) == regular[0]
    firm.base.undo.undo(done.operation)
    anna = planner.bars([Ref("staff", firm.anna)], MONDAY, MONDAY + timedelta(days=1))
    assert [bar.starts for bar in anna] == [int(busy.timestamp())]
    assert check_base(firm.base).problems == []


def test_the_receiver_is_told_in_the_window_and_with_ones_own_words(firm: Firm) -> None:
    drafted = firm.plan(receivers=(firm.boris,))
    assert [one.whom for one in drafted.letters] == [firm.boris]

    done = carry_out(firm.base, drafted, note="Call Daisy first.")

    (told,) = firm.base.reminders.due(firm.boris).standing
    assert told.subject == drafted.letters[0].subject and told.whom == firm.boris
    text = firm.base.reader.get("activity", told.event.id).values["body"]  # type: ignore[union-attr]
    assert text.startswith("Call Daisy first.") and "Client 0" in text
    (sent,) = [one for one in messages(firm.base) if one.whom == firm.boris]
    assert sent.body == text
    firm.base.undo.undo(done.operation)
    assert firm.base.reminders.due(firm.boris).standing == ()


def test_by_command_a_free_time_is_taken(base_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    ready_base(base_url).close()
    cli = Cli(base_url, capsys)
    for name in ("Anna Seller", "Boris Seller"):
        cli.add("staff", name=name)
    day = datetime.now(UTC).date() + timedelta(days=7)
    at = {"kind": "meeting", "starts": f"{day}T10:00", "ends": f"{day}T11:00"}
    visit, _busy = (
        cli.add("activity", **at, subject=subject, author=who)
        for subject, who in (("Visit", "Anna Seller"), ("Busy", "Boris Seller"))
    )
    asked = ("hand-over", "Anna Seller", "--to", "Boris Seller")
    (clash,) = cli(*asked, "--test")["clashes"]
    assert clash["entry"] == str(visit)

    done = cli(*asked, "--time", f"{visit}={clash['free'][0]}", "--note", "Mind the dog.")

    assert done["clashes"] == [] and done["moved"][0]["entry"] == str(visit)
    assert done["letters"][0]["text"].startswith("Mind the dog.")
    stands = datetime.fromisoformat(cli("show", "activity", visit)["values"]["starts"])
    assert stands.astimezone(UTC) == datetime.fromisoformat(clash["free"][0])
    for wrong in ("x=1", f"{visit}=", f"999={clash['free'][0]}"):
        assert cli.told("hand-over", "Anna Seller", "--to", "Boris Seller", "--time", wrong).code


def test_a_time_that_would_be_taken_twice_is_named_with_free_ones(firm: Firm) -> None:
    at = {"starts": MONDAY + timedelta(hours=4), "ends": MONDAY + timedelta(hours=5)}
    task(firm, Ref("client", firm.clients[0]), **at, subject="Visit")
    firm.base.records.create("activity", {"kind": "meeting", "subject": "Busy", "state": "planned",
                                          "author": firm.boris, **at})  # fmt: skip

    (meeting,) = firm.plan(receivers=(firm.boris,)).meetings

    assert meeting.receiver == firm.boris
    assert "Visit" in meeting.text and "Busy" in meeting.text
    assert meeting.free and min(meeting.free) >= at["ends"].timestamp()


def test_free_times_leave_out_what_comes_along(firm: Firm) -> None:
    at = {"starts": MONDAY + timedelta(hours=4), "ends": MONDAY + timedelta(hours=5)}
    next_hour = {"starts": at["ends"], "ends": at["ends"] + timedelta(hours=1)}
    task(firm, Ref("client", firm.clients[0]), **at, subject="Visit")
    task(firm, Ref("client", firm.clients[0]), **next_hour, subject="Call")
    firm.base.records.create("activity", {"kind": "meeting", "subject": "Busy", "state": "planned",
                                          "author": firm.boris, **at})  # fmt: skip

    (meeting,) = firm.plan(receivers=(firm.boris,)).meetings

    assert meeting.free and min(meeting.free) >= next_hour["ends"].timestamp()
