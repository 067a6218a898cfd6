"""The demo company: whole, alive, and the same from the same seed."""

from __future__ import annotations

import hashlib
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from crm_desktop.errors import Cancelled
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query
from crm_desktop.models.text.phones import parse_phone
from crm_desktop.models.text.tax import normalise_inn
from crm_desktop.services.activity_sets.service import preview, sets, started
from crm_desktop.services.annual.plans import plan_annual
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.demo.fill import fill_demo
from crm_desktop.services.demo.home import ensure_demo
from crm_desktop.services.demo.sample import (
    ENGLISH,
    RUSSIAN,
    Words,
    sample_name,
    write_sample,
)
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.money.pricing import sums
from crm_desktop.services.reminders.escalation import tell_heads
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base
from tests.demo_company import FEW, MANY, NOW, demo_company


def make(address: str | Path, clients: int = 10, **more: int) -> Workspace:
    workspace = ready_base(address, language="ru", clock=MovedClock(NOW))
    fill_demo(workspace, clients=clients, **more)
    return workspace


def column(workspace: Workspace, entity: str, *names: str) -> list[tuple[object, ...]]:
    table = workspace.tables.main[entity]
    wanted = sa.select(*(table.c[name] for name in names)).order_by(table.c.id)
    with workspace.backend.read() as connection:
        return [tuple(row) for row in connection.execute(wanted)]


def names(workspace: Workspace) -> str:
    found = column(workspace, "client", "name") + column(workspace, "person", "name")
    return hashlib.sha256(repr(found).encode()).hexdigest()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_filled_base_is_in_order(base_url: str, language: str) -> None:
    workspace = demo_company(base_url, language)

    report = check_base(workspace)

    assert report.problems == []
    assert report.counts["Clients"] == FEW
    people = len(workspace.lists.open(Query("person", ("name",))).ids())
    assert report.counts["People"] >= people > 0
    assert report.counts["Activities"] > 20
    workspace.close()


def test_the_same_seed_makes_the_same_company(tmp_path: Path) -> None:
    first, again = make(tmp_path / "one.crm"), make(tmp_path / "two.crm")
    other = make(tmp_path / "three.crm", seed=5)

    assert names(first) == names(again)
    assert names(first) != names(other)
    for workspace in (first, again, other):
        workspace.close()


def test_tax_numbers_and_telephones_are_right(sqlite_url: str) -> None:
    workspace = demo_company(sqlite_url, "ru", MANY)

    rows = column(workspace, "client", "tax_id", "phone")

    assert len(rows) == MANY and any(tax for tax, _phone in rows)
    assert all(normalise_inn(str(tax)) == tax for tax, _phone in rows if tax)
    assert all(parse_phone(str(phone)) for _tax, phone in rows if phone)
    workspace.close()


def test_names_agree_with_patronymics(sqlite_url: str) -> None:
    workspace = demo_company(sqlite_url, "ru", MANY)

    people = column(workspace, "person", "last_name", "middle_name")
    assert len(people) > MANY // 2
    for last, middle in people:
        woman = str(middle).endswith("на")
        assert not (woman and str(last).endswith(("ов", "ев", "ин", "ский"))), (last, middle)
        assert woman or not str(last).endswith(("ова", "ева", "ская")), (last, middle)
    workspace.close()


def test_nothing_happens_after_now(sqlite_url: str) -> None:
    workspace = demo_company(sqlite_url, "ru", MANY)

    told = column(workspace, "activity", "moment", "state")
    happened = [moment for moment, state in told if state == "done"]
    for moments in (happened, [m for (m,) in column(workspace, "client", "created_at")]):
        assert max(moments) <= NOW
        assert (NOW - min(moments)).days > 500
    workspace.close()


def test_saved_views_are_not_empty(sqlite_url: str) -> None:
    workspace = demo_company(sqlite_url, "ru", MANY)

    counts = {v.name: workspace.lists.count(v.query) for v in workspace.views.all()}

    assert len(counts) >= 8
    assert all(counts.values()), counts
    workspace.close()


def test_it_is_one_operation_that_can_be_undone(base_url: str) -> None:
    workspace = make(base_url, clients=5)
    operation = workspace.operations.last(1)[0]

    workspace.undo.undo(operation.id)

    assert operation.title.text() == "Demo company"
    assert column(workspace, "client", "id") == []
    assert check_base(workspace).problems == []
    workspace.close()


def test_cancelling_leaves_nothing(sqlite_url: str) -> None:
    workspace = ready_base(sqlite_url, language="en", clock=MovedClock(NOW))
    calls = iter(range(5))

    def check() -> None:
        if next(calls, None) is None:
            raise Cancelled

    with pytest.raises(Cancelled):
        fill_demo(workspace, clients=40, check=check)

    assert column(workspace, "client", "id") == []
    workspace.close()


