"""What the reader of news makes of the change log: who was touched, and in how many questions."""

from __future__ import annotations

from contextlib import closing

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.live import reading
from crm_desktop.services.live.places import MOST_GAPS, Places
from crm_desktop.services.live.reading import NewsReader
from crm_desktop.services.news import MOST_NAMED
from crm_desktop.services.stale_records import StaleRecords
from crm_desktop.services.workspace import Workspace, open_base
from crm_desktop.services.writing.staging import Create, Delete
from tests.database.side_by_side import asked, mine, theirs

__all__ = ["asked", "mine", "theirs"]


# --- which numbers were read ----------------------------------------------------------------------


def test_a_lower_number_that_comes_later_is_taken_once() -> None:
    places = Places(10)

    assert places.take(11, 12, 0.0)
    assert places.take(16, 18, 1.0)  # 13 to 15 are still on their way
    assert places.wanted() == [(13, 15), (19, None)]
    assert places.take(14, 15, 2.0) and not places.take(14, 15, 3.0)
    assert places.wanted() == [(13, 13), (19, None)]
    places.forget(1000.0)
    assert places.wanted() == [(19, None)]


def test_gaps_are_given_up_when_there_are_too_many() -> None:
    places = Places(0)
    for number in range(2, 200, 2):
        places.take(number, number, 0.0)

    places.forget(1.0)

    assert len(places.gaps) == MOST_GAPS and places.gaps[-1].first == 197


# --- reading --------------------------------------------------------------------------------------


def test_only_what_others_wrote_is_news_and_only_once(mine: Workspace, theirs: Workspace) -> None:
    reader = NewsReader(mine)
    own = mine.records.create("client", {"name": "Mine"}).ids[0]
    other = theirs.records.create("client", {"name": "Theirs"}).ids[0]

    found = reader.look().touched

    assert other in found["client"] and own not in found["client"]
    assert not reader.look().touched


def test_a_transaction_that_ends_later_than_a_newer_one_is_not_missed(
    mine: Workspace, theirs: Workspace, firebird_url: str
) -> None:
    reader = NewsReader(mine)
    with theirs.backend.write() as connection:
        theirs.backend.sequence(connection, 1)  # the number before the next one is known to all
        with closing(open_base(firebird_url)) as third:
            numbers = theirs.backend.sequence(connection, 2)
            newer = third.records.create("client", {"name": "Newer"}).ids[0]
            assert newer in reader.look().touched["client"]
        chain, rows = (theirs.tables.system(name) for name in ("chain", "change_row"))
        now, number = theirs.clock.now(), theirs.catalogue["client"].number
        connection.execute(
            rows.insert().values(
                seq=numbers[0], op=1, made_at=now, ent=number, rid=77, kind="u", delta="{}"
            )
        )
        connection.execute(chain.insert().values(
            id=numbers[1], seat=theirs.seat, place=9, first_seq=numbers[0], last_seq=numbers[0],
            amount=1, digest="x"))  # fmt: skip

    assert reader.look().touched == {"client": {77}}


def test_of_a_large_import_only_so_many_are_named(mine: Workspace, theirs: Workspace) -> None:
    reader = NewsReader(mine)
    theirs.records.apply([Create("client", {"name": f"C{n}"}) for n in range(MOST_NAMED + 200)])

    news = reader.look()

    assert len(news.touched["client"]) <= MOST_NAMED and news.whole
    theirs.records.create("client", {"name": "One more"})
    assert not reader.look().whole


def test_what_is_kept_is_read_anew_after_a_transaction_not_all_of_which_is_named(
    mine: Workspace, theirs: Workspace
) -> None:
    """Half of its rows are of one object, half of another: of neither there are too many."""
    kept, reader = StaleRecords(mine, "client"), NewsReader(mine)
    kept.take()
    half = MOST_NAMED // 2 + 100
    made = [Create(key, {"name": f"N{n}"}) for key in ("client", "person") for n in range(half)]
    theirs.records.apply(made)

    mine.publish(reader.look())

    assert kept.take(whatever=True) is None


def test_nobody_looks_for_private_records_again_for_one_that_is_open_to_all(
    mine: Workspace, theirs: Workspace, asked: list[str]
) -> None:
    reader, mark = NewsReader(mine), mine.privacy.mark
    assert not mark.seen()
    task = {"kind": "task", "subject": "Ask", "due": mine.clock.now()}
    made = theirs.records.create("activity", task).ids[0]
    mine.publish(reader.look())
    asked.clear()
    assert not mark.seen() and asked == []

    theirs.records.update("activity", made, {"private": "busy"})
    mine.publish(reader.look())

    assert mark.seen()


