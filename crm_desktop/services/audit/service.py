"""What an administrator must be able to read later: who signed in, what was looked at, what went
out of the base, who was let in and by whom.

Rows are added and never changed; staff cannot read them (`models/backend/firebird_roles`). Who and
when says the server. A local base keeps no such rows.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref

if TYPE_CHECKING:
    from crm_desktop.models.backend.firebird_audit import Narrowed, Noted
    from crm_desktop.services.titles import Title
    from crm_desktop.services.workspace import Workspace

CONNECTED = "connected"
"""Any program, of ours or not, has reached the base by an account."""
SIGNED_IN = "signed_in"
FAILED = "failed"
"""Somebody was refused at a computer; told when somebody signs in there."""
LET_IN = "let_in"
BLOCKED = "blocked"
UNBLOCKED = "unblocked"
DISMISSED = "dismissed"
"""A colleague is gone: account, seats and rights in one act."""
NEW_PASSWORD = "new_password"
OWN_PASSWORD = "own_password"
MUST_CHANGE = "must_change"
ELSEWHERE = "password_elsewhere"
"""Somebody got another password in another base of the server, or by its services."""
PASSWORD_RULES = "password_rules"
LOCKED = "locked"
"""The server locked an account after failed sign-ins."""
UNLOCKED = "unlocked"
WRONG_CODE = "wrong_code"
"""The password was right and the code of the second factor was not."""
RECOVERED = "recovery_code"
SECOND_ON = "second_on"
SECOND_OFF = "second_off"
SECOND_RESET = "second_reset"
SECOND_DEMANDED = "second_demanded"
SIGN_IN_RULES = "sign_in_rules"
BACKUP = "backup"
RIGHTS = "rights"
"""A role was changed, given or taken."""
SEEN = "seen"
"""The card of a record was opened."""
FIGURES = "figures"
"""A page of figures was opened."""
EXPORTED = "export"
COPIED = "copy"
"""Rows went to the clipboard."""
PRINTED = "print"
MANY = "many"
"""Many records were changed or deleted at once."""
MERGED = "merge"
CALLED, WRITTEN_TO = "call", "letter"
"""A hidden telephone, a hidden e-mail address was told, to call or to write."""
CLEARED = "audit_cleared"
"""Rows of the audit itself went, as old as the office keeps none."""
KEPT_FOR = "audit_days"
DECOYS = "decoys"
"""A record was marked as a decoy, or is none any more."""
LICENCE = "licence_installed"
SEAT_FREED = "seat_freed"
"""The administrator took a seat from whoever held it."""
SEAT_RULES = "seat_rules"

LONGEST_DETAIL = 1000
DAYS, FEWEST_DAYS, MOST_DAYS = 400, 30, 36_500
"""How long rows are kept unless the administrator says otherwise; what he may say."""
_LONGEST_MACHINE = 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of it."""

    made_at: datetime
    login: str
    who: int | None
    machine: str
    what: str
    amount: int | None
    detail: str
    ref: Ref | None = None
    """The record it is about, if it is about one."""
    decoys: int = 0
    """So many decoys were among the records."""
    title: str = ""
    """Of the record."""


