"""The command that reads the audit of a shared base."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from crm_desktop.cli.answer import Answer, table
from crm_desktop.cli.command_words import Commands, command, number
from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.services.workspace import Workspace

if TYPE_CHECKING:
    from crm_desktop.services.audit.service import Entry, Wanted

COMMAND = "audit"


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop audit`."""
    words = command(
        commands, COMMAND, _("who signed in, looked, exported, printed, changed many or roles"),
        answer='{"total": 1, "days": 400, "rows": [{"at": "...", "login": "...", "who": 1,\n'
               ' "machine": "...", "what": "export", "amount": 120, "decoys": 0, "object": "",\n'
               ' "id": null, "title": "", "detail": "..."}]}',
    )  # fmt: skip
    words.add_argument("--since", metavar="DAY", help=_("from this day on, as 2026-08-14"))
    words.add_argument("--until", metavar="DAY", help=_("up to this day"))
    words.add_argument("--what", metavar="WORD", help=_("only these, such as export"))
    words.add_argument("--login", metavar="LOGIN", help=_("only what this account did"))
    words.add_argument("--object", metavar="OBJECT", help=_("only records of this object"))
    words.add_argument("--id", metavar="N", type=number, help=_("only the record of this number"))
    words.add_argument("--limit", metavar="N", type=number, default=200,
                       help=_("no more than so many, the latest"))  # fmt: skip
    words.add_argument("--keep", metavar="DAYS", type=number,
                       help=_("from now on keep rows for so many days; older ones go"))  # fmt: skip


def run(workspace: Workspace, given: Namespace) -> Answer:
    """The latest rows; administrators read them, and nobody else."""
    from crm_desktop.services.administrators import only_administrators, only_they_read
    from crm_desktop.services.audit import service as audit

    if not workspace.login:
        raise only_administrators(shared=False)
    if not workspace.administers:
        raise only_they_read()
    if given.keep is not None:
        audit.keep_for(workspace, given.keep)
    wanted = _wanted(workspace, given)
    found, total = audit.last(workspace, given.limit, wanted), audit.counted(workspace, wanted)
    answer = {"total": total, "days": audit.days_kept(workspace), "rows": [_row(e) for e in found]}
    head = (_("When"), _("Login"), _("Machine"), _("What"), _("Records"), _("Detail"))
    return Answer(answer, table(head, _cells(workspace, found)))


def _wanted(workspace: Workspace, given: Namespace) -> Wanted:
    from crm_desktop.services.audit.service import Wanted

    entity = workspace.catalogue[given.object].key if given.object else ""
    until = _since(workspace, given.until)
    return Wanted(
        what=given.what or "", login=given.login or "", entity=entity,
        record=given.id, since=_since(workspace, given.since),
        until=until + timedelta(days=1) if until is not None else None,
    )  # fmt: skip


def _row(one: Entry) -> dict[str, Any]:
    return {
        "at": one.made_at.isoformat(timespec="seconds"), "login": one.login, "who": one.who,
        "machine": one.machine, "what": one.what, "amount": one.amount, "decoys": one.decoys,
        "object": one.ref.entity if one.ref else "", "id": one.ref.id if one.ref else None,
        "title": one.title, "detail": one.detail,
    }  # fmt: skip


def _cells(workspace: Workspace, found: Sequence[Entry]) -> list[tuple[str, ...]]:
    from crm_desktop.services.audit.words import detail, said

    zone = workspace.clock.local().tzinfo
    return [
        (f"{one.made_at.astimezone(zone):%Y-%m-%d %H:%M}", one.login, one.machine, said(one.what),
         "" if one.amount is None else str(one.amount), detail(workspace, one))
        for one in found
    ]  # fmt: skip


def _since(workspace: Workspace, text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), workspace.clock.local().tzinfo)
    except ValueError:
        told = _("Write the day as 2026-08-14 instead of “{text}”")
        raise InvalidInput(told.format(text=text)) from None