def test_the_demo_base_is_made_once_and_the_same_on_every_computer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    first = ensure_demo(tmp_path, "en", clients=5)
    stamp = first.stat().st_mtime_ns

    again = ensure_demo(tmp_path, "en", clients=5)

    assert again == first
    assert again.stat().st_mtime_ns == stamp
    with closing(open_base(again)) as base:
        company = base.worktime.calendars().company()
    assert company is not None
    assert company.values["country"] == "US"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_sample_spreadsheet_is_a_mess_of_300_rows(tmp_path: Path, language: str) -> None:
    path = write_sample(tmp_path / sample_name(language), language)

    rows = openpyxl.load_workbook(path).active.iter_rows(min_row=4, values_only=True)
    filled = [row for row in rows if any(row)]

    assert len(filled) == 300
    assert {type(row[9]) for row in filled} >= {str, datetime}
    assert any("\n" in str(row[3]) or ";" in str(row[3]) for row in filled)


@pytest.mark.parametrize(("language", "words"), [("ru", RUSSIAN), ("en", ENGLISH)])
def test_the_sample_names_colleagues_of_the_demo_company(
    tmp_path: Path, language: str, words: Words
) -> None:
    workspace = demo_company(tmp_path / "demo.crm", language)

    names = {str(name).casefold() for (name,) in column(workspace, "staff", "name")}

    known = [name.casefold() in names for name in words.managers]
    assert known == [True, True, True, True, False]
    workspace.close()


def rows(base: Workspace, entity: str) -> dict[int, dict[str, Any]]:
    ids = base.lists.open(Query(entity)).ids()
    keys = [f.key for f in base.catalogue[entity].fields]
    return {id_: dict(found) for id_, found in base.reader.many(entity, ids, keys).items()}


def test_every_deal_went_its_way(base_url: str) -> None:
    base = demo_company(base_url, "en")
    deals, stays = rows(base, "deal"), list(rows(base, "deal_stage").values())

    for id_, deal in deals.items():
        own = sorted((s for s in stays if s["deal"] == id_), key=lambda s: s["since"])
        assert own[0]["since"] == deal["opened"]
        assert own[-1]["stage"] == deal["stage"]
        assert [s["until"] is None for s in own] == [False] * (len(own) - 1) + [True]
        assert all(one["until"] == after["since"] for one, after in zip(own, own[1:], strict=False))
    assert len(deals) == 12
    assert check_base(base).problems == []
    base.close()


def test_amounts_follow_from_the_lines(sqlite_url: str) -> None:
    base = demo_company(sqlite_url, "ru", MANY)
    lines = list(rows(base, "deal_line").values())

    with_lines = {line["deal"] for line in lines}

    assert with_lines
    for id_, deal in rows(base, "deal").items():
        assert (deal["closed"] is None) == (deal["state"] == "open")
        assert (deal["loss_reason"] is not None) == (deal["state"] == "lost")
        if id_ in with_lines:
            assert deal["amount"] == sums(x for x in lines if x["deal"] == id_).amount
    base.close()


def test_everything_of_sales_has_something_to_show(sqlite_url: str) -> None:
    base = demo_company(sqlite_url, "ru", MANY)

    for state in ("open", "won", "lost"):
        assert base.lists.count(Query("deal", where=Condition("state", "eq", state))), state
    for entity in ("lead", "enquiry", "campaign", "channel_cost", "queue_member"):
        assert base.lists.count(Query(entity)), entity
    assert base.lists.count(Query("automation")) == 2
    assert max(s["since"] for s in rows(base, "deal_stage").values()) <= NOW
    base.close()


def test_heads_and_annual_plans_have_something_to_show(tmp_path: Path) -> None:
    base = demo_company(tmp_path / "demo.crm", "ru")
    ids = list(base.lists.open(Query("staff", ("id",))).ids())
    heads = {id_: row["head"] for id_, row in base.reader.many("staff", ids, ("head",)).items()}
    directors = [id_ for id_, head in heads.items() if head is None]
    assert len(directors) == 1
    for id_ in heads:  # nobody reports to themselves, however far up
        steps = 0
        while heads[id_] is not None and steps < 10:
            id_, steps = heads[id_], steps + 1
        assert id_ == directors[0]
    assert plan_annual(base) > 0
    assert tell_heads(base) > 0
    base.close()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_key_clients_have_wishes_with_kinds_and_near_dates(base_url: str, language: str) -> None:
    workspace = demo_company(base_url, language)
    ids = list(workspace.lists.open(Query("wish", ("id",))).ids())
    rows = workspace.reader.many("wish", ids, ("kind", "owner"))
    assert rows and all(row["kind"] for row in rows.values())
    owner = next(iter(rows.values()))["owner"]
    assert workspace.wishes.unread(Ref(*owner))
    soon = workspace.annual.soon(45)
    assert {coming.ref.entity for coming in soon} >= {"annual_date"}
    workspace.close()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_sets_are_there_and_one_was_started(base_url: str, language: str) -> None:
    workspace = demo_company(base_url, language)

    offered = sets(workspace)

    assert len(offered) == 3
    assert all(len(preview(workspace, id_, date(2026, 3, 10))) >= 3 for _name, id_ in offered)
    clients = workspace.lists.open(Query("client", ("id",))).ids()
    found = [one for id_ in clients for one in started(workspace, Ref("client", id_))]
    assert len(found) == 2 and min(one.open for one in found) < 6
    workspace.close()
