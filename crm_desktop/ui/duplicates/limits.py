"""The thresholds of the base: from which likelihood records are shown as duplicates."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column
from crm_desktop.ui.widgets.spin_box import SpinBox


class LimitsDialog(Dialog):
    """Asks for the two likelihoods, in per cent."""

    kept = Signal(int)

    def __init__(self, session: Session, shown: float, parent: QWidget) -> None:
        self.shown = SpinBox(name=_("Shown as duplicates from, %"), least=50, most=100)
        self.shown.set_value(round(shown * 100))
        body = QWidget()
        text = _(
            "The lower the likelihood, the more pairs there are that are none. It counts for "
            "everybody who works in this base, from the next check on."
        )
        body.setLayout(
            column(
                Label(text, "body", "text2", wrap=True),
                FieldBox(_("Shown as duplicates from, %"), self.shown),
                gap=12,
            )
        )
        super().__init__(_("From which likelihood on"), body, parent)
        self._session = session
        self.add_button(_("Cancel"), result=0)
        self.keep = self.add_button(_("Save"), kind="primary")
        session.refusals.keep(self.keep, WRITE)
        self.keep.clicked.connect(self.save)

    def save(self) -> None:
        """Keeps them for the base."""
        base, shown = self._session.base, self.shown.value() / 100

        def work(_job: Any) -> None:
            from crm_desktop.services.duplicates.service import Limits

            certain = max(shown, base.duplicates.limits().certain)
            base.duplicates.set_limits(Limits(shown, certain))

        def done(_nothing: Any) -> None:
            self.kept.emit(0)
            self.done(1)

        self._session.operations.run(work, owner=self, done=done)
