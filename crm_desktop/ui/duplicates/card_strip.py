"""The strip under the header of a card: what a sweep has found to be the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_desktop.i18n import _
from crm_desktop.ui.card_parts import PartWidget
from crm_desktop.ui.widgets.layouts import column
from crm_desktop.ui.widgets.strips import StripMessage

if TYPE_CHECKING:
    from crm_desktop.ui.record_card.controller import CardController
    from crm_desktop.ui.record_card.loading import CardContents
    from crm_desktop.ui.record_card.values import Surroundings

_MOST = 2


class DuplicatesStrip(PartWidget):
    """Names the records and offers to merge them."""

    def __init__(self, card: CardController) -> None:
        super().__init__()
        self._card = card
        self._ids: tuple[int, ...] = ()
        self._key = ""
        self.strip = StripMessage("", tone="warn", action=_("Compare"))
        self.setLayout(column(self.strip, gap=0))
        self.strip.acted.connect(self._compare)

    def show_part(self, value: Any, contents: CardContents, around: Surroundings) -> None:
        names = ", ".join(_("“{text}”").format(text=one.title) for one in value[:_MOST])
        if len(value) > _MOST:
            names = _("{names} and {count} more").format(names=names, count=len(value) - _MOST)
        self._key = contents.ref.entity
        self._ids = (contents.ref.id, *(one.id for one in value))
        self.strip.button.setText(_("Compare"))
        self.strip.set_text(_("Possible duplicates: {names}").format(names=names))

    def _compare(self) -> None:
        self._card.navigator.open_merge(self._key, self._ids)
