"""What somebody answers for goes to others: counted first, then as one operation, and back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_desktop.errors import Cancelled, InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.handing_over.carrying import carry_out
from crm_desktop.services.handing_over.giving_back import give_back, going_back, hand_over_of
from crm_desktop.services.handing_over.letters import letters
from crm_desktop.services.handing_over.planning import Rule
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.reminders.outgoing import messages
from crm_desktop.services.undo.service import UndoBlocked
from tests.bases import ready_base
from tests.cli_desk import Cli
from tests.hand_over_firm import MONDAY, Firm, firm, task

__all__ = ["firm"]


def test_saved_views_of_the_leaving_one_go_to_the_first_receiver(firm: Firm) -> None:
    query = Query("client", ("name",), Condition("city", "eq", "Omsk"))
    firm.base.views.save("My Omsk", query, author=firm.anna, shared=False)
    firm.base.views.save("All", Query("client", ("name",)), author=firm.anna, shared=True)

    assert carry_out(firm.base, firm.plan()).views == 1

    (got,) = [one for one in firm.base.views.of("client", firm.boris) if not one.shared]
    assert got.name == "My Omsk (Anna Seller)" and got.query.where == query.where
    hers = {one.name for one in firm.base.views.of("client", firm.anna)}
    assert {"My Omsk", "All"} <= hers, "the leaving one keeps them"


def test_counts_of_the_receivers_add_up(firm: Firm) -> None:
    found = firm.plan()

    assert found.totals()["client"] == 5
    assert sum(counts["client"] for counts in found.counts().values()) == 5
    assert {counts["client"] for counts in found.counts().values()} == {2, 3}


def test_what_stands_below_a_client_goes_along_with_it(firm: Firm) -> None:
    step = task(firm, Ref("deal", firm.deals[0]))

    given = firm.plan(rules=(Rule("client", Condition("city", "eq", "Omsk"), firm.vera),)).given

    assert {given[Ref("client", id_)] for id_ in firm.clients[:2]} == {firm.vera}
    assert {given[Ref("deal", id_)] for id_ in firm.deals} == {firm.vera}
    assert given[Ref("activity", step)] == firm.vera


def test_receivers_are_told_thousands_as_people_read_them(firm: Firm) -> None:
    given = {Ref("client", 10_000_000 + n): firm.boris for n in range(1200)}

    (letter,) = letters(firm.base, firm.anna, given, [])

    assert letter.subject == "Anna Seller hands 1,200 records over to you"
    assert letter.text.startswith("Clients: 1,200\n")


def test_one_by_hand_comes_before_a_rule(firm: Firm) -> None:
    one = Ref("client", firm.clients[0])
    rule = Rule("client", Condition("city", "eq", "Omsk"), firm.vera)

    given = firm.plan(rules=(rule,), exceptions={one: firm.boris}).given

    assert given[one] == firm.boris and given[Ref("deal", firm.deals[0])] == firm.boris
    assert given[Ref("client", firm.clients[1])] == firm.vera


def test_only_what_is_open_goes_over(firm: Firm) -> None:
    done = task(firm, Ref("client", firm.clients[0]), state="done")
    won = firm.base.lists.open(Query("stage", where=Condition("outcome", "in", ["won"]))).ids()[0]
    firm.base.pipelines.move([firm.deals[0]], won, {})

    done_over = carry_out(firm.base, firm.plan())

    assert firm.owner("deal", firm.deals[0]) == firm.anna
    assert firm.owner("activity", done, "author") == firm.anna
    assert firm.owner("deal", firm.deals[1]) != firm.anna
    assert done_over.count == 5 + 1 + len([r for r in firm.plan().given if r.entity == "activity"])


def test_all_is_one_operation_with_one_message_each_and_can_be_undone(firm: Firm) -> None:
    before = len(messages(firm.base))

    done = carry_out(firm.base, firm.plan())

    assert firm.anna not in {firm.owner("client", id_) for id_ in firm.clients}
    told = messages(firm.base)[: done.messages]
    assert done.messages == 2 and len(messages(firm.base)) == before + 2
    assert {one.whom for one in told} == {firm.boris, firm.vera}
    firm.base.undo.undo(done.operation)
    assert {firm.owner("client", id_) for id_ in firm.clients} == {firm.anna}


def test_a_stop_leaves_nothing_changed(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm_desktop.services.handing_over.carrying.BLOCK", 2)
    looks = iter([None] * 6)
    counted: list[tuple[int, int]] = []
    query = Query("client", ("name",))
    firm.base.views.save("Mine", query, author=firm.anna, shared=False)
    newest = firm.base.operations.last(1)

    def check() -> None:
        if next(looks, "over") == "over":
            raise Cancelled

    with pytest.raises(Cancelled):
        carry_out(firm.base, firm.plan(), check=check, progress=lambda *done: counted.append(done))

    assert counted and counted[-1][0] > 0, "some of it had been written"
    assert firm.base.operations.last(1) == newest
    assert all(view.author != firm.boris for view in firm.base.views.all(firm.boris))
    assert {firm.owner("client", id_) for id_ in firm.clients} == {firm.anna}
    assert not [one for one in messages(firm.base) if one.whom in (firm.boris, firm.vera)]


def test_of_a_series_only_the_dates_to_come_go_over(firm: Firm) -> None:
    begins = MONDAY - timedelta(days=14)
    series = task(firm, Ref("client", firm.clients[0]), starts=begins,
                  ends=begins + timedelta(hours=1), rule="FREQ=WEEKLY")  # fmt: skip

    carry_out(firm.base, firm.plan())

    assert firm.owner("activity", series, "author") == firm.anna
    mine = Condition("author", "in", [firm.owner("client", firm.clients[0])])
    got = firm.base.lists.open(Query("activity", where=mine)).ids()
    rules = firm.base.reader.many("activity", got, ["rule"])
    assert len([id_ for id_ in got if rules[id_]["rule"]]) == 1


def test_undoing_all_of_it_keeps_what_receivers_finished_and_says_what(firm: Firm) -> None:
    finished = task(firm, Ref("client", firm.clients[0]), subject="Measure")
    left = task(firm, Ref("client", firm.clients[0]), subject="Order")
    done = carry_out(firm.base, firm.plan(receivers=(firm.boris,)))
    won = firm.base.lists.open(Query("stage", where=Condition("outcome", "in", ["won"]))).ids()[0]
    firm.base.records.update("activity", finished, {"state": "done"})
    firm.base.pipelines.move([firm.deals[0]], won, {})
    firm.base.records.update("client", firm.clients[4], {"responsible": firm.vera})

    with pytest.raises(UndoBlocked) as refused:
        firm.base.undo.undo(done.operation)
    result = firm.base.undo.undo(done.operation, skip_blocked=True)

    told = {(one.entity, one.id, one.reason) for one in refused.value.blocked}
    assert told == {(one.entity, one.id, one.reason) for one in result.blocked}
    assert {one[:2] for one in told if one[2] == "finished since"} == {
        ("activity", finished), ("deal", firm.deals[0]),
    }  # fmt: skip
    assert ("client", firm.clients[4], "changed since") in told
    assert firm.owner("activity", finished, "author") == firm.boris
    assert firm.owner("deal", firm.deals[0]) == firm.boris
    assert firm.owner("client", firm.clients[4]) == firm.vera
    assert firm.owner("activity", left, "author") == firm.anna
    assert {firm.owner("client", id_) for id_ in firm.clients[:4]} == {firm.anna}


def test_a_receiver_who_is_away_and_the_views_are_told_beforehand(firm: Firm) -> None:
    until = MONDAY + timedelta(days=3)
    firm.base.records.create("activity", {
        "kind": "leave", "subject": "Leave", "author": firm.vera, "state": "planned",
        "starts": MONDAY - timedelta(days=1), "ends": until,
    })  # fmt: skip
    firm.base.views.save("Mine", Query("client", ("name",)), author=firm.anna, shared=False)

    told = firm.plan()

    assert told.away == {firm.vera: until} and told.views == 1


def test_one_client_is_given_back_with_its_deal(firm: Firm) -> None:
    done = carry_out(firm.base, firm.plan())
    first = Ref("client", firm.clients[0])

    give_back(firm.base, done.operation, first)

    assert firm.owner("client", firm.clients[0]) == firm.anna
    assert firm.owner("deal", firm.deals[0]) == firm.anna
    assert firm.owner("client", firm.clients[1]) != firm.anna
    with pytest.raises(InvalidInput, match="as the hand-over left it"):
        give_back(firm.base, done.operation, first)


def test_a_series_is_given_back_and_what_was_finished_meanwhile_is_not(firm: Firm) -> None:
    first, begins = Ref("client", firm.clients[0]), MONDAY - timedelta(days=14)
    task(firm, first, starts=begins, ends=begins + timedelta(hours=1), rule="FREQ=WEEKLY")
    finished = task(firm, first)
    done = carry_out(firm.base, firm.plan(receivers=(firm.boris,)))
    firm.base.records.update("activity", finished, {"state": "done"})

    assert hand_over_of(firm.base, first) == done.operation
    told = going_back(firm.base, done.operation, first)
    assert told.to == firm.anna and told.counts()["client"] == 1
    give_back(firm.base, done.operation, first)

    mine = Condition("author", "in", [firm.boris])
    left = firm.base.lists.open(Query("activity", where=mine)).ids()
    rules = firm.base.reader.many("activity", left, ["rule"])
    assert finished in left and not any(values["rule"] for values in rules.values())


def test_what_was_never_handed_over_is_not_given_back(firm: Firm) -> None:
    first = Ref("client", firm.clients[0])
    with pytest.raises(InvalidInput, match="not handed over in the last 14 days"):
        hand_over_of(firm.base, first)

    done = carry_out(firm.base, firm.plan())
    assert hand_over_of(firm.base, first) == done.operation
    firm.base.undo.undo(done.operation)

    with pytest.raises(InvalidInput, match="not handed over"):
        hand_over_of(firm.base, first)


def test_after_two_weeks_and_of_other_operations_nothing_is_given_back(firm: Firm) -> None:
    done = carry_out(firm.base, firm.plan())
    other = firm.base.records.update("client", firm.clients[0], {"city": "Tula"}).operation

    with pytest.raises(InvalidInput, match="no hand-over"):
        give_back(firm.base, other, Ref("client", firm.clients[0]))
    clock = firm.base.clock
    assert isinstance(clock, MovedClock)
    clock.moment = MONDAY + timedelta(days=15)
    with pytest.raises(InvalidInput, match="14 days"):
        give_back(firm.base, done.operation, Ref("client", firm.clients[0]))


@pytest.mark.parametrize("receivers", [(), (-1,), (10**9,)])
def test_whoever_is_nobody_takes_nothing_over(firm: Firm, receivers: tuple[int, ...]) -> None:
    with pytest.raises(InvalidInput):
        firm.plan(receivers=receivers)


def test_whoever_leaves_or_has_left_takes_nothing_over(firm: Firm) -> None:
    firm.base.records.update("staff", firm.vera, {"gone": True})

    with pytest.raises(InvalidInput, match="no longer works here"):
        firm.plan()
    with pytest.raises(InvalidInput, match="as well"):
        firm.plan(receivers=(firm.anna,))


def test_by_command_with_a_test_first(base_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    ready_base(base_url).close()
    cli = Cli(base_url, capsys)
    anna, boris = (cli.add("staff", name=name) for name in ("Anna Seller", "Boris Seller"))
    client = cli.add("client", name="Daisy", responsible="Anna Seller")
    asked = ("hand-over", "Anna Seller", "--to", "Boris Seller", "--only", "client")

    counted = cli(*asked, "--test")
    done = cli(*asked, "--rule", f'client:{{"name": "Daisy"}}:{boris}')

    assert counted["operation"] is None and counted["totals"] == {"client": 1}
    assert counted["messages"] == 1 and counted["away"] == []
    assert done["receivers"] == [{"colleague": boris, "counts": {"client": 1}}]
    assert cli("show", "client", client)["values"]["responsible"] == "Boris Seller"
    cli("hand-back", done["operation"], "client", client)
    assert cli("show", "client", client)["values"]["responsible"] == "Anna Seller"
    assert cli.told("hand-over", str(anna), "--to", "Boris", "--rule", "client:x").code != 0


def test_after_a_stop_the_chain_of_the_change_log_goes_on(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_desktop.services.handing_over.carrying.BLOCK", 2)

    def stop(done: int, _whole: int) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        carry_out(firm.base, firm.plan(), progress=stop)
    carry_out(firm.base, firm.plan())

    assert check_base(firm.base).problems == []
