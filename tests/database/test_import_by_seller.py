"""A seller brings clients in: what his role allows, and what is said to him where it does not."""

from __future__ import annotations

import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.errors import NotAllowed
from crm_desktop.models.backend import firebird, firebird_sql
from crm_desktop.services.importing.command import run_import_command
from crm_desktop.services.importing.importer import WORTH_ANALYZING
from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace
from tests.import_desk import write_csv
from tests.seller_fixtures import boss, office
from tests.strict_office import TwoSellers

__all__ = ["boss", "office"]


@pytest.fixture
def anna(office: TwoSellers) -> Workspace:
    return office.work()


@contextmanager
def without(boss: Workspace, action: str) -> Iterator[None]:
    """Sellers may not do it with clients."""
    roles, client = Roles(boss), boss.catalogue["client"]
    seller = roles.named("seller")
    given = {one.key: seller.scope(client.number, one.key) for one in words.ACTIONS}
    del given[words.CALENDARS], given[words.CLASH]
    roles.set(seller, client, given | {action: words.NONE})
    yield
    roles.set(seller, client, given)


def test_so_many_that_an_administrator_would_renew_the_figures_of_the_base(
    anna: Workspace, tmp_path: Path
) -> None:
    rows = ([f"Anna imports {n}"] for n in range(WORTH_ANALYZING))
    file = write_csv(tmp_path / "list.csv", ["Name"], *rows)

    value = run(anna, file)

    assert (value["state"], value["created"]) == ("done", WORTH_ANALYZING)


@pytest.mark.parametrize("test", [True, False])
def test_whoever_may_make_none_is_told_before_any_row_is_read(
    office: TwoSellers, boss: Workspace, tmp_path: Path, test: bool
) -> None:
    file = write_csv(tmp_path / "list.csv", ["Name"], ["Nobody at all"])

    with without(boss, words.CREATE), pytest.raises(NotAllowed) as refused:
        run(office.work(), file, test=test)

    said = refused.value.message
    assert "Creating, “Clients”" in said and "Roles: Seller" in said
    assert "“Head of department”: Olga Boss" in said


def test_whoever_may_only_change_renews_what_is_there(
    office: TwoSellers, boss: Workspace, tmp_path: Path
) -> None:
    known, new = ["Daisyhers", "Omsk"], ["Never seen", "Omsk"]
    file = write_csv(tmp_path / "list.csv", ["Name", "City"], known, new)

    with without(boss, words.CREATE):
        value = run(office.work(), file, match="name", on_match="update")

    assert (value["updated"], value["created"], value["rejected"]) == (1, 0, 1)
    assert "Creating" in value["rejects"][0]["reason"]


@pytest.mark.parametrize("test", [True, False])
def test_rows_in_a_colleagues_name_are_refused_by_a_trial_and_by_the_import(
    office: TwoSellers, anna: Workspace, tmp_path: Path, test: bool
) -> None:
    rows = [[f"Row {n} {test}", ("Anna", "Boris")[n % 2] + " Seller"] for n in range(6)]
    file = write_csv(tmp_path / "list.csv", ["Name", "Responsible"], *rows)

    value = run(anna, file, test=test)

    assert (value["created"], value["rejected"]) == (3, 3)
    assert [one["row"] for one in value["rejects"]] == [3, 5, 7]
    assert "belongs to Boris Seller" in value["rejects"][0]["reason"]


@pytest.mark.parametrize("test", [True, False])
def test_a_word_that_may_not_be_added_to_a_book_is_one_that_was_not_found(
    anna: Workspace, tmp_path: Path, test: bool
) -> None:
    file = write_csv(tmp_path / "list.csv", ["Name", "Region"], ["Far away", "Atlantis"])

    name, region = {"from": "Name", "to": "name"}, {"from": "Region", "to": "region"}
    refused = run(anna, file, test=test, map={"columns": [name, region]})
    left = run(anna, file, test=test, map={"columns": [name, region | {"create": "leave_out"}]})

    (why,) = [one["reason"] for one in refused["rejects"]]
    assert "“Atlantis” was not found. Not allowed: Creating, “Reference books”" in why
    assert "“Staff”: Olga Boss" in why
    assert refused["missing"][0]["name"] == "Atlantis" and left["created"] == 1


def test_figures_that_another_import_is_renewing_undo_nothing(
    office: TwoSellers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two administrators bring something in; the second one waited, and lost all he had."""
    monkeypatch.setattr(firebird_sql, "_DDL_SECONDS", 1)
    monkeypatch.setattr(firebird, "_DDL_TRIES", 1)
    file = write_csv(
        tmp_path / "list.csv", ["Name"], *([f"Olga imports {n}"] for n in range(WORTH_ANALYZING))
    )
    base = office.office.sign_in(office.office.boss)
    colleague = office.office.sign_in(office.office.boss)
    renewing = threading.Event()
    ended = threading.Event()

    def renew(_connection: object) -> None:
        renewing.set()
        ended.wait(60)

    thread = threading.Thread(
        target=colleague.backend.run_ddl, args=(['SET STATISTICS INDEX "IX_CHAIN_SEAT"'], renew)
    )
    thread.start()
    try:
        assert renewing.wait(10)
        value = run(base, file)
    finally:
        ended.set()
        thread.join()

    assert (value["state"], value["created"]) == ("done", WORTH_ANALYZING)
    assert base.search.find("Olga imports 7")


def run(base: Workspace, file: Path, **options: Any) -> dict[str, Any]:
    return run_import_command(base, Namespace(file=str(file), into="client", **options))
