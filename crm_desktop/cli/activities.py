"""The commands about activities and their days: plan, list, finish and move them; the agenda."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from crm_desktop.cli.answer import Answer, table
from crm_desktop.cli.command_words import Commands, add_force, add_id, command, count
from crm_desktop.cli.values import find_record, parse_value
from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.dates import parse_date
from crm_desktop.models.text.problems import Unreadable
from crm_desktop.models.whole_days import date_of
from crm_desktop.services.activities import my_day
from crm_desktop.services.activities import service as activities
from crm_desktop.services.activities.my_day import Task
from crm_desktop.services.planner.schedule import Schedule
from crm_desktop.services.series.writes import ALL, FOLLOWING, THIS
from crm_desktop.services.workspace import Workspace

COMMAND, AGENDA = activities.KEY, "agenda"
_ONE = ('{"id": 7, "group": "today", "subject": "...", "kind": "call", "state": "planned",\n'
        ' "who": "...", "about": "...", "starts": "...", "ends": null, "due": "...",\n'
        ' "all_day": false}')  # fmt: skip
_WEEK, MOST = timedelta(days=6), 1000


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop activity` and `crm-desktop agenda`."""
    whole = command(commands, COMMAND, _("activities: plan, list, finish, move"))
    acts = whole.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = command(acts, "add", _("plan what a line says"), answer=_ONE)
    add.add_argument(
        "line", metavar="TEXT", help=_("what and when: “Call Anna on Friday at 15:30 for an hour”")
    )
    add.add_argument(
        "--kind",
        default="",
        help=_("the kind, by its key or name; else what the line says, a task"),
    )
    add.add_argument("--who", metavar="NAME", help=_("the responsible colleague; else nobody"))
    add.add_argument("--about", metavar="OBJECT:RECORD", help=_("which record it is about"))
    add.add_argument("--with", dest="people", action="append", default=[], metavar="NAME",
                     help=_("a colleague who takes part; may be said several times"))  # fmt: skip
    add.add_argument("--resource", dest="things", action="append", default=[], metavar="NAME",
                     help=_("a room, car or tool it takes; may be said several times"))  # fmt: skip
    add_force(add)
    known = command(
        acts, "list", _("overdue, today, waiting for others, without date"),
        answer=f'{{"total": 1, "rows": [{_ONE}]}}',
    )  # fmt: skip
    _who(known)
    _pages(known)
    done = command(acts, "done", _("finish an activity"), answer=_ONE)
    add_id(done)
    done.add_argument("--result", metavar="NAME", help=_("the result, from its reference book"))
    done.add_argument("--note", default="", metavar="TEXT", help=_("a few words"))
    move = command(acts, "move", _("put an activity off, or forward"), answer=_ONE)
    add_id(move)
    move.add_argument("to", metavar="WHEN", help=_("“tomorrow at 10”, “in a week”, “Fri 15:00”"))
    move.add_argument("--reason", default="", metavar="TEXT", help=_("why"))
    move.add_argument(
        "--dates", choices=[THIS, FOLLOWING, ALL], default=THIS,
        help=_("of a series: the date that is due, it and the following, or all"),
    )  # fmt: skip
    add_force(move)
    days = command(
        commands, AGENDA, _("what is planned between two days"),
        answer=f'{{"from": "...", "to": "...", "total": 1, "rows": [{_ONE}]}}',
    )  # fmt: skip
    _who(days)
    days.add_argument("--from", dest="first", metavar="DAY", help=_("the first day; else today"))
    days.add_argument("--to", dest="last", metavar="DAY",
                      help=_("the last day; else six days after the first"))  # fmt: skip
    _pages(days)


def _who(words: Any) -> None:
    words.add_argument("--who", metavar="NAME", help=_("only this colleague’s; else everybody’s"))


def _pages(words: Any) -> None:
    most = _("at most so many; {count} if not given").format(count=MOST)
    words.add_argument("--limit", metavar="N", type=count, default=MOST, help=most)
    words.add_argument(
        "--offset", metavar="N", type=count, default=0, help=_("leave out the first N")
    )


def run(workspace: Workspace, given: Namespace) -> Answer:
    """One of the actions on activities."""
    acts = {"add": add, "list": listed, "done": done, "move": move}
    return acts[given.action](workspace, given)


def add(workspace: Workspace, given: Namespace) -> Answer:
    """Plans what the line says."""
    entity = workspace.catalogue[activities.KEY]
    values: dict[str, Any] = {}
    if given.who:
        values["author"] = _colleague(workspace, given.who)
    if given.about:
        values["about"] = parse_value(workspace, entity.field("about"), given.about)
    kind = parse_value(workspace, entity.field("kind"), given.kind) if given.kind else ""
    rows = Schedule.of(workspace.tables)
    beside = [Ref(rows.staff.key, _known(workspace, name)) for name in given.people]
    beside += [Ref(rows.resource.key, find_record(workspace, rows.resource.key, name))
               for name in given.things]  # fmt: skip
    return _one(workspace, activities.plan(workspace, given.line, kind, values, beside))


def listed(workspace: Workspace, given: Namespace) -> Answer:
    """The groups of a day, one after the other."""
    offset, limit = given.offset, given.limit
    found = my_day.my_day(workspace, _colleague(workspace, given.who), offset + limit)
    tasks: list[Task] = []
    before = 0
    for group in my_day.GROUPS:  # each is known from its first one on
        first, last = max(0, offset - before), max(0, offset + limit - before)
        tasks += found[group][first:last]
        before += found.counts[group]
    shown = _Shown(tasks, before, _("Nothing is left to do"))
    return _several(workspace, shown, {}, _group_names())


