"""Who is here only to read, or without a seat, changes nothing; a sentence says why."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.errors import SeatNeeded, UserError
from crm_desktop.services.licensing.entry import Entry, enter
from crm_desktop.services.licensing.house_rules import HouseRules, settle
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base
from tests.seats import Office, office


@pytest.fixture
def base(firebird_url: str) -> Iterator[Workspace]:
    opened = ready_base(firebird_url)
    yield opened
    opened.close()


@pytest.fixture
def full(base: Workspace) -> Iterator[Office]:
    """All seats are taken by others."""
    with office(base, 2) as made:
        made.fill(2)
        yield made


def came(base: Workspace) -> Entry:
    entry = enter(base, machine="mine")
    assert entry is not None
    return entry


def test_a_local_base_asks_for_no_seat(sqlite_url: str) -> None:
    base = ready_base(sqlite_url)

    assert enter(base) is None and base.read_only == ""
    base.close()


def test_who_has_a_seat_writes(base: Workspace) -> None:
    came(base)

    assert base.records.create("client", {"name": "Alder"}).ids


def test_who_only_reads_is_refused_by_the_writer(full: Office) -> None:
    settle(full.workspace, HouseRules(reading=True))
    entry = came(full.workspace)
    assert entry.taken.outcome == "full"

    entry.read()

    with pytest.raises(SeatNeeded, match="only to read"):
        full.workspace.records.create("client", {"name": "Alder"})
    with pytest.raises(SeatNeeded):
        full.workspace.set_info("company", "Mine")
    assert full.rows("SELECT COUNT(*) FROM client") == [(0,)]


def test_nobody_comes_in_to_read_where_it_is_not_allowed(full: Office) -> None:
    entry = came(full.workspace)

    with pytest.raises(UserError, match="not allowed"):
        entry.read()


def test_a_seat_that_is_freed_ends_writing_and_a_new_one_begins_it(
    base: Workspace, firebird_url: str
) -> None:
    with office(base, 1) as made:
        mine = open_base(firebird_url)
        entry = came(mine)
        made.at("admin").free(entry.broker.holders()[0].lease, "needed elsewhere")

        assert entry.beat(0).outcome == "freed"
        with pytest.raises(SeatNeeded, match="no seat now"):
            mine.records.create("client", {"name": "Alder"})

        entry.take_again()
        assert mine.records.create("client", {"name": "Alder"}).ids
        mine.close()


def test_a_seat_lost_with_the_line_is_taken_again_by_itself(base: Workspace) -> None:
    with office(base, 1) as made:
        entry = came(base)
        made.later("seat_window", "beat_at", 91)
        made.at("next").look()  # somebody's decision clears what is over

        assert entry.beat(0).outcome == "work" and base.read_only == ""


def test_a_seat_lost_to_another_is_said(base: Workspace) -> None:
    with office(base, 1) as made:
        entry = came(base)
        made.later("seat_window", "beat_at", 91)
        assert made.at("next").take().outcome == "work"

        assert entry.beat(0).outcome == "lost" and base.read_only
        with pytest.raises(UserError, match="All 1 seats"):
            entry.take_again()
        base.read_only = ""


def test_closing_the_base_gives_the_seat_back(base: Workspace, firebird_url: str) -> None:
    with office(base, 1) as made:
        mine = open_base(firebird_url)
        came(mine)
        watcher = made.at("next")
        assert watcher.take().outcome == "full"

        mine.close()

        assert watcher.take().outcome == "work"
