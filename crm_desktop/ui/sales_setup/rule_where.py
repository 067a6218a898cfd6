"""“Only where” of a rule: its condition as chips, asked for as a list asks for conditions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.query import Where, where_from_json, where_to_json
from crm_desktop.ui.conditions import Conditions, MakeConditions
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import FlowLayout, column
from crm_desktop.ui.widgets.marks import Chip

if TYPE_CHECKING:
    from crm_desktop.ui.record_card.form_controller import FormController

WHERE = "where"
"""The field of the rule."""


class RuleWhere(QWidget):
    """The conditions of the rule in the form, and a button for one more."""

    changed = Signal()

    def __init__(self, forms: FormController, make: MakeConditions) -> None:
        super().__init__()
        self._forms, self._make = forms, make
        self._kits: dict[str, Conditions] = {}
        self._about: EntityDef | None = None
        self.chips: list[Chip] = []
        self.add = Button(_("Only where…"), "add", "ghost")
        self.add.clicked.connect(lambda: self._ask(None, self.add))
        self.error = Label("", "small", "bad", wrap=True)
        self.error.hide()
        self._line = QWidget()
        self._flow = FlowLayout(self._line, gap=6)
        self._flow.addWidget(self.add)
        self.setLayout(column(self._line, self.error, gap=4))
        editor_field = forms.entity.field(WHERE)
        forms.form.keep_unseen(editor_field, forms.session.base.parse_context, forms.session)

    def show_for(self, about: EntityDef) -> None:
        """The conditions of a rule about this object."""
        self._about = about
        said = self._kit().chips(self.where())
        self._flow.removeWidget(self.add)
        self._flow.clear()
        self.chips = []
        for place, (label, value) in enumerate(said):
            chip = Chip(label, value, remove_tip=_("Remove the condition"))
            chip.clicked.connect(lambda _on=False, n=place, c=chip: self._ask(n, c))
            chip.removed.connect(lambda n=place: self.take(self._kit().without(self.where(), n)))
            self._flow.addWidget(chip)
            self.chips.append(chip)
        self._flow.addWidget(self.add)
        self.add.show()

    def _kit(self) -> Conditions:
        assert self._about is not None
        if self._about.key not in self._kits:
            kit = self._kits[self._about.key] = self._make(self._forms.session, self._about, self)
            kit.named.connect(lambda: self.show_for(self._about or self._forms.entity))
        return self._kits[self._about.key]

    def where(self) -> Where | None:
        """The condition in the form; one that cannot be read is shown as none."""
        text = self._forms.form.typed().get(WHERE)
        try:
            return where_from_json(json.loads(str(text))) if text else None
        except (ValueError, InvalidInput):
            return None

    def _ask(self, place: int | None, anchor: QWidget) -> None:
        self._kit().ask(anchor, self.where(), place, self.take)

    def take(self, where: Where | None) -> None:
        """The conditions as they are now; what a rule cannot compare is refused at once."""
        from crm_desktop.services.automation.holding import check_where

        assert self._about is not None
        try:
            check_where(self._forms.session.base.catalogue, self._about, where)
        except InvalidInput as wrong:
            self.error.setText(wrong.message)
            self.error.show()
            return
        self.error.hide()
        text = json.dumps(where_to_json(where), ensure_ascii=False) if where is not None else None
        self._forms.form.prefill({WHERE: text}, {})
        self.changed.emit()
