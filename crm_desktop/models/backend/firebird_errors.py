"""What a Firebird server says, as an error that a person can act on."""

from __future__ import annotations

import re

import sqlalchemy as sa

from crm_desktop.errors import (
    BaseBusy,
    BaseDamaged,
    BaseMissing,
    BaseReadOnly,
    Cancelled,
    Conflict,
    DatabaseUnavailable,
    DiskFull,
    NotAllowed,
    UserError,
)
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.backend.dialect import is_lost

UPDATE_CONFLICT = 335544336
LOCK_CODES = frozenset({335544345, 335544510, 335544453})
"""Somebody holds what is wanted: lock conflict, lock time-out, object in use."""

_DDL_FAILED = 335544351  # the reason stands in the text behind it
_ERASED = "cannot update erased record"  # met inside a block; the server has no code for it
_IN_USE = re.compile("is in use|lock conflict|lock time-out|update conflicts")

_CANCELLED = 335544794
_UNIQUE = (335544665, 335544349)
_FOREIGN_KEY = 335544466
_IO_ERROR = 335544344
_LOGIN = 335544472
_NO_PERMISSION = 335544352
NOT_ALLOWED = 335544831
_SHUT_DOWN = (335544528, 335544485)
_CORRUPT = (335544335, 335544649, 335544323)
_READ_ONLY = 335544765
_NOT_ENCRYPTED = 335545064
_REFUSED = re.compile(r"CRM_REFUSED\W+([a-z]+)")
"""What a trigger of `models/strict` refused."""
_DOOR = re.compile(r"CRM_SIGN_IN\W+([a-z]+) ?([0-9]*)")
"""Why the trigger of `firebird_gate` let nobody in."""
_NO_RIGHT = re.compile("no permission|no privilege", re.IGNORECASE)


def gds_code(error: BaseException) -> int | None:
    """Firebird's own number of the error, if the driver gives one."""
    bare = _bare(error)
    return int(bare.args[2]) if len(bare.args) > 2 else None


def understood(error: Exception) -> Exception | None:
    """The error for a person, or None if this is a bug.

    No key is made of what people type: where two rows meet in one, somebody else has made his in
    this moment, whether it is committed or not, which the server does not say.
    """
    bare, code = _bare(error), gds_code(error)
    if code in _UNIQUE:
        return busy()
    if code == _FOREIGN_KEY:
        return Conflict(_("A linked record was deleted, or is still needed by another one."))
    if code == UPDATE_CONFLICT or _ERASED in str(bare):
        return Conflict(_("Somebody else is changing the same record. Try again in a moment."))
    if (refused := _REFUSED.search(str(bare))) is not None:
        return not_allowed(refused[1])
    if code in LOCK_CODES or (code == _DDL_FAILED and _IN_USE.search(str(bare))):
        return busy()
    if code == _CANCELLED:
        return Cancelled()
    if is_lost(bare):
        return lost()
    if code == _DDL_FAILED and _NO_RIGHT.search(str(bare)):
        return DatabaseUnavailable(
            _("Only the administrator of the base may do this. Ask for it; nothing was changed.")
        )
    return _of_the_server(code, str(bare))


def not_allowed(what: str) -> UserError:
    """The sentence for what the server refused by the rights of the account."""
    said = {
        "create": _("Your roles do not allow making such a record. Ask the administrator."),
        "delete": _("Your roles do not allow deleting this record. Ask the administrator."),
        "reassign": _("Your roles do not allow giving this record to somebody else. "
                      "Ask the administrator."),
        "posts": _("Only the administrator says in which department a colleague is and whom he "
                   "reports to, for rights follow from it."),
        "author": _("Nothing is written in another person's name."),
    }  # fmt: skip
    usual = _("Your roles do not allow changing this record. Ask the administrator.")
    return NotAllowed(said.get(what, usual))


