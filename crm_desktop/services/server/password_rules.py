"""What the office demands of passwords, and who must choose another one.

The rules are facts of the base that the administrator alone changes. The program judges passwords
where they are chosen; a tool for databases asks nobody (docs/security.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.backend import firebird_accounts as server
from crm_desktop.models.backend.firebird_passwords import FACTS, chosen_days_ago
from crm_desktop.services.audit import service as audit
from crm_desktop.services.server.names import SHORTEST_PASSWORD, checked_password

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

_LEAST, _DAYS = f"{FACTS}least", f"{FACTS}days"
LIMITS = {"least": (SHORTEST_PASSWORD, 24), "days": (0, 730)}
GUESSES = 1_000_000
"""A password that is found by fewer guesses is refused: the common ones, names, rows of keys."""

FIRST, OLD = "first", "old"
REASONS = {
    FIRST: N_(
        "You signed in with a password that the administrator knows, too. Choose one that only "
        "you know."
    ),
    OLD: N_("Your password is older than the office allows. Choose another one."),
}


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """`least`: letters; `days`: after so many another one is to be chosen, 0: never."""

    least: int = SHORTEST_PASSWORD
    days: int = 0


def password_rules(workspace: Workspace) -> PasswordRules:
    """What is settled now."""

    def number(name: str, key: str, otherwise: int) -> int:
        said = workspace.info(name)
        least, most = LIMITS[key]
        known = int(said) if said.isascii() and said.isdigit() else otherwise
        return min(max(known, least), most)

    return PasswordRules(number(_LEAST, "least", SHORTEST_PASSWORD), number(_DAYS, "days", 0))


def settle_passwords(workspace: Workspace, rules: PasswordRules) -> None:
    """Keeps other rules; the administrator alone. `InvalidInput` beyond the limits."""
    from crm_desktop.services.licensing.standing import keep_facts, must_be_admin

    must_be_admin(workspace)
    given = {"least": rules.least, "days": rules.days}
    for key, value in given.items():
        least, most = LIMITS[key]
        if not least <= value <= most:
            said = _("Between {least} and {most} is possible here.")
            raise InvalidInput(said.format(least=least, most=most), field=key)
    keep_facts(workspace, {_LEAST: str(rules.least), _DAYS: str(rules.days)})
    audit.note(
        workspace, audit.PASSWORD_RULES, detail=f"{_LEAST}={rules.least} {_DAYS}={rules.days}"
    )


def judged_password(workspace: Workspace, password: str, login: str, name: str = "") -> str:
    """The password, if the office's rules allow it to that account; else `InvalidInput`.

    `name` is what its owner is called.
    """
    checked_password(password, login)
    least = password_rules(workspace).least
    if len(password) < least:
        said = _("A password has {count} letters at least")
        raise InvalidInput(said.format(count=least), field="password")
    own = [login, *name.split(), workspace.info("company")]
    if _guesses(password, [word for word in own if word]) < GUESSES:
        said = _("This password is one of the first that would be tried: a common one, a name, "
                 "or a row of keys. Three or four words that have nothing to do with one another "
                 "are better.")  # fmt: skip
        raise InvalidInput(said, field="password")
    return password


def _guesses(password: str, own: list[str]) -> int:
    from zxcvbn import zxcvbn  # its lists of words take a moment: only where a password is chosen

    return int(zxcvbn(password, user_inputs=own, max_length=len(password) + 1)["guesses"])


def why_change(workspace: Workspace) -> str:
    """Why whoever signed in must choose another password: FIRST, OLD, or ''."""
    if not workspace.login:
        return ""
    if server.has_first_password(workspace.backend):
        return FIRST
    days = password_rules(workspace).days
    age = chosen_days_ago(workspace.backend) if days else 0
    return OLD if days and (age is None or age >= days) else ""
