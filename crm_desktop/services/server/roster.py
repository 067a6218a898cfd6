"""All accounts of a shared base as its administrator sees them: who, which roles, here when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm_desktop.models.backend import firebird_accounts as server
from crm_desktop.services.audit import service as audit
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.rights.working import working_people
from crm_desktop.services.server import second_factor
from crm_desktop.services.server.accounts import Person, people
from crm_desktop.services.server.password_rules import PasswordRules, password_rules
from crm_desktop.services.server.sign_in_rules import SignInRules, sign_in_rules
from crm_desktop.services.workspace import Workspace

_SEATS = "SELECT login, machine, kind FROM seat_holders"


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody is now; `kind` as in the broker: work, travel, read."""

    machine: str
    kind: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One account. `last_seen`: when its owner signed in last, by the window; None if never."""

    person: Person
    roles: tuple[str, ...]
    last_seen: datetime | None
    seats: tuple[Seat, ...]
    locked_s: int | None = None
    """Seconds for which it is locked after failures, 0 until it is unlocked; None if it is not."""
    has_second: bool = False
    """Whether codes of an app are asked."""


@dataclass(frozen=True, slots=True)
class Roster:
    """`without`: numbers and names of the colleagues who cannot sign in."""

    entries: list[Entry]
    without: list[tuple[int, str]]
    rules: PasswordRules
    sign_in: SignInRules
    roles: tuple[tuple[int, str], ...]
    """Numbers and names of all roles."""


def roster(workspace: Workspace) -> Roster:
    """Everybody, by the name of the colleague; for the administrator alone, as `people` is."""
    found = people(workspace)
    seats = _seats(workspace)
    ages = server.ages_of(workspace.backend, audit.SIGNED_IN)
    roles, now = Roles(workspace), workspace.clock.now()
    locks, second = second_factor.locks(workspace), second_factor.states(workspace)
    entries = [
        Entry(
            one,
            () if one.colleague is None else tuple(role.name for role in roles.of(one.colleague)),
            now - timedelta(seconds=ages[one.login]) if one.login in ages else None,
            tuple(seats.get(one.login, ())),
            locks.get(one.login), one.login in second and second[one.login].has,
        )
        for one in found
    ]  # fmt: skip
    entries.sort(key=lambda entry: (entry.person.name.casefold(), entry.person.login))
    tied = {one.colleague for one in found}
    without = [one for one in working_people(workspace) if one[0] not in tied]
    named = tuple((role.id, role.name) for role in roles.all())
    return Roster(entries, without, password_rules(workspace), sign_in_rules(workspace), named)


def _seats(workspace: Workspace) -> dict[str, list[Seat]]:
    found: dict[str, list[Seat]] = {}
    with workspace.backend.read() as connection:
        for login, machine, kind in workspace.backend.rows(connection, _SEATS, ()):
            place = str(machine).strip().partition("@")[0]
            found.setdefault(str(login).strip(), []).append(Seat(place, str(kind).strip()))
    return found