def at_the_door(why: str, seconds: int = 0) -> DatabaseUnavailable:
    """The sentence for whoever has the right password, and lacks something besides."""
    if why == "locked":
        minutes = -(-seconds // 60)
        said = ngettext(
            "This account is locked for {count} more minute after too many failed sign-ins. The "
            "administrator of the base can unlock it at once.",
            "This account is locked for {count} more minutes after too many failed sign-ins. The "
            "administrator of the base can unlock it at once.", minutes,
        ).format(count=minutes)  # fmt: skip
        until = _("This account is locked after too many failed sign-ins. Ask the administrator "
                  "of the base to unlock it.")  # fmt: skip
        return DatabaseUnavailable(said if seconds else until, field="locked")
    said = {
        "code": _("Type the six digits that the app on your telephone shows now."),
        "join": _("The office asks for a second factor: set it up to sign in."),
        "used": _("This code was used already. Wait for the next one."),
    }.get(why) or _(
        "This code is not right. Take the one that the app shows now; if it happens again, check "
        "the clock of the telephone. A recovery code is good once."
    )
    return DatabaseUnavailable(said, field="join" if why == "join" else "code")


def busy() -> BaseBusy:
    """The sentence for one who waited long enough."""
    return BaseBusy(_("Somebody is saving the same just now. Try again in a moment."))


def upgrading() -> BaseBusy:
    """The sentence for one who comes while another program changes the tables."""
    return BaseBusy(_("The base is just being upgraded by somebody else. Try again in a minute."))


def stranger(user: str) -> DatabaseUnavailable:
    """The sentence for one who has an account on the server, and no business in this base."""
    said = _("{user} has not been let in to this base. Ask its administrator.")
    return DatabaseUnavailable(said.format(user=user), field="user")


def lost() -> DatabaseUnavailable:
    """The sentence for a connection that broke."""
    return DatabaseUnavailable(
        _("The connection to the server was lost. What was not saved yet was not changed.")
    )


def _bare(error: BaseException) -> BaseException:
    return error.orig or error if isinstance(error, sa.exc.DBAPIError) else error


def _of_the_server(code: int | None, text: str) -> Exception | None:
    if code == _IO_ERROR and "space left" in text.lower():
        return DiskFull(
            _("The disk of the server is full, so nothing was changed. Tell its administrator.")
        )
    if code == _READ_ONLY:
        return BaseReadOnly(_("The base on the server is read-only. Tell its administrator."))
    if code in _CORRUPT:
        return BaseDamaged(
            _("The base on the server is damaged. Its administrator has to restore it.")
        )
    if code in _SHUT_DOWN:
        return DatabaseUnavailable(
            _("The base is closed for maintenance. Try again when the administrator opens it.")
        )
    if code == _NO_PERMISSION:
        return DatabaseUnavailable(
            _("The server refuses this to the user. Ask its administrator for the right.")
        )
    return None


def not_opened(error: Exception, *, place: str, user: str) -> Exception:
    """Why signing in to a server that answers has failed; a sentence even for odd reasons."""
    code = gds_code(error)
    if (kept_out := _DOOR.search(str(_bare(error).args[0]))) is not None:
        return at_the_door(kept_out[1], int(kept_out[2] or 0))
    if code == _LOGIN:
        said = _("The server does not accept the user {user} with this password. Check the name, "
                 "the keyboard layout and Caps Lock; the administrator can set another password."
                 )  # fmt: skip
        return DatabaseUnavailable(said.format(user=user), field="password")
    if code == _NOT_ENCRYPTED:
        return DatabaseUnavailable(
            _(
                "The server does not encrypt the line, so nobody signs in: others could read "
                "along. Its administrator sets WireCrypt = Required in firebird.conf."
            ),
            field="server",
        )
    if is_missing(error):
        said = _("There is no base {place} on the server. Check the name, or ask the administrator "
                 "for the connection file.").format(place=place)  # fmt: skip
        return BaseMissing(said, field="server")
    if code == NOT_ALLOWED:
        return DatabaseUnavailable(
            _("The server does not let anybody open {place}. Ask its administrator.").format(
                place=place
            )
        )
    reason = str(_bare(error).args[0]).splitlines()[-1].lstrip("- ")
    return understood(error) or DatabaseUnavailable(
        _("The server cannot open {place}: {reason}.").format(place=place, reason=reason)
    )


def is_missing(error: BaseException) -> bool:
    """Whether the server answers but has no such file or alias."""
    return gds_code(error) == _IO_ERROR and "space left" not in str(error).lower()
