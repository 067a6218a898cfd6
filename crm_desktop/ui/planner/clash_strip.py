"""The strip under the form of an activity: what its time clashes with, while it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.services.planner.double_booking import typed_clashes
from crm_desktop.services.planner.service import Planner
from crm_desktop.ui.widgets.layouts import column
from crm_desktop.ui.widgets.strips import StripMessage

if TYPE_CHECKING:
    from crm_desktop.ui.record_card.form_controller import FormController

_WAIT_MS = 300


class ClashStrip(QWidget):
    """Asks once the person has stopped typing. Never in the way."""

    def __init__(self, forms: FormController) -> None:
        super().__init__()
        self._forms = forms
        self._asked: Any = None
        self.strip = StripMessage("", tone="warn")
        self.setLayout(column(self.strip, gap=0))
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_WAIT_MS)
        self._wait.timeout.connect(self.ask)
        forms.form.changed.connect(self._wait.start)
        forms.ready.connect(self._wait.start)
        forms.saved.connect(self._saved)
        self.hide()

    def _saved(self, _ref: object) -> None:
        self.hide()

    def ask(self) -> None:
        """Asks with what stands in the form now."""
        forms, base = self._forms, self._forms.session.workspace
        if base is None:
            return
        planner, typed = Planner(base), {**forms.given, **forms.form.typed()}
        scheduled = planner.schedule.scheduled
        keys = (scheduled.starts, scheduled.ends, scheduled.who, scheduled.state, scheduled.rule)
        told = tuple(typed.get(key) for key in keys)
        if told == self._asked:
            return
        self._asked = told
        record = forms.ref.id
        forms.session.operations.query(
            ("clashes", id(self)), lambda _job: typed_clashes(planner, record, typed),
            owner=self, done=self._take,
        )  # fmt: skip

    def _take(self, found: str) -> None:
        self.setVisible(bool(found))
        if found:
            self.strip.set_text(_("This time is taken already: {names}").format(names=found))
