"""Seats of a shared base: taken, kept alive, given back, waited for, freed; on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crm_desktop.errors import DatabaseUnavailable, InvalidInput, NotFound, UserError
from crm_desktop.services.licensing.broker import Broker
from crm_desktop.services.licensing.house_rules import HouseRules, house_rules, settle
from crm_desktop.services.licensing.seat_use import seat_use
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.seats import Office, office


@pytest.fixture
def base(firebird_url: str) -> Iterator[Workspace]:
    opened = ready_base(firebird_url)
    yield opened
    opened.close()


@pytest.fixture
def three(base: Workspace) -> Iterator[Office]:
    """An office with three seats."""
    with office(base, 3) as made:
        yield made


def outcomes(*brokers: Broker) -> list[str]:
    return [broker.take().outcome for broker in brokers]


def test_no_more_come_in_than_there_are_seats(three: Office) -> None:
    machines = [three.at(f"pc{number}") for number in range(5)]

    assert outcomes(*machines) == ["work", "work", "work", "full", "full"]
    assert len(machines[0].holders()) == 3


def test_windows_on_one_machine_share_a_seat(three: Office) -> None:
    three.fill(2)
    first, second = three.at("mine"), three.at("mine")

    assert outcomes(first, second) == ["work", "work"]
    assert [one.windows for one in first.holders()] == [1, 1, 2]
    first.give()
    assert outcomes(three.at("other")) == ["full"]
    second.give()
    assert outcomes(three.at("other")) == ["work"]


def test_two_machines_are_two_seats(three: Office) -> None:
    here, there = three.at("desk"), three.at("laptop")

    assert outcomes(here, there) == ["work", "work"]
    assert [one.machine.split("@")[0] for one in here.holders()] == ["desk", "laptop"]


def test_without_a_licence_two_come_in(base: Workspace) -> None:
    with office(base, 3) as made:
        made.run("DELETE FROM base_info WHERE name = 'seat_count'")

        assert outcomes(*(made.at(f"pc{n}") for n in range(3))) == ["work", "work", "full"]


def test_a_client_that_believes_in_fewer_seats_takes_no_more(three: Office) -> None:
    """The number that is counted with stands in the base; what is signed is the client's word."""
    three.fill(2)
    three.seats = 2

    assert outcomes(three.at("careful")) == ["full"]


def test_a_seat_of_one_who_fell_silent_is_free(three: Office) -> None:
    silent, *_others = three.fill(3)
    assert outcomes(waiting := three.at("next")) == ["full"]

    three.later("seat_window", "beat_at", 91, "seat STARTING WITH 'full0'")

    assert outcomes(waiting) == ["work"]
    assert silent.beat().outcome == "lost"


def test_a_beat_keeps_the_seat(three: Office) -> None:
    first, *_others = three.fill(3)
    three.later("seat_window", "beat_at", 80)

    assert first.beat().outcome == "work"
    three.later("seat_window", "beat_at", 80)

    assert outcomes(*(three.at(f"next{n}") for n in range(3))) == ["work", "work", "full"]


def test_a_line_that_broke_keeps_the_seat_for_a_while(three: Office) -> None:
    broken, *_others = three.fill(3)
    assert broken._line is not None
    broken._line._driver.close()  # without a word, as a killed program does
    next_one = three.at("next")

    assert outcomes(next_one) == ["full"]
    three.later("seat_window", "beat_at", 21)  # the others have been heard of a moment ago

    assert outcomes(next_one) == ["work"]
    with pytest.raises(DatabaseUnavailable):
        broken.beat()
    assert broken.beat().outcome == "lost"


def test_who_comes_back_in_time_finds_his_seat(three: Office) -> None:
    broken, *_others = three.fill(3)
    assert broken._line is not None
    broken._line._driver.close()

    with pytest.raises(DatabaseUnavailable):
        broken.beat()

    assert broken.beat().outcome == "work"
    three.later("seat_window", "beat_at", 30)
    assert outcomes(three.at("next")) == ["full"]


def test_the_line_is_served_in_order(three: Office) -> None:
    inside = three.fill(3)
    line = [three.at(f"w{number}") for number in range(3)]
    assert [one.wait().place for one in line] == [1, 2, 3]

    inside[0].give()
    inside[1].give()

    assert [one.look().left_s is not None for one in line] == [True, True, False]
    assert outcomes(three.at("late"), line[2], line[1], line[0]) == ["full", "full", "work", "work"]
    assert line[2].look().place == 1


