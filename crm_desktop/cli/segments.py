"""The commands about segments: list, add, change, members."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from crm_desktop.cli.answer import Answer, table
from crm_desktop.cli.command_words import Commands, command, count
from crm_desktop.cli.help_texts import where_help
from crm_desktop.cli.usage import WrongUsage
from crm_desktop.i18n import _
from crm_desktop.models.query import Query
from crm_desktop.services.selections.changes import change_selection
from crm_desktop.services.selections.service import (
    Selection,
    SelectionRows,
    members,
    selectable,
    selection_named,
    selections,
)
from crm_desktop.services.selections.writes import make_selection, save_selection
from crm_desktop.services.workspace import Workspace

COMMAND = "segment"
_ONE = '{"id": 9, "name": "...", "object": "client", "live": true, "count": 12, "note": ""}'


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop segment`."""
    whole = command(commands, COMMAND, _("segments: named lists of records, frozen or live"))
    acts = whole.add_subparsers(dest="action", metavar="ACTION", required=True)
    known = command(
        acts, "list", _("the segments of the base"), answer=f'{{"total": 1, "rows": [{_ONE}]}}'
    )
    known.add_argument("--object", metavar="O", help=_("only the segments of this object"))
    made = command(acts, "add", _("keep a segment"), epilog=where_help(), answer=_ONE)
    made.add_argument("name", metavar="NAME", help=_("what it is called"))
    made.add_argument("--object", metavar="O", required=True, help=_("whose records it holds"))
    made.add_argument("--where", metavar="JSON", help=_("the conditions that find its records"))
    made.add_argument("--ids", metavar="1,2,3", help=_("the records, by their numbers"))
    made.add_argument("--frozen", action="store_true",
                      help=_("keep what the conditions find now, once and for all"))  # fmt: skip
    made.add_argument("--note", default="", metavar="TEXT", help=_("what it is for"))
    _add_change(acts)
    found = command(
        acts, "members", _("the records of a segment"),
        answer='{"total": 2, "rows": [{"id": 7, ...}]}',
    )  # fmt: skip
    found.add_argument("name", metavar="NAME", help=_("the name or number of the segment"))
    found.add_argument("--object", metavar="O", help=_("of which object, if several are so called"))
    found.add_argument("--columns", metavar="a,b.c", help=_("which columns"))
    most = _("at most so many; {count} if not given").format(count=50)
    found.add_argument("--limit", metavar="N", type=count, default=50, help=most)


def _add_change(acts: Commands) -> None:
    changed = command(
        acts, "change", _("other conditions, another name or note of a segment"),
        epilog=where_help(), answer=_ONE,
    )  # fmt: skip
    changed.add_argument("name", metavar="NAME", help=_("the name or number of the segment"))
    whose = _("of which object, if several are so called")
    changed.add_argument("--object", metavar="O", help=whose)
    changed.add_argument("--where", metavar="JSON", help=_("the conditions that find its records"))
    changed.add_argument("--rename", default="", metavar="NAME", help=_("what it is called"))
    changed.add_argument("--note", metavar="TEXT", help=_("what it is for"))


def run(workspace: Workspace, given: Namespace) -> Answer:
    """One of the actions on segments."""
    acts = {"list": known_segments, "add": add, "change": change, "members": shown_members}
    return acts[given.action](workspace, given)


def _plain(workspace: Workspace, one: Selection) -> dict[str, Any]:
    return {
        "id": one.id, "name": one.name, "object": one.about, "live": one.live,
        "count": workspace.lists.count(members(one)), "note": one.note,
    }  # fmt: skip


def known_segments(workspace: Workspace, given: Namespace) -> Answer:
    """Every segment with the number of its records."""
    about = workspace.catalogue.find(given.object).key if given.object else None
    rows = [_plain(workspace, one) for one in selections(workspace, about)]
    lines = table(
        ["id", _("Name"), _("Object"), _("Kind"), _("Records")],
        [
            [str(r["id"]), r["name"], _(workspace.catalogue[r["object"]].plural),
             _("live") if r["live"] else _("frozen"), str(r["count"])]
            for r in rows
        ],
    )  # fmt: skip
    return Answer({"total": len(rows), "rows": rows}, lines if rows else [_("Nothing found")])


def add(workspace: Workspace, given: Namespace) -> Answer:
    """Keeps a new segment."""
    entity = selectable(workspace.catalogue, workspace.catalogue.find(given.object).key)
    if bool(given.where) == bool(given.ids):
        raise WrongUsage(_("Give either --where or --ids"))
    if given.ids:
        made = make_selection(
            workspace, given.name, entity, ids=_numbers(given.ids), note=given.note
        )
    else:
        from crm_desktop.cli.reading import query_of

        query = query_of(workspace, Namespace(object=entity.key, where=given.where))
        made = save_selection(workspace, given.name, query, live=not given.frozen, note=given.note)
    value = _plain(workspace, made)
    said = _("Segment “{name}”: {count}").format(name=made.name, count=value["count"])
    return Answer(value, [said])


def change(workspace: Workspace, given: Namespace) -> Answer:
    """Changes the conditions, the name or the note of a segment."""
    about = workspace.catalogue.find(given.object).key if given.object else None
    one = selection_named(workspace, given.name, about)
    if not given.where and not given.rename and given.note is None:
        raise WrongUsage(_("Say what to change: --where, --rename or --note"))
    query = None
    if given.where:
        from crm_desktop.cli.reading import query_of

        query = query_of(workspace, Namespace(object=one.about, where=given.where))
    change_selection(workspace, one, query=query, name=given.rename, note=given.note)
    changed = SelectionRows(workspace.reader, workspace.catalogue).get(one.id)
    value = _plain(workspace, changed)
    said = _("Segment “{name}”: {count}").format(name=changed.name, count=value["count"])
    return Answer(value, [said])


def _numbers(text: str) -> list[int]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or not all(part.isascii() and part.isdigit() for part in parts):
        raise WrongUsage(_("--ids takes numbers parted by commas, not “{text}”").format(
            text=text[:60]))  # fmt: skip
    return [int(part) for part in parts]


def shown_members(workspace: Workspace, given: Namespace) -> Answer:
    """The records of a segment as `list` shows them."""
    from crm_desktop.cli.reading import listed

    about = workspace.catalogue.find(given.object).key if given.object else None
    query: Query = members(selection_named(workspace, given.name, about))
    if given.columns:
        names = [name.strip() for name in given.columns.split(",") if name.strip()]
        query = query.replace(columns=tuple(names))
    return listed(workspace, query, limit=max(0, given.limit))
