"""The command that adds a value to a list of values of any object: a kind of activity, a state."""

from __future__ import annotations

from argparse import Namespace

from crm_desktop.cli.answer import Answer
from crm_desktop.cli.command_words import Commands, add_object, command
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import TONES
from crm_desktop.services.workspace import Workspace

COMMAND = "choice"


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop choice`."""
    words = command(
        commands, COMMAND, _("add a value to a list of values, such as a kind of activity"),
        answer='{"object": "activity", "field": "kind", "key": "x_inspection"}',
    )  # fmt: skip
    add_object(words)
    words.add_argument("field", metavar="FIELD", help=_("the field, by its key or name"))
    words.add_argument("name", metavar="NAME", help=_("what people call the value"))
    words.add_argument("--colour", choices=TONES, default="neutral", help=_("its colour"))
    words.add_argument("--icon", default="", metavar="ICON", help=_("its picture, by its name"))


def add(workspace: Workspace, given: Namespace) -> Answer:
    """Adds one value."""
    entity = workspace.catalogue.find(given.object)
    field = workspace.catalogue.field(entity, given.field)
    key = workspace.constructor.add_choice(
        entity, field.key, given.name, tone=given.colour, icon=given.icon
    )
    value = {"object": entity.key, "field": field.key, "key": key}
    return Answer(value, [_("Added: {names}").format(names=key)])
