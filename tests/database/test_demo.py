"""The demo company: whole, alive, and the same from the same seed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from crm_desktop.errors import Cancelled
from crm_desktop.models.query import Query
from crm_desktop.models.text.phones import parse_phone
from crm_desktop.models.text.tax import normalise_inn
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
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base

NOW = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)


def make(address: str | Path, language: str = "ru", clients: int = 30, **more: int) -> Workspace:
    workspace = ready_base(address, language=language, clock=MovedClock(NOW))
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
    workspace = make(base_url, language, clients=20)

    report = check_base(workspace)

    assert report.problems == []
    assert report.counts["Clients"] == 20
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
    workspace = make(sqlite_url, clients=150)

    rows = column(workspace, "client", "tax_id", "phone")

    assert all(normalise_inn(str(tax)) == tax for tax, _phone in rows if tax)
    assert all(parse_phone(str(phone)) for _tax, phone in rows if phone)
    workspace.close()


def test_names_agree_with_patronymics(sqlite_url: str) -> None:
    workspace = make(sqlite_url, clients=150)

    for last, middle in column(workspace, "person", "last_name", "middle_name"):
        woman = str(middle).endswith("на")
        assert not (woman and str(last).endswith(("ов", "ев", "ин", "ский"))), (last, middle)
        assert woman or not str(last).endswith(("ова", "ева", "ская")), (last, middle)
    workspace.close()


def test_nothing_happens_after_now(sqlite_url: str) -> None:
    workspace = make(sqlite_url, clients=100)

    told = column(workspace, "activity", "moment", "state")
    happened = [moment for moment, state in told if state == "done"]
    for moments in (happened, [m for (m,) in column(workspace, "client", "created_at")]):
        assert max(moments) <= NOW
        assert (NOW - min(moments)).days > 500
    workspace.close()


def test_saved_views_are_not_empty(sqlite_url: str) -> None:
    workspace = make(sqlite_url, clients=300)

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


def test_the_demo_base_is_made_once(tmp_path: Path) -> None:
    first = ensure_demo(tmp_path, "en", clients=5)
    stamp = first.stat().st_mtime_ns

    again = ensure_demo(tmp_path, "en", clients=5)

    assert again == first
    assert again.stat().st_mtime_ns == stamp
    open_base(again).close()


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
    workspace = make(tmp_path / "demo.crm", language, clients=1)

    names = {str(name).casefold() for (name,) in column(workspace, "staff", "name")}

    known = [name.casefold() in names for name in words.managers]
    assert known == [True, True, True, True, False]
    workspace.close()
