"""The commands about working time: when working minutes are over, how many lie between moments."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from datetime import datetime, tzinfo

from crm_desktop.cli.answer import Answer
from crm_desktop.cli.command_words import Commands, command
from crm_desktop.cli.values import find_record
from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.fieldtypes import DateTimeField
from crm_desktop.models.worktime.arithmetic import WorkTime
from crm_desktop.services.workspace import Workspace

COMMAND = "worktime"
_TEXT = "%Y-%m-%d %H:%M"


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop worktime`."""
    whole = command(commands, COMMAND, _("reckon in working time: calendars, holidays, leave"))
    acts = whole.add_subparsers(dest="action", metavar="ACTION", required=True)
    when = _("a moment, such as “2026-11-20 17:30” or “tomorrow at 10”")
    add = command(
        acts, "add", _("when so many working minutes are over"),
        answer='{"from": "2026-11-20T17:30:00+03:00", "minutes": 60,\n'
               ' "moment": "2026-11-23T09:30:00+03:00", "zone": "Europe/Moscow"}',
    )  # fmt: skip
    add.add_argument("moment", metavar="MOMENT", help=when)
    add.add_argument("minutes", metavar="MINUTES", type=int,
                     help=_("working minutes; below 0 counts backwards"))  # fmt: skip
    between = command(
        acts, "between", _("how many working minutes lie between two moments"),
        answer='{"from": "2026-11-20T17:30:00+03:00", "to": "2026-11-23T09:30:00+03:00",\n'
               ' "minutes": 60, "zone": "Europe/Moscow"}',
    )  # fmt: skip
    between.add_argument("moment", metavar="FROM", help=when)
    between.add_argument("until", metavar="TO", help=when)
    for one in (add, between):
        one.add_argument("--who", metavar="NAME",
                         help=_("the colleague whose time it is; else the company’s"))  # fmt: skip


def run(workspace: Workspace, given: Namespace) -> Answer:
    """One of the two reckonings."""
    staff = workspace.catalogue.staff().key
    who = find_record(workspace, staff, given.who) if given.who else None
    time = workspace.worktime.of(who)
    acts = {"add": add, "between": between}
    return acts[given.action](workspace, given, time)


def add(workspace: Workspace, given: Namespace, time: WorkTime) -> Answer:
    """The moment at which the minutes are over."""
    first = _moment(workspace, given.moment, time.zone)
    last = time.add_minutes(first, given.minutes).astimezone(time.zone)
    value = {"from": first.isoformat(), "minutes": given.minutes, "moment": last.isoformat(),
             "zone": str(time.zone)}  # fmt: skip
    return Answer(value, [last.strftime(_TEXT)])


def between(workspace: Workspace, given: Namespace, time: WorkTime) -> Answer:
    """The working minutes from one moment to the other."""
    first, last = (_moment(workspace, text, time.zone) for text in (given.moment, given.until))
    minutes = time.minutes_between(first, last)
    value = {"from": first.isoformat(), "to": last.isoformat(), "minutes": minutes,
             "zone": str(time.zone)}  # fmt: skip
    line = ngettext("{count} working minute", "{count} working minutes", minutes)
    return Answer(value, [line.format(count=minutes)])


def _moment(workspace: Workspace, text: str, zone: tzinfo) -> datetime:
    """The moment that is typed, by the clocks of the calendar."""
    now = workspace.clock.now().astimezone(zone)
    context = replace(workspace.parse_context(), now=now)
    read = DateTimeField("moment", "When").parse(text, context)
    if not isinstance(read, datetime):
        raise InvalidInput(_("A day and a time, such as “tomorrow 15:00” or “23.11 9:30”"))
    return read.astimezone(zone)
