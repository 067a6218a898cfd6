"""What a card shows whose record is not there any more, or is nobody else's business."""

from __future__ import annotations

from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.widgets.empty_state import EmptyState


class GoneNote(EmptyState):
    """Says that the record was deleted and can come back, or why it is not shown; `primary`
    closes the card."""

    def __init__(self, why_private: str = "", why_beyond: str = "") -> None:
        """`why_beyond`: whose records the person does not see, where not everybody's are seen."""
        super().__init__()
        self._why_private, self._why_beyond = why_private, why_beyond
        keep_translated(self, self._say_texts)

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
