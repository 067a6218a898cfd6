"""Fields of one record that have no button to save them: each is saved when it is left."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.ui.editors import EditorBase, editor_for
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.field_box import FieldBox

_EMPTY = (None, "")


class SavedFields(QWidget):
    """One editor a field, made from the catalogue; whoever holds it lays out `boxes`."""

    changed = Signal(str, object)
    """(field key, its new value)"""

    def __init__(self, session: Session, entity: EntityDef) -> None:
        super().__init__()
        self._session, self._entity, self._stored = session, entity, dict[str, Any]()
        self.editors: dict[str, EditorBase] = {}
        self.boxes: dict[str, FieldBox] = {}

    def _add(self, key: str) -> None:
        f, session = self._entity.field(key), self._session
        editor = editor_for(f, lambda: session.base.parse_context(), session)
        editor.checked.connect(lambda error, key=key: self._left(key, error))
        editor.committed.connect(lambda key=key: self._left(key, ""))
        self.editors[key] = editor
        self.boxes[key] = FieldBox(_(f.label), editor, required=f.required)

    def show_values(self, values: Mapping[str, Any], *, other: bool = False) -> None:
        """Shows a record; of the same one (not `other`) what somebody types stays as it is."""
        self._stored = dict(values)
        for key, editor in self.editors.items():
            typed = editor.isAncestorOf(self.focusWidget() or self) and self._differs(key)
            if other or not typed:
                editor.set_value(values.get(key))
                self.boxes[key].set_error("")

    def refuse(self, key: str, sentence: str) -> None:
        """Says under a field why it was not saved."""
        if key in self.boxes:
            self.boxes[key].set_error(sentence)

    def _differs(self, key: str) -> bool:
        try:
            value = self.editors[key].value()
        except InvalidInput:
            return True
        stored = self._stored.get(key)
        return value != stored and not (value in _EMPTY and stored in _EMPTY)

    def _left(self, key: str, error: str) -> None:
        self.boxes[key].set_error(error)
        if error or not self._differs(key):
            return
        with contextlib.suppress(InvalidInput):
            self.changed.emit(key, self.editors[key].value())
