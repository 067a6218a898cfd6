"""The command about decoys: records that nobody has business with, so that who takes them out is
noticed."""

from __future__ import annotations

from argparse import Namespace

from crm_desktop.cli.answer import Answer
from crm_desktop.cli.command_words import Commands, command, number
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.workspace import Workspace

COMMAND = "decoy"


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop decoy`."""
    words = command(commands, COMMAND, _("records whose appearance in an export alarms the head"))
    acts = words.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, told in (
        ("add", _("make a record a decoy; staff see nothing special in it")),
        ("remove", _("a record is no decoy any more")),
    ):
        one = command(acts, name, told, answer='{"object": "client", "id": 7, "decoy": true}')
        one.add_argument("object", metavar="OBJECT", help=_("key of the object"))
        one.add_argument("id", metavar="N", type=number, help=_("number of the record"))
    command(acts, "list", _("all decoys"), answer='{"rows": [{"object": "client", "id": 7}]}')


def run(workspace: Workspace, given: Namespace) -> Answer:
    """For administrators of a base on a server."""
    from crm_desktop.services.audit import leak_detection

    if given.action == "list":
        found = leak_detection.decoys(workspace)
        titles = workspace.titles.of(found)
        lines = [f"{ref.entity} {ref.id} {titles[ref].text if ref in titles else ''}".rstrip()
                 for ref in found]  # fmt: skip
        return Answer({"rows": [{"object": ref.entity, "id": ref.id} for ref in found]}, lines)
    ref, is_decoy = Ref(workspace.catalogue[given.object].key, given.id), given.action == "add"
    leak_detection.mark(workspace, ref, is_decoy=is_decoy)
    line = _("The record is a decoy now") if is_decoy else _("The record is no decoy any more")
    return Answer({"object": ref.entity, "id": ref.id, "decoy": is_decoy}, [line])
