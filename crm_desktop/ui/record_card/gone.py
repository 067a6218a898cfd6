"""What a card shows whose record is not there any more, or is nobody else's business."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QStackedWidget

from crm_desktop.i18n import _
from crm_desktop.services.rights.words import BEYOND
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.widgets.empty_state import EmptyState


class GoneNote(EmptyState):
    """Says that the record was deleted and can come back, or why it is not shown; `primary`
    closes the card."""

    def __init__(self, card: CardController, entity: str, close: Callable[[], Any]) -> None:
        super().__init__()
        self.primary.connect(close)
        self._why_private = card.why_private
        self._why_beyond = card.session.refusals.why(BEYOND, entity)
        keep_translated(self, self._say_texts)

    def come(self, stack: QStackedWidget, with_keyboard: bool) -> None:
        """In front of the card; `with_keyboard`: Esc and Enter close it."""
        if stack.indexOf(self) < 0:
            stack.addWidget(self)
        stack.setCurrentWidget(self)
        if with_keyboard:
            self.primary_button.setFocus()

    def _say_texts(self) -> None:
        self.set_actions((_("Close"), ""))
        if self._why_private:
            self.set_texts("user", _("Somebody's private matter"), self._why_private)
            return
        if self._why_beyond:
            self.set_texts("lock", _("This record is not shown to you"), self._why_beyond)
            return
        self.set_texts(
            "delete", _("The record is not in the base any more"),
            _("It was deleted. Undo brings it back with everything that belonged to it."),
        )  # fmt: skip
