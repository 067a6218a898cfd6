"""The commands about second factors, locked accounts and the rules of signing in."""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from crm_desktop.cli.answer import Answer
from crm_desktop.cli.command_words import Commands, command
from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _

if TYPE_CHECKING:
    from crm_desktop.services.server.sign_in_rules import SignInRules
    from crm_desktop.services.workspace import Workspace

_ALL, _NOBODY = "all", "none"


def add_words(acts: Commands) -> None:
    """What may be typed behind `crm-desktop user`."""
    unlock = command(acts, "unlock", _("let somebody sign in who was locked after failures"),
                     answer='{"login": "ivanova_a"}')  # fmt: skip
    unlock.add_argument("login", metavar="LOGIN", help=_("the name to sign in with"))
    totp = command(
        acts, "totp", _("codes of an app as a second factor: one’s own, or with a name somebody’s"),
        epilog=_("Without a name: on sets an app up, off takes it off, codes makes other recovery\n"
                 "codes. With a name, for the administrator: on demands it, off never does, rule "
                 "goes\nby the rules, reset takes a lost app off."),
        answer='{"login": "ivanova_a", "recovery": ["...", "..."]}',
    )  # fmt: skip
    totp.add_argument("deed", metavar="on|off|codes|rule|reset",
                      choices=("on", "off", "codes", "rule", "reset"),
                      help=_("what is to be done"))  # fmt: skip
    totp.add_argument("login", metavar="LOGIN", nargs="?", default="",
                      help=_("the name to sign in with"))  # fmt: skip
    rules = command(
        acts, "sign-in", _("how many failures lock an account, and who needs a second factor"),
        answer='{"tries": 10, "within": 15, "minutes": 15, "second": ["head"]}',
    )  # fmt: skip
    rules.add_argument("--tries", metavar="N", type=int,
                       help=_("so many failures lock an account; 0: never"))  # fmt: skip
    rules.add_argument("--within", metavar="MINUTES", type=int,
                       help=_("failures are counted for so long"))  # fmt: skip
    rules.add_argument("--minutes", metavar="MINUTES", type=int,
                       help=_("the lock lasts so long; 0: until you unlock it"))  # fmt: skip
    rules.add_argument("--second", metavar="ROLE|all|none", nargs="+",
                       help=_("of whom a second factor is asked"))  # fmt: skip


def unlock(workspace: Workspace, given: Namespace) -> Answer:
    """Somebody who was locked may sign in."""
    from crm_desktop.services.server import second_factor

    login = given.login.lower()
    second_factor.unlock(workspace, login)
    return Answer({"login": login}, [_("{login} may sign in now").format(login=login)])


def totp(workspace: Workspace, given: Namespace) -> Answer:
    """One's own second factor, or somebody's."""
    login = given.login.lower()
    return _somebodys(workspace, given.deed, login) if login else _own(workspace, given.deed)


def _own(workspace: Workspace, deed: str) -> Answer:
    from crm_desktop.services.server import second_factor

    if deed == "on":
        secret = second_factor.new_secret(workspace.login, workspace.info("company"))
        show_secret(secret.typed, second_factor.drawn(secret))
        ahead = second_factor.CodesAhead(workspace.login)
        codes = second_factor.turn_on(workspace, secret, asked_code(), ahead)
        return _told(workspace, codes)
    if deed == "codes":
        has_some = second_factor.own(workspace).made
        return _told(
            workspace, second_factor.new_codes(workspace, asked_code() if has_some else "")
        )
    if deed == "off":
        second_factor.turn_off(workspace, asked_code())
        return Answer({"login": workspace.login, "recovery": []}, [_("Codes are asked no more")])
    raise InvalidInput(_("Name the account that this is about"), field="login")


def _told(workspace: Workspace, codes: list[str]) -> Answer:
    said = _("From now on the program asks for a code. Recovery codes, each good once, shown only "
             "now; keep them on paper:")  # fmt: skip
    return Answer({"login": workspace.login, "recovery": codes}, [said, *codes])


def _somebodys(workspace: Workspace, deed: str, login: str) -> Answer:
    from crm_desktop.services.server import second_factor as service

    wanted = {"on": service.DEMANDED, "off": service.NEVER, "rule": service.BY_RULE}
    if deed == "reset":
        service.reset(workspace, login)
        said = _("The app of {login} was taken off; what it had opened is closed")
    elif deed in wanted:
        service.demand(workspace, login, wanted[deed])
        how = _(service.STATES[wanted[deed]])
        said = _("Second factor of {login}: {how}").format(login="{login}", how=how)
    else:
        raise InvalidInput(_("Everybody makes his own recovery codes"), field="login")
    return Answer({"login": login, "recovery": []}, [said.format(login=login)])


def show_secret(typed: str, drawn: str) -> None:
    """The picture and the secret on the terminal, where no file keeps them."""
    sys.stderr.write(drawn + _("Scan this with the app, or type: {secret}").format(secret=typed))
    sys.stderr.write("\n")
    sys.stderr.flush()


def asked_code(*, recovery: bool = False) -> str:
    """The code that somebody types, or that stands on standard input; `recovery`: one of those will
    do."""
    asked = _("Code of the app, or a recovery code: ") if recovery else _("Code of the app: ")
    if sys.stdin.isatty():
        return getpass.getpass(asked)
    return sys.stdin.readline().strip()


def sign_in(workspace: Workspace, given: Namespace) -> Answer:
    """The rules of signing in, changed if anything is given."""
    from dataclasses import replace

    from crm_desktop.services.server.sign_in_rules import settle_sign_in, sign_in_rules

    now = sign_in_rules(workspace)
    numbers = {
        key: value for key in ("tries", "within", "minutes")
        if (value := getattr(given, key)) is not None
    }  # fmt: skip
    if numbers or given.second:
        now = replace(now, **numbers)
        now = _with_second(workspace, now, given.second) if given.second else now
        settle_sign_in(workspace, now)
    second = _second(workspace, now)
    value = {"tries": now.tries, "within": now.within, "minutes": now.minutes, "second": second}
    said = _("{tries} failures within {within} minutes lock an account (0: never) for {minutes} "
             "minutes (0: until it is unlocked)")  # fmt: skip
    who = _("A second factor is asked of: {who}").format(who=", ".join(second) or _("nobody"))
    return Answer(value, [said.format(**value), who])


def _with_second(workspace: Workspace, rules: SignInRules, named: list[str]) -> SignInRules:
    from dataclasses import replace

    from crm_desktop.services.rights.roles import Roles

    if named in ([_ALL], [_NOBODY]):
        return replace(rules, everybody=named == [_ALL], roles=())
    known = Roles(workspace)
    return replace(rules, everybody=False, roles=tuple(known.named(one).id for one in named))


def _second(workspace: Workspace, rules: SignInRules) -> list[str]:
    from crm_desktop.services.rights.roles import Roles

    if rules.everybody:
        return [_ALL]
    return [role.name for role in Roles(workspace).all() if role.id in rules.roles]


ACTS = {"unlock": unlock, "totp": totp, "sign-in": sign_in}
