"""On a server, only who sees all records has what the base counts of them by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import fdb
import pytest

from crm_desktop.models.backend.tally_triggers import fold
from crm_desktop.services.funnel.asked import AskedDeals
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.question import EVERYBODY, MANAGER, FunnelQuestion
from crm_desktop.services.sales_figures.acts_asked import ask_acts
from crm_desktop.services.sales_figures.service import Funnels
from crm_desktop.services.tally import wrong_tallies
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Update
from tests.firebird_server import FirebirdServer
from tests.strict_office import TwoSellers, two_sellers

TABLES = ("tally", "changed_hands")


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    with two_sellers(firebird) as made:
        for login in (made.anna, made.boris):
            _sells(made, login)
        yield made


def _sells(sellers: TwoSellers, login: str) -> None:
    """A deal that changes hands, and a call two months ago."""
    seller, boss = sellers.work(login), sellers.office.sign_in(sellers.office.boss)
    pipeline = seller.funnels.pipelines()[0][0]
    (deal,) = seller.records.create("deal", {
        "name": "Porch", "pipeline": pipeline, "responsible": seller.user_id,
    }).ids  # fmt: skip
    boss.records.apply([Update("deal", deal, {"responsible": None})])
    seller.records.create("activity", {
        "subject": "Call", "kind": "call", "author": seller.user_id,
        "moment": seller.clock.now() - timedelta(days=60),
    })  # fmt: skip


def _years(base: Workspace) -> Period:
    today = base.clock.today()
    return Period(today.replace(year=today.year - 2, day=1), today + timedelta(days=40))


@pytest.mark.parametrize("name", TABLES)
def test_a_seller_with_a_tool_has_none_of_it(sellers: TwoSellers, name: str) -> None:
    line = sellers.tool()
    try:
        cursor = line.cursor()
        cursor.execute(f"SELECT * FROM v_{name}")
        assert cursor.fetchall() == []
        for sql in (
            f"SELECT * FROM {name}", f"DELETE FROM {name}", f"DELETE FROM v_{name}",
            f"UPDATE v_{name} SET {'amount' if name == 'tally' else 'owner'} = 7",
        ):  # fmt: skip
            with pytest.raises(fdb.DatabaseError):
                cursor.execute(sql)
            line.rollback()
    finally:
        line.close()


def test_there_is_something_to_have(sellers: TwoSellers) -> None:
    boss = sellers.office.sign_in(sellers.office.boss)
    with boss.backend.read() as connection:
        counts = [connection.exec_driver_sql(f"SELECT COUNT(*) FROM {n}").scalar() for n in TABLES]
    assert all(counts) and not list(wrong_tallies(boss))


def test_a_seller_counts_what_is_hers(sellers: TwoSellers) -> None:
    anna = sellers.work()
    done, _overdue = ask_acts(anna, _years(anna))
    assert not AskedDeals(anna).tallied
    assert set(done) <= {anna.user_id}


def test_who_sees_everything_has_the_counts_at_once(sellers: TwoSellers) -> None:
    clara = sellers.office.sign_in(sellers.office.let_in("Clara Head"))
    assert clara.backend.behind_views and AskedDeals(clara).tallied
    question = FunnelQuestion(clara.funnels.pipelines()[0][0], _years(clara), by=MANAGER)
    first, kept = Funnels(clara).counts(question), Funnels(clara)
    kept.prepare()
    assert first == kept.counts(question)
    assert first[EVERYBODY][0] == 2 and set(sellers.persons.values()) < set(first)
    done, _overdue = ask_acts(clara, question.period)
    assert set(sellers.persons.values()) <= set(done)
    fold(clara.backend)
    assert ask_acts(clara, question.period)[0] == done
