"""The strip of a card that says which colleague is editing the record just now."""

from __future__ import annotations

from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.widgets.labels import ElidedLabel, IconLabel, Surface
from crm_desktop.ui.widgets.layouts import row


class EditingNote(Surface):
    """Hidden while nobody else types here. It keeps nobody from editing."""

    def __init__(self, controller: CardController) -> None:
        super().__init__("warn_soft", "b")
        self._controller = controller
        self._label = ElidedLabel("", "small")
        whole = row(IconLabel("edit", "warn"), self._label, gap=8, margins=(24, 5, 16, 5))
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.hide()
        controller.session.line.marked.connect(self.look)
        keep_translated(self, self.look)

    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def look(self) -> None:
        """Shows who is editing what the card shows now."""
        ref = self._controller.ref
        names = self._controller.session.line.editors(ref) if ref is not None else ()
        self._label.setText(
            _("Being edited by {names}").format(names=", ".join(names)) if names else ""
        )
        self.setVisible(bool(names))
