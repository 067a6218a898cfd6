"""The commands about who stands in for whom: `role stand-in`, `stand-ins`, `end-stand-in`."""

from __future__ import annotations

from argparse import Namespace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from crm_desktop.cli.answer import Answer, table
from crm_desktop.cli.command_words import Commands, command
from crm_desktop.cli.values import find_record
from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import _
from crm_desktop.services.workspace import Workspace

if TYPE_CHECKING:
    from crm_desktop.services.rights.roles import Roles
    from crm_desktop.services.rights.stand_ins import Told

STAND_IN, STAND_INS, END = "stand-in", "stand-ins", "end-stand-in"
_ROW = ('{"id": 3, "absent": 7, "stand_in": 8, "since": "2026-08-01", "until": "2026-08-14",\n'
        ' "state": "now", "note": "..."}')  # fmt: skip


def add_words(acts: Commands) -> None:
    """What may be typed behind `crm-desktop role`."""
    standing = command(
        acts, STAND_IN, _("give somebody the rights of an absent colleague for a time"),
        answer='{"absent": 7, "stand_in": 8, "until": "2026-08-14"}',
    )  # fmt: skip
    standing.add_argument("absent", metavar="ABSENT", help=_("who is away, by name or number"))
    standing.add_argument("stand_in", metavar="STAND_IN", help=_("who has their rights"))
    standing.add_argument("--since", metavar="DAY", help=_("the first day; today if not said"))
    standing.add_argument("--until", metavar="DAY", required=True, help=_("the last day"))
    standing.add_argument("--note", metavar="TEXT", default="", help=_("what for"))
    listed = command(acts, STAND_INS, _("who stands in for whom, now and later"),
                     answer='{"total": 1, "rows": [' + _ROW + "]}")  # fmt: skip
    listed.add_argument("--all", action="store_true", help=_("also those that are over"))
    ending = command(acts, END, _("end a substitution now"), answer=_ROW)
    ending.add_argument(
        "which", metavar="NUMBER|ABSENT", help=_("its number, or who was away, by name")
    )


def run_stand_in(workspace: Workspace, roles: Roles, given: Namespace) -> Answer:
    """Begins one."""
    staff = workspace.catalogue.staff().key
    absent, instead = (
        int(one) if one.isdecimal() else find_record(workspace, staff, one)
        for one in (given.absent, given.stand_in)
    )
    zone = workspace.clock.local().tzinfo
    begins = datetime.combine(_day(given.since), time(), zone) if given.since else None
    until = _day(given.until)
    ends = datetime.combine(until, time(23, 59, 59), zone)
    roles.stand_in(absent, instead, begins or workspace.clock.now(), ends, given.note)
    value = {"absent": absent, "stand_in": instead, "until": until.isoformat()}
    names = _names(workspace, [absent, instead])
    said = _("{name} has the rights of {absent} until {day}")
    line = said.format(name=names[instead], absent=names[absent], day=until.isoformat())
    return Answer(value, [line])


def run_stand_ins(workspace: Workspace, _roles: Roles, given: Namespace) -> Answer:
    """Tells all."""
    from crm_desktop.services.rights.stand_ins import LATER, NOW, OVER, STATES, told

    found = told(workspace, states=(LATER, NOW, OVER) if given.all else (LATER, NOW))
    head = ("№", _("Away"), _("Stands in"), _("From – until"), _("State"), _("Reason"))
    cells = [
        (str(one.it.id), one.absent, one.stand_in, one.days(), _(STATES[one.state]), one.it.note)
        for one in found
    ]
    return Answer({"total": len(found), "rows": [_plain(one) for one in found]}, table(head, cells))


def run_end(workspace: Workspace, roles: Roles, given: Namespace) -> Answer:
    """Ends one."""
    from crm_desktop.services.rights.stand_ins import told

    open_ = told(workspace)
    if given.which.isdecimal():
        chosen = [one for one in open_ if one.it.id == int(given.which)]
    else:
        who = find_record(workspace, workspace.catalogue.staff().key, given.which)
        chosen = [one for one in open_ if one.it.absent == who]
    if len(chosen) > 1:
        known = ", ".join(f"{one.it.id}: {one.sentence()}" for one in chosen)
        raise InvalidInput(_("Several are meant, name one by its number: {known}").format(
            known=known))  # fmt: skip
    if not chosen:
        raise NotFound(_("This substitution is over, or there is none of this number"))
    roles.end_stand_in(chosen[0].it.id)
    said = _("{name} no longer stands in for {absent}")
    line = said.format(name=chosen[0].stand_in, absent=chosen[0].absent)
    return Answer(_plain(chosen[0]) | {"state": "over"}, [line])


def _plain(one: Told) -> dict[str, Any]:
    return {
        "id": one.it.id, "absent": one.it.absent, "stand_in": one.it.stand_in,
        "since": one.first.date().isoformat(), "until": one.last.date().isoformat(),
        "state": one.state, "note": one.it.note,
    }  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        said = _("Write the day as 2026-08-14 instead of “{text}”")
        raise InvalidInput(said.format(text=text)) from None


def _names(workspace: Workspace, ids: list[int]) -> dict[int, str]:
    from crm_desktop.models.catalogue.definitions import Ref

    staff = workspace.catalogue.staff().key
    found = workspace.titles.of([Ref(staff, id_) for id_ in ids])
    return {id_: found[Ref(staff, id_)].text if Ref(staff, id_) in found else str(id_)
            for id_ in ids}  # fmt: skip
