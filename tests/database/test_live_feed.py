"""What one program saves in a base on a server, another one hears of."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.changes import ChangeSet
from crm_desktop.services.heard import Heard
from crm_desktop.services.live import feed as live
from crm_desktop.services.live.feed import Feed, Hearers
from crm_desktop.services.live.marks import Editor, Marked
from crm_desktop.services.live.places import MOST_GAPS, Places
from crm_desktop.services.live.reading import NewsReader
from crm_desktop.services.news import MOST_NAMED
from crm_desktop.services.staging import Create, Delete, Update
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base
from tests.firebird_server import FirebirdServer
from tests.proxy import proxy

ENDS_AT_ALL = 60
"""Seconds; far more than it takes on a busy machine."""


class Told:
    """What a feed has told, to be waited for."""

    def __init__(self) -> None:
        self.touched: dict[str, set[int]] = {}
        self.lines: list[bool] = []
        self.marked: Marked = {}
        self._news = threading.Condition()

    def take(self, changes: ChangeSet) -> None:
        with self._news:
            for key, ids in changes.touched.items():
                self.touched.setdefault(key, set()).update(ids)
            self._news.notify_all()

    def line(self, holds: bool) -> None:
        with self._news:
            self.lines.append(holds)
            self._news.notify_all()

    def marks(self, marked: Marked) -> None:
        with self._news:
            self.marked = marked
            self._news.notify_all()

    def wait(self, until: Callable[[], object]) -> bool:
        """Whether it comes to be so; looked at with all that is told, and now and then."""
        ends = time.monotonic() + ENDS_AT_ALL
        with self._news:
            while not until():
                if time.monotonic() > ends:
                    return False
                self._news.wait(0.02)
        return True


@contextmanager
def following(base: Workspace) -> Iterator[tuple[Feed, Told]]:
    told = Told()
    base.listen(told.take)
    feed = Feed(base, Hearers(line=told.line, marks=told.marks))
    feed.start()
    try:
        yield feed, told
    finally:
        feed.close()


@pytest.fixture
def mine(firebird_url: str) -> Iterator[Workspace]:
    with closing(ready_base(firebird_url)) as base:
        yield base


@pytest.fixture
def theirs(mine: Workspace, firebird_url: str) -> Iterator[Workspace]:
    with closing(open_base(firebird_url)) as base:
        yield base


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
    kept, reader = Heard(mine, "client"), NewsReader(mine)
    kept.take()
    half = MOST_NAMED // 2 + 100
    made = [Create(key, {"name": f"N{n}"}) for key in ("client", "person") for n in range(half)]
    theirs.records.apply(made)

    mine.publish(reader.look())

    assert kept.take(whatever=True) is None


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


# --- the thread -----------------------------------------------------------------------------------


def test_what_one_saves_the_other_hears_by_an_event(mine: Workspace, theirs: Workspace) -> None:
    with following(mine) as (feed, told):
        assert told.wait(lambda: feed.hears)
        name = "Somebody new"

        id_ = theirs.records.create("client", {"name": name}).ids[0]

        assert told.wait(lambda: id_ in told.touched.get("client", ()))
        assert mine.titles.find("client", name)


def test_without_events_the_base_is_asked_now_and_then(
    mine: Workspace, theirs: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "POLL_S", 0.05)
    monkeypatch.setattr(type(mine.backend), "listen", lambda *_any: None)
    with following(mine) as (feed, told):
        id_ = theirs.records.create("client", {"name": "Asked for"}).ids[0]

        assert told.wait(lambda: id_ in told.touched.get("client", ()))
        assert not feed.hears


def test_a_line_that_breaks_is_told_and_made_anew(
    firebird: FirebirdServer, theirs: Workspace, firebird_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "PAUSES_S", (0.05,))
    with proxy(firebird.host, firebird.port) as line:
        far = firebird_url.replace(f":{firebird.port}/", f":{line.port}/")
        with closing(open_base(far)) as base, following(base) as (feed, told):
            line.refuse()
            line.cut()
            feed.doubt()
            assert told.wait(lambda: told.lines == [False])
            missed = theirs.records.create("client", {"name": "Meanwhile"}).ids[0]

            line.admit()
            feed.doubt()

            assert told.wait(lambda: told.lines[:2] == [False, True])
            assert told.wait(lambda: missed in told.touched.get("client", ()))


def test_who_doubts_a_line_that_holds_is_told_that_it_does(mine: Workspace) -> None:
    """Only the connection that writes had died: what waits for the server would wait for ever."""
    with following(mine) as (feed, told):
        feed.doubt()

        assert told.wait(lambda: told.lines == [True])


def test_a_feed_that_loses_the_line_as_it_is_closed_waits_for_nothing(
    mine: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing woke it just before it began to wait for the server."""
    monkeypatch.setattr(live, "PAUSES_S", (float(ENDS_AT_ALL),))
    feed = Feed(mine)
    feed.close()

    losing = threading.Thread(target=feed._lose, daemon=True)
    losing.start()

    losing.join(ENDS_AT_ALL / 4)
    assert not losing.is_alive()


def test_a_feed_may_be_closed_while_its_ear_is_being_made(mine: Workspace) -> None:
    """Two threads closed the ear then, and the client library ended the program."""
    for number in range(60):
        feed, told = Feed(mine), Told()
        feed.start()
        ears = feed._joins
        assert told.wait(lambda ears=ears: len(ears) > 1)
        feed._ended.wait(number % 12 / 1000)  # sooner or later, while the server is asked
        feed.close()

    assert mine.records.create("client", {"name": "Still there"}).ids


# --- marks of editing -----------------------------------------------------------------------------


def test_colleagues_hear_who_is_editing_and_that_he_has_ended(
    mine: Workspace, theirs: Workspace
) -> None:
    ann = theirs.records.create("staff", {"name": "Ann Lee"}).ids[0]
    ref = Ref("client", theirs.records.create("client", {"name": "Vector"}).ids[0])
    theirs.work_as(ann)
    other = Feed(theirs)
    with following(mine) as (_feed, told):
        other.marks.take(ref)
        assert told.wait(lambda: told.marked == {ref: (Editor("Ann Lee", Ref("staff", ann)),)})
        assert other.marks.others() == {}

        other.marks.give_back(ref)

        assert told.wait(lambda: told.marked == {})


def test_the_mark_of_a_crashed_program_dies(
    mine: Workspace, theirs: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = Ref("client", theirs.records.create("client", {"name": "Vector"}).ids[0])
    Feed(theirs).marks.take(ref)
    marks = Feed(mine).marks
    assert list(marks.others()) == [ref]

    monkeypatch.setattr("crm_desktop.services.live.marks.DEAD_S", -5.0)

    assert marks.others() == {}


def test_marks_end_with_the_program(mine: Workspace, theirs: Workspace) -> None:
    ref = Ref("client", theirs.records.create("client", {"name": "Vector"}).ids[0])
    with following(theirs) as (feed, _told):
        feed.marks.take(ref)
        feed.marks.beat()
        assert Feed(mine).marks.others()

    assert Feed(mine).marks.others() == {}
    assert mine.records.apply([Update("client", ref.id, {"city": "Omsk"})]).operation
