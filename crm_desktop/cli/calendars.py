"""The commands about calendar files: ics export, ics import."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime, timedelta
from pathlib import Path

from crm_desktop.cli.answer import Answer
from crm_desktop.cli.command_words import Commands, command
from crm_desktop.errors import NotFound
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.traits import Scheduled, TakesPart
from crm_desktop.services.ics.found import Left
from crm_desktop.services.workspace import Workspace

COMMAND = "ics"
LEFT_SHOWN = 30


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop ics`."""
    whole = command(commands, COMMAND, _("calendar files (iCalendar): write them, bring them in"))
    acts = whole.add_subparsers(dest="action", metavar="ACTION", required=True)
    out = command(
        acts, "export", _("write activities to a calendar file"),
        answer='{"activities": 42, "file": "plan.ics",\n'
               ' "left_out": [{"entry": 2, "name": "...", "reason": "..."}]}',
    )  # fmt: skip
    out.add_argument("file", metavar="FILE", help=".ics")
    out.add_argument("--who", metavar="W", help=_("only of this colleague: name or number"))
    out.add_argument("--from", metavar="D", dest="since", help=_("from this day on"))
    out.add_argument("--to", metavar="D", dest="until", help=_("to the end of this day"))
    bring = command(
        acts, "import", _("bring in the events and tasks of a calendar file"),
        answer='{"operation": 31, "read": 3, "created": 2, "updated": 1, "unchanged": 0,\n'
               ' "left_out": [{"entry": 2, "name": "...", "reason": "..."}]}',
    )  # fmt: skip
    bring.add_argument("file", metavar="FILE", help=".ics")
    bring.add_argument("--test", action="store_true", help=_("only say what would happen"))


def run(workspace: Workspace, given: Namespace) -> Answer:
    """One of the actions on calendar files."""
    return {"export": export, "import": bring_in}[given.action](workspace, given)


def export(workspace: Workspace, given: Namespace) -> Answer:
    """Activities to a file that other calendars understand."""
    from crm_desktop.services.ics.choosing import ids_between
    from crm_desktop.services.ics.exporting import export_calendar
    from crm_desktop.services.rights import acts

    path = Path(given.file)
    who = _colleague(workspace, given.who) if given.who else None
    since, until = _day(workspace, given.since, 0), _day(workspace, given.until, 1)
    left: list[Left] = []
    ids = ids_between(workspace, since, until, who)
    acts.export_records(workspace, workspace.catalogue.with_trait(Scheduled)[0], ids, path)
    count = export_calendar(workspace, ids, path, left=left)
    text = ngettext("{count} activity written to {file}", "{count} activities written to {file}",
                    count)  # fmt: skip
    lines = [text.format(count=count, file=path.name)]
    lines += [_left_line(one.number, one.name, one.reason) for one in left[:LEFT_SHOWN]]
    told = [{"entry": one.number, "name": one.name, "reason": one.reason} for one in left]
    return Answer({"activities": count, "file": str(path), "left_out": told}, lines)


def bring_in(workspace: Workspace, given: Namespace) -> Answer:
    """A calendar file into the base; what was left out is listed."""
    from crm_desktop.services.ics.bringing import bring_file

    brought = bring_file(workspace, Path(given.file), test=given.test)
    value = brought.to_json()
    sentence = (
        _("Nothing was written. Of {read} entries: {created} activities would be created, "
          "{updated} updated, {unchanged} are the same already")
        if given.test
        else _("Read {read} entries: {created} activities created, {updated} updated, {unchanged} "
               "are the same already")
    )  # fmt: skip
    lines = [sentence.format(**{k: value[k] for k in ("read", "created", "updated", "unchanged")})]
    lines += [_left_line(one.number, one.name, one.reason) for one in brought.left[:LEFT_SHOWN]]
    if brought.operation is not None:
        lines.append(_("Undo it with: crm-desktop undo {number}").format(number=brought.operation))
    return Answer(value, lines)


def _left_line(number: int, name: str, reason: str) -> str:
    if not number:
        return f"  {reason}"
    return _("  entry {number} “{name}”: {reason}").format(number=number, name=name, reason=reason)


def _colleague(workspace: Workspace, text: str) -> int:
    taking, part = workspace.catalogue.with_trait(TakesPart)
    entity = workspace.catalogue[getattr(taking.field(part.staff), "target", "")]
    if text.isascii() and text.isdigit() and workspace.reader.exists(entity.key, [int(text)]):
        return int(text)
    found = workspace.titles.find(entity.key, text)
    if len(found) != 1:
        raise NotFound(_("There is no colleague “{name}”, or there are several").format(name=text))
    return found[0]


def _day(workspace: Workspace, text: str | None, more: int) -> datetime | None:
    """The beginning of a day that was typed, `more` days later."""
    if not text:
        return None
    from crm_desktop.services.ics.lookup import home_zone

    entity, trait = workspace.catalogue.with_trait(Scheduled)
    moment = entity.field(trait.starts).parse(text, workspace.parse_context())
    local = moment.astimezone(home_zone(workspace))
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    begin: datetime = day + timedelta(days=more)
    return begin