def done(workspace: Workspace, given: Namespace) -> Answer:
    """Finishes one."""
    result = None
    if given.result:
        result = parse_value(
            workspace, workspace.catalogue[activities.KEY].field("result"), given.result
        )
    activities.done(workspace, given.id, result=result, note=given.note)
    return _one(workspace, given.id)


def move(workspace: Workspace, given: Namespace) -> Answer:
    """Puts one off to the moment that words say."""
    dates = activities.Dates(extent=given.dates)
    one = activities.standing(workspace, given.id, dates)
    to = activities.moment_of(workspace, one, given.to)
    outcome = activities.reschedule(workspace, given.id, to, given.reason, dates)
    made = workspace.reader.exists(activities.KEY, list(outcome.ids))  # a date of a series
    return _one(workspace, min(made, default=given.id))


def agenda(workspace: Workspace, given: Namespace) -> Answer:
    """What is planned between two days."""
    first = _day(workspace, given.first) or workspace.clock.today()
    last = _day(workspace, given.last) or first + _WEEK
    if last < first:
        raise InvalidInput(_("The last day is before the first one"))
    found = my_day.agenda_part(
        workspace, _colleague(workspace, given.who), (first, last),
        offset=given.offset, limit=given.limit,
    )  # fmt: skip
    shown = _Shown(found.tasks, found.total, _("Nothing is planned for these days"))
    return _several(workspace, shown, {"from": first.isoformat(), "to": last.isoformat()}, {})


# --- reading and saying -------------------------------------------------------------------------


def _colleague(workspace: Workspace, name: str | None) -> int | None:
    return _known(workspace, name) if name else None


def _known(workspace: Workspace, name: str) -> int:
    staff = workspace.catalogue.staff().key
    return int(name) if name.isascii() and name.isdigit() else find_record(workspace, staff, name)


def _day(workspace: Workspace, text: str | None) -> date | None:
    if not text:
        return None
    context = workspace.parse_context()
    try:
        return parse_date(text, today=context.now.date(), order=context.date_order)
    except Unreadable:
        raise InvalidInput(_("“{text}” is not a day").format(text=text)) from None


def _group_names() -> dict[str, str]:
    return {
        my_day.OVERDUE: _("Overdue"), my_day.TODAY: _("Today"),
        my_day.WAITING: _("Waiting for others"), my_day.UNDATED: _("Without date"),
    }  # fmt: skip


def _one(workspace: Workspace, id_: int) -> Answer:
    values = workspace.reader.many(activities.KEY, [id_], my_day.READ)[id_]
    shown = _Shown([Task(Ref(activities.KEY, id_), "", values)], 0, "")
    made = _several(workspace, shown, {}, {})
    return Answer(made.value["rows"][0], made.lines)


class _Shown(NamedTuple):
    """What is shown, of how many (0: it is not said), and what is said instead of nothing."""

    tasks: Sequence[Task]
    total: int
    nothing: str


def _several(
    workspace: Workspace, shown: _Shown, more: dict[str, Any], groups: dict[str, str]
) -> Answer:
    rows = _plain(workspace, shown.tasks)
    lines = [
        [str(row["id"]), *([groups[task.group]] if groups else []), _when(workspace, task),
         row["who"], row["subject"], row["about"]]
        for row, task in zip(rows, shown.tasks, strict=True)
    ]  # fmt: skip
    header = ["id", *([_("Group")] if groups else []), _("When"), _("Who"), _("Subject"),
              _("About")]  # fmt: skip
    told = table(header, lines) if rows else [shown.nothing]
    if shown.total > len(rows):
        last = ngettext("{shown} of {count} record", "{shown} of {count} records", shown.total)
        told.append(last.format(shown=len(rows), count=shown.total))
    of = {activities.KEY: [row["id"] for row in rows]}
    return Answer({**more, "total": shown.total, "rows": rows}, told, told=of)


def _when(workspace: Workspace, task: Task) -> str:
    """The day and the hours; of what ends on another day that day too."""
    if task.when is None:
        return ""
    zone, ends = workspace.clock.zone(), task.values["ends"]
    begin = task.when.astimezone(zone)
    if task.values["all_day"]:
        return f"{date_of(task.when, zone, workspace.worktime.usual_zone()):%Y-%m-%d}"
    if task.values["starts"] is None or ends is None:
        return f"{begin:%Y-%m-%d %H:%M}"
    end = ends.astimezone(zone)
    until = f"{end:%H:%M}" if end.date() == begin.date() else f"{end:%m-%d %H:%M}"
    return f"{begin:%Y-%m-%d %H:%M}–{until}"


def _plain(workspace: Workspace, tasks: Sequence[Task]) -> list[dict[str, Any]]:
    staff = workspace.catalogue.staff().key
    refs = [Ref(staff, t.values["author"]) for t in tasks if t.values["author"]]
    refs += [t.values["about"] for t in tasks if t.values["about"]]
    names = workspace.titles.of(refs)

    def name(ref: Ref | None) -> str:
        return names[ref].text if ref in names else ""

    return [
        {
            "id": t.ref.id, "group": t.group, "subject": t.values["subject"],
            "kind": t.values["kind"], "state": t.values["state"],
            "who": name(Ref(staff, t.values["author"]) if t.values["author"] else None),
            "about": name(t.values["about"]),
            **{key: _iso(t.values[key]) for key in ("starts", "ends", "due")},
            "all_day": bool(t.values["all_day"]),
        }
        for t in tasks
    ]  # fmt: skip


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None
