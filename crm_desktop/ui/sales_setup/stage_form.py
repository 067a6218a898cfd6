"""The fields of the chosen stage; each is saved when it is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.services.sales_setup import need_choices
from crm_desktop.ui.editors.saved_fields import SavedFields
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.sales_setup.needs_button import NeedsButton
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.layouts import column, row

PAIRS = (("name",), ("tone", "outcome"), ("probability", "stuck_days"), ("back", "skip"))
NEEDS = {"to_enter": N_("Needed to enter"), "to_leave": N_("Needed to leave")}


class StageForm(SavedFields):
    """The fields by twos, below them what the stage needs."""

    def __init__(self, session: Session, entity: EntityDef) -> None:
        super().__init__(session, entity)
        self.needs: dict[str, NeedsButton] = {}
        for pair in PAIRS:
            for key in pair:
                self._add(key)
        choices = need_choices(session.base.catalogue)
        for key in NEEDS:
            button = self.needs[key] = NeedsButton(choices, name=_(NEEDS[key]))
            button.changed.connect(lambda keys, key=key: self.changed.emit(key, keys))
            self.boxes[key] = FieldBox(_(NEEDS[key]), button)
        rows = [row(*(self.boxes[key] for key in pair), gap=12) for pair in PAIRS]
        for line in rows:
            for place in range(line.count()):
                line.setStretch(place, 1)
        self.setLayout(column(*rows, *(self.boxes[key] for key in NEEDS), None, gap=10))
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        for key, box in self.boxes.items():
            box.set_label(_(NEEDS.get(key) or self._entity.field(key).label))
        self._show_needs()

    def show_values(self, values: Mapping[str, Any], *, other: bool = False) -> None:
        super().show_values(values, other=other)
        self._show_needs()

    def _show_needs(self) -> None:
        for key, button in self.needs.items():
            button.show_keys(str(self._stored.get(key) or ""))
