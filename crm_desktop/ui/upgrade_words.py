"""What is said of a base that is older than the program while it is brought up to it."""

from __future__ import annotations

from crm_desktop.i18n import _
from crm_desktop.ui.operations import Progress


def upgrade_words(name: str, state: Progress) -> str:
    """What is being done to the base of that name, and how much of it is done."""
    said = _("The base “{name}” is brought to this version of the program. {what}")
    text = said.format(name=name, what=state.text)
    return f"{text} {100 * state.done // state.total} %" if state.total else text
