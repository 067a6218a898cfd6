"""Coming in to a shared base: the licence verified, a seat taken, who is here known by name."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crm_desktop.errors import DatabaseUnavailable, UserError
from crm_desktop.i18n import _
from crm_desktop.services.licensing.broker import (
    INSIDE,
    LOST,
    READ,
    WORK,
    Beat,
    Broker,
    Taking,
    Turn,
)
from crm_desktop.services.licensing.house_rules import HouseRules, house_rules
from crm_desktop.services.licensing.licence import PublicKeys
from crm_desktop.services.licensing.standing import (
    Colleague,
    Standing,
    facts_of,
    standing,
    who_is_here,
    who_signs_in_as,
)
from crm_desktop.services.workspace import Workspace


@dataclass(slots=True)
class Entry:
    """A person at the door of a shared base, or inside it."""

    workspace: Workspace
    broker: Broker
    standing: Standing
    rules: HouseRules
    taken: Taking
    keys: PublicKeys | None = None

    def known(self) -> dict[str, Colleague]:
        """Colleagues by the login they work with."""
        return who_signs_in_as(self.workspace)

    def settle(self) -> None:
        """Whoever only reads writes nothing; the seat is given back with the base."""
        reading = self.taken.outcome == READ
        self.workspace.read_only = reading_only() if reading else ""
        self.workspace.leaving = self.broker.close

    def renew(self) -> None:
        """Reads the licence anew: what was bought since counts for who waits and who is inside."""
        self.standing = standing(self.workspace, self.keys)
        self.broker.seats = self.standing.seats

    def look(self) -> Turn:
        """Where in line one is, by the licence that is installed now."""
        self.renew()
        return self.broker.look()

    def beat(self, idle_s: int) -> Beat:
        """Keeps the seat alive. One that was lost with the line is taken again if it is free, to
        read only if that was all; who has none any more changes nothing."""
        beat = self._said(idle_s)
        if beat.outcome == LOST:
            self.renew()
            self.taken = self.broker.take(READ if self.taken.outcome == READ else WORK)
            if self.taken.is_inside:
                self.settle()
            beat = replace(beat, outcome=self.taken.outcome if self.taken.is_inside else LOST)
        if beat.outcome not in INSIDE:
            self.workspace.read_only = seat_gone()
        return beat

    def _said(self, idle_s: int) -> Beat:
        """After a cut at once by a new line: the grace is over before the next beat."""
        try:
            return self.broker.beat(idle_s)
        except DatabaseUnavailable:
            return self.broker.beat(idle_s)

    def take_again(self) -> Taking:
        """A seat for the base that is open. UserError if none is free."""
        self.renew()
        self.taken = self.broker.take()
        if not self.taken.is_inside:
            raise UserError(
                _("All {seats} seats are taken just now. What you typed stays; wait in line, or "
                  "ask a colleague to give up a seat.").format(seats=self.taken.most)
            )  # fmt: skip
        self.settle()
        return self.taken

    def read(self) -> Taking:
        """In without a seat, if the office allows it. UserError if not."""
        self.rules = house_rules(self.workspace)
        if not self.rules.reading:
            raise UserError(_("Coming in only to read is not allowed here. Ask the administrator."))
        self.taken = self.broker.take(READ)
        self.settle()
        return self.taken


def enter(
    workspace: Workspace, *, keys: PublicKeys | None = None, machine: str = ""
) -> Entry | None:
    """Asks for a seat in a base on a server; None for a local one, which needs none.

    `keys`: others than those built in, for tests.
    """
    if workspace.backend.exclusive:
        return None
    with workspace.backend.reading():
        asked = [lambda: facts_of(workspace), lambda: who_is_here(workspace)]
        workspace.backend.ask_first(asked)
        facts = facts_of(workspace)
        how = standing(workspace, keys, facts)
    rules, broker = house_rules(workspace, facts), Broker(workspace, how.seats, machine=machine)
    try:
        entry = Entry(workspace, broker, how, rules, broker.take(), keys)
    except BaseException:
        broker.close()
        raise
    entry.settle()
    return entry


def reading_only() -> str:
    """Why somebody who came in to read changes nothing."""
    return _("You came in only to read. Take a seat to change something.")


def seat_gone() -> str:
    """Why somebody whose seat is gone changes nothing."""
    return _("You have no seat now, so nothing was saved. Take a seat and save again.")
