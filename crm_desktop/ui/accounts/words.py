"""How accounts are spoken of in the table: roles, last sign-in, seat, state."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.date_formats import format_datetime
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row

if TYPE_CHECKING:
    from crm_desktop.services.server.accounts import Person
    from crm_desktop.services.server.roster import Entry

LEAST = 190


def columns() -> tuple[Column, ...]:
    """Of the table."""
    return (
        Column("who", _("Colleague"), LEAST, sortable=False),
        Column("login", _("Signs in as"), 150, sortable=False),
        Column("roles", _("Roles"), 190, sortable=False),
        Column("seen", _("Last sign-in"), 170, sortable=False),
        Column("seat", _("Here now"), 150, sortable=False),
        Column("state", _("State"), 230, sortable=False),
    )


def rows(entries: list[Entry], zone: tzinfo | None, staff: str) -> list[Row]:
    """One for each account; the number is its place. `staff`: the object of colleagues."""
    return [Row(place, _cells(entry, zone, staff)) for place, entry in enumerate(entries)]


def _cells(entry: Entry, zone: tzinfo | None, staff: str) -> tuple[Cell, ...]:
    person, seen = entry.person, entry.last_seen
    name = person.name or _("Nobody’s")
    said = format_datetime(seen.astimezone(zone), i18n.language()) if seen else _("never")
    here = ", ".join(dict.fromkeys(one.machine for one in entry.seats))
    tags = [_("administrator")] if person.is_administrator else []
    tags += [_("with codes")] if entry.has_second else []
    face = Ref(staff, person.colleague) if person.colleague is not None else None
    return (
        Cell(name, "title", avatar="round", tag=", ".join(tags), face=face),
        Cell(person.login, "text"),
        Cell(", ".join(entry.roles), "text"), Cell(said, "date" if seen else "muted"),
        Cell(here, "text"), _state(person, entry.locked_s),
    )  # fmt: skip


def _state(person: Person, locked_s: int | None) -> Cell:
    """What matters most of it: one who is blocked has nothing else to be told."""
    if not person.is_active:
        return Cell(_("blocked"), "pill", tone="bad")
    if locked_s is not None:
        left = _("locked for {count} min").format(count=-(-locked_s // 60))
        return Cell(left if locked_s else _("locked after failures"), "pill", tone="bad")
    if person.is_first_password:
        return Cell(_("must change the password"), "pill", tone="warn")
    return Cell(_("may sign in"), "pill", tone="ok")


def reasons(entry: Entry | None, *, own: bool, all_have: bool) -> dict[str, str]:
    """Why buttons are grey for the account in hand, '' where they are not; of the one that asks
    for another password also what it does. `own`: of who looks; `all_have`: nobody lacks one."""
    mine = _("Your own password is changed by “Change my password…” in the command box")
    alone = _("Nobody blocks the account that he signed in by")
    first = entry is not None and entry.person.is_first_password
    demanded = _("At the next sign-in another password has to be chosen")
    nobodys = entry is not None and entry.person.colleague is None
    return {
        "account": mine if own else "",
        "block": alone if own else "",
        "demand": _("Has not chosen an own password yet.") if first else demanded,
        "tie": _("Every colleague has an account") if all_have else "",
        "card": _("It is not known whose account this is: say it first") if nobodys else "",
    }