def test_a_turn_that_is_missed_goes_to_the_next(three: Office) -> None:
    inside = three.fill(3)
    first, second = three.at("w1"), three.at("w2")
    first.wait(), second.wait()
    inside[0].give()
    assert first.look().left_s

    three.later("seat_queue", "called_at", 61)

    assert second.look().left_s and first.look().place == 0
    assert outcomes(first, second) == ["full", "work"]


def test_who_stops_looking_loses_his_place(three: Office) -> None:
    three.fill(3)
    gone, here = three.at("w1"), three.at("w2")
    gone.wait(), here.wait()

    three.later("seat_queue", "beat_at", 21, "seat STARTING WITH 'w1'")

    assert here.look().place == 1
    assert [one.machine.split("@")[0] for one in here.line()] == ["w2"]


def test_who_goes_home_leaves_the_line(three: Office) -> None:
    three.fill(3)
    gone, here = three.at("w1"), three.at("w2")
    gone.wait(), here.wait()

    gone.close()

    assert here.look().place == 1


def test_one_who_is_asked_gives_the_seat_to_the_asker(three: Office) -> None:
    holder, *_others = three.fill(3)
    first, asker = three.at("w1"), three.at("w2")
    first.wait()
    lease = holder.holders()[0].lease

    asker.ask(lease)
    request = holder.beat().request
    assert request is not None
    holder.answer(request, accepted=True)

    assert holder.beat().outcome == "given"
    turns = first.look(), asker.look()
    assert [bool(turn.left_s) for turn in turns].count(True) == 1
    assert turns[1].answer == "accepted"


def test_one_who_declines_keeps_the_seat(three: Office) -> None:
    holder, *_others = three.fill(3)
    asker = three.at("w")
    asker.ask(holder.holders()[0].lease)

    holder.answer(holder.beat().request or 0, accepted=False)

    beat = holder.beat()
    assert (beat.outcome, beat.request) == ("work", None)
    assert (asker.look().answer, asker.look().place) == ("declined", 1)


def test_who_only_reads_takes_no_seat(three: Office) -> None:
    three.fill(3)
    reader = three.at("reader")

    assert reader.take("read").outcome == "read"
    assert [one.kind for one in reader.holders()] == ["work", "work", "work", "read"]
    assert reader.beat().outcome == "read"
    assert outcomes(reader) == ["full"]


def test_a_reader_becomes_a_worker_when_a_seat_is_free(three: Office) -> None:
    first, *_others = three.fill(3)
    reader = three.at("reader")
    reader.take("read")
    first.give()

    assert outcomes(reader, three.at("late")) == ["work", "full"]


def test_a_reserved_seat_is_kept_for_its_person(base: Workspace) -> None:
    with office(base, 2) as made:
        made.employ("director")
        settle(base, HouseRules(reserved=("director",)))
        one, two = made.at("a"), made.at("b")

        assert outcomes(one, two) == ["work", "full"]

        settle(base, HouseRules(reserved=("sysdba",)))  # who takes part here: his is taken
        assert outcomes(two) == ["work"]


def test_the_one_it_is_reserved_for_goes_past_the_line(base: Workspace) -> None:
    with office(base, 1) as made:
        settle(base, HouseRules(reserved=("SYSDBA",)))
        made.run(
            "INSERT INTO seat_queue (id, login, machine, seat, line_no, arrived_at, beat_at)"
            " VALUES (1, 'anna', 'x', 'x', -1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)"
        )

        assert outcomes(made.at("director")) == ["work"]


def test_nothing_done_for_long_gives_the_seat_back(three: Office) -> None:
    settle(three.workspace, HouseRules(idle=30))
    idle, busy, _third = three.fill(3)

    three.later("seat_lease", "active_at", 31 * 60)
    assert busy.beat(idle_s=29 * 60).outcome == "work"
    assert idle.beat(idle_s=30 * 60).outcome == "idle"
    assert outcomes(three.at("next")) == ["work"]


def test_one_busy_window_keeps_the_seat_of_both(three: Office) -> None:
    settle(three.workspace, HouseRules(idle=30))
    left, used = three.at("pc"), three.at("pc")
    outcomes(left, used)

    used.beat(idle_s=5)

    assert left.beat(idle_s=3 * 3600).outcome == "work"


def test_a_travelling_seat_needs_no_window(three: Office) -> None:
    laptop, *_others = three.fill(3)
    lease = laptop.holders()[0].lease
    assert laptop.travel(lease, 3) == 3
    laptop.close()
    three.later("seat_lease", "taken_at", 0)

    assert outcomes(three.at("next")) == ["full"]
    assert three.at("desk").holders()[0].left_s == pytest.approx(3 * 86400, abs=60)

    three.later("seat_lease", "until_at", 3 * 86400 + 60)
    assert outcomes(three.at("next")) == ["work"]


