"""The broker of seats: asks the server, which decides; see `models/backend/firebird_seats`.

A seat is one person on one machine, however many windows. It is held by a line of its own that
stays open: by it the server knows that the program is still there. Every call may raise
DatabaseUnavailable; the next one then makes a new line and goes on.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crm_desktop.errors import DatabaseUnavailable, NotFound, UserError
from crm_desktop.i18n import _
from crm_desktop.models.backend.firebird_errors import lost
from crm_desktop.models.backend.firebird_line import FirebirdLine, open_line
from crm_desktop.services.audit import service as audit
from crm_desktop.services.licensing.standing import must_be_admin
from crm_desktop.services.workspace import Workspace

BEAT_S = 20
"""How often a window says that it is still there."""

WORK, TRAVEL, READ, FULL = "work", "travel", "read", "full"
LONGEST_REASON = 200
_GIVE = "EXECUTE PROCEDURE seat_give(?)"
INSIDE = frozenset({WORK, TRAVEL, READ})
LOST, FREED, GIVEN, IDLE, OVER = "lost", "freed", "given", "idle", "over"
DISMISSED = "dismissed"
"""Why a seat is held no more: the line was down for too long, the administrator freed it, it was
given to who asked, nothing was done for long, there are more seats in use than were bought, the
account was closed."""


@dataclass(frozen=True, slots=True)
class Taking:
    """What came of asking for a seat: WORK, TRAVEL, READ, or FULL."""

    outcome: str
    lease: int | None
    held: int
    most: int

    @property
    def is_inside(self) -> bool:
        return self.outcome in INSIDE


@dataclass(frozen=True, slots=True)
class Beat:
    """How a seat stands: one of INSIDE, or why it is held no more; who asks for it, if anybody."""

    outcome: str
    held: int
    most: int
    request: int | None = None
    asker: str = ""
    reason: str = ""
    """Why the administrator freed it, in his words."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Where in line somebody is: 1 is next, 0 not in line. `left_s`: his turn, and for how long."""

    place: int
    left_s: int | None
    held: int
    most: int
    answer: str = ""
    """What came of asking somebody for his seat: accepted, declined, or nothing yet."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a seat. Seconds by the server's clock."""

    lease: int
    login: str
    machine: str
    kind: str
    since_s: int
    idle_s: int
    left_s: int | None
    """Of a seat that travels: until it comes back."""
    windows: int
    mine: bool


@dataclass(frozen=True, slots=True)
class Waiter:
    """Who waits in line; `called`: it is his turn."""

    login: str
    machine: str
    waits_s: int
    called: bool


