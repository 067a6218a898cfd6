"""The command about reminders: what would come up now, and when the next one does."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm_desktop.cli.answer import Answer, by_object, table
from crm_desktop.cli.command_words import Commands, command
from crm_desktop.errors import NotFound
from crm_desktop.i18n import _
from crm_desktop.services.workspace import Workspace

if TYPE_CHECKING:
    from crm_desktop.services.reminders.service import Firing

COMMAND = "remind"


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop remind`."""
    words = command(
        commands, COMMAND, _("the reminders that would come up now"),
        answer='{"now": "...", "next": "...", "total": 1, "rows": [{"id": 9, "activity": 7,\n'
               ' "subject": "...", "kind": "call", "at": "...", "takes_place": "...",\n'
               ' "whom": 3, "level": null, "who": 3, "about": {"object": "client", "id": 5},\n'
               ' "shown": false}]}',
    )  # fmt: skip
    words.add_argument("--once", action="store_true", help=_("look once and end; the usual way"))
    words.add_argument("--prepare", action="store_true",
                       help=_("first plan what annual dates ask for, and tell heads of what is "
                              "overdue, as an open window does"))  # fmt: skip
    words.add_argument("--who", metavar="NAME",
                       help=_("only those of this colleague; else of everybody"))  # fmt: skip


def remind(workspace: Workspace, given: Namespace) -> Answer:
    """What stands unanswered at this moment, the latest first."""
    from crm_desktop.services.reminders.question import EVERYBODY
    from crm_desktop.settings import open_settings, this_place

    if given.prepare:
        _prepare(workspace)
    whom = _colleague(workspace, given.who) if given.who else EVERYBODY
    now = workspace.clock.now()
    look = workspace.reminders.due(whom, this_place(open_settings()), now)
    rows = [_plain(firing) for firing in look.standing]
    value = {"now": now.isoformat(), "next": _iso(look.next), "total": len(rows), "rows": rows}
    told = by_object(firing.event for firing in look.standing)
    return Answer(value, _lines(workspace, look.standing, look.next), told=told)


def _prepare(workspace: Workspace) -> None:
    """What an open window does by itself, for a base that nobody has open."""
    from crm_desktop.services.annual.plans import plan_annual
    from crm_desktop.services.pipelines.renewing import renew_all
    from crm_desktop.services.recurring import make_due
    from crm_desktop.services.reminders.escalation import tell_heads

    plan_annual(workspace)
    make_due(workspace)
    renew_all(workspace)
    tell_heads(workspace)


def _colleague(workspace: Workspace, name: str) -> int:
    found = workspace.titles.find(workspace.catalogue.staff().key, name)
    if not found:
        raise NotFound(_("There is no colleague “{name}”").format(name=name))
    return found[0]


def _plain(firing: Firing) -> dict[str, Any]:
    about = firing.record
    return {
        "id": firing.id, firing.event.entity: firing.event.id, "subject": firing.subject,
        "kind": firing.kind, "at": firing.moment.isoformat(),
        "takes_place": _iso(firing.takes_place), "whom": firing.whom,
        "level": firing.level, "who": firing.who,
        "about": {"object": about.entity, "id": about.id} if about is not None else None,
        "shown": not firing.fresh,
    }  # fmt: skip


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _lines(
    workspace: Workspace, standing: tuple[Firing, ...], coming: datetime | None
) -> list[str]:
    zone = workspace.clock.zone()
    after = (
        _("The next one comes up at {moment}").format(
            moment=coming.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        )
        if coming is not None
        else _("No reminder is waiting for its time")
    )
    if not standing:
        return [_("Nothing comes up now"), after]
    rows = [
        (firing.moment.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
         str(firing.event.id), firing.subject)
        for firing in standing
    ]  # fmt: skip
    return [*table((_("When"), _("Number"), _("Subject")), rows), after]
