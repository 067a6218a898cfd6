"""Asks before a write that needs a word of the person; nothing waits while the question stands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import ConsentNeeded
from crm_desktop.i18n import _
from crm_desktop.ui.messages import Verb, question
from crm_desktop.ui.runtime.lifetime import is_alive


def ask_consent(
    window: QWidget, error: ConsentNeeded, owner: QObject, answered: Callable[[bool], None]
) -> None:
    """`answered` gets True where it is to be done all the same. Over the box that asked for it, or
    over the window."""
    place = owner.window() if isinstance(owner, QWidget) and owner.isVisible() else window
    box = question(place, error.title, error.question(), (Verb("yes", error.verb),),
                   keep=_("Leave it"))  # fmt: skip

    def told(number: int) -> None:
        box.deleteLater()
        if is_alive(owner):
            answered(number > 0)

    box.finished.connect(told)
    box.open()
