"""What a pasted letter would add: who, when, about what, and a tick before each new thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from crm_desktop.i18n import _
from crm_desktop.models.text.date_formats import format_datetime
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.widgets.buttons import ToolButton
from crm_desktop.ui.widgets.choices import CheckBox
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.letters import Proposal, Reading


class LetterBox(Surface):
    """Shows a `Reading`; hidden while there is none."""

    dropped = Signal()
    """The text is not to be taken as a letter."""

    def __init__(self, controller: CardController) -> None:
        super().__init__("sunken", "tb")
        self._controller = controller
        self.reading: Reading | None = None
        self._ticks: list[tuple[CheckBox, Proposal]] = []
        self._title = Label("", "strong", wrap=True)
        self._facts = Label("", "small", "text2", wrap=True)
        self._cross = ToolButton("close", "", size=24)
        self._cross.clicked.connect(self.dropped)
        self._list = column(gap=0)
        head = row(self._title, self._cross, gap=8)
        head.setStretch(0, 1)
        self.setLayout(column(head, self._facts, self._list, gap=4, margins=(12, 8, 12, 8)))
        self.hide()
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self._cross.set_tip(_("Take it as plain text"))
        if self.reading is not None:
            self.show_reading(self.reading)

    def show_reading(self, reading: Reading | None) -> None:
        """Shows another letter; None: none."""
        from crm_desktop.services.letters import said

        for box, _one in self._ticks:
            self._list.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._ticks = []
        self.reading = reading
        self.setVisible(reading is not None)
        if reading is None:
            return
        letter = reading.letter
        kind = _("Chat") if letter.kind == "chat" else _("Letter")
        self._title.setText(_("{kind}: {subject}").format(kind=kind, subject=letter.subject)
                            if letter.subject else kind)  # fmt: skip
        self._facts.setText(" · ".join(self._said(reading)))
        for one in reading.proposals:
            box = CheckBox(said(one))
            box.setChecked(one.ticked)
            self._list.addWidget(box)
            self._ticks.append((box, one))

    def _said(self, reading: Reading) -> list[str]:
        letter, around = reading.letter, self._controller.around()
        moment = letter.moment
        when = format_datetime(moment, around.language, zone=around.now.tzinfo, now=around.now) \
            if moment else ""  # fmt: skip
        who = reading.partner_name or letter.name
        nothing = "" if reading.proposals else _("everything in it is known already")
        return [part for part in (who, letter.job_title, letter.company, when, nothing) if part]

    def chosen(self) -> list[Proposal]:
        """What is ticked."""
        return [one for box, one in self._ticks if box.isChecked()]
