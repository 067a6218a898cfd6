"""The strip under a form: which known record the typed one looks like. Never in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.widgets.layouts import column
from crm_desktop.ui.widgets.strips import StripMessage

if TYPE_CHECKING:
    from crm_desktop.services.duplicates.lookup import Likely
    from crm_desktop.ui.record_card.form_controller import FormController

_WAIT_MS = 300


class LikenessStrip(QWidget):
    """Asks once the person has stopped typing; what was put away for a record stays away."""

    def __init__(self, forms: FormController) -> None:
        super().__init__()
        self._forms = forms
        self._ref: Ref | None = None
        self._asked: Any = None
        self._shown: set[int] = set()
        self._put_away: set[int] = set()
        self.strip = StripMessage("", tone="info", action=_("Open"), close=_("Put away"))
        self.setLayout(column(self.strip, gap=0))
        self.strip.acted.connect(self._open)
        self.strip.dismissed.connect(self._dismiss)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(self.ask)
        forms.form.changed.connect(lambda: self._wait.start(_WAIT_MS))
        forms.ready.connect(lambda: self._wait.start(_WAIT_MS))  # with what was filled in
        forms.saved.connect(lambda _ref: self.hide())
        self.hide()

    def ask(self) -> None:
        """Asks with what stands in the form now."""
        base = self._forms.session.workspace
        if base is None or self._forms.ref.id:  # known records have the strip of their card
            return
        entity, typed = self._forms.entity, {**self._forms.given, **self._forms.form.typed()}
        fields = [f for f in entity.fields if isinstance(typed.get(f.key), str)]
        told = {f.key: typed[f.key] for f in fields}
        if told == self._asked:
            return
        self._asked = told
        self._forms.session.operations.query(
            ("likeness", id(self)), lambda _job: base.duplicates.like(entity, typed, limit=3),
            owner=self, done=self._take,
        )  # fmt: skip

    def _take(self, found: list[Likely]) -> None:
        fresh = [one for one in found if one.id not in self._put_away]
        self.setVisible(bool(fresh))
        self._ref = Ref(self._forms.entity.key, fresh[0].id) if fresh else None
        if fresh:
            names = ", ".join(_("“{text}”").format(text=one.title) for one in fresh)
            self.strip.show()
            self.strip.button.setText(_("Open"))
            self.strip.set_text(_("Looks like: {names}").format(names=names))
            self._shown = {one.id for one in fresh}

    def _open(self) -> None:
        if self._ref is not None:
            self._forms.navigator.open_record(self._ref, new_tab=True)

    def _dismiss(self) -> None:
        self._put_away |= self._shown
        self.hide()
