"""The fields of the chosen stage; each is saved when it is left."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.services.sales_setup import need_choices
from crm_desktop.ui.editors import EditorBase, editor_for
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.sales_setup.needs_button import NeedsButton
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.layouts import column, row

PAIRS = (("name",), ("tone", "outcome"), ("probability", "stuck_days"), ("back", "skip"))
NEEDS = {"to_enter": N_("Needed to enter"), "to_leave": N_("Needed to leave")}


class StageForm(QWidget):
    """One editor a field, made from the catalogue."""

    changed = Signal(str, object)
    """(field key, its new value)"""

    def __init__(self, session: Session, entity: EntityDef) -> None:
        super().__init__()
        self._entity, self._stored = entity, dict[str, Any]()
        self.editors: dict[str, EditorBase] = {}
        self.boxes: dict[str, FieldBox] = {}
        self.needs: dict[str, NeedsButton] = {}
        for pair in PAIRS:
            for key in pair:
                self._add(key, session)
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

    def _add(self, key: str, session: Session) -> None:
        f = self._entity.field(key)
        editor = editor_for(f, lambda: session.base.parse_context(), session)
        editor.checked.connect(lambda error, key=key: self._left(key, error))
        editor.committed.connect(lambda key=key: self._left(key, ""))
        self.editors[key] = editor
        self.boxes[key] = FieldBox(_(f.label), editor, required=f.required)

    def _say_texts(self) -> None:
        for key, box in self.boxes.items():
            box.set_label(_(NEEDS.get(key) or self._entity.field(key).label))
        for key, button in self.needs.items():
            button.show_keys(str(self._stored.get(key) or ""))

    def show_values(self, values: Mapping[str, Any], *, other: bool) -> None:
        """Shows a stage; of the same stage a field in which somebody types stays as it is."""
        self._stored = dict(values)
        for key, editor in self.editors.items():
            typed = editor.isAncestorOf(self.focusWidget() or self) and self._differs(key)
            if other or not typed:
                editor.set_value(values.get(key))
                self.boxes[key].set_error("")
        for key, button in self.needs.items():
            button.show_keys(str(values.get(key) or ""))

    def _differs(self, key: str) -> bool:
        try:
            value = self.editors[key].value()
        except InvalidInput:
            return True
        stored = self._stored.get(key)
        return value != stored and not (value in (None, "") and stored in (None, ""))

    def refuse(self, key: str, sentence: str) -> None:
        """Says under a field why it was not saved."""
        if key in self.boxes:
            self.boxes[key].set_error(sentence)

    def _left(self, key: str, error: str) -> None:
        self.boxes[key].set_error(error)
        if error or not self._differs(key):
            return
        with contextlib.suppress(InvalidInput):
            self.changed.emit(key, self.editors[key].value())
