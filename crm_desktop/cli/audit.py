"""The command that reads the audit of a shared base."""

from __future__ import annotations

from argparse import Namespace
from datetime import date, datetime, time

from crm_desktop.cli.answer import Answer, table
from crm_desktop.cli.command_words import Commands, command, number
from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.services.workspace import Workspace

COMMAND = "audit"


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop audit`."""
    words = command(
        commands, COMMAND, _("who signed in, exported, printed, changed many or roles"),
        answer='{"total": 1, "rows": [{"at": "...", "login": "...", "machine": "...",\n'
               ' "what": "export", "amount": 120, "detail": "..."}]}',
    )  # fmt: skip
    words.add_argument("--since", metavar="DAY", help=_("from this day on, as 2026-08-14"))
    words.add_argument("--what", metavar="WORD", help=_("only these, such as export"))
    words.add_argument("--limit", metavar="N", type=number, default=200,
                       help=_("no more than so many, the latest"))  # fmt: skip


def run(workspace: Workspace, given: Namespace) -> Answer:
    """The latest rows; administrators read them, and nobody else."""
    from crm_desktop.services import audit
    from crm_desktop.services.audit_words import said
    from crm_desktop.services.rights.refused import only_administrators, only_they_read

    if not workspace.login:
        raise only_administrators(shared=False)
    if not workspace.administers:
        raise only_they_read()
    since = _since(workspace, given.since)
    found = [
        one for one in audit.last(workspace, given.limit)
        if (since is None or one.made_at >= since) and given.what in (None, one.what)
    ]  # fmt: skip
    rows = [
        {"at": one.made_at.isoformat(timespec="seconds"), "login": one.login, "who": one.who,
         "machine": one.machine, "what": one.what, "amount": one.amount, "detail": one.detail}
        for one in found
    ]  # fmt: skip
    zone = workspace.clock.local().tzinfo
    cells = [
        (f"{one.made_at.astimezone(zone):%Y-%m-%d %H:%M}", one.login, one.machine, said(one.what),
         "" if one.amount is None else str(one.amount), one.detail)
        for one in found
    ]  # fmt: skip
    head = (_("When"), _("Login"), _("Machine"), _("What"), _("Records"), _("Detail"))
    return Answer({"total": len(rows), "rows": rows}, table(head, cells))


def _since(workspace: Workspace, text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), workspace.clock.local().tzinfo)
    except ValueError:
        told = _("Write the day as 2026-08-14 instead of “{text}”")
        raise InvalidInput(told.format(text=text)) from None
