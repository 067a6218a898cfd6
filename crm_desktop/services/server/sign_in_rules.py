"""What the office demands of signing in: how many failures lock an account and for how long, and
of whom a second factor is asked. Facts of the base that the administrator alone changes; the server
itself goes by them (`models/backend/firebird_gate`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.backend import firebird_second as server
from crm_desktop.models.backend.firebird_gate import LOCK, TRIES, USUAL, WANTED, WITHIN, ZONE
from crm_desktop.services.audit import service as audit

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

LIMITS = {"tries": (0, 100), "within": (1, 1440), "minutes": (0, 1440)}
FEWEST_TRIES = 3
EVERYBODY = "all"
_QUARTER = timedelta(minutes=15)
_ODD = timedelta(minutes=3)
"""Nearer to a quarter of an hour than this, or one of the two clocks is wrong."""
_FARTHEST = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class SignInRules:
    """`tries` failures within `within` minutes lock an account for `minutes`. 0 tries: passwords
    never lock; 0 minutes: until the administrator unlocks it. `everybody` or `roles`, by number:
    of whom a second factor is asked."""

    tries: int = USUAL[TRIES]
    within: int = USUAL[WITHIN]
    minutes: int = USUAL[LOCK]
    everybody: bool = False
    roles: tuple[int, ...] = ()


def sign_in_rules(workspace: Workspace) -> SignInRules:
    """What is settled now."""

    def number(name: str, key: str) -> int:
        said = workspace.info(name)
        least, most = LIMITS[key]
        known = int(said) if said.isascii() and said.isdigit() else USUAL[name]
        return min(max(known, least), most)

    wanted = workspace.info(WANTED)
    roles = tuple(int(one) for one in wanted.split(",") if one.isdigit())
    return SignInRules(
        number(TRIES, "tries"), number(WITHIN, "within"), number(LOCK, "minutes"),
        wanted == EVERYBODY, roles,
    )  # fmt: skip


def settle_sign_in(workspace: Workspace, rules: SignInRules) -> None:
    """Keeps other rules; the administrator alone. `InvalidInput` beyond the limits."""
    from crm_desktop.services.licensing.standing import keep_facts, must_be_admin

    must_be_admin(workspace)
    for key, (least, most) in LIMITS.items():
        if not least <= getattr(rules, key) <= most:
            said = _("Between {least} and {most} is possible here.")
            raise InvalidInput(said.format(least=least, most=most), field=key)
    if 0 < rules.tries < FEWEST_TRIES:
        said = _("At least {count} failures, or 0 for never: everybody mistypes.")
        raise InvalidInput(said.format(count=FEWEST_TRIES), field="tries")
    listed = f",{','.join(map(str, rules.roles))}," if rules.roles else ""
    facts = {
        TRIES: str(rules.tries), WITHIN: str(rules.within), LOCK: str(rules.minutes),
        WANTED: EVERYBODY if rules.everybody else listed,
    }  # fmt: skip
    keep_facts(workspace, facts)
    told = " ".join(f"{name}={value}" for name, value in facts.items())
    audit.note(workspace, audit.SIGN_IN_RULES, detail=told)


def keep_zone(workspace: Workspace) -> bool:
    """Notes how far the server's clock, which knows no zone, is from UTC: codes go by that. An
    administrator's program does it. Whether it is another one now.

    The minutes of this computer's clock do not matter: only whole quarters of an hour count, and
    nothing is noted where the two clocks are minutes apart.
    """
    if not workspace.login or not workspace.administers:
        return False
    said = new_zone(workspace)
    if said:
        workspace.set_info(ZONE, said)
    return bool(said)


def new_zone(workspace: Workspace, there: datetime | None = None) -> str:
    """What `keep_zone` would note; '' for nothing. `there`: what the server's clock says, where
    that is known."""
    now = workspace.clock.now()
    if there is None:
        ahead = server.from_utc(workspace.backend, now)
    else:
        ahead = there.replace(tzinfo=now.tzinfo) - now
    quarters = round(ahead / _QUARTER)
    if abs(ahead - quarters * _QUARTER) > _ODD or abs(ahead) > _FARTHEST + _ODD:
        return ""
    said = str(quarters * 15)
    return "" if workspace.info(ZONE) == said else said
