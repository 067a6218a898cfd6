"""What a card shows whose record is not there any more."""

from __future__ import annotations

from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.widgets.empty_state import EmptyState


class GoneNote(EmptyState):
    """Says that the record was deleted and can come back; `primary` closes the card."""

    def __init__(self) -> None:
        super().__init__()
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.set_texts(
            "delete", _("The record is not in the base any more"),
            _("It was deleted. Undo brings it back with everything that belonged to it."),
        )  # fmt: skip
        self.set_actions((_("Close"), ""))
