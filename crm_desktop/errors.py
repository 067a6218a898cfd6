"""Errors that a person can act on. Anything else that is raised is a bug and makes a report."""

from __future__ import annotations


class UserError(Exception):
    """A sentence in the user's language that says what happened and what to do.

    `field` names the field of the form that the sentence belongs to, if any.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class InvalidInput(UserError):
    """What was typed or brought in cannot be kept as it is."""


class NameMissing(InvalidInput):
    """No record is called as a link says; `name` is what was said."""

    def __init__(self, message: str, *, field: str | None = None, name: str = "") -> None:
        super().__init__(message, field=field)
        self.name = name


class StageRefused(InvalidInput):
    """A record may not go to another stage. `field` names what is missing; None: nobody may."""


class Conflict(UserError):
    """The record was changed by somebody else since it was read.

    `current` holds the values that stand in the base now, `version` theirs.
    """

    def __init__(
        self, message: str, *, current: dict[str, object] | None = None, version: int = 0
    ) -> None:
        super().__init__(message)
        self.current = current or {}
        self.version = version


class NotFound(UserError):
    """The record, object, field or operation does not exist (any more)."""


class ConsentNeeded(UserError):
    """What was asked for is to be said once more by a person who has read the sentence, where they
    are `allowed` to do it: the same work outside of `services.interactive` passes then."""

    allowed: bool = False
    title = ""
    verb = ""

    def question(self) -> str:
        """What the person is asked, at length."""
        return self.message


class SeatNeeded(UserError):
    """Whoever is here has no seat of the shared base, or came in only to read."""


class NotAllowed(UserError):
    """The roles of the person do not allow it; the sentence says whom to ask for which role."""


class Private(UserError):
    """The record is somebody's private matter: whoever asks may not see or change it."""


class FileProblem(UserError):
    """A file cannot be read or written; names the file and, where known, sheet and row."""


class BaseProblem(UserError):
    """A base cannot be opened: the subclass says why."""


class BaseTooNew(BaseProblem):
    """The base was written by a newer program: nothing was touched."""


class BaseTooOld(BaseProblem):
    """The base is older than the program, and whoever signed in may not bring it up to it."""


class UpgradeOffered(BaseProblem):
    """The shared base is older than the program, and whoever signed in may bring it up to it."""


class BaseHalfMoved(BaseProblem):
    """Moving the base there was broken off; the same move goes on."""


class BaseDamaged(BaseProblem):
    """The file is damaged."""


class NotABase(BaseProblem):
    """The file is no base of this program."""


class BaseLocked(BaseProblem):
    """Another running copy holds the base; the sentence says who and since when."""


class BaseMissing(BaseProblem):
    """There is no base at this address."""


class BaseBusy(BaseProblem):
    """Somebody is saving just now; the same again in a moment will pass."""


class BaseReadOnly(BaseProblem):
    """The file or its folder cannot be written."""


class DiskFull(BaseProblem):
    """No room is left on the disk; the change was not made."""


class DatabaseUnavailable(BaseProblem):
    """The server does not answer or refuses.

    `operation`: of a write that was under way. Nobody knows whether it was still committed; once
    the server is back the change log says it.
    """

    operation: int | None = None


class ProgramFault(UserError):
    """The program has made a mistake, of which a report was made: what was asked for is not done.
    For whoever waits for an answer."""


class Cancelled(Exception):
    """The person stopped the work; never shown as an error."""