def test_who_comes_home_early_works_on_his_seat(three: Office) -> None:
    laptop, *_others = three.fill(3)
    laptop.travel(lease := laptop.holders()[0].lease, 5)
    laptop.give()
    home = three.at("full0")

    assert outcomes(home) == ["travel"]
    assert home.travel(lease, 0) == 0
    home.give()
    assert outcomes(three.at("next")) == ["work"]


def test_a_journey_is_no_longer_than_the_office_allows(three: Office) -> None:
    settle(three.workspace, HouseRules(travel=7))
    laptop, *_others = three.fill(1)

    assert laptop.travel(laptop.holders()[0].lease, 90) == 7


def test_the_administrator_frees_a_seat_and_says_why(three: Office) -> None:
    holder, *_others = three.fill(3)
    admin = three.at("admin")

    admin.free(holder.holders()[0].lease, "went on holiday")

    assert outcomes(three.at("next")) == ["work"]
    beat = holder.beat()
    assert (beat.outcome, beat.reason) == ("freed", "went on holiday")
    noted = three.rows("SELECT what, detail FROM audit_entry WHERE what <> 'connected'")
    ((what, detail),) = noted
    assert what == "seat_freed" and "went on holiday" in str(detail)


def test_no_seat_is_freed_without_a_reason(three: Office) -> None:
    holder, *_others = three.fill(1)
    lease = holder.holders()[0].lease

    with pytest.raises(UserError):
        holder.free(lease, "  ")
    with pytest.raises(NotFound):
        holder.free(lease + 100, "no such seat")
    assert holder.beat().outcome == "work"


def test_with_fewer_seats_bought_the_newest_stop(three: Office) -> None:
    first, second, third = three.fill(3)
    three.run("UPDATE base_info SET content = '2' WHERE name = 'seat_count'")

    assert [one.beat().outcome for one in (first, second, third)] == ["work", "work", "over"]


def test_leases_written_by_hand_stop_the_newest(three: Office) -> None:
    """Whoever owns the base can write rows; every client counts for itself."""
    holder, *_others = three.fill(3)
    three.run("INSERT INTO seat_lease (id, login, machine, kind, taken_at, active_at)"
              " SELECT 900, 'x', 'x', 'work', DATEADD(-1 DAY TO taken_at), taken_at"
              " FROM seat_lease ROWS 1")  # fmt: skip

    assert [one.beat().outcome for one in (holder, *_others)] == ["work", "work", "over"]


def test_nobody_loses_a_seat_for_a_clock_that_is_wrong(three: Office) -> None:
    """The program's clock is asked nothing: only ages reckoned by the server count."""
    from crm_desktop.services.clock import MovedClock

    holder, *_others = three.fill(3)
    three.workspace.clock = MovedClock(three.workspace.clock.now().replace(year=2001))

    assert holder.beat().outcome == "work"
    assert outcomes(three.at("next")) == ["full"]
    assert holder.holders()[0].since_s < 3600


def test_use_is_kept_by_quarters(three: Office) -> None:
    inside = three.fill(3)
    outcomes(three.at("late"), three.at("later"), three.at("later"))  # one person all the time
    inside[0].give()

    use = seat_use(three.workspace, inside[1])

    assert (use.peak, use.refused, use.days_full, use.advice) == (3, 1, 1, 4)
    assert [one.most for one in use.today if one.most] in ([3], [3, 2], [3, 3])


def test_use_of_earlier_days_is_a_peak_and_no_part_of_today(three: Office) -> None:
    three.fill(2)
    three.run("INSERT INTO seat_use (quarter_at, most, refused)"
              " VALUES (DATEADD(-3 DAY TO CURRENT_TIMESTAMP), 9, 0)")  # fmt: skip

    use = seat_use(three.workspace, three.at("x"))

    assert (use.peak, use.advice) == (9, 9)
    assert max(one.most or 0 for one in use.today) == 2


def test_house_rules_are_kept_within_limits(three: Office) -> None:
    base = three.workspace
    three.employ("anna", "boris")
    wanted = HouseRules(20, 7, 90, True, ("anna", "boris"))
    settle(base, wanted)
    assert house_rules(base) == wanted

    misspelt = replace(wanted, reserved=("anna", "boriss"))  # nobody could ever use that seat
    for bad in (replace(wanted, idle=-1), replace(wanted, travel=0), replace(wanted, called=5),
                misspelt):  # fmt: skip
        with pytest.raises(InvalidInput):
            settle(base, bad)
    assert house_rules(base) == wanted
