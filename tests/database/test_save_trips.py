"""How often a save and a move wait for a server, and that a move reads what it needs once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from benchmarks.slow_line import measured, save
from crm_desktop.services.workspace import Workspace, create_base, open_base
from crm_desktop.services.writing.changes import TIE_EVERY
from tests.bases import ready_base
from tests.firebird_server import FirebirdServer
from tests.proxy import Proxy, proxy

FIRST_SAVE_TRIPS, SAVE_TRIPS, FIRST_MOVE_TRIPS, MOVE_TRIPS = 15, 7, 24, 8
"""One more than was measured where nothing else went on."""


@pytest.fixture
def line(firebird: FirebirdServer) -> Iterator[Proxy]:
    with proxy(firebird.host, firebird.port) as between:
        yield between


@contextmanager
def over(line: Proxy, firebird: FirebirdServer, address: str) -> Iterator[Workspace]:
    """Another program on the base, whose trips are counted."""
    far = address.replace(f":{firebird.port}/", f":{line.port}/")
    open_base(address).close()  # notes the zone of the server, once for ever
    with closing(open_base(far)) as base:
        yield base


def stages_of(base: Workspace) -> list[int]:
    return [stage.id for stage in base.pipelines.all()[0].stages[:3]]


def deal_in(base: Workspace) -> int:
    client = base.records.create("client", {"name": "Acme"}).ids[0]
    pipeline = base.pipelines.all()[0].id
    values = {"name": "Oak", "client": client, "pipeline": pipeline}
    return base.records.create("deal", values).ids[0]


def test_a_save_waits_few_times_for_the_line_the_first_one_too(
    firebird: FirebirdServer, line: Proxy, firebird_url: str
) -> None:
    with closing(ready_base(firebird_url, language="en")) as mine:
        id_ = mine.records.create("client", {"name": "Acme", "phone": "+79162041183"}).ids[0]
    with over(line, firebird, firebird_url) as base:
        trips = [measured(line, lambda n=n: save(base, id_, n))[1] for n in range(4)]
        record = base.reader.get("client", id_)

    assert record is not None and record.values["phone"] == "+79260000003"
    assert 0 < trips[0] <= FIRST_SAVE_TRIPS, trips
    assert 0 < trips[-1] <= SAVE_TRIPS, trips


def test_a_deal_goes_to_another_stage_in_few_trips(
    firebird: FirebirdServer, line: Proxy, firebird_url: str
) -> None:
    with closing(ready_base(firebird_url, language="en")) as mine:
        deal, stages = deal_in(mine), stages_of(mine)
    with over(line, firebird, firebird_url) as base:
        moves = [stages[1], stages[2], stages[1], stages[2], stages[1], stages[2]]
        trips = [measured(line, lambda to=to: base.pipelines.move([deal], to))[1] for to in moves]
        stays = [stay.stage for stay in base.pipelines.way(deal)]

    assert stays == [stages[0], *moves]
    assert 0 < trips[0] <= FIRST_MOVE_TRIPS, trips
    assert 0 < trips[-1] <= MOVE_TRIPS, trips


def test_a_move_reads_what_it_needs_once(base_url: str) -> None:
    """On a file, too, where a question is no trip but still a question."""
    asked: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        asked.append(statement)

    with closing(create_base(base_url, language="en")) as base:
        deal, stages = deal_in(base), stages_of(base)
        base.pipelines.move([deal], stages[1])
        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        try:
            base.pipelines.move([deal], stages[2])
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", note)

    for table in ("stage", "pipeline", "work_calendar"):
        whole = [text for text in asked if text.startswith(f"SELECT {table}.id, {table}.version")]
        begun = 2 if base_url.startswith("firebird") else 1  # begun without the server, too
        assert len(whole) <= begun, (table, whole)


def test_the_first_link_of_a_seat_is_tied_to_those_before_it(base_url: str) -> None:
    with closing(create_base(base_url, language="en")) as first:
        first.records.create("client", {"name": "Acme"})
    with closing(open_base(base_url)) as second:
        for number in range(TIE_EVERY + 1):
            second.records.create("client", {"name": f"Client {number}"})
        chain = second.tables.system("chain").c
        tied = sa.select(chain.place, chain.ties).where(
            chain.seat == second.seat, chain.ties.is_not(None)
        )
        with second.backend.read() as connection:
            found = connection.execute(tied.order_by(chain.place)).all()

    assert [place for place, _ties in found] == [1, TIE_EVERY + 1]
    assert all(ties.startswith("[[") for _place, ties in found)
