"""The second factor of an account: codes of an app on a telephone (RFC 6238), and recovery codes.

The server of the base checks them itself (`models/backend/firebird_gate`): whatever program
connects, without a code it is let in to nothing. The secret goes to the server once and is told to
nobody again; of recovery codes it keeps digests of their argon2id hashes.
"""

from __future__ import annotations

import base64
import io
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import N_, _, ngettext
from crm_desktop.models.backend import firebird_accounts as accounts
from crm_desktop.models.backend import firebird_second as server
from crm_desktop.models.backend.firebird_proof import recovery_digest
from crm_desktop.models.backend.firebird_second import Own, State
from crm_desktop.services.audit import service as audit
from crm_desktop.services.jobs import start_thread

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

COUNT = 10
"""Recovery codes that are made at a time."""
DEMANDED, BY_RULE, NEVER = 1, 0, -1
STATES = {
    DEMANDED: N_("demanded of this account"),
    BY_RULE: N_("as the rules say"),
    NEVER: N_("never, for a program that nobody sits at"),
}
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and figures that are not taken for one another."""


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret for an app: `hex` for the server, `typed` to be typed, `uri` in the picture."""

    hex: str = field(repr=False)
    typed: str = field(repr=False)
    uri: str = field(repr=False)


def new_secret(login: str, office: str) -> NewSecret:
    """One that nobody has had; `office` is what the app calls the base."""
    import pyotp

    raw = secrets.token_bytes(20)
    plain = base64.b32encode(raw).decode("ascii")
    uri = pyotp.TOTP(plain).provisioning_uri(name=login, issuer_name=office or "CRM Desktop")
    typed = " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))
    return NewSecret(raw.hex(), typed, uri)


def picture(secret: NewSecret, scale: int = 5) -> bytes:
    """The picture that an app reads, as PNG: black on white on every ground, as apps want it."""
    import segno

    out = io.BytesIO()
    segno.make(secret.uri, error="m", micro=False).save(out, kind="png", scale=scale, border=3)
    return out.getvalue()


def drawn(secret: NewSecret) -> str:
    """The same for a terminal."""
    import segno

    out = io.StringIO()
    segno.make(secret.uri, error="l", micro=False).terminal(out=out, border=2, compact=True)
    return out.getvalue()


class CodesAhead:
    """Recovery codes that are made while a person turns to the telephone: what the server keeps of
    ten takes a processor two seconds, which nobody is to wait for."""

    def __init__(self, login: str) -> None:
        self.codes = [_recovery_code() for _place in range(COUNT)]
        self._login, self._digests = login, list[str]()
        self._making = start_thread("recovery codes", self._make)

    def _make(self) -> None:
        for code in self.codes[len(self._digests) :]:
            self._digests.append(recovery_digest(code, self._login))

    @property
    def ready(self) -> bool:
        """Whether nobody has to wait for them any more."""
        return not self._making.is_alive()

    def digests(self) -> list[str]:
        """What the server keeps of them; waits for the rest."""
        self._making.join()
        self._make()  # nothing, unless the thread came to a bad end
        return self._digests


def own(workspace: Workspace) -> Own:
    """How the account that signed in stands; nothing for a local base."""
    _needs_account(workspace)
    return server.own(workspace.backend)


def said_left(codes: int) -> str:
    """What somebody is told whom a recovery code let in."""
    if not codes:
        return _("That was the last recovery code. Make other ones by “Second factor…”, else a "
                 "lost telephone is a matter for the administrator.")  # fmt: skip
    said = ngettext(
        "The recovery code is used up, {count} is left. Others are made by “Second factor…”.",
        "The recovery code is used up, {count} are left. Others are made by “Second factor…”.",
        codes,
    )  # fmt: skip
    return said.format(count=codes)


def turn_on(
    workspace: Workspace, secret: NewSecret, code: str, ahead: CodesAhead | None = None
) -> list[str]:
    """Ties the app to the account that signed in; its recovery codes, to be told once.

    `UserError`: the code is not the app's.
    """
    _needs_account(workspace)
    server.join(workspace.backend, secret.hex, _digits(code), "")
    return new_codes(workspace, ahead=ahead)


def turn_off(workspace: Workspace, code: str) -> None:
    """The account that signed in needs no code any more, unless the office demands one."""
    _needs_account(workspace)
    if server.own(workspace.backend).wanted:
        raise InvalidInput(_("The office asks for a second factor: only the administrator can "
                             "take it off"))  # fmt: skip
    server.leave(workspace.backend, _digits(code))


def new_codes(
    workspace: Workspace, code: str = "", ahead: CodesAhead | None = None
) -> list[str]:  # fmt: skip
    """Other recovery codes in place of those there were; the first ones need no code."""
    _needs_account(workspace)
    digits = _digits(code) if code else ""
    made = ahead or CodesAhead(workspace.login)
    server.keep_codes(workspace.backend, digits, made.digests())
    return made.codes


def states(workspace: Workspace) -> dict[str, State]:
    """How accounts stand of which anything is kept; for the administrator."""
    _must_be_admin(workspace)
    return server.states(workspace.backend)


def locks(workspace: Workspace) -> dict[str, int]:
    """Accounts that are locked, and for how many seconds more; 0: until they are unlocked."""
    _must_be_admin(workspace)
    return server.locks(workspace.backend)


def reset(workspace: Workspace, login: str) -> None:
    """Takes the app, the recovery codes and the passes of an account; its owner signs in by the
    password alone, or sets up another app where the office demands one."""
    login = _known(workspace, login)
    server.reset(workspace.backend, login)
    audit.note(workspace, audit.SECOND_RESET, detail=login)


def demand(workspace: Workspace, login: str, wanted: int) -> None:
    """What is demanded of one account: `DEMANDED`, `BY_RULE`, `NEVER`."""
    login = _known(workspace, login)
    server.want(workspace.backend, login, wanted)
    audit.note(workspace, audit.SECOND_DEMANDED, amount=wanted, detail=login)


def unlock(workspace: Workspace, login: str) -> None:
    """An account that was locked after failures may sign in at once."""
    login = _known(workspace, login)
    server.unlock(workspace.backend, login)
    audit.note(workspace, audit.UNLOCKED, detail=login)


def _recovery_code() -> str:
    return "-".join("".join(secrets.choice(_CLEAR) for _n in range(4)) for _group in range(4))


def _digits(code: str) -> str:
    plain = "".join(code.split())
    if len(plain) != 6 or not (plain.isascii() and plain.isdigit()):
        raise InvalidInput(_("Type the six digits that the app shows now"), field="code")
    return plain


def _known(workspace: Workspace, login: str) -> str:
    _must_be_admin(workspace)
    wanted = login.strip().lower()
    if wanted not in {one.login for one in accounts.accounts(workspace.backend)}:
        said = _("Nobody signs in as “{name}” here")
        raise NotFound(said.format(name=wanted), field="login")
    return wanted


def _must_be_admin(workspace: Workspace) -> None:
    from crm_desktop.services.licensing.standing import must_be_admin

    _needs_account(workspace)
    must_be_admin(workspace)


def _needs_account(workspace: Workspace) -> None:
    if not workspace.login:
        raise InvalidInput(_("A second factor belongs to an account of a base on a server; this "
                             "base is a file"))  # fmt: skip