class Broker:
    """Seats of one open base for one running program. Calls may come from several threads.

    `seats`: how many the verified licence gives; `machine`: as this computer is called.
    """

    def __init__(
        self, workspace: Workspace, seats: int, *, machine: str = "", seat: str = ""
    ) -> None:
        self._workspace = workspace
        self.seats = seats
        self._machine = machine or socket.gethostname() or "computer"
        self._seat = seat or workspace.seat
        self._lock = threading.Lock()
        self._line: FirebirdLine | None = None
        self._closed = False

    # --- one's own seat ---------------------------------------------------------------------------

    def take(self, kind: str = WORK) -> Taking:
        """A seat, if one is free and nobody waits for it; with READ only to look."""
        who = self._workspace.user_id
        row = self._one(
            "SELECT outcome, lease, held, most FROM seat_take(?, ?, ?, ?, ?)",
            (self._seat, self._machine, who, self.seats, kind),
        )
        return Taking(row[0].strip(), row[1], row[2], row[3])

    def beat(self, idle_s: int = 0) -> Beat:
        """Says that the program is there, and how long ago the person did anything."""
        row = self._one(
            "SELECT outcome, held, most, request, asker, why FROM seat_beat(?, ?, ?)",
            (self._seat, min(idle_s, 10**8), self.seats),
        )
        asker, reason = ((value or "").strip() for value in row[4:6])
        return Beat(row[0].strip(), row[1], row[2], row[3], asker, reason)

    def give(self) -> None:
        """The seat is free, and so is a place in line."""
        self._ask(_GIVE, (self._seat,))

    def close(self) -> None:
        """Gives the seat back, if the server can be told, and ends the line; for good: a beat that
        comes later would take the seat again."""
        with self._lock:
            line, self._line, self._closed = self._line, None, True
        if line is None:
            return
        try:
            line.ask(_GIVE, (self._seat,))
        except DatabaseUnavailable:
            pass  # the server finds out by itself
        finally:
            line.close()

    # --- the line ---------------------------------------------------------------------------------

    def wait(self) -> Turn:
        """Puts oneself in line, if not there yet."""
        who = self._workspace.user_id
        self._ask(
            "EXECUTE PROCEDURE seat_wait(?, ?, ?, ?)", (self._seat, self._machine, who, self.seats)
        )
        return self.look()

    def look(self) -> Turn:
        """Where in line one is; who does not look for long loses his place."""
        row = self._one(
            "SELECT place, left_s, held, most, answer FROM seat_look(?, ?)",
            (self._seat, self.seats),
        )
        return Turn(row[0], row[1], row[2], row[3], (row[4] or "").strip())

    def ask(self, lease: int) -> Turn:
        """Asks whoever holds a seat to give it; the asker waits in line meanwhile."""
        self.wait()
        self._ask("EXECUTE PROCEDURE seat_ask(?, ?)", (lease, self._workspace.user_id))
        return self.look()

    def answer(self, request: int, *, accepted: bool) -> None:
        """What the holder says to that. Accepted: the seat goes to whoever asked."""
        self._ask("EXECUTE PROCEDURE seat_answer(?, ?)", (request, int(accepted)))

    def leave_text(self, number: int, record: int, title: str, parts: Sequence[str]) -> None:
        """What was typed and not saved, for the head of who was dismissed: the number of the
        object, the record, 0 for a new one, and the text in parts that the base takes."""
        id_: int | None = None
        for place, part in enumerate(parts):
            asked = "SELECT id FROM seat_leave(?, ?, ?, ?, ?, ?)"
            id_ = self._one(asked, (id_, place, number, record, title[:300], part))[0]

    def keep_draft(
        self, place: str, number: int, record: int, title: str, parts: Sequence[str]
    ) -> None:
        """What stands unsaved at `place`, a computer, in place of what stood there: the number of
        the object, the record, 0 for a new one, the text in parts. `UserError`: too much."""
        for part, text in enumerate(parts):
            self._ask("EXECUTE PROCEDURE seat_draft_keep(?, ?, ?, ?, ?, ?)",
                      (place, number, record, part, title[:300], text))  # fmt: skip

    def drop_draft(self, place: str, number: int, record: int) -> None:
        """It was saved or given up."""
        self._ask("EXECUTE PROCEDURE seat_draft_drop(?, ?, ?)", (place, number, record))

    def drafts_at(self, place: str) -> set[tuple[int, int]]:
        """Objects and records of which this account keeps drafts there."""
        rows = self._ask("SELECT ent, rid FROM seat_drafts(?)", (place,))
        return {(row[0], row[1]) for row in rows}

    # --- everybody's ------------------------------------------------------------------------------

    def holders(self) -> list[Holder]:
        """Who holds seats, and who reads only, the longest first."""
        rows = self._ask(
            "SELECT lease, login, machine, kind, since_s, idle_s, left_s, windows, mine"
            " FROM seat_holders"
        )
        return [
            Holder(
                row[0], row[1].strip(), row[2].strip(), row[3].strip(), max(row[4], 0),
                max(row[5], 0), row[6], row[7], bool(row[8]),
            )
            for row in rows
        ]  # fmt: skip

    def line(self) -> list[Waiter]:
        """Who waits, in order."""
        rows = self._ask("SELECT login, machine, waits_s, called FROM seat_line")
        return [
            Waiter(row[0].strip(), row[1].strip(), max(row[2], 0), bool(row[3])) for row in rows
        ]

    def curve(self, days: int) -> list[tuple[int, int, int]]:
        """Quarters of an hour: age of the beginning in seconds, most seats in use, most people
        outside at once."""
        found = self._ask("SELECT age_s, most, refused FROM seat_curve(?)", (days,))
        return [(row[0], row[1], row[2]) for row in found]

    def turned_away(self, days: int) -> int:
        """How many people found none free, each once a day."""
        return int(self._one("SELECT people FROM seat_turned_away(?)", (days,))[0])

    def free(self, lease: int, reason: str) -> None:
        """Takes a seat from whoever holds it, who is told the reason; the audit keeps it. The
        administrator alone."""
        must_be_admin(self._workspace)
        if not reason.strip():
            raise UserError(
                _("Say why the seat is freed: whoever has it is told, and it is noted.")
            )
        whose = next((one for one in self.holders() if one.lease == lease), None)
        if whose is None:
            raise NotFound(_("This seat is free already."))
        said = f"{whose.login} ({whose.machine}): {reason.strip()}"
        audit.note(self._workspace, audit.SEAT_FREED, detail=said)
        self._one("SELECT freed FROM seat_free(?, ?)", (lease, reason.strip()[:LONGEST_REASON]))

    def travel(self, lease: int, days: int) -> int:
        """The seat goes on a journey for so many days and comes back by itself; 0: it is back.

        Returns how many days it was given, which the office may limit. One's own seats, or all for
        the administrator.
        """
        given = int(self._one("SELECT given FROM seat_travel(?, ?)", (lease, days))[0])
        if given < 0:
            raise NotFound(_("This seat is not yours, or it is free already."))
        return given

    # --- inside -----------------------------------------------------------------------------------

    def _one(self, sql: str, parameters: Sequence[object]) -> tuple[Any, ...]:
        return self._ask(sql, parameters)[0]

    def _ask(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            line = self._own_line()
            try:
                return line.ask(sql, parameters)
            except DatabaseUnavailable:
                self._line = None
                line.close()
                raise

    def _own_line(self) -> FirebirdLine:
        if self._closed:
            raise lost()
        if self._line is None:
            self._line = open_line(self._workspace.backend)
        assert self._line is not None, "a local base has no seats"
        return self._line
