"""The fields of a working calendar: the hours of each weekday, holidays, zone. Saved when left."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.traits import WorkHours
from crm_desktop.ui.editors import EditorBase, editor_for
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column


class WeekForm(QWidget):
    """One editor a field, made from the catalogue; each change is told by itself."""

    changed = Signal(str, object)
    """(field key, its new value)"""

    def __init__(self, session: Session, entity: EntityDef, trait: WorkHours) -> None:
        super().__init__()
        self._entity, self._stored = entity, dict[str, Any]()
        self.editors: dict[str, EditorBase] = {}
        self.boxes: dict[str, FieldBox] = {}
        for key in (entity.title_field, *trait.week, trait.country, trait.zone):
            self._add(key, session)
        self._title, self._hint = Label("", "strong"), Label("", "small", "text2", wrap=True)
        self._hint_zone = Label("", "small", "text2", wrap=True)
        week = [self.boxes[key] for key in trait.week]
        rest = [self.boxes[key] for key in (trait.country, trait.zone)]
        name = self.boxes[entity.title_field]
        self.setLayout(
            column(name, 8, self._title, *week, self._hint, 8, *rest, self._hint_zone, None, gap=8)
        )
        keep_translated(self, self._say_texts)

    def _add(self, key: str, session: Session) -> None:
        f = self._entity.field(key)
        editor = editor_for(f, lambda: session.base.parse_context(), session)
        box = FieldBox(_(f.label), editor, required=f.required, hint="")
        editor.checked.connect(lambda error, key=key: self._left(key, error))
        editor.committed.connect(lambda key=key: self._left(key, ""))
        self.editors[key], self.boxes[key] = editor, box

    def _say_texts(self) -> None:
        self._title.setText(_("Working hours"))
        self._hint.setText(
            _("Like 09:00-13:00 14:00-18:00. An empty line is a day off; if the whole week is "
              "empty, it is that of the calendar below.")
        )  # fmt: skip
        self._hint_zone.setText(
            _("RU: the holidays of Russia; a dash: no holidays. A zone like Europe/Moscow.")
        )
        for key, box in self.boxes.items():
            box.set_label(_(self._entity.field(key).label))

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Shows a calendar; a field in which somebody types stays as it is."""
        self._stored = dict(values)
        for key, editor in self.editors.items():
            if not editor.isAncestorOf(self.focusWidget() or self) or not self._differs(key):
                editor.set_value(values.get(key))
                self.boxes[key].set_error("")

    def _differs(self, key: str) -> bool:
        try:
            return (self.editors[key].value() or None) != (self._stored.get(key) or None)
        except InvalidInput:
            return True

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
