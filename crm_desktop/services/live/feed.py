"""The feed: a thread that hears what others do in a base on a server and tells it here.

It waits for the event that every writing transaction posts, then reads what is new and publishes
it as if it had been written here (`Workspace.publish`). Events need a second connection, and one
that has died says nothing: so the line is tried every `CHECK_S` seconds by an event to oneself,
and as long as that does not come the base is asked every `POLL_S` seconds instead. That the server
itself is gone tells the end of a silent line within seconds.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from crm_desktop.errors import UserError
from crm_desktop.models.backend.base import Listening
from crm_desktop.models.backend.firebird_triggers import (
    CHANGED,
    MARKED,
    RIGHTS_TOLD,
    SEATS_TOLD,
)
from crm_desktop.models.backend.reaching import takes_calls
from crm_desktop.services.jobs import start_thread
from crm_desktop.services.live.marks import BEAT_S, EditMarks, Marked
from crm_desktop.services.live.reading import NewsReader
from crm_desktop.services.live.silent import SilentLine
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import ChangeSet

_log = logging.getLogger(__name__)

CHECK_S = 15.0
POLL_S = 3.0
REST_S = (0.45, 0.65)
"""Between two looks while others save all the time: of fifty people nobody reads for each save. By
chance, as is the next one, so that fifty programs that hear of a save do not look all at once."""
AT_ONCE = 2
"""So many looks need no rest before them, where there was nothing to look at for a while."""
SPREAD_S = 0.08
_PATIENCE_S = 5.0
_REFUSED = ("password", "code", "join", "locked")
"""The fields of what a server says at the door."""
_HEARD = (CHANGED, MARKED, SEATS_TOLD, RIGHTS_TOLD)
PAUSES_S = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Between the tries to come in where the port is open: a base that is closed, an account that is
refused. All pauses are a quarter longer or shorter, by chance."""
_LONGEST = 2
"""The place of the longest of these where nobody said no to the account."""
KNOCKS_S = (1.0, 2.0)
"""Between two knocks at the port of a server that is gone, by chance: fifty programs that wait for
it do not come in the same instant."""


def _nothing(_told: object) -> None:
    """Nobody listens."""


def _unheard() -> None:
    """Nobody listens."""


@dataclass
class Hearers:
    """Who is told, from the thread of the feed: of the line (whether it holds), of marks, that
    something became of seats or of rights."""

    line: Callable[[bool], None] = _nothing
    marks: Callable[[Marked], None] = _nothing
    seats: Callable[[], None] = _unheard
    rights: Callable[[], None] = _unheard


