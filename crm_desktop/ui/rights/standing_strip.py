"""The strip on a colleague's card: who stands in for whom, and the way to the page of it."""

from __future__ import annotations

from typing import Any

from crm_desktop.i18n import _
from crm_desktop.ui.card_parts import PartWidget
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.values import Surroundings
from crm_desktop.ui.widgets.layouts import column
from crm_desktop.ui.widgets.strips import StripMessage


class StandingStrip(PartWidget):
    """One line for each substitution is enough: there are rarely two."""

    def __init__(self, card: CardController) -> None:
        super().__init__()
        self.strip = StripMessage("", tone="info", action=" ")
        self.setLayout(column(self.strip, gap=0))
        self.strip.acted.connect(lambda: card.navigator.open_standing_in())

    def show_part(self, value: Any, contents: CardContents, around: Surroundings) -> None:
        lines = [
            " ".join(filter(None, (f"{said}.", f"({days})" if days else "", note)))
            for said, days, note in value
        ]
        self.strip.set_text("\n".join(lines))
        self.strip.button.setText(_("Substitutions"))
