"""How often opening a base on a server waits for the line, and what is read at once still whole.

At 80 ms there and back the promise is a second: twelve trips for the staff, fourteen for an
administrator, whose program takes another role on its way.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest

from benchmarks.slow_line import measured, show_list
from crm_desktop.models.backend.firebird_gate import ZONE
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.services.customisation.layouts import CardLayout
from crm_desktop.services.licensing.entry import enter
from crm_desktop.services.workspace import create_base, open_base
from tests.firebird_server import FirebirdServer
from tests.proxy import Proxy, proxy
from tests.server_office import Office, server_office

STAFF_TRIPS, ADMINISTRATOR_TRIPS, SEAT_TRIPS, FIRST_LIST_TRIPS = 12, 14, 12, 8


@pytest.fixture
def line(firebird: FirebirdServer) -> Iterator[Proxy]:
    with proxy(firebird.host, firebird.port) as between:
        yield between


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[Office]:
    with server_office(firebird.url("opening_trips")) as made:
        yield made
    firebird.remove("opening_trips")


def test_many_administrators_open_at_once_the_first_time(office: Office) -> None:
    """Each notes the zone of the server, and one is the first."""
    address, many = office.of(office.boss), 12
    gate = Barrier(many)

    def come_in(_number: int) -> str:
        gate.wait()
        with closing(open_base(address)) as base:
            return base.info(ZONE)

    for _round in range(3):
        with closing(open_base(address)) as base:
            noted = base.info(ZONE)
            base.set_info(ZONE, "9999")
        with ThreadPoolExecutor(many) as people:
            assert set(people.map(come_in, range(many))) == {noted}


def trips_to_open(line: Proxy, address: str) -> tuple[int, str]:
    """How many, and who came in."""
    opened = []
    _seconds, trips = measured(line, lambda: opened.append(open_base(address)))
    with closing(opened[0]) as base:
        return trips, f"{base.login} {base.backend.administers} {base.is_known}"


def test_staff_are_in_after_few_trips(office: Office, line: Proxy) -> None:
    login = office.let_in("Anna")

    trips, who = trips_to_open(line, office.of(login, port=line.port))

    assert who == f"{login} False True"
    assert 0 < trips <= STAFF_TRIPS


def test_administrators_are_in_after_few_trips(office: Office, line: Proxy) -> None:
    open_base(office.of(office.boss)).close()  # notes the zone of the server, once for ever

    trips, who = trips_to_open(line, office.of(office.boss, port=line.port))

    assert who == f"{office.boss} True True"
    assert 0 < trips <= ADMINISTRATOR_TRIPS


def test_an_administrator_has_his_role_at_once(office: Office) -> None:
    base = office.sign_in(office.boss)

    with base.backend.read() as first, base.backend.read() as second:
        roles = [c.exec_driver_sql("SELECT current_role FROM rdb$database").scalar_one().strip()
                 for c in (first, second)]  # fmt: skip
    base.backend.run_ddl(["CREATE TABLE role_shown (id BIGINT)", "DROP TABLE role_shown"])

    assert roles == ["RDB$ADMIN"] * 2


def test_a_wrong_zone_is_noted_anew_when_the_administrator_comes_in(office: Office) -> None:
    boss = office.sign_in(office.boss)
    right = boss.info(ZONE)
    boss.set_info(ZONE, "600" if right != "600" else "300")

    assert office.sign_in(office.boss).info(ZONE) == right


def test_the_rights_of_the_first_list_come_in_few_trips(office: Office, line: Proxy) -> None:
    login = office.let_in("Vera")
    with closing(open_base(office.of(login, port=line.port))) as base:
        _seconds, first = measured(line, lambda: show_list(base))
        assert base.rights is not None
        found = base.rights.mine()
        again = base.rights._read(found.stamp)

    assert 0 < first <= FIRST_LIST_TRIPS
    assert found.reach
    assert again == found


def test_a_seat_is_taken_in_few_trips(office: Office, line: Proxy) -> None:
    login = office.let_in("Boris")
    with closing(open_base(office.of(login, port=line.port))) as base:
        entries = []
        _seconds, trips = measured(line, lambda: entries.append(enter(base)))

        assert entries[0] is not None
        assert entries[0].taken.is_inside
        assert 0 < trips <= SEAT_TRIPS


def test_long_definitions_are_read_whole(base_url: str) -> None:
    """Longer ones than are read with all others, and the short ones beside them."""
    names = [f"Choice {n:03} {'ж' * 40}" for n in range(220)]
    tabs = tuple(f"object{n}.{'ё' * 60}" for n in range(150))
    with closing(create_base(base_url, language="en")) as base:
        client = base.catalogue["client"]
        choices = [{"key": f"c{n}", "label": name} for n, name in enumerate(names)]
        base.constructor.add_field(
            client, {"key": "long", "type": "choice", "label": "Long", "choices": choices}
        )
        base.constructor.add_field(client, {"key": "low", "type": "integer", "label": "Short"})
        base.layouts.save("client", CardLayout(tabs))
        made = {f.label for f in base.catalogue["client"].fields}  # "Short" among them

    with closing(open_base(base_url)) as base:
        fields = {f.label: f for f in base.catalogue["client"].fields}
        layout = base.layouts.of("client")

    found = fields["Long"]
    assert isinstance(found, ChoiceField)
    assert [choice.label for choice in found.choices] == names
    assert fields.keys() == made
    assert layout.tabs == tabs
