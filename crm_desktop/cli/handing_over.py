"""The commands by which somebody's records go to others: `hand-over`, `hand-back`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crm_desktop import i18n
from crm_desktop.cli.answer import Answer
from crm_desktop.cli.command_words import Commands, command, number
from crm_desktop.cli.usage import WrongUsage, words_of
from crm_desktop.cli.values import find_record
from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import where_from_json
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.services.json_files import parse_json
from crm_desktop.services.planner.bars import moment, seconds
from crm_desktop.services.workspace import Workspace

if TYPE_CHECKING:
    from crm_desktop.services.handing_over.meetings import Entry
    from crm_desktop.services.handing_over.planning import Draft, Rule

COMMAND, BACK = "hand-over", "hand-back"


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop hand-over` and `hand-back`."""
    over = command(
        commands, COMMAND, _("what somebody answers for goes to others"),
        answer='{"operation": 12, "records": 340, "totals": {"...": 120}, "receivers": [\n'
               ' {"colleague": 5, "counts": {"...": 60}}],\n "clashes": [{"colleague": 5,'
               ' "entry": "17", "text": "...", "free": ["2026-03-02T11:00:00+00:00"]}],\n'
               ' "moved": [{"entry": "17", "text": "..."}], "away": [5], "messages": 2,'
               ' "letters": [{"colleague": 5, "subject": "...", "text": "..."}], "views": 1}',
        epilog=_("What is won, lost or done stays with whoever did it."),
    )  # fmt: skip
    over.add_argument("who", metavar="PERSON", help=_("who leaves or is ill: name or number"))
    over.add_argument("--to", action="append", default=[], metavar="PERSON", required=True,
                      help=_("who takes it over; several share evenly"))  # fmt: skip
    over.add_argument("--rule", action="append", default=[], metavar="OBJECT:JSON:PERSON",
                      help=_("records that meet a condition go to this person"))  # fmt: skip
    over.add_argument("--except", action="append", default=[], dest="exceptions",
                      metavar="OBJECT:ID:PERSON", help=_("one record by hand"))  # fmt: skip
    over.add_argument("--only", metavar="OBJECT,...", help=_("nothing but these objects"))
    over.add_argument("--time", action="append", default=[], dest="times", metavar="ENTRY=MOMENT",
                      help=_("an entry that clashes is moved to this time with it"))  # fmt: skip
    over.add_argument("--note", default="", metavar="TEXT",
                      help=_("your own words in the message to each receiver"))  # fmt: skip
    over.add_argument("--test", action="store_true", help=_("only count; nothing is written"))
    back = command(
        commands, BACK, _("give one record of a hand-over back, with what goes along with it"),
        answer='{"operation": 14}',
    )  # fmt: skip
    back.add_argument("operation", metavar="OPERATION", type=number, help=_("of the hand-over"))
    back.add_argument("object", metavar="OBJECT", help=_("its object"))
    back.add_argument("id", metavar="ID", type=number, help=_("its number"))


def hand_over(workspace: Workspace, given: Namespace) -> Answer:
    """Counts who would get what and, unless it is a test, does it."""
    from crm_desktop.services.handing_over.carrying import carry_out
    from crm_desktop.services.handing_over.meetings import moments
    from crm_desktop.services.handing_over.planning import Handing, draft

    objects = [workspace.catalogue.find(name).key for name in (given.only or "").split(",") if name]
    handing = Handing(
        _colleague(workspace, given.who),
        tuple(_colleague(workspace, name) for name in given.to),
        tuple(_rule(workspace, text) for text in given.rule),
        dict(_exception(workspace, text) for text in given.exceptions),
        tuple(objects),
        dict(_time(workspace, text) for text in given.times),
    )
    found = draft(workspace, handing)
    _refuse_unknown(found)
    value = {
        "operation": None, "records": len(found.given), "totals": found.totals(),
        "receivers": [{"colleague": who, "counts": counts}
                      for who, counts in found.counts().items()],
        "clashes": [{"colleague": one.receiver, "entry": _typed(one.entry), "text": one.text,
                     "free": moments(one)} for one in found.meetings],
        "moved": [{"entry": _typed(one.entry), "text": one.text} for one in found.moved],
        "away": sorted(found.away), "messages": len(found.letters), "views": found.views,
        "letters": [{"colleague": one.whom, "subject": one.subject, "text": one.text}
                    for one in (letter.with_note(given.note) for letter in found.letters)],
    }  # fmt: skip
    if not given.test:
        value["operation"] = carry_out(workspace, found, note=given.note).operation
    lines = _lines(workspace, found, test=given.test)
    if not given.test:
        said = _("Operation {number}: “undo” takes all of it back, “hand-back” one record")
        lines.append(said.format(number=value["operation"]))
    return Answer(value, lines)


