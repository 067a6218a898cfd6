"""`crm-desktop register`: a double click on a base or a connection file opens the program."""

from __future__ import annotations

from argparse import Namespace

from crm_desktop.cli.answer import Answer
from crm_desktop.cli.command_words import Commands, command
from crm_desktop.i18n import _
from crm_desktop.services.os_integration.file_types import TYPES, register, unregister

COMMAND = "register"


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop register`."""
    words = command(
        commands, COMMAND, _("let a double click on .crm and .crmconn open the program, for you"),
        base=False,
        answer='{"registered": true, "types": [".crm", ".crmconn"], "written": ["..."]}',
    )  # fmt: skip
    words.add_argument("--remove", action="store_true", help=_("take that back"))


def run(given: Namespace) -> Answer:
    """Tells the desktop, or takes it back."""
    types = [one.ending for one in TYPES]
    if given.remove:
        lines = [
            _("A double click does not open the program any more")
            if unregister() else _("Nothing was registered here")
        ]  # fmt: skip
        return Answer({"registered": False, "types": types, "written": []}, lines)
    written = [str(one) for one in register()]
    said = _("A double click on {types} opens the program now").format(types=", ".join(types))
    return Answer({"registered": True, "types": types, "written": written}, [said, *written])
