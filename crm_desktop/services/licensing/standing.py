"""How a base stands to its licence: verified anew at every sign-in, by the server's own day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from crm_desktop import RELEASED
from crm_desktop.errors import UserError
from crm_desktop.i18n import _, language
from crm_desktop.models.backend.firebird_seats_read import UNLICENSED
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.shared_traits import SignsIn
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.services.licensing.licence import (
    Licence,
    LicenceRefused,
    PublicKeys,
    builtin_keys,
    read_licence,
)
from crm_desktop.services.workspace import Workspace

LICENCE = "licence"
BOUND_TO = "licence_base"
"""The base that the licence was installed into: a copy of the facts in another one shows."""
COUNT = "seat_count"
"""What the server counts with; every client compares it with what is signed."""

_DAY = sa.table(
    "seat_day", sa.column("today", sa.Date), sa.column("login", sa.String(63)),
    sa.column("is_admin", sa.SmallInteger),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signed:
    """Who the server says is here, and the day by its clock."""

    today: date
    login: str = ""
    is_admin: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """The seats of a base, and why they are so many."""

    seats: int
    licence: Licence | None
    problem: LicenceRefused | None
    """Why the installed licence gives nothing."""
    guid: str
    signed: Signed
    office: str = ""
    """What the office is called, as its base says; '' if it does not."""

    @property
    def is_trial(self) -> bool:
        """Nothing was bought for this base: two seats, for trying and for the administrator."""
        return self.licence is None or self.problem is not None


def standing(
    workspace: Workspace, keys: PublicKeys | None = None, facts: Mapping[str, str] | None = None
) -> Standing:
    """Judges the installed licence. `keys`: others than those built in, for tests; `facts`: those
    of the base, where they are known."""
    facts = facts_of(workspace) if facts is None else facts
    signed = who_is_here(workspace)
    text, guid, office = (facts.get(name, "") for name in (LICENCE, "guid", "company"))
    licence: Licence | None = None
    try:
        if text:
            licence = read_licence(text, builtin_keys() if keys is None else keys)
            judge(licence, guid, facts.get(BOUND_TO, guid), signed.today)
    except LicenceRefused as problem:
        return Standing(UNLICENSED, licence, problem, guid, signed, office)
    return Standing(licence.seats if licence else UNLICENSED, licence, None, guid, signed, office)


def judge(licence: Licence, guid: str, bound_to: str, today: date) -> None:
    """LicenceRefused if a genuine licence is not for this base, day or version."""
    if licence.base not in ("", guid) or bound_to != guid:
        raise LicenceRefused(
            _(
                "The licence {id} belongs to another base. A copy of a base needs a licence of its "
                "own: ask the vendor."
            ).format(id=licence.id),
            "other_base",
        )
    if licence.valid_until is not None and licence.valid_until < today:
        raise LicenceRefused(
            _("The licence {id} was valid until {day}. Ask the vendor for a new one.").format(
                id=licence.id, day=said_day(licence.valid_until)
            ),
            "expired",
        )
    released = date.fromisoformat(RELEASED)
    if licence.updates_until is not None and licence.updates_until < released:
        raise LicenceRefused(
            _(
                "The licence {id} covers versions until {day}, and this one is of {released}. "
                "Install an older version, or ask the vendor for a new licence."
            ).format(
                id=licence.id, day=said_day(licence.updates_until), released=said_day(released)
            ),
            "updates_ended",
        )


def said_day(day: date) -> str:
    """As people write it."""
    return format_date(day, language())


def facts_of(workspace: Workspace) -> Mapping[str, str]:
    """The facts about licence and seats that the base keeps, and the name of the office."""
    table = workspace.tables.system("base_info")
    wanted = sa.or_(
        table.c.name.startswith("seat_"),
        table.c.name.startswith(LICENCE),
        table.c.name.in_(("guid", "company")),
    )
    with workspace.backend.read() as connection:
        found = connection.execute(sa.select(table.c.name, table.c.content).where(wanted))
        return {str(name): str(content) for name, content in found}


def who_is_here(workspace: Workspace) -> Signed:
    """By the server's account of it; on a local base its own person, who may do everything."""
    if workspace.backend.exclusive:
        return Signed(workspace.clock.today())
    with workspace.backend.read() as connection:
        today, login, is_admin = connection.execute(sa.select(*_DAY.c)).one()
    return Signed(today, str(login).strip(), bool(is_admin))


class Colleague(NamedTuple):
    """Whose account it is."""

    name: str
    ref: Ref


def who_signs_in_as(workspace: Workspace) -> dict[str, Colleague]:
    """Colleagues by their login in lower case."""
    staff, trait = workspace.catalogue.with_trait(SignsIn)
    tables = workspace.tables
    login = tables.column(staff, staff.field(trait.login))
    title, id_ = tables.column(staff, staff.title), tables.table_of(staff, staff.title).c.id
    question = sa.select(login, title, id_).where(login.isnot(None))
    with workspace.backend.read() as connection:
        rows = connection.execute(question)
        return {
            str(login).lower(): Colleague(str(name), Ref(staff.key, id_))
            for login, name, id_ in rows if login
        }  # fmt: skip


def colleagues(workspace: Workspace) -> dict[str, str]:
    """What they are called, by their login in lower case."""
    return {login: one.name for login, one in who_signs_in_as(workspace).items()}


def install(workspace: Workspace, licence: Licence) -> None:
    """Keeps a verified licence in the base. UserError unless it is for this base, by its
    administrator; what was installed before is replaced."""
    may_be_installed(workspace, licence)
    guid = workspace.info("guid")
    keep_facts(workspace, {
        LICENCE: licence.text(), BOUND_TO: guid, COUNT: str(licence.seats),
    })  # fmt: skip


def may_be_installed(workspace: Workspace, licence: Licence) -> None:
    """UserError unless a verified licence is for this base and its administrator is here."""
    guid = workspace.info("guid")
    judge(licence, guid, guid, must_be_admin(workspace).today)


def must_be_admin(workspace: Workspace) -> Signed:
    """Who is here, if that is the administrator; else UserError."""
    signed = who_is_here(workspace)
    if not signed.is_admin:
        raise UserError(_("Only the administrator of the base may do this. Ask him."))
    return signed


def keep_facts(workspace: Workspace, facts: Mapping[str, str]) -> None:
    """All of them in one transaction; an empty one is taken away."""
    table = workspace.tables.system("base_info")
    kept = [(name, content) for name, content in facts.items() if content]
    backend = workspace.backend
    with backend.write() as connection:
        backend.delete_keys(connection, table, ("name",), [(name,) for name in facts])
        backend.insert_many(connection, table, ("name", "content"), kept)
