"""A seller at work on a server that gives her only what is hers: what she does not reach is
nowhere, and what she may do works."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm_desktop.errors import UserError
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query
from crm_desktop.services.importing.command import run_import_command
from crm_desktop.services.workspace import Workspace
from tests.firebird_server import FirebirdServer
from tests.strict_office import TwoSellers, two_sellers


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    with two_sellers(firebird) as made:
        yield made


@pytest.fixture
def anna(sellers: TwoSellers) -> Workspace:
    return sellers.work()


def test_lists_count_and_show_what_is_hers(sellers: TwoSellers, anna: Workspace) -> None:
    found = anna.lists.open(Query("client", ("name",), Condition("name", "contains", "is")))

    assert found.count() == 1
    assert anna.titles.find("client", "Thistlehis") == []
    assert anna.reader.get("client", sellers.his) is None


def test_search_finds_what_is_hers(sellers: TwoSellers, anna: Workspace) -> None:
    hers = {hit.id for hit in anna.search.find("daisyhers", None, 20)}

    assert sellers.hers in hers
    assert not anna.search.find("thistlehis", None, 20)


def test_the_history_of_hers_is_whole_and_of_his_there_is_none(
    sellers: TwoSellers, anna: Workspace
) -> None:
    client = anna.catalogue["client"]

    assert len(anna.record_history.of(client, sellers.hers)) >= 2
    assert not anna.record_history.of(client, sellers.his)


def test_a_card_with_its_tabs(sellers: TwoSellers, anna: Workspace) -> None:
    card = anna.reader.get("client", sellers.hers)

    assert card is not None and "secret of Daisyhers" in card.values["note"]
    assert len(card.values["note"]) > 1000
    assert anna.links.tabs(anna.catalogue["client"], sellers.hers)


def test_saving_what_is_hers_and_undoing_it(sellers: TwoSellers, anna: Workspace) -> None:
    done = anna.records.update("client", sellers.hers, {"phone": "+7 495 765-43-21"})
    anna.records.create("activity", {
        "subject": "Meet", "about": Ref("client", sellers.hers), "author": anna.user_id,
        "starts": datetime(2031, 5, 5, 9, tzinfo=UTC),
        "ends": datetime(2031, 5, 5, 9, tzinfo=UTC) + timedelta(hours=1), "kind": "meeting",
        "state": "planned",
    })  # fmt: skip

    anna.undo.undo(done.operation)

    card = anna.reader.get("client", sellers.hers)
    assert card is not None and "123" in str(card.values["phone"])


def test_what_she_makes_gone_goes_with_all_that_hangs_on_it(anna: Workspace) -> None:
    """Sellers delete activities of their own."""
    (call,) = anna.records.create("activity", {
        "subject": "Orchid", "author": anna.user_id, "kind": "task", "state": "planned",
        "due": datetime(2031, 5, 5, 9, tzinfo=UTC),
    }).ids  # fmt: skip
    anna.records.create("checklist_item", {"text": "Step", "activity": call})

    gone = anna.records.delete("activity", [call])

    assert anna.reader.get("activity", call) is None
    assert not anna.search.find("orchid", None, 5)
    anna.undo.undo(gone.operation)
    assert anna.reader.get("activity", call) is not None
    assert [hit.id for hit in anna.search.find("orchid", None, 5)] == [call]


def test_handing_a_client_over_leaves_nothing_half_written(
    sellers: TwoSellers, anna: Workspace
) -> None:
    (client,) = anna.records.create("client", {"name": "Marigold", "city": "Perm",
                                               "responsible": anna.user_id}).ids  # fmt: skip

    anna.records.update("client", client, {
        "responsible": sellers.persons[sellers.boris], "city": "Kazan",
    })  # fmt: skip

    assert anna.reader.get("client", client) is None
    boris = sellers.work(sellers.boris)
    assert [hit.id for hit in boris.search.find("marigold kazan", None, 5)] == [client]
    assert not boris.search.find("marigold perm", None, 5)


def test_she_brings_a_file_in_and_takes_it_out(anna: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    file.write_text("name,city\nRosehers,Omsk\nTuliphers,Tomsk\n", encoding="utf-8")
    wanted = dict.fromkeys(
        ("sheet", "header_row", "map", "match", "on_match", "encoding", "delimiter", "rejects")
    )

    value = run_import_command(
        anna, Namespace(file=str(file), into="client", test=False, progress=False, **wanted)
    )

    assert value["created"] == 2
    assert anna.search.find("tuliphers", None, 5)


def test_what_is_his_she_cannot_change(sellers: TwoSellers, anna: Workspace) -> None:
    with pytest.raises(UserError):
        anna.records.update("client", sellers.his, {"city": "Mine"})

    boris = sellers.work(sellers.boris)
    assert boris.reader.get("client", sellers.his).values["city"] != "Mine"  # type: ignore[union-attr]


def test_a_deal_on_the_board(sellers: TwoSellers, anna: Workspace) -> None:
    pipeline = anna.titles.find("pipeline", "")
    anna.records.create("deal", {"name": "Hersdeal", "client": sellers.hers,
                                 "responsible": anna.user_id,
                                 **({"pipeline": pipeline[0]} if pipeline else {})})  # fmt: skip

    found = anna.lists.open(Query("deal", ("name",), Condition("name", "eq", "Hersdeal")))

    assert found.count() == 1
    boris = sellers.work(sellers.boris)
    assert not boris.search.find("hersdeal", None, 5)
