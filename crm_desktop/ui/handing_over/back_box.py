"""The box that asks before one record of a hand-over goes back to whoever had it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column
from crm_desktop.ui.widgets.strips import StripMessage

if TYPE_CHECKING:
    from crm_desktop.services.handing_over.giving_back import Return


class GiveBackBox(Dialog):
    """Says what goes to whom; `decided` when it is to be done."""

    decided = Signal()

    def __init__(self, session: Session, back: Return, parent: QWidget) -> None:
        body, base = QWidget(), session.base
        super().__init__(_("Give back “{record}”").format(record=back.record), body, parent)
        day = back.handed_at.astimezone(base.worktime.office_zone()).date()
        counts = ", ".join(
            f"{_(base.catalogue[key].plural)}: {count}" for key, count in back.counts().items()
        )
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.trouble = StripMessage("", tone="bad")
        self.trouble.hide()
        text = _("Handed over on {day}. It goes back to {name}, with what is still open of it:")
        body.setLayout(column(
            self.trouble,
            Label(text.format(day=format_date(day, i18n.language()), name=back.name), "body",
                  wrap=True),
            Label(counts, "strong", wrap=True),
            Label(_("What was finished meanwhile stays with whoever did it."), "small", "text2",
                  wrap=True),
            gap=10,
        ))  # fmt: skip
        body.setMinimumWidth(px(420))
        self.leave = self.add_button(_("Cancel"), result=0)
        self.go = self.add_button(_("Give back"), kind="primary")
        self.go.clicked.connect(self._decide)
        self.go.setFocus(Qt.FocusReason.OtherFocusReason)
        self.keep_whole(px(460))

    def _decide(self) -> None:
        self.go.setEnabled(False)
        self.decided.emit()

    def say(self, sentence: str) -> None:
        """Why it did not work; it may be tried again."""
        self.trouble.set_text(sentence)
        self.trouble.show()
        self.go.setEnabled(True)
