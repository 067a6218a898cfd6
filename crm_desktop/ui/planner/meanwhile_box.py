"""The box that names what somebody changed while it was drafted, and asks what is to be of it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.services.planner.applying import ChangedMeanwhile
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import CheckBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column


class MeanwhileBox(Dialog):
    """A tick for each record: apply the draft all the same. Without it the draft goes."""

    def __init__(self, parent: QWidget, error: ChangedMeanwhile) -> None:
        self.found = error.found
        self.ticks = [CheckBox(one.text) for one in error.found]
        for tick, one in zip(self.ticks, error.found, strict=True):
            tick.setEnabled(bool(one.version))
        hint = _("Tick what is to be applied all the same; the other drafts of these are dropped.")
        body = QWidget()
        body.setLayout(column(Label(hint, "body", "text2", wrap=True), *self.ticks, gap=8))
        super().__init__(_("Somebody has changed this meanwhile"), body, parent)
        self.setMinimumWidth(px(520))
        self.add_button(_("Back"), result=0)
        self.add_button(_("Apply the rest"), kind="primary", result=1)

    def chosen(self) -> dict[int, int]:
        """The versions that may be overwritten, by record."""
        pairs = zip(self.ticks, self.found, strict=True)
        return {one.draft.now.id: one.version for tick, one in pairs if tick.isChecked()}


def ask_meanwhile(parent: QWidget, error: ChangedMeanwhile) -> dict[int, int] | None:
    """What is to be overwritten; None: nothing is applied yet."""
    box = MeanwhileBox(parent, error)
    answer, chosen = box.exec(), box.chosen()
    box.deleteLater()
    return chosen if answer == 1 else None
