"""`crm-desktop service`: `serve` as a service of the system, so that it starts with the machine."""

from __future__ import annotations

import argparse
import os
from argparse import Namespace
from pathlib import Path

import sqlalchemy as sa

from crm_desktop import i18n
from crm_desktop.cli.answer import Answer
from crm_desktop.cli.command_words import Commands, command
from crm_desktop.cli.secret_words import (
    add_password_word,
    secret_help,
    typed_address,
)
from crm_desktop.cli.serving import BASE_VARIABLE, add_copy_words, only_on_server
from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.backend.connect import is_server_address
from crm_desktop.services.os_integration.passwords import PASSWORD_VARIABLE
from crm_desktop.services.system_service.order import NAME, Order, Standing, manager

COMMAND = "service"
_RUNS, _BEGINS, _STOPS, _STANDS = N_("it runs"), N_("it begins"), N_("it ends"), N_("it is stopped")
_STATES = {
    "active": _RUNS, "running": _RUNS, "activating": _BEGINS, "starting": _BEGINS,
    "deactivating": _STOPS, "stopping": _STOPS, "inactive": _STANDS, "stopped": _STANDS,
    "failed": N_("it failed"),
}  # fmt: skip


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop service`."""
    whole = command(
        commands, COMMAND, _("“serve” as a service of the system, which starts with the machine"),
        base=False,
    )  # fmt: skip
    acts = whole.add_subparsers(dest="action", metavar="ACTION", required=True)
    install = command(
        acts, "install", _("install the service and start it; the administrator of the computer"),
        base=False, epilog=secret_help(),
        answer='{"name": "crm-desktop-serve", "state": "active", "done": ["..."]}',
    )  # fmt: skip
    install.add_argument("--base", metavar="URL|FILE.crmconn", default=argparse.SUPPRESS,
                         help=_("the base on a server, or the file that names it"))  # fmt: skip
    install.add_argument("--login", metavar="LOGIN", default="",
                         help=_("who signs in, where a connection file is given"))  # fmt: skip
    add_copy_words(install)
    install.add_argument("--folder", metavar="FOLDER", action="append", default=[],
                         help=_("one more folder that the service writes into, such as one with "
                                "enquiries that it watches; may be given again"))  # fmt: skip
    add_password_word(install)
    command(
        acts, "remove", _("end the service and take it away; copies stay"), base=False,
        answer='{"name": "crm-desktop-serve", "done": ["..."]}',
    )  # fmt: skip
    command(
        acts, "status", _("how the service stands"), base=False,
        answer='{"name": "crm-desktop-serve", "installed": true, "state": "active",\n'
               ' "starts_by_itself": true, "base": "firebird+fdb://...", "place": "..."}',
    )  # fmt: skip


def run(given: Namespace) -> Answer:
    """One of the actions."""
    return {"install": install, "remove": remove, "status": status}[given.action](given)


def install(given: Namespace) -> Answer:
    """Signs in once to see that the service will be able to, then installs it."""
    here = manager()
    here.check()
    address = _address(given)
    whole = typed_address(given, address)
    password = str(sa.make_url(whole).password or "")
    if not password:
        raise InvalidInput(
            _("The service signs in by itself: put the password into {variable}, or hand it over "
              "by --password-stdin").format(variable=PASSWORD_VARIABLE)
        )  # fmt: skip
    order = Order(
        address, given.language or i18n.language(), _folder(given.backup_to), given.backup_at,
        given.keep, tuple(Path(one).absolute() for one in given.folder),
    )  # fmt: skip
    _try(whole, order)
    done = here.install(order, password)
    value = {"name": NAME, "state": here.standing().state, "done": done}
    return Answer(value, [*done, _("How it stands: crm-desktop service status")])


def remove(_given: Namespace) -> Answer:
    """Ends it."""
    done = manager().remove()
    return Answer({"name": NAME, "done": done}, done)


def status(_given: Namespace) -> Answer:
    """How it stands; nobody needs to be an administrator for that."""
    found = manager().standing()
    value = {
        "name": NAME, "installed": found.installed, "state": found.state,
        "starts_by_itself": found.by_itself, "base": found.base, "place": found.place,
    }  # fmt: skip
    return Answer(value, _lines(found))


def _lines(found: Standing) -> list[str]:
    if not found.installed:
        return [_("The service {name} is not installed here").format(name=NAME)]
    itself = _("starts with the machine") if found.by_itself else _("does not start by itself")
    state = _(_STATES.get(found.state, found.state)) or _("nobody tells whether it runs")
    lines = [f"{NAME}: {state}; {itself}"]
    return [*lines, _("Base: {base}").format(base=found.base), found.place]


def _address(given: Namespace) -> str:
    """The address without a password."""
    told = given.base or os.environ.get(BASE_VARIABLE, "")
    if is_server_address(told):
        return str(told)
    from crm_desktop.services.server.connection_file import SUFFIX, read_connection

    if not told.lower().endswith(SUFFIX):
        raise only_on_server()
    if not given.login:
        raise InvalidInput(_("A connection file names nobody: say who signs in with --login"))
    return read_connection(Path(told)).address(given.login)


def _folder(text: str) -> Path | None:
    return Path(text).absolute() if text else None


def _try(whole: str, order: Order) -> None:
    """Opens the base as the service will; its refusals are said to whoever installs."""
    from crm_desktop.cli.known_passwords import refuse_first_password
    from crm_desktop.services.workspace import open_base

    workspace = open_base(whole, upgrades=False)
    try:
        refuse_first_password(workspace, whole)
        administers = workspace.administers
    finally:
        workspace.close()
    if order.copies is not None and not administers:
        raise InvalidInput(
            _("Copies are made by an administrator of the base: name the account of one, or leave "
              "--backup-to out")
        )  # fmt: skip