class Wanted(NamedTuple):
    """Which rows are asked for; what is empty narrows nothing."""

    what: str = ""
    login: str = ""
    entity: str = ""
    record: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Before this moment."""
    decoys: bool = False


def this_machine() -> str:
    """What this computer is called where a base names computers."""
    return socket.gethostname()[:_LONGEST_MACHINE]


def note(
    workspace: Workspace, what: str, *, amount: int | None = None, detail: str = "",
    entity: str = "", record: int | None = None,
) -> int:  # fmt: skip
    """Adds a row about what the person at this computer did, to one `record` or to some of an
    object; its number. Does nothing in a local base: then 0."""
    if not workspace.login:
        return 0
    from crm_desktop.models.backend import firebird_audit as rows

    ent = workspace.catalogue[entity].number if entity else None
    one = rows.Note(what, ent, record, amount, detail[:LONGEST_DETAIL])
    return rows.note(workspace.backend, workspace.user_id, this_machine(), [one])[0]


def compare(workspace: Workspace, entry: int, entity: EntityDef, ids: Iterable[int]) -> None:
    """Has the server count the decoys among the records that an entry is about; the answer stands
    in the audit, and nobody else learns it."""
    if not workspace.login:
        return
    from crm_desktop.models.backend import firebird_audit as rows

    rows.compare(workspace.backend, entry, entity.number, ids)


def note_seen(workspace: Workspace, refs: Sequence[Ref]) -> None:
    """Adds a row for each record whose card was opened."""
    if not workspace.login or not refs:
        return
    from crm_desktop.models.backend import firebird_audit as rows

    known = [ref for ref in refs if workspace.catalogue.has(ref.entity)]
    notes = [rows.Note(SEEN, workspace.catalogue[ref.entity].number, ref.id) for ref in known]
    rows.note(workspace.backend, workspace.user_id, this_machine(), notes)


def last(workspace: Workspace, count: int = 50, wanted: Wanted | None = None) -> list[Entry]:
    """The latest rows, the newest first; for administrators. None of a local base."""
    if not workspace.login:
        return []
    from crm_desktop.models.backend import firebird_audit as rows

    narrowed = _narrowed(workspace, wanted or Wanted())
    with workspace.backend.read() as connection:
        found = rows.noted(connection, narrowed, count)
    refs = {row.id: ref for row in found if (ref := _ref(workspace, row.ent, row.rid))}
    titles: Mapping[Ref, Title] = workspace.titles.of(list(dict.fromkeys(refs.values())))
    now = workspace.clock.now()
    return [_entry(row, now, refs.get(row.id), titles) for row in found]


def counted(workspace: Workspace, wanted: Wanted) -> int:
    """How many rows there are of those."""
    if not workspace.login:
        return 0
    from crm_desktop.models.backend import firebird_audit as rows

    with workspace.backend.read() as connection:
        return rows.counted(connection, _narrowed(workspace, wanted))


def people(workspace: Workspace) -> list[tuple[str, str]]:
    """Login and name of everybody who has an account, by name."""
    from crm_desktop.services.licensing.standing import colleagues

    return sorted(colleagues(workspace).items(), key=lambda one: one[1].casefold())


def days_kept(workspace: Workspace) -> int:
    """After how many days rows go."""
    said = workspace.info(KEPT_FOR)
    return int(said) if said.isdigit() else DAYS


def keep_for(workspace: Workspace, days: int) -> None:
    """The administrator says after how many days rows go; `InvalidInput` for too few or
    many, `NotAllowed` for anybody else."""
    if not workspace.administers or not workspace.login:
        from crm_desktop.services.administrators import only_administrators

        raise only_administrators(shared=bool(workspace.login))
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        said = _("The audit is kept for {fewest} to {most} days")
        raise InvalidInput(said.format(fewest=FEWEST_DAYS, most=MOST_DAYS))
    workspace.set_info(KEPT_FOR, str(days))
    clear_old(workspace)


def has_old(workspace: Workspace) -> bool:
    """Whether `clear_old` has anything to do."""
    if not workspace.login or not workspace.administers:
        return False
    from crm_desktop.models.backend import firebird_audit as rows

    return rows.has_older(workspace.backend, days_kept(workspace))


def clear_old(workspace: Workspace) -> int:
    """Takes away what is older than the office keeps it; an administrator's program does it. That
    something went is noted."""
    if not workspace.login or not workspace.administers:
        return 0
    from crm_desktop.models.backend import firebird_audit as rows

    days = days_kept(workspace)
    gone = rows.clear(workspace.backend, days)
    if gone:
        note(workspace, CLEARED, amount=gone, detail=str(days))
    return gone


def _narrowed(workspace: Workspace, wanted: Wanted) -> Narrowed:
    from crm_desktop.models.backend import firebird_audit as rows

    def age(moment: datetime | None) -> int | None:
        return None if moment is None else int((workspace.clock.now() - moment).total_seconds())

    ent = workspace.catalogue[wanted.entity].number if wanted.entity else None
    return rows.Narrowed(
        wanted.login.lower(), wanted.what, ent, wanted.record, age(wanted.since),
        age(wanted.until), wanted.decoys,
    )  # fmt: skip


def _ref(workspace: Workspace, ent: int | None, rid: int | None) -> Ref | None:
    if ent is None or rid is None:
        return None
    found = next((one for one in workspace.catalogue if one.number == ent), None)
    return Ref(found.key, rid) if found is not None else None


def _entry(row: Noted, now: datetime, ref: Ref | None, titles: Mapping[Ref, Title]) -> Entry:
    title = titles.get(ref) if ref is not None else None
    return Entry(
        now - timedelta(seconds=row.age), row.login or "", row.who, row.machine or "", row.what,
        row.amount, row.detail or "", ref, row.decoys or 0, title.text if title is not None else "",
    )  # fmt: skip
