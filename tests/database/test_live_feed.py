"""What one program saves in a base on a server, another one hears of."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.live import feed as live
from crm_desktop.services.live.feed import Feed, Hearers
from crm_desktop.services.live.marks import Editor, Marked
from crm_desktop.services.workspace import Workspace, open_base
from crm_desktop.services.writing.changes import ChangeSet
from crm_desktop.services.writing.staging import Update
from tests.database.side_by_side import mine, theirs
from tests.firebird_server import FirebirdServer
from tests.proxy import proxy

__all__ = ["mine", "theirs"]

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


def test_that_the_server_is_gone_is_told_although_nobody_asks_it(
    firebird: FirebirdServer, theirs: Workspace, firebird_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the next try to hear oneself found that out, up to a quarter of a minute later."""
    monkeypatch.setattr(live, "CHECK_S", 10.0 * ENDS_AT_ALL)
    with proxy(firebird.host, firebird.port) as line:
        far = firebird_url.replace(f":{firebird.port}/", f":{line.port}/")
        with closing(open_base(far)) as base, following(base) as (feed, told):
            assert told.wait(lambda: feed.hears and feed._silent.holds)
            line.refuse()

            line.cut()

            assert told.wait(lambda: told.lines == [False])


def test_a_silent_line_that_a_server_ends_is_no_reason_to_say_anything(
    mine: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some servers, or what stands before them, end lines by which nobody signs in."""
    with following(mine) as (feed, told):
        assert told.wait(lambda: feed.hears and feed._silent.holds)

        feed._silent._hang_up()

        assert told.wait(lambda: not feed._silent.holds and not feed._doubted)
        assert told.lines == [] and feed.holds


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
