"""Values in the form of a rule: picked with the editor of the field they are meant for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    DateField,
    DateTimeField,
    DecimalField,
    IntegerField,
    LinkField,
    MultiChoiceField,
)
from crm_desktop.ui.editors import EditorBase, editor_for
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.layouts import FlowLayout

if TYPE_CHECKING:
    from crm_desktop.ui.record_card.form_controller import FormController

MEANT_FOR = {"becomes": "when", "value": "field"}
"""By the field of a rule that holds a value: the one that says of which field."""
_PICKED = (
    LinkField, ChoiceField, BoolField, DateField, DateTimeField, DecimalField, IntegerField,
)  # fmt: skip
_WIDE = 240


def is_picked(f: Field | None) -> bool:
    """Whether a value of the field is picked rather than typed: texts may hold fields in braces."""
    return isinstance(f, _PICKED) and not isinstance(f, MultiChoiceField)


class RuleValues(QWidget):
    """An editor for each value of the rule that is no text."""

    changed = Signal()

    def __init__(self, forms: FormController) -> None:
        super().__init__()
        self._forms = forms
        self.editors: dict[str, EditorBase] = {}
        self._of: dict[str, tuple[str, str]] = {}
        self._boxes: dict[str, FieldBox] = {}
        self._flow = FlowLayout(self, gap=12)

    def show_for(self, about: EntityDef, seen: dict[str, Any]) -> frozenset[str]:
        """The editors for a rule about this object; `seen`: the values of the rule whose fields
        matter. Which of them are shown here instead of in the form."""
        for key, named in MEANT_FOR.items():
            name = str(self._forms.form.typed().get(named) or "")
            f = about.field(name) if key in seen and about.has(name) else None
            if f is None or not is_picked(f):
                self._drop(key)
            elif self._of.get(key) != (about.key, name):
                self._drop(key)
                self._add(key, f)
                self._of[key] = (about.key, name)
            if key in self.editors:
                self._show(key, seen.get(key))
        self.setVisible(bool(self.editors))
        return frozenset(self.editors)

    def _drop(self, key: str) -> None:
        box = self._boxes.pop(key, None)
        self.editors.pop(key, None)
        self._of.pop(key, None)
        if box is not None:
            self._flow.removeWidget(box)
            box.hide()
            box.deleteLater()

    def _add(self, key: str, f: Field) -> None:
        session = self._forms.session
        editor = self.editors[key] = editor_for(f, session.base.parse_context, session)
        editor.changed.connect(lambda: self._typed(key, f))
        label = f"{_(self._forms.entity.field(key).label)}: {_(f.label)}"
        box = self._boxes[key] = FieldBox(label, editor)
        box.setFixedWidth(px(_WIDE))
        self._flow.addWidget(box)

    def _show(self, key: str, text: Any) -> None:
        """What the rule holds, unless it is what was just typed here."""
        editor, f = self.editors[key], self._field(key)
        if text == self._text(editor, f):
            return
        try:
            value = self._value(f, str(text or ""))
        except InvalidInput:
            value = None
        editor.set_value(value)
        if isinstance(f, LinkField) and value is not None:
            self._name(editor, Ref(f.target, value))

    def _name(self, editor: EditorBase, ref: Ref) -> None:
        base = self._forms.session.base
        self._forms.session.operations.query(
            ("rule value", id(editor)), lambda _job: base.titles.of([ref]), owner=editor,
            done=editor.set_titles,
        )  # fmt: skip

    def _field(self, key: str) -> Field:
        entity, name = self._of[key]
        return self._forms.session.base.catalogue[entity].field(name)

    def _value(self, f: Field, text: str) -> Any:
        if isinstance(f, LinkField):
            return int(text) if text.isascii() and text.isdigit() else None
        return f.parse(text, self._forms.session.base.parse_context()) if text else None

    @staticmethod
    def _text(editor: EditorBase, f: Field) -> str | None:
        """The value as the rule keeps it; '' for none, None for what cannot be read."""
        from crm_desktop.services.automation.firing import plain_text

        try:
            return plain_text(f.plain(editor.value()))
        except InvalidInput:
            return None

    def _typed(self, key: str, f: Field) -> None:
        text = self._text(self.editors[key], f)
        if text is not None:
            self._forms.form.prefill({key: text or None}, {})
            self.changed.emit()
