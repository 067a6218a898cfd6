"""Passwords for commands: from the environment, standard input or the terminal, never in clear
on the command line, where every list of processes shows them.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from argparse import Namespace
from collections.abc import Callable
from contextlib import closing
from typing import TypeVar

import sqlalchemy as sa

from crm_desktop.errors import BaseMissing, DatabaseUnavailable, InvalidInput, NotABase
from crm_desktop.i18n import _
from crm_desktop.models.backend.connect import is_server_address, open_backend, with_code
from crm_desktop.services.os_integration.passwords import PASSWORD_VARIABLE, with_password

CODE_VARIABLE = "CRM_DESKTOP_CODE"
"""The code of the second factor, for a script that somebody starts."""
Opened = TypeVar("Opened")
NEW_VARIABLE = "CRM_DESKTOP_NEW_PASSWORD"
"""The password that somebody is given; without it one is made up and shown once."""


def add_code_word(parser: argparse.ArgumentParser) -> None:
    """How a code of the second factor may be handed over: it is good once."""
    parser.add_argument("--code", metavar="CODE", default=argparse.SUPPRESS,
                        help=_("the code of the second factor, or a recovery code"))  # fmt: skip


def add_secret_words(parser: argparse.ArgumentParser) -> None:
    """How a password and a code may be handed over."""
    add_code_word(parser)
    add_password_word(parser)


def add_password_word(parser: argparse.ArgumentParser) -> None:
    """How a password may be handed over."""
    parser.add_argument(
        "--password-stdin", action="store_true",
        help=_("the password to sign in with is the first line of standard input"),
    )  # fmt: skip


def secret_help() -> str:
    """What the help says of passwords."""
    return _(
        "Passwords: {own} holds the one to sign in with, {new} the one that somebody is given\n"
        "(without it one is made up and shown once). Else the terminal asks."
    ).format(own=PASSWORD_VARIABLE, new=NEW_VARIABLE)


def signed_address(given: Namespace, address: str) -> str:
    """The address with the password, or what a code is given for, to open it by."""
    return passed_address(typed_address(given, address), shown_code(given))


def typed_address(given: Namespace, address: str) -> str:
    """The address with the password."""
    if not is_server_address(address):
        return address
    url = _url(address)
    if url.password:
        raise InvalidInput(
            _("Leave the password out of the address: every list of processes would show it. "
              "Put it into {variable}, or let the terminal ask.").format(variable=PASSWORD_VARIABLE)
        )  # fmt: skip
    if given.password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        return url.set(password=password).render_as_string(hide_password=False)
    return asked_address(address)


def passed_address(address: str, code: str) -> str:
    """The address, which holds the password, with the pass that a code is given for: that handed
    over, or one that is typed at the terminal where the base asks for it.

    What else is wrong with the base finds whoever opens it.
    """
    if not is_server_address(address) or not (code or sys.stdin.isatty()):
        return address

    def opening(shown: str) -> str:
        with closing(open_backend(shown)) as backend:
            return backend.passed(address)

    try:
        return let_in(address, code, opening)
    except (BaseMissing, NotABase):
        return address


def asked_address(address: str) -> str:
    """The address with the password that is known; else the terminal asks, if there is one."""
    whole = with_password(address)
    if whole != address or not is_server_address(address):
        return whole
    url = _url(address)
    if url.password:
        return address
    if not sys.stdin.isatty():
        said = _(
            "The password of {user} is missing: put it into {variable}, or let the terminal ask."
        )
        user = url.username or "SYSDBA"
        raise DatabaseUnavailable(
            said.format(user=user, variable=PASSWORD_VARIABLE), field="password"
        )
    password = getpass.getpass(_("Password of {user}: ").format(user=url.username or "SYSDBA"))
    return url.set(password=password).render_as_string(hide_password=False)


def shown_code(given: Namespace) -> str:
    """The code of the second factor that was handed over; '' if there is none."""
    return getattr(given, "code", "") or os.environ.get(CODE_VARIABLE, "")


def let_in(address: str, code: str, opening: Callable[[str], Opened]) -> Opened:
    """What `opening` opens by the address and, where the base asks for one, a code: that given, or
    one that is typed at the terminal."""
    is_server = is_server_address(address)
    try:
        return opening(with_code(address, code) if code and is_server else address)
    except DatabaseUnavailable as error:
        if error.field not in ("code", "join") or code:
            raise
        if not sys.stdin.isatty():
            raise _no_code(error) from None
        wanted = error.field
    from crm_desktop.cli.second_factor import asked_code, show_secret

    if wanted == "code":
        return opening(with_code(address, asked_code(recovery=True)))
    from crm_desktop.services.server.second_factor import drawn, new_secret

    sys.stderr.write(_("The office asks for a second factor: set it up to sign in.") + "\n")
    secret = new_secret(_url(address).username or "", "")
    show_secret(secret.typed, drawn(secret))
    return opening(with_code(address, asked_code(), secret.hex))


def _no_code(error: DatabaseUnavailable) -> DatabaseUnavailable:
    said = _("The base asks for a code of the second factor: give it with --code, or put it into "
             "{variable}.").format(variable=CODE_VARIABLE)  # fmt: skip
    if error.field == "join":
        said = _("The office asks for a second factor: sign in at a terminal or in the window to "
                 "set it up.")  # fmt: skip
    return DatabaseUnavailable(said, field=error.field)


def given_password() -> str:
    """The password that somebody is to be given; '' if one is to be made up."""
    return os.environ.get(NEW_VARIABLE, "")


def chosen_password() -> str:
    """An own new password: of the variable, or typed twice."""
    if found := given_password():
        return found
    if not sys.stdin.isatty():
        raise InvalidInput(_("Put the new password into {variable}").format(variable=NEW_VARIABLE))
    first = getpass.getpass(_("New password: "))
    if first != getpass.getpass(_("Once more: ")):
        raise InvalidInput(_("The two passwords are not the same; nothing was changed"))
    return first


def _url(address: str) -> sa.URL:
    try:
        return sa.make_url(address)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise InvalidInput(
            _("This is no address of a base. It looks like firebird+fdb://user@server:3050/name.")
        ) from error