class Feed:
    """Follows one open base from the moment it is made; `start` and `close` its thread."""

    def __init__(self, workspace: Workspace, hearers: Hearers | None = None) -> None:
        """DatabaseUnavailable if the base cannot be read."""
        self._base = workspace
        self.hearers = hearers or Hearers()
        self.marks = EditMarks(workspace)
        self.news = NewsReader(workspace)
        self.holds = True
        """Whether the server was there when it was tried last."""
        self.refusal = ""
        """Why the server lets this account in no more; '' where it is away."""
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._doubted = False
        self._doubts = self._answered = 0
        self._joins: list[Callable[[float], None]] = []
        self._ear: Listening | None = None
        self._silent = SilentLine(workspace.backend.address, self._hung_up)
        self._saying = threading.Lock()
        self._making = False
        self._handing = threading.Lock()
        self._tried = 0
        self._free_looks, self._counted_at = float(AT_ONCE), time.monotonic()
        self._checked_at = self._beaten_at = 0.0
        self._marked: Marked = {}

    def start(self) -> None:
        """Begins to follow."""
        self._joins.append(start_thread("feed", self._run).join)

    def close(self) -> None:
        """Follows no more; comes back when nothing is told any more. Own marks are taken away."""
        self._ended.set()
        self._wake.set()
        self._silent.close()
        for join in self._joins:
            join(_PATIENCE_S)

    def doubt(self) -> None:
        """Somebody could not reach the server, or wants it to be tried: look at once. That the
        line holds is told then, also if it was never known not to."""
        self._doubts += 1
        self._doubted = True
        self._wake.set()

    @property
    def hears(self) -> bool:
        """Whether events come; else the base is asked now and then."""
        return self._ear is not None and self._ear.proved

    # --- the thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._go_on()
            except UserError as error:
                _log.info("The base is out of reach: %s", error.message)
                self._lose(error.message if error.field in _REFUSED else "")
            except Exception:  # noqa: BLE001 - reported; the next look may pass
                _log.exception("The feed stumbled")
                self._rest(POLL_S)
        self._leave()

    def _go_on(self) -> None:
        """One look, and waiting for the next occasion."""
        doubts = self._doubts
        self._check()
        names = self._ear.heard() if self._ear is not None else frozenset()
        news = self.news.look()
        if news.touched:
            self._base.publish(news)
        if MARKED in names or not self.hears or self._marked:
            self._tell_marks()
        if SEATS_TOLD in names:
            self.hearers.seats()
        if RIGHTS_TOLD in names:
            self.hearers.rights()
        self._found(doubts)
        self._rest(self._needed_rest())
        if self._wake.wait(self._patience()):
            self._rest(random.uniform(0.0, SPREAD_S))
        self._wake.clear()

    def _check(self) -> None:
        now = time.monotonic()
        if now - self._beaten_at >= BEAT_S:
            self._beaten_at = now
            self.marks.beat()
        if now - self._checked_at < CHECK_S and not self._doubted:
            return
        self._checked_at, self._doubted = now, False
        self._silent.listen()
        if self._ear is None:
            self._make_ear()
        else:
            self._ear.test()

    def _needed_rest(self) -> float:
        """Seconds; none as long as looks are rare. What is saved up comes back with time."""
        now, usual = time.monotonic(), random.uniform(*REST_S)
        earned = (now - self._counted_at) / usual
        self._free_looks = min(float(AT_ONCE), self._free_looks + earned) - 1.0
        self._counted_at = now
        return max(0.0, -self._free_looks * usual)

    def _patience(self) -> float:
        now = time.monotonic()
        due = min(self._checked_at + CHECK_S, self._beaten_at + BEAT_S) - now
        return max(0.0, due if self.hears else min(due, POLL_S))

    def _tell_marks(self) -> None:
        marked = self.marks.others()
        if marked != self._marked:
            self._marked = marked
            self.hearers.marks(marked)

    def _rest(self, seconds: float) -> None:
        """A pause that only the end shortens."""
        self._ended.wait(seconds)

    # --- the ear ----------------------------------------------------------------------------------

    def _make_ear(self) -> None:
        """In a thread of its own: where the second connection is refused it takes minutes."""
        if not self._making:
            self._making = True
            self._joins[1:] = [start_thread("ear", self._listen).join]

    def _listen(self) -> None:
        """The ear is the thread's own until it is handed over: the client library ends the program
        when one of two threads closes what the other one uses."""
        ear: Listening | None = None
        try:
            ear = self._base.backend.listen(_HEARD, self._wake.set)
            if ear is not None:
                ear.test()
        except UserError as error:
            _log.info("No events from the server: %s", error.message)
            self._doubted = ear is not None
            if ear is not None:
                ear.close()
            ear = None
        finally:
            with self._handing:
                self._making = False
                if not self._ended.is_set():
                    self._ear, ear = ear, None
        if ear is not None:
            ear.close()
        self._wake.set()

    def _drop_ear(self) -> None:
        with self._handing:
            ear, self._ear = self._ear, None
        if ear is not None:
            ear.close()

    # --- the line ---------------------------------------------------------------------------------

    def _found(self, doubts: int) -> None:
        """The server was there, after so many doubts."""
        self._tried = 0
        with self._saying:
            was_lost, self.holds = not self.holds, True
        if was_lost:
            self._base.backend.refresh_plans()
            every = {entity.key: frozenset[int]() for entity in self._base.catalogue}
            self._base.publish(ChangeSet(0, every, True))  # what could not be read meanwhile
        if was_lost or doubts != self._answered:
            self._answered = doubts
            self.hearers.line(True)

    def _lose(self, refusal: str = "") -> None:
        """The server is out of reach; waits for the next try, or until somebody asks for it."""
        self._say_lost(refusal)
        self._drop_ear()
        self._silent.forget()
        self._checked_at = 0.0
        self._wake.clear()
        if self._ended.is_set():  # what woke it for the end may be cleared just now
            return
        self._await_server(refused=bool(refusal))

    def _say_lost(self, refusal: str) -> None:
        with self._saying:
            is_news = self.holds or refusal != self.refusal
            self.holds, self.refusal = False, refusal
        if is_news:
            self.hearers.line(False)

    def _hung_up(self) -> None:
        """The silent line has ended, told on its own thread: that of the feed may be waiting for
        a server that is gone."""
        if not takes_calls(self._base.backend.address):
            self._say_lost("")
        self._doubted = True
        self._wake.set()

    def _await_server(self, *, refused: bool) -> None:
        """Until it takes calls, where it takes none; else for a while, each time longer."""
        address = self._base.backend.address
        if takes_calls(address):
            longest = len(PAUSES_S) - 1 if refused else min(_LONGEST, len(PAUSES_S) - 1)
            pause = PAUSES_S[min(self._tried, longest)]
            self._tried += 1
            self._wake.wait(pause * random.uniform(0.75, 1.25))
            return
        self._tried = 0
        while not self._wake.wait(random.uniform(*KNOCKS_S)):
            if takes_calls(address):
                return

    def _leave(self) -> None:
        self._drop_ear()
        if self.holds:
            try:
                self.marks.end()
            except UserError:
                _log.info("Marks of editing stay until they are dead")
