"""The commands of whoever sets up a shared base and looks after it."""

from __future__ import annotations

import argparse
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from crm_desktop import i18n
from crm_desktop.cli.answer import DONE, REFUSED, Answer
from crm_desktop.cli.command_words import Commands, command
from crm_desktop.cli.secret_words import (
    add_secret_words,
    given_password,
    secret_help,
    signed_address,
)
from crm_desktop.errors import FileProblem
from crm_desktop.i18n import _

if TYPE_CHECKING:
    from crm_desktop.services.server.check import Finding
    from crm_desktop.services.server.init import SetUp

COMMAND = "server"
_SIGNS = {"good": "+", "warning": "!", "bad": "x"}


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop server`."""
    whole = command(commands, COMMAND, _("set up and look after a base on a server"), base=False)
    acts = whole.add_subparsers(dest="action", metavar="ACTION", required=True)
    init = command(
        acts, "init", _("make a shared base, its roles and its administrator"), base=False,
        epilog=secret_help(),
        answer='{"base": "server:3050/office", "new": true, "login": "ivanova_a",\n'
               ' "password": "...", "file": "office.crmconn", "page_size": 16384}',
    )  # fmt: skip
    _address(init)
    init.add_argument("--admin", metavar="NAME", required=True,
                      help=_("the person who will administer the base"))  # fmt: skip
    init.add_argument("--login", metavar="LOGIN", default="",
                      help=_("to sign in with; else made of the name"))  # fmt: skip
    init.add_argument("--company", metavar="NAME", default="", help=_("what the office is called"))
    init.add_argument("--file", metavar="FILE.crmconn",
                      help=_("where the connection file goes; else beside you"))  # fmt: skip
    add_secret_words(init)
    check = command(
        acts, "check", _("look at the line, the base and its server"), base=False,
        epilog=secret_help(),
        answer='{"ok": true, "found": [{"key": "encryption", "state": "good", "text": "..."}]}',
    )  # fmt: skip
    _address(check)
    add_secret_words(check)
    copy = command(
        acts, "backup", _("write a copy of the base, proved by a restore on the server"),
        base=False, epilog=secret_help(),
        answer='{"file": "office.fbk", "size": 900000, "proved": true, "checked": {...}}',
    )  # fmt: skip
    _address(copy)
    copy.add_argument("--to", metavar="FILE.fbk", required=True, help=_("where the copy goes"))
    copy.add_argument(
        "--unproved",
        action="store_true",
        help=_("do not restore it; quicker, and nobody knows whether it is whole"),
    )
    add_secret_words(copy)
    newer = command(
        acts, "upgrade", _("bring the base to this version of the program; a proved copy first"),
        base=False, epilog=secret_help(),
        answer='{"upgraded": true, "copy": "office (version 8, 2026-11-23 10-00-00).fbk"}',
    )  # fmt: skip
    _address(newer)
    newer.add_argument("--copy-to", metavar="FOLDER",
                       help=_("where the copy goes; else beside your settings"))  # fmt: skip
    add_secret_words(newer)


def _address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("address", metavar="URL",
                        help=_("firebird+fdb://SYSDBA@server:3050/name-or-path"))  # fmt: skip


def run(given: Namespace) -> Answer:
    """One of the actions."""
    return {"init": init, "check": check, "backup": backup, "upgrade": upgrade}[given.action](given)


def backup(given: Namespace) -> Answer:
    """A copy of the base in a file of this computer."""
    from crm_desktop.cli.known_passwords import refuse_first_password
    from crm_desktop.services.server.backup import back_up
    from crm_desktop.services.workspace import open_base

    address = signed_address(given, given.address)
    workspace = open_base(address, upgrades=False)
    try:
        refuse_first_password(workspace, address)
        made = back_up(workspace, address, Path(given.to), prove=not given.unproved)
    finally:
        workspace.close()
    value = {
        "file": str(made.path), "size": made.size, "proved": made.proved, "checked": made.counts,
    }  # fmt: skip
    lines = [_("{file}: {size} bytes").format(file=made.path.name, size=made.size)]
    if made.proved:
        counted = ", ".join(f"{_(name)}: {number}" for name, number in made.counts.items())
        lines += [counted, _("Restored on the server for the proof and checked: it is whole")]
    return Answer(value, lines)


def init(given: Namespace) -> Answer:
    """Makes the base ready and says what every computer needs."""
    from crm_desktop.services.server.connection_file import SUFFIX, write_connection
    from crm_desktop.services.server.init import Office, set_up

    target = Path(given.file) if given.file else None
    if target is not None and target.suffix.lower() != SUFFIX:
        raise FileProblem(_("The name of a connection file ends in .crmconn"))
    office = Office(
        given.admin, given.language or i18n.language(), given.company, given.login,
        given_password(),
    )  # fmt: skip
    done = set_up(signed_address(given, given.address), office)
    file = target or Path(f"{Path(done.connection.base).stem}{SUFFIX}")
    write_connection(file, done.connection)
    value = {
        "base": f"{done.connection.shown}/{done.connection.base}", "new": done.is_new,
        "login": done.login, "password": done.password, "file": str(file),
        "page_size": done.page_size, "version": done.version, "encrypted": done.is_encrypted,
    }  # fmt: skip
    return Answer(value, [*_done_lines(done), *_client_lines(done, file)])


def _done_lines(done: SetUp) -> list[str]:
    place = f"{done.connection.shown}/{done.connection.base}"
    first = _("The base {place} was made: pages of {size} bytes, UTF8, forced writes, sweep on")
    again = _("The base {place} was there and is ready for an office now")
    lines = [(first if done.is_new else again).format(place=place, size=done.page_size)]
    lines.append(_("Firebird {version}; the line is encrypted").format(version=done.version))
    lines.append(_("Role CRM_STAFF with its rights"))
    if done.password:
        said = _("Administrator: {login}, first password {password} (it is shown only now)")
        lines.append(said.format(login=done.login, password=done.password))
    else:
        said = _("Administrator: {login}, an account of the server that keeps its password")
        lines.append(said.format(login=done.login))
    return lines


def _client_lines(done: SetUp, file: Path) -> list[str]:
    warned = [
        _("! {file} says “{host}”, which every computer takes for itself. Give the command once "
          "more with the server’s name in the network; nothing is made twice.").format(
              file=file.name, host=done.connection.host)
    ] if done.connection.is_this_computer else []  # fmt: skip
    return [
        *warned,
        "",
        _("Every computer of the office needs:"),
        _("  - CRM Desktop"),
        _("  - the Firebird 3 client: Debian “apt install libfbclient2”; Windows fbclient.dll of "
          "the Firebird installer"),
        _("  - the ports {port} and, for events, that of RemoteAuxPort in firebird.conf (3051, "
          "say) open to {host}").format(port=done.connection.port, host=done.connection.host),
        _("  - {file}: put it where people find it, or mail it; a double click asks who they are"
          ).format(file=file.name),
        "",
        _("Next: let people in with “crm-desktop user add”, or in the window on a colleague’s "
          "card: “Let sign in…”"),
        _("Without a licence two people work at once: “crm-desktop licence install FILE” keeps the "
          "vendor’s file in the base"),
    ]  # fmt: skip


def check(given: Namespace) -> Answer:
    """Says how the server and the base are; refused where something is bad."""
    from crm_desktop.cli.known_passwords import refuse_first_password
    from crm_desktop.services.server.check import BAD, GOOD, check_server
    from crm_desktop.services.workspace import open_base

    address = signed_address(given, given.address)
    workspace = open_base(address, upgrades=False)
    try:
        refuse_first_password(workspace, address)
        found = check_server(workspace, address)
    finally:
        workspace.close()
    bad = any(one.state == BAD for one in found)
    rows = [{"key": one.key, "state": one.state, "text": one.text} for one in found]
    lines = [_line(one) for one in found]
    if all(one.state == GOOD for one in found):
        lines.append(_("All is well"))
    return Answer({"ok": not bad, "found": rows}, lines, REFUSED if bad else DONE)


def _line(one: Finding) -> str:
    return f"{_SIGNS[one.state]} {one.text}"


def upgrade(given: Namespace) -> Answer:
    """Copies the base, proves the copy, and brings the base to this version."""
    from crm_desktop.services.server.upgrade import COPIES, upgrade_base
    from crm_desktop.settings import home_folder

    folder = Path(given.copy_to) if given.copy_to else home_folder() / COPIES
    copy = upgrade_base(signed_address(given, given.address), folder)
    if copy is None:
        return Answer({"upgraded": False, "copy": None}, [_("It is of this version already")])
    said = _("The base is of this version now. The copy of before: {file}").format(file=copy)
    return Answer({"upgraded": True, "copy": str(copy)}, [said])
