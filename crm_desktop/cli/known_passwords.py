"""A password that the administrator knows, too, or that is too old, opens the base for one command:
the one that chooses another."""

from __future__ import annotations

from argparse import Namespace

from crm_desktop.cli import users
from crm_desktop.cli.secret_words import NEW_VARIABLE
from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.services.server.password_rules import FIRST, REASONS, why_change
from crm_desktop.services.workspace import Workspace
from crm_desktop.settings import without_password


def refuse_known_password(workspace: Workspace, address: str, given: Namespace) -> None:
    """For whatever a person asks for. `UserError` says how another one is chosen."""
    chooses = given.command == users.COMMAND and given.action == "password" and not given.login
    if not chooses:
        _refuse(why_change(workspace), address)


def refuse_first_password(workspace: Workspace, address: str) -> None:
    """For what goes on by itself, copies and `serve`: one that is merely old ends nothing there."""
    reason = why_change(workspace)
    if reason == FIRST:
        _refuse(reason, address)


def _refuse(reason: str, address: str) -> None:
    if not reason:
        return
    how = _("Nothing was done. In the window the program asks for another one; here it is chosen "
            "by “{command}”, in a script with {variable}.")  # fmt: skip
    command = f"crm-desktop user password --base {without_password(address)}"
    said = how.format(command=command, variable=NEW_VARIABLE)
    raise UserError(f"{_(REASONS[reason])} {said}", field="password")
