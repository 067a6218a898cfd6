"""What the office settles about seats: facts of the base that the administrator alone changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.backend import firebird_accounts
from crm_desktop.models.backend.firebird_seats_read import CALLED_S
from crm_desktop.models.catalogue import shared_traits
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.audit import service as audit
from crm_desktop.services.licensing.standing import (
    colleagues,
    facts_of,
    keep_facts,
    must_be_admin,
)
from crm_desktop.services.workspace import Workspace

_IDLE, _TRAVEL, _CALLED = "seat_idle", "seat_travel", "seat_called"
_READING, _RESERVED = "seat_reading", "seat_reserved"
_YES = "yes"
TRAVEL_DAYS = 14
_LIMITS = {_IDLE: (0, 1440), _TRAVEL: (1, 90), _CALLED: (10, 900)}
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class HouseRules:
    """`idle`: minutes without a key or click after which a seat is given back, 0: never;
    `travel`: most days of a journey; `called`: seconds that a seat is kept for whose turn it is;
    `reading`: whether one may come in without a seat, only to read; `reserved`: logins."""

    idle: int = 0
    travel: int = TRAVEL_DAYS
    called: int = CALLED_S
    reading: bool = False
    reserved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignsIn:
    """For whom a seat may be kept. `name` is '' for an account that is no colleague's."""

    login: str
    name: str
    colleague: Ref | None


def who_signs_in(workspace: Workspace) -> tuple[SignsIn, ...]:
    """Whose accounts are open, by name."""
    staff, trait = workspace.catalogue.with_trait(shared_traits.SignsIn)
    tables, backend = workspace.tables, workspace.backend
    login, name = (tables.column(staff, f) for f in (staff.field(trait.login), staff.title))
    id_ = tables.table_of(staff, staff.title).c.id
    question = sa.select(id_, login, name).where(login.isnot(None))
    with backend.read() as connection:
        known = {str(row[1]).lower(): row for row in connection.execute(question) if row[1]}
    open_ones = [one.login for one in firebird_accounts.accounts(backend) if one.is_active]
    found = [
        SignsIn(login, str(known[login][2]), Ref(staff.key, known[login][0]))
        if login in known else SignsIn(login, "", None)
        for login in open_ones
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: norm(one.name or one.login)))


def house_rules(workspace: Workspace, known: Mapping[str, str] | None = None) -> HouseRules:
    """What is settled now. `known`: the facts of the base, if they were read."""
    facts = facts_of(workspace) if known is None else known

    def number(name: str, otherwise: int) -> int:
        said = facts.get(name, "")
        return int(said) if said.isascii() and said.isdigit() else otherwise

    names = facts.get(_RESERVED, "").split(";")
    return HouseRules(
        number(_IDLE, 0), number(_TRAVEL, TRAVEL_DAYS), number(_CALLED, CALLED_S),
        facts.get(_READING) == _YES, tuple(name.strip() for name in names if name.strip()),
    )  # fmt: skip


def settle(workspace: Workspace, rules: HouseRules) -> None:
    """Keeps other rules; the administrator alone. InvalidInput beyond the limits, and for a seat
    kept for a name that nobody signs in by: it would stay empty for ever."""
    signed = must_be_admin(workspace)
    numbers = {_IDLE: rules.idle, _TRAVEL: rules.travel, _CALLED: rules.called}
    for name, value in numbers.items():
        least, most = _LIMITS[name]
        if not least <= value <= most:
            raise InvalidInput(
                _("Between {least} and {most} is possible here.").format(least=least, most=most),
                field=name,
            )
    given = (name.strip().lower() for name in rules.reserved)
    reserved = dict.fromkeys(name for name in given if name)
    _refuse_unknown(workspace, reserved.keys() - {signed.login})
    names = ";".join(reserved)
    if len(names) > _LONGEST:
        raise InvalidInput(_("So many seats cannot be reserved."), field=_RESERVED)
    facts = {
        **{name: str(value) for name, value in numbers.items()},
        _READING: _YES if rules.reading else "", _RESERVED: names,
    }  # fmt: skip
    keep_facts(workspace, facts)
    told = " ".join(f"{name}={value}" for name, value in facts.items())
    audit.note(workspace, audit.SEAT_RULES, detail=told)


def _refuse_unknown(workspace: Workspace, logins: Collection[str]) -> None:
    if not logins:
        return
    known = {one.login for one in firebird_accounts.accounts(workspace.backend)}
    for login in sorted(set(logins) - known - colleagues(workspace).keys()):
        said = _("Nobody signs in as “{name}” here")
        raise InvalidInput(said.format(name=login), field=_RESERVED)
