"""Whether a base is younger than the program that wants to open it."""

from __future__ import annotations

from crm_desktop.errors import BaseTooNew
from crm_desktop.i18n import _


def check_version(name: str, version: int, newest: int | None) -> None:
    """BaseTooNew for a base that a newer program has written."""
    if newest is not None and version > newest:
        raise BaseTooNew(
            _(
                "{name} was made by a newer version of the program. "
                "Install the newer version to open it; the base was not changed."
            ).format(name=name)
        )
