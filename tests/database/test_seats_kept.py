"""Seats when something happens to them: the line is cut, more are bought, the base is closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_desktop.errors import DatabaseUnavailable, UserError
from crm_desktop.services.licensing.broker import Broker
from crm_desktop.services.licensing.entry import Entry
from crm_desktop.services.licensing.house_rules import HouseRules, house_rules, settle
from crm_desktop.services.licensing.standing import install, standing
from crm_desktop.services.workspace import create_base, open_base
from tests.bases import ready_base
from tests.licences import Vendor
from tests.seats import Office, office


@pytest.fixture
def vendor(tmp_path: Path) -> Vendor:
    return Vendor(tmp_path / "vendor")


@pytest.fixture
def three(firebird_url: str) -> Iterator[Office]:
    """An office with three seats."""
    base = ready_base(firebird_url)
    with office(base, 3) as made:
        yield made
    base.close()


def entry_of(three: Office, broker: Broker, vendor: Vendor) -> Entry:
    """Somebody who came in by this broker, or was refused."""
    base = three.workspace
    how = standing(base, vendor.keys)
    return Entry(base, broker, how, house_rules(base), broker.take(), vendor.keys)


def test_a_beat_after_a_cut_holds_the_seat_at_once(three: Office, vendor: Vendor) -> None:
    entry = entry_of(three, three.at("pc"), vendor)
    assert entry.broker._line is not None
    entry.broker._line._driver.close()

    assert entry.beat(0).outcome == "work"
    three.later("seat_window", "beat_at", 30)
    assert len(entry.broker.holders()) == 1


def test_a_reader_whose_place_was_lost_reads_on(three: Office, vendor: Vendor) -> None:
    settle(three.workspace, HouseRules(reading=True))
    entry = entry_of(three, three.at("pc"), vendor)
    entry.broker.give()
    entry.read()
    three.later("seat_window", "beat_at", 91)
    assert three.at("next").take().outcome == "work"  # clears what is over

    assert entry.beat(0).outcome == "read"
    assert [one.kind for one in entry.broker.holders()] == ["work", "read"]
    assert "only to read" in three.workspace.read_only
    three.workspace.read_only = ""


def test_seats_that_were_bought_reach_who_waits_and_who_lost_his(
    three: Office, vendor: Vendor
) -> None:
    install(three.workspace, vendor.licence(seats=1))
    three.seats = 1
    inside, waiting = (entry_of(three, three.at(f"pc{n}"), vendor) for n in range(2))
    assert [inside.taken.outcome, waiting.taken.outcome] == ["work", "full"]

    install(three.workspace, vendor.licence(seats=2))

    assert waiting.look().most == 2
    assert waiting.take_again().outcome == "work"
    three.run("DELETE FROM seat_lease WHERE machine STARTING WITH 'pc0'")
    assert inside.beat(0).outcome == inside.beat(0).outcome == "work"


def test_a_seat_that_was_given_back_for_good_is_not_taken_by_a_late_beat(
    three: Office, vendor: Vendor
) -> None:
    entry = entry_of(three, three.at("pc"), vendor)

    entry.broker.close()

    with pytest.raises(DatabaseUnavailable):
        entry.beat(0)
    assert three.at("x").holders() == []


def test_a_seat_on_a_journey_knows_its_computer_at_another_address(three: Office) -> None:
    laptop, *_others = three.fill(3)
    laptop.travel(laptop.holders()[0].lease, 5)
    laptop.give()
    three.run("UPDATE seat_lease SET machine = 'full0@10.9.8.7' WHERE kind = 'travel'")

    assert three.at("full").take().outcome == "full"  # another one
    assert three.at("full0").take().outcome == "travel"
    assert [one.machine for one in laptop.holders()][0] == "full0@127.0.0.1"


def test_a_base_is_closed_even_if_the_seat_cannot_be_given_back(sqlite_url: str) -> None:
    base = create_base(sqlite_url)

    def refuse() -> None:
        raise UserError("no")

    base.leaving = refuse
    with pytest.raises(UserError):
        base.close()

    open_base(sqlite_url).close()
