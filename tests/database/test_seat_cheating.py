"""What docs/security.md says of licence and seats, tried with an employee's own account."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from crm_desktop.errors import UserError
from crm_desktop.models.backend import firebird_accounts
from crm_desktop.models.backend.firebird import FirebirdBackend
from crm_desktop.models.backend.firebird_line import FirebirdLine
from crm_desktop.models.backend.firebird_seats_read import MOST_OF_ONE
from crm_desktop.services.licensing.broker import Broker
from crm_desktop.services.licensing.entry import Entry, enter
from crm_desktop.services.licensing.house_rules import HouseRules, settle
from crm_desktop.services.licensing.licence import LicenceRefused
from crm_desktop.services.licensing.seat_use import seat_use
from crm_desktop.services.licensing.standing import COUNT, install, keep_facts, standing
from crm_desktop.services.server import dismissal
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base
from tests.firebird_server import FirebirdServer
from tests.licences import Vendor
from tests.server_office import Office, new_login, server_office
from tests.strict_office import person_of


@pytest.fixture
def vendor(tmp_path: Path) -> Vendor:
    return Vendor(tmp_path / "vendor")


@pytest.fixture
def place(firebird_url: str) -> Iterator[Office]:
    with server_office(firebird_url) as made:
        yield made


@pytest.fixture
def anna(place: Office) -> str:
    """The login of an ordinary colleague."""
    return place.let_in("Anna Field")


def came(place: Office, login: str, vendor: Vendor, machine: str = "pc") -> Entry:
    entry = enter(place.sign_in(login), keys=vendor.keys, machine=machine)
    assert entry is not None
    return entry


def run(base: Workspace, sql: str) -> None:
    """As a tool would, with the rights of the account."""
    with base.backend.write() as connection:
        done = connection.exec_driver_sql(sql)
        if done.returns_rows:
            done.fetchall()  # a procedure does nothing before its rows are asked for


def licensed(place: Office, vendor: Vendor, seats: int) -> Workspace:
    boss = place.sign_in(place.boss)
    install(boss, vendor.licence(seats=seats))
    return boss


def test_an_ordinary_colleague_takes_a_seat_and_gives_it_back(
    place: Office, anna: str, vendor: Vendor
) -> None:
    boss = licensed(place, vendor, 3)

    entry = came(place, anna, vendor)

    assert (entry.taken.outcome, entry.known()[anna].name) == ("work", "Anna Field")
    assert entry.beat(0).outcome == "work" and not entry.standing.signed.is_admin
    entry.workspace.close()
    assert Broker(boss, 3).holders() == []


def test_people_outside_are_counted_and_not_their_tries(place: Office, vendor: Vendor) -> None:
    boss = licensed(place, vendor, 1)
    inside = came(place, place.boss, vendor)
    outside = [place.let_in(name) for name in ("Anna Outside", "Boris Outside")]
    waiting = [came(place, login, vendor, f"pc{turn}") for login in outside for turn in range(3)]
    assert {entry.taken.outcome for entry in waiting} == {"full"}

    use = seat_use(boss, inside.broker)

    assert (use.peak, use.refused, use.advice) == (1, 2, 3)
    waiting[0].broker.wait()
    run(boss, "DELETE FROM seat_outside")
    run(boss, "UPDATE seat_use SET refused = 0")
    waiting[0].look()
    use = seat_use(boss, inside.broker)
    assert (use.refused, use.advice) == (1, 2), "who waits in line is outside all the time"


def test_no_seat_is_kept_for_who_was_dismissed(place: Office, vendor: Vendor) -> None:
    boss, anna = licensed(place, vendor, 2), place.let_in("Anna Gone")
    settle(boss, HouseRules(reserved=(anna,)))
    came(place, place.boss, vendor)
    boris = came(place, place.let_in("Boris Next"), vendor)
    assert boris.taken.outcome == "full"

    dismissal.dismiss(boss, person_of(boss, anna))
    assert boris.take_again().outcome == "work"

    boris.broker.give()
    dismissal.take_back(boss, person_of(boss, anna))
    assert boris.broker.take().outcome == "full"


def test_who_comes_in_for_another_one_is_no_further_person_outside(
    place: Office, vendor: Vendor
) -> None:
    """One gives his seat up for the other: two people, two seats."""
    boss = licensed(place, vendor, 1)
    inside, waiting = came(place, place.boss, vendor), came(place, place.let_in("Anna"), vendor)
    inside.broker.give()
    assert waiting.take_again().outcome == "work"
    assert inside.broker.take().outcome == "full"

    assert seat_use(boss, inside.broker).advice == 2


def test_who_holds_as_many_seats_as_one_may_is_not_outside(place: Office, vendor: Vendor) -> None:
    """More seats would not help him."""
    boss, anna = licensed(place, vendor, 9), place.let_in("Anna Everywhere")
    entries = [came(place, anna, vendor, f"pc{number}") for number in range(MOST_OF_ONE + 1)]
    assert entries[-1].taken.outcome == "full"

    assert seat_use(boss, entries[0].broker).refused == 0


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM seat_lease",
        "UPDATE seat_lease SET login = 'nobody'",
        "INSERT INTO seat_use (quarter_at, most, refused) VALUES (CURRENT_TIMESTAMP, 0, 0)",
        "UPDATE seat_queue SET id = 0",
        "DELETE FROM seat_window",
        "SELECT * FROM seat_lease",
        "UPDATE base_info SET content = '99' WHERE name = 'seat_count'",
        "DELETE FROM base_info WHERE name = 'licence'",
        "UPDATE base_info SET content = 'x' WHERE name = 'guid'",
        "UPDATE base_info SET name = 'seat_reserved' WHERE name = 'language'",
        "INSERT INTO base_info (name, content) VALUES ('seat_reserved', 'anna')",
        "SELECT freed FROM seat_free(1, 'mine')",
        "EXECUTE PROCEDURE seat_used(777, 'anybody')",
        "SELECT login FROM seat_outside",
        "EXECUTE PROCEDURE seat_sweep(0)",
        "SELECT number FROM seat_number('guid', 0)",
        "SELECT held FROM seat_counted(9, 'x')",
        "ALTER TRIGGER seat_line_ended INACTIVE",
        "DROP TRIGGER seat_facts_guarded",
    ],
)
def test_an_employee_with_a_tool_is_refused(
    place: Office, anna: str, vendor: Vendor, sql: str
) -> None:
    licensed(place, vendor, 3)
    base = place.sign_in(anna)

    with pytest.raises((UserError, sa.exc.DBAPIError)):
        run(base, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT outcome FROM seat_take('mine', 'pc', NULL, 9, 'work')",
        "EXECUTE PROCEDURE seat_wait('mine', 'pc', NULL, 9)",
        "SELECT login FROM seat_holders",
    ],
)
def test_an_account_of_another_base_takes_no_part(place: Office, sql: str) -> None:
    """Accounts belong to the whole server: whoever works in another base signs in here as well."""
    owner, login = place.sign_in(place.boss).backend, new_login()
    assert isinstance(owner, FirebirdBackend)
    firebird_accounts.create(owner, login, "wanders in", administrator=False)
    place.passwords[login] = "wanders in"
    line = FirebirdLine(owner._fdb, replace(owner._place, user=login, password="wanders in"))

    with pytest.raises(UserError):
        line.ask(sql)

    line.close()


def test_an_employee_with_a_tool_takes_three_seats_at_most(
    place: Office, anna: str, vendor: Vendor
) -> None:
    boss = licensed(place, vendor, 9)
    thief = place.sign_in(anna)
    tool = Broker(thief, 9, machine="any")

    for number in range(5):
        took = f"SELECT outcome FROM seat_take('t{number}', 'pc{number}', NULL, 9, 'work')"
        run(thief, took)
        run(thief, f"EXECUTE PROCEDURE seat_wait('w{number}', 'pc{number}', NULL, 9)")

    assert len(tool.holders()) + len(tool.line()) == 3
    tool.close()
    boss.close()


def test_other_facts_of_the_office_are_kept_as_before(place: Office, anna: str) -> None:
    base = place.sign_in(anna)

    base.set_info("swept", "2026-11-20")

    assert base.info("swept") == "2026-11-20"


def test_nobody_gives_away_or_answers_for_anothers_seat(
    place: Office, anna: str, vendor: Vendor
) -> None:
    boss = licensed(place, vendor, 3)
    own = came(place, place.boss, vendor)
    thief = place.sign_in(anna)

    run(thief, f"EXECUTE PROCEDURE seat_give('{own.workspace.seat}')")
    with pytest.raises(UserError):
        Broker(thief, 3).free(own.broker.holders()[0].lease, "mine now")

    assert own.beat(0).outcome == "work"
    boss.close()


def test_an_ordinary_colleague_installs_no_licence(
    place: Office, anna: str, vendor: Vendor
) -> None:
    with pytest.raises(UserError, match="administrator"):
        install(place.sign_in(anna), vendor.licence(seats=50))


def test_a_count_edited_by_the_owner_gives_no_more_than_is_signed(
    place: Office, anna: str, vendor: Vendor
) -> None:
    boss = licensed(place, vendor, 1)
    keep_facts(boss, {COUNT: "99"})

    outcomes = [came(place, anna, vendor, f"pc{n}").taken.outcome for n in range(2)]

    assert outcomes == ["work", "full"]


def test_a_file_without_a_base_can_be_installed_twice_one_with_a_base_cannot(
    place: Office, firebird: FirebirdServer, vendor: Vendor
) -> None:
    """Possible, and said so: the vendor binds the licence to the base where it matters."""
    boss = licensed(place, vendor, 5)
    bound = vendor.licence(seats=5, base=boss.info("guid"))
    other = ready_base(firebird.empty_base(f"second_{boss.info('guid')[:8]}"))
    keep_facts(other, {"guid": str(uuid4())})
    try:
        install(other, vendor.licence(seats=5))
        assert standing(other, vendor.keys).seats == 5
        with pytest.raises(LicenceRefused, match="another base"):
            install(other, bound)
        install(boss, bound)
    finally:
        other.close()
        firebird.remove(f"second_{boss.info('guid')[:8]}")


def test_a_copy_of_the_whole_base_keeps_its_licence(
    firebird: FirebirdServer, firebird_url: str, vendor: Vendor
) -> None:
    """Possible: a copy is the same base for the program."""
    base = ready_base(firebird_url)
    install(base, vendor.licence(seats=5))
    base.close()
    name = f"copy_{Path(firebird_url).stem}"
    shutil.copyfile(sa.make_url(firebird_url).database or "", firebird.path(name))

    copy = open_base(firebird.url(name))

    assert standing(copy, vendor.keys).seats == 5
    copy.close()
    firebird.remove(name)


def test_a_cloned_machine_shares_the_seat_of_the_same_person_only(
    place: Office, anna: str, vendor: Vendor
) -> None:
    """Two computers with one name behind one address cannot be told apart; two people can."""
    licensed(place, vendor, 5)
    first, clone = came(place, anna, vendor, "pc"), came(place, anna, vendor, "pc")
    came(place, place.boss, vendor, "pc")

    assert first.taken.lease == clone.taken.lease
    assert len(first.broker.holders()) == 2


def test_the_server_says_from_where_somebody_works(
    place: Office, anna: str, vendor: Vendor
) -> None:
    licensed(place, vendor, 5)

    (holder,) = came(place, anna, vendor, "any name I like").broker.holders()

    assert holder.machine.endswith("@127.0.0.1") and holder.login == anna


def test_a_tool_and_the_command_line_need_no_seat(place: Office, anna: str, vendor: Vendor) -> None:
    """Possible: seats are the window's. What they may do is a matter of rights, not of seats."""
    licensed(place, vendor, 1)
    came(place, place.boss, vendor)

    assert place.sign_in(anna).records.create("client", {"name": "Alder"}).ids


def test_an_owner_who_deletes_leases_gains_little(place: Office, anna: str, vendor: Vendor) -> None:
    """Whoever was inside notices with the next beat and takes his seat again."""
    boss = licensed(place, vendor, 1)
    entry = came(place, anna, vendor)

    run(boss, "DELETE FROM seat_lease")

    assert entry.beat(0).outcome == "work"
    assert came(place, place.boss, vendor).taken.outcome == "full"