def test_the_owner_of_a_new_call_is_told_of_too(mine: Workspace, theirs: Workspace) -> None:
    client = mine.records.create("client", {"name": "Vector"}).ids[0]
    reader = NewsReader(mine)
    theirs.records.create("activity", {
        "about": Ref("client", client), "kind": "call", "moment": mine.clock.now()})  # fmt: skip

    assert client in reader.look().touched["client"]


def test_the_owner_of_a_deleted_or_moved_activity_is_told_of_too(
    mine: Workspace, theirs: Workspace
) -> None:
    first, other, third = (
        mine.records.create("client", {"name": name}).ids[0] for name in ("A", "B", "C")
    )
    task = {"about": Ref("client", first), "kind": "task", "due": mine.clock.now()}
    moved, gone = (mine.records.create("activity", task).ids[0] for _number in range(2))
    reader = NewsReader(mine)

    theirs.records.update("activity", moved, {"about": Ref("client", other)})
    assert {first, other} <= reader.look().touched["client"]
    theirs.records.update("activity", gone, {"about": Ref("client", third)})
    reader.look()
    theirs.records.apply([Delete("activity", gone)])

    assert third in reader.look().touched["client"]


@pytest.mark.parametrize(("count", "whole"), [(3, False), (201, True)])
def test_owners_of_too_many_are_not_looked_up_and_that_is_said(
    mine: Workspace, theirs: Workspace, count: int, whole: bool
) -> None:
    call = {"kind": "call", "moment": mine.clock.now(), "subject": "Ask"}
    made = mine.records.apply([Create("activity", call) for _number in range(count)]).ids
    reader = NewsReader(mine)

    theirs.records.apply([Delete("activity", id_) for id_ in made])

    assert reader.look().whole is whole


def test_a_look_is_one_question_whatever_was_written_meanwhile(
    mine: Workspace, theirs: Workspace, asked: list[str]
) -> None:
    """Fifty programs look after every save: owners come out of the change rows themselves."""
    deal = mine.records.create(
        "deal", {"name": "Oak", "client": mine.records.create("client", {"name": "Vector"}).ids[0]}
    ).ids[0]
    client, other = (theirs.records.create("client", {"name": n}).ids[0] for n in ("A", "B"))
    task = {"about": Ref("client", client), "kind": "task", "due": mine.clock.now()}
    moved, gone = (theirs.records.create("activity", task).ids[0] for _number in range(2))
    reader = NewsReader(mine)
    for _number in range(3):  # numbers of transactions that were rolled back
        with theirs.backend.write() as connection:
            theirs.backend.sequence(connection, 2)
        theirs.records.update("deal", deal, {"name": f"Oak {_number}"})
    theirs.records.update("activity", moved, {"about": Ref("client", other)})
    theirs.records.delete("activity", [gone])
    made = theirs.records.create("activity", task).ids[0]

    asked.clear()
    touched = reader.look().touched

    assert len(asked) == 1, asked
    assert touched["activity"] == {moved, gone, made}
    assert touched["client"] >= {client, other} and touched["deal"] == {deal}


def test_more_news_than_one_answer_holds_comes_in_several(
    mine: Workspace, theirs: Workspace, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_MOST_ROWS", 3)
    reader = NewsReader(mine)
    made = [theirs.records.create("client", {"name": f"C{n}"}).ids[0] for n in range(7)]

    asked.clear()

    assert reader.look().touched == {"client": set(made)}
    assert len(asked) > 1
    assert not reader.look().touched


def test_the_owner_named_in_a_long_change_row_is_told_of_too(
    mine: Workspace, theirs: Workspace
) -> None:
    """Its JSON is kept apart."""
    client = mine.records.create("client", {"name": "Vector"}).ids[0]
    call = {"about": Ref("client", client), "kind": "call", "moment": mine.clock.now()}
    reader = NewsReader(mine)
    made = theirs.records.create("activity", {**call, "body": "long " * 1500}).ids[0]

    assert client in reader.look().touched["client"]
    theirs.records.delete("activity", [made])
    assert client in reader.look().touched["client"]
