"""The command about who may sign in to a shared base."""

from __future__ import annotations

import os
from argparse import Namespace
from typing import TYPE_CHECKING

from crm_desktop.cli import dismissing, second_factor
from crm_desktop.cli.answer import Answer, table
from crm_desktop.cli.command_words import Commands, command
from crm_desktop.cli.secret_words import chosen_password, given_password, secret_help
from crm_desktop.cli.values import find_record
from crm_desktop.errors import InvalidInput, UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.os_integration.passwords import keep_instead
from crm_desktop.services.workspace import Workspace

if TYPE_CHECKING:
    from crm_desktop.services.server.accounts import Person

COMMAND = "user"
_BASE_VARIABLE = "CRM_DESKTOP_BASE"
_ADDED = '{"login": "ivanova_a", "password": "...", "colleague": 7}'


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop user`."""
    whole = command(commands, COMMAND, _("who may sign in to a base on a server"))
    acts = whole.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = command(acts, "add", _("let somebody sign in"), epilog=secret_help(), answer=_ADDED)
    add.add_argument("login", metavar="LOGIN", nargs="?", default="",
                     help=_("to sign in with; else made of the colleague’s name"))  # fmt: skip
    whom = add.add_mutually_exclusive_group(required=True)
    whom.add_argument("--colleague", metavar="NAME|ID", help=_("who this is, by name or number"))
    whom.add_argument("--new", metavar="NAME",
                      help=_("somebody new: the colleague’s card is made, too"))  # fmt: skip
    add.add_argument("--admin", action="store_true",
                     help=_("may add objects and fields, and let others in"))  # fmt: skip
    known = _("the account that the server has for another base is this colleague’s")
    add.add_argument("--known", action="store_true", help=known)
    command(
        acts, "list", _("everybody who may sign in"),
        answer='{"total": 1, "rows": [{"login": "ivanova_a", "colleague": 7, "name": "...",\n'
               ' "active": true, "admin": false, "first_password": true, "locked": false,\n'
               ' "second": true}]}',
    )  # fmt: skip
    for name, text in (
        ("block", _("let somebody sign in no more; open windows lose the line")),
        ("unblock", _("let somebody sign in again")),
        ("must-change", _("at the next sign-in another password has to be chosen")),
    ):
        acting = command(acts, name, text, answer='{"login": "ivanova_a"}')
        acting.add_argument("login", metavar="LOGIN", help=_("the name to sign in with"))
    tying = command(acts, "tie", _("make an account another colleague’s"),
                    answer='{"login": "ivanova_a", "colleague": 7}')  # fmt: skip
    tying.add_argument("login", metavar="LOGIN", help=_("the name to sign in with"))
    tying.add_argument("colleague", metavar="NAME|ID", help=_("who this is, by name or number"))
    dismissing.add_words(acts)
    second_factor.add_words(acts)
    rules = command(acts, "rules", _("what passwords must be; shown without options"),
                    answer='{"least": 10, "days": 180}')  # fmt: skip
    rules.add_argument("--least", metavar="N", type=int, help=_("the shortest password, letters"))
    rules.add_argument("--days", metavar="N", type=int,
                       help=_("another one after so many days; 0: never"))  # fmt: skip
    password = command(
        acts, "password", _("another password: for somebody, or without a name one’s own"),
        epilog=secret_help(), answer='{"login": "ivanova_a", "password": "..."}',
    )  # fmt: skip
    password.add_argument("login", metavar="LOGIN", nargs="?", default="",
                          help=_("the name to sign in with"))  # fmt: skip


def run(workspace: Workspace, given: Namespace) -> Answer:
    """One of the actions."""
    acts = {
        "add": add, "list": rows, "block": block, "unblock": unblock, "tie": tie,
        "must-change": must_change, "rules": rules, "password": password,
        **dismissing.ACTS, **second_factor.ACTS,
    }  # fmt: skip
    return acts[given.action](workspace, given)


def add(workspace: Workspace, given: Namespace) -> Answer:
    """Lets a colleague sign in."""
    from crm_desktop.services.server import accounts

    colleague = _made(workspace, given.new) if given.new else _known(workspace, given.colleague)
    login = given.login or accounts.proposal(workspace, colleague)
    try:
        done = accounts.let_in(
            workspace, login, colleague, password=given_password(), administrator=given.admin,
            is_theirs=given.known,
        )  # fmt: skip
    except UserError:
        if given.new:  # a second try with another login must not find the card of the first one
            workspace.records.delete(workspace.catalogue.staff().key, [colleague])
        raise
    value = {"login": done.login, "password": done.password, "colleague": colleague}
    if not done.password:
        said = _("{login} may sign in now, with the password of the account that was there")
        return Answer(value, [said.format(login=done.login)])
    return Answer(value, [_may(done.login), *_once(done.password)])


def _colleague(workspace: Workspace, wanted: str) -> int:
    entity = workspace.catalogue.staff().key
    return int(wanted) if wanted.isdecimal() else find_record(workspace, entity, wanted)


def _known(workspace: Workspace, wanted: str) -> int:
    try:
        return _colleague(workspace, wanted)
    except InvalidInput as error:
        if workspace.titles.find(workspace.catalogue.staff().key, wanted):
            raise
        said = _("{reason}. Somebody new is let in by “user add --new NAME”.")
        raise InvalidInput(said.format(reason=error.message.rstrip("."))) from error


def _made(workspace: Workspace, name: str) -> int:
    """The card of somebody new. UserError for a name that somebody has: it may be the same one."""
    staff, wanted = workspace.catalogue.staff(), " ".join(name.split())
    if workspace.titles.find(staff.key, wanted):
        said = _("There is a colleague “{name}” already: name that card with --colleague.")
        raise InvalidInput(said.format(name=wanted), field=staff.title.key)
    return workspace.records.create(staff.key, {staff.title.key: wanted}).ids[0]


def _may(login: str) -> str:
    return _("{login} may sign in now").format(login=login)


def _once(password: str) -> list[str]:
    said = _("First password: {password} (it is shown only now)")
    return [said.format(password=password)]


def rows(workspace: Workspace, _given: Namespace) -> Answer:
    """Everybody who may sign in."""
    from crm_desktop.services.server.accounts import people
    from crm_desktop.services.server.second_factor import locks, states

    found = people(workspace)
    locked, second = locks(workspace), states(workspace)
    plain = [
        {"login": one.login, "colleague": one.colleague, "name": one.name,
         "active": one.is_active, "admin": one.is_administrator,
         "first_password": one.is_first_password, "locked": one.login in locked,
         "second": one.login in second and second[one.login].has}
        for one in found
    ]  # fmt: skip
    cells = [
        (one.login, one.name, _("locked after failures") if one.login in locked else _state(one))
        for one in found
    ]  # fmt: skip
    head = (_("Signs in as"), _("Colleague"), _("State"))
    return Answer({"total": len(plain), "rows": plain}, table(head, cells))


def _state(one: Person) -> str:
    if not one.is_active:
        return _("blocked")
    words = [_("administrator")] if one.is_administrator else []
    words += [_("has not chosen a password yet")] if one.is_first_password else []
    return ", ".join(words)


def block(workspace: Workspace, given: Namespace) -> Answer:
    """Nobody signs in by this account any more."""
    from crm_desktop.services.server import accounts

    accounts.block(workspace, given.login)
    said = _("{login} is blocked: nobody signs in by this account, open windows lost the line")
    return Answer({"login": given.login.lower()}, [said.format(login=given.login.lower())])


def unblock(workspace: Workspace, given: Namespace) -> Answer:
    """The account may be used again."""
    from crm_desktop.services.server import accounts

    accounts.unblock(workspace, given.login)
    return Answer({"login": given.login.lower()}, [_may(given.login.lower())])


def must_change(workspace: Workspace, given: Namespace) -> Answer:
    """Somebody has to choose another password."""
    from crm_desktop.services.server import accounts

    login = given.login.lower()
    accounts.demand_change(workspace, login)
    said = _("At the next sign-in {login} has to choose another password")
    return Answer({"login": login}, [said.format(login=login)])


def rules(workspace: Workspace, given: Namespace) -> Answer:
    """The rules of passwords, changed if anything is given."""
    from crm_desktop.services.server.password_rules import (
        PasswordRules,
        password_rules,
        settle_passwords,
    )

    now = password_rules(workspace)
    if given.least is not None or given.days is not None:
        least = now.least if given.least is None else given.least
        now = PasswordRules(least, now.days if given.days is None else given.days)
        settle_passwords(workspace, now)
    said = _("Passwords have {least} letters at least; another one is chosen after {days} days "
             "(0: never)")  # fmt: skip
    value = {"least": now.least, "days": now.days}
    return Answer(value, [said.format(**value)])


def tie(workspace: Workspace, given: Namespace) -> Answer:
    """The account is another colleague's from now on."""
    from crm_desktop.services.server import accounts

    colleague, login = _colleague(workspace, given.colleague), given.login.lower()
    accounts.tie(workspace, login, colleague)
    ref = Ref(workspace.catalogue.staff().key, colleague)
    said = _("{login} is the account of {name} now")
    name = workspace.titles.of([ref])[ref].text
    return Answer({"login": login, "colleague": colleague}, [said.format(login=login, name=name)])


def password(workspace: Workspace, given: Namespace) -> Answer:
    """Another password for somebody, or one's own."""
    from crm_desktop.services.server import accounts

    if not given.login or given.login.lower() == workspace.login:
        chosen = chosen_password()
        accounts.choose_password(workspace, chosen)
        keep_instead(given.base or os.environ.get(_BASE_VARIABLE, ""), chosen)
        return Answer({"login": workspace.login, "password": ""}, [_("The password was changed")])
    made = accounts.new_password(workspace, given.login, given_password())
    return Answer({"login": given.login.lower(), "password": made}, _once(made))
