"""The bar over the grid while things are drafted: how many, apply all, drop."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.painting import tone_colors
from crm_desktop.ui.planner.drafting import Drafting
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import IconLabel, Label
from crm_desktop.ui.widgets.layouts import row


class DraftBar(QWidget):
    """Shown in draft mode."""

    def __init__(self, drafting: Drafting) -> None:
        super().__init__()
        self._drafting = drafting
        self.label = Label("", "body", "text", wrap=True)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.drop, self.apply = Button("", kind="ghost"), Button("", kind="primary")
        self.setLayout(
            row(IconLabel("edit", "info"), self.label, self.drop, self.apply,
                margins=(16, 6, 12, 6))
        )  # fmt: skip
        drafting.keep(self.apply)
        self.drop.clicked.connect(drafting.drop)
        self.apply.clicked.connect(lambda: drafting.apply())
        drafting.changed.connect(self.say)
        keep_translated(self, self.say)

    def say(self) -> None:
        """How many there are now."""
        drafting, count = self._drafting, len(self._drafting.drafts)
        self.setVisible(drafting.on)
        text = ngettext(
            "Draft: {count} change is not saved yet", "Draft: {count} changes are not saved yet",
            count,
        ).format(count=count)  # fmt: skip
        empty = _("Draft: what you plan now is saved only when you apply it")
        self.label.setText(text if count else empty)
        self.setAccessibleName(self.label.text())
        self.apply.setText(_("Apply all"))
        self.drop.setText(_("Drop") if count else _("Leave draft mode"))
        self.apply.setVisible(count > 0)
        for button in (self.apply, self.drop):
            button.setEnabled(not drafting.applying)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), tone_colors("info")[1])
        painter.end()
