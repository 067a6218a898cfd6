"""The commands about records that mean the same: duplicates, merge."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Sequence

from crm_desktop.cli.answer import Answer
from crm_desktop.cli.command_words import Commands, add_object, command
from crm_desktop.cli.output import complain
from crm_desktop.cli.usage import WrongUsage
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.services.duplicates.wording import reasons_in_words
from crm_desktop.services.workspace import Workspace

COMMAND = "duplicates"
GROUPS_SHOWN = 200
PROGRESS_EVERY = 50


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop duplicates`."""
    twice = command(
        commands, COMMAND, _("find records that probably mean the same"),
        epilog=_(
            "Every record is compared with those it may repeat: telephones, e-mail addresses, tax\n"
            "and other numbers, names (legal form, other alphabet, a wrong letter), town, date of\n"
            "birth. What is found is kept: the window shows it on its page “Duplicates”."
        ),
        answer='{"total": 1, "groups": [{"likelihood": 0.97, "records": [{"id": 7, "title": "..."},'
               '\n  {"id": 17, "title": "..."}], "reasons": ["same_phone", "same_name"]}]}',
    )  # fmt: skip
    add_object(twice)
    twice.add_argument("--min", type=float, metavar="LIKELIHOOD",
                       help=_("from 0.5 to 1; else the threshold of the base"))  # fmt: skip
    twice.add_argument("--progress", action="store_true",
                       help=_("JSON lines on standard error"))  # fmt: skip


def duplicates(workspace: Workspace, given: Namespace) -> Answer:
    """The groups of records that probably mean the same."""
    entity = workspace.catalogue.find(given.object)
    service = workspace.duplicates
    least = service.limits().shown if given.min is None else given.min
    if not 0.5 <= least <= 1:
        raise WrongUsage(_("A likelihood is between 0.5 and 1"))
    found = service.sweep(entity, minimum=least, progress=_told if given.progress else _silent)
    titles = _titles(workspace, entity, [id_ for group in found.groups for id_ in group.ids])
    value = [
        {
            "likelihood": round(group.likelihood, 3),
            "records": [{"id": id_, "title": titles.get(id_, "")} for id_ in group.ids],
            "reasons": list(group.reasons),
        }
        for group in found.groups
    ]
    lines = []
    for group in found.groups[:GROUPS_SHOWN]:
        lines.append(f"{group.likelihood:.0%}  {', '.join(reasons_in_words(group.reasons))}")
        lines += [f"    {id_}  {titles.get(id_, '')}" for id_ in group.ids]
    total = ngettext("{count} group", "{count} groups", len(value)).format(count=len(value))
    told = {entity.key: [*titles]}
    return Answer({"total": len(value), "groups": value}, [*lines, total], told=told)


def _titles(workspace: Workspace, entity: EntityDef, ids: Sequence[int]) -> dict[int, str]:
    rows = workspace.reader.many(entity.key, ids, [entity.title_field])
    return {id_: entity.title.format(row[entity.title_field], "en") for id_, row in rows.items()}


def _silent(_done: int, _whole: int) -> None:
    """Nobody watches."""


def _told(done: int, whole: int) -> None:
    """JSON lines on standard error, as an import tells them."""
    if done % PROGRESS_EVERY == 0:
        complain(json.dumps({"done": done, "whole": whole}))


def merge(workspace: Workspace, given: Namespace) -> Answer:
    """Several records into the first of them."""
    entity = workspace.catalogue.find(given.object)
    keep = _kept(given.keep)
    outcome = workspace.merging.merge(entity, given.id, keep=keep)
    losers = list(dict.fromkeys(given.id))[1:]
    value = {"operation": outcome.operation, "id": given.id[0], "merged": losers}
    text = ngettext(
        "{count} record merged into {id}", "{count} records merged into {id}", len(losers)
    )
    return Answer(
        value,
        [
            text.format(count=len(losers), id=given.id[0]),
            _("Undo it with: crm-desktop undo {number}").format(number=outcome.operation),
        ],
    )


def _kept(pairs: Sequence[str]) -> dict[str, int]:
    """FIELD=ID,... as field and record whose value stays."""
    kept: dict[str, int] = {}
    for pair in (part for text in pairs for part in text.split(",")):
        name, _sign, number = pair.partition("=")
        if not name.strip() or not number.strip().isascii() or not number.strip().isdigit():
            raise WrongUsage(_("Write FIELD=ID instead of “{text}”").format(text=pair))
        kept[name.strip()] = int(number)
    return kept
