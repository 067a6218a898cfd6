"""What the planner asks before it writes: which dates are meant, whether a time is taken twice."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.services.planner.bars import Bar
from crm_desktop.services.planner.double_booking import DoubleBooked
from crm_desktop.ui.messages import Verb, ask


def ask_extent(parent: QWidget, bars: Sequence[Bar], *, delete: bool) -> str | None:
    """Which occurrences are meant, where that is a question; None: leave all as it is."""
    if not any(bar.series for bar in bars):
        return ""
    if delete:
        title, text = _("Delete a repeated entry"), _("Which of its dates are to be deleted?")
    else:
        title, text = _("Move a repeated entry"), _("Which of its dates are to be moved?")
    verbs = (
        Verb("this", _("This one"), primary=True),
        Verb("following", _("This and the following")),
    )
    return ask(parent, title, text, verbs, keep=_("Leave it")) or None


def ask_twice(parent: QWidget, found: DoubleBooked) -> bool:
    """Names what would clash; whether it is saved all the same."""
    verb = Verb("twice", found.verb)
    return bool(ask(parent, found.title, found.question(), (verb,), keep=_("Leave it")))
