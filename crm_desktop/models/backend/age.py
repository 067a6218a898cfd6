"""Whether a base is younger than the program that wants to open it, or not yet whole."""

from __future__ import annotations

from crm_desktop.errors import BaseHalfMoved, BaseTooNew
from crm_desktop.i18n import _

HALF_MOVED = -1
"""The version that a base says while it is being filled by a move."""


def check_version(name: str, version: int, newest: int | None) -> None:
    """BaseTooNew for a base that a newer program has written, BaseHalfMoved for half of one."""
    if version == HALF_MOVED and newest is not None:
        raise BaseHalfMoved(
            _(
                "{name} was not moved to its end. Move it once more: what is there already "
                "is not sent again."
            ).format(name=name)
        )
    if newest is not None and version > newest:
        raise BaseTooNew(
            _(
                "The base {name} is of a newer version of the program. Install that version on "
                "this computer to open it; the base was not changed."
            ).format(name=name)
        )