def hand_back(workspace: Workspace, given: Namespace) -> Answer:
    """One record and what goes along with it, to whoever had it."""
    from crm_desktop.services.handing_over.giving_back import give_back

    record = Ref(workspace.catalogue.find(given.object).key, given.id)
    operation = give_back(workspace, given.operation, record)
    name = workspace.titles.of([record])[record].text
    return Answer({"operation": operation}, [_("Given back: {name}").format(name=name)])


def _lines(workspace: Workspace, found: Draft, *, test: bool) -> list[str]:
    catalogue, staff = workspace.catalogue, workspace.catalogue.staff().key
    names = workspace.titles.of([Ref(staff, who) for who in found.counts()])
    lines = []
    for who, counts in found.counts().items():
        told = ", ".join(f"{_(catalogue[key].plural)}: {count}" for key, count in counts.items())
        lines.append(f"{names[Ref(staff, who)].text}: {told}")
    for who, until in found.away.items():
        day = until.astimezone(workspace.worktime.office_zone()).date()
        said = _("{name} is away until {day}")
        lines.append(said.format(name=names[Ref(staff, who)].text,
                                 day=format_date(day, i18n.language())))  # fmt: skip
    lines += _clash_lines(workspace, found)
    lines += [_("At another time: {what}").format(what=one.text) for one in found.moved]
    if found.views:
        first = Ref(staff, found.handing.receivers[0])
        said = ngettext("{count} saved view goes to {name}", "{count} saved views go to {name}",
                        found.views)  # fmt: skip
        receiver = workspace.titles.of([first])[first].text
        lines.append(said.format(count=found.views, name=receiver))
    whole = len(found.given)
    said = (
        ngettext("{count} record would go over", "{count} records would go over", whole)
        if test else ngettext("{count} record went over", "{count} records went over", whole)
    )  # fmt: skip
    return [*lines, said.format(count=whole)]


def _clash_lines(workspace: Workspace, found: Draft) -> Iterator[str]:
    if found.meetings:
        yield _("Taken twice:")
    zone, language = workspace.worktime.office_zone(), i18n.language()
    for one in found.meetings:
        yield f"  {_typed(one.entry)}  {one.text}"
        begins = [moment(at).astimezone(zone) for at in one.free]
        when = ", ".join(f"{format_date(at.date(), language)} {at:%H:%M}" for at in begins)
        if when:
            yield "    " + _("Free instead: {when}").format(when=when)


def _colleague(workspace: Workspace, text: str) -> int:
    name, staff = text.strip(), workspace.catalogue.staff().key
    return int(name) if name.isdigit() else find_record(workspace, staff, name)


def _typed(entry: Entry) -> str:
    """As `--time` takes it: the number, of a series with the start of the date."""
    record, origin = entry
    return f"{record}@{moment(origin).isoformat()}" if origin else str(record)


def _time(workspace: Workspace, text: str) -> tuple[Entry, int]:
    from crm_desktop.models.catalogue.traits import Scheduled

    entity, scheduled = workspace.catalogue.with_trait(Scheduled)
    name, _sign, when = text.partition("=")
    number, _sign, origin = name.strip().partition("@")
    if not number.isdigit() or not when.strip():
        raise WrongUsage(_("A time is ENTRY=MOMENT, such as 17=2026-03-02T14:00"), field="times")
    starts = entity.field(scheduled.starts)
    with words_of("times"):
        at, of = (
            starts.parse(one, workspace.parse_context()) if one else None for one in (when, origin)
        )
    return (int(number), seconds(of) if of is not None else 0), seconds(at)


def _refuse_unknown(found: Draft) -> None:
    """`InvalidInput` for a time of what is not handed over or has begun."""
    known = {one.entry for one in found.moved}
    for entry in found.handing.times:
        if entry not in known:
            said = _("{entry} is no entry to come that is handed over, or has that time already")
            raise InvalidInput(said.format(entry=_typed(entry)), field="times")


def _rule(workspace: Workspace, text: str) -> Rule:
    from crm_desktop.services.handing_over.planning import Rule

    name, _sign, rest = text.partition(":")
    condition, _sign, who = rest.rpartition(":")
    with words_of("rule"):
        where = where_from_json(parse_json(condition, "--rule")) if condition else None
    if where is None or not who:
        raise WrongUsage(_("A rule is OBJECT:JSON:PERSON, the JSON as in --where"), field="rule")
    return Rule(workspace.catalogue.find(name).key, where, _colleague(workspace, who))


def _exception(workspace: Workspace, text: str) -> tuple[Ref, int]:
    parts = text.split(":", 2)
    if len(parts) != 3 or not parts[1].strip().isdigit():
        raise WrongUsage(_("An exception is OBJECT:ID:PERSON"), field="exceptions")
    record = Ref(workspace.catalogue.find(parts[0]).key, int(parts[1]))
    return record, _colleague(workspace, parts[2])
