"""The question before a card with something unsaved is left, and what follows the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.messages import Verb, ask


class Leavable(Protocol):
    """A page that can be asked to go."""

    def is_changed(self) -> bool:
        """Whether something typed is not saved yet."""

    def can_save(self) -> bool:
        """Whether saving would save it all."""

    def save_typed(self) -> None:
        """Begins to save it; `Leaving.saved` is to be told."""

    def drop_typed(self) -> None:
        """Throws it away."""


class Leaving(QObject):
    """Asks once; after "Save" what was wanted happens as soon as everything is saved."""

    def __init__(self, page: QWidget, typed: Leavable) -> None:
        super().__init__(page)
        self._page, self._typed = page, typed
        self._then: Callable[[], Any] | None = None

    def may_go(self, then: Callable[[], Any]) -> bool:
        """Whether the page may be left now; `then` follows a save that was begun here."""
        if not self._typed.is_changed():
            return True
        verbs: tuple[Verb, ...] = (Verb("drop", _("Discard"), danger=True),)
        if self._typed.can_save():
            verbs = (*verbs, Verb("save", _("Save"), primary=True))
        text = _("What you have typed is not saved yet.")
        answer = ask(self._page, _("Save the changes?"), text, verbs, keep=_("Go on editing"))
        if answer == "save":
            self._then = then
            self._typed.save_typed()
        elif answer == "drop":
            self._typed.drop_typed()
        return answer == "drop"

    def forget(self) -> None:
        """The save was refused and the person saves anew, to stay."""
        self._then = None

    def saved(self) -> None:
        """Something was saved: what was wanted follows once nothing is left."""
        if self._then is not None:
            QTimer.singleShot(0, self, self._go_on)

    def _go_on(self) -> None:
        if self._then is None or self._typed.is_changed():
            return
        then, self._then = self._then, None
        then()
