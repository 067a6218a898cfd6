"""The small form of a relation: which other record, what it is to this one, since when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.ui.actions import bilingual
from crm_desktop.ui.editors import EditorBase, editor_for
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.relations import KindName, Related, RelationShape


class RelationForm(Dialog):
    """Asks for a relation; whoever opens it writes what `given` tells."""

    given = Signal(object, object)
    """(the `KindName` chosen, the values by field key)"""

    def __init__(
        self, session: Session, shape: RelationShape, names: list[KindName], title: str,
        parent: QWidget,
    ) -> None:  # fmt: skip
        """`title` is that of the card's record."""
        body = QWidget()
        super().__init__(_("New relation"), body, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._shape, self._names = session, shape, names
        self.kind = ComboBox(name=_("Kind of relation"))
        self.kind.set_choices([(name.text, place) for place, name in enumerate(names)], 0)
        self._editors: dict[str, EditorBase] = {}
        self._boxes: dict[str, FieldBox] = {}
        keys = shape.joining
        parts = {key: self._box(key) for key in (keys.other, shape.lasting.since,
                                                 shape.lasting.until, keys.note)}  # fmt: skip
        first = FieldBox(_("For “{name}” it is").format(name=title), self.kind, required=True)
        self._boxes[keys.kind] = first
        dates = row(parts[shape.lasting.since], parts[shape.lasting.until], gap=12)
        body.setLayout(column(parts[keys.other], first, dates, parts[keys.note], gap=10))
        body.setMinimumWidth(px(480))
        cancel, self.save = self.add_button(_("Cancel")), self.add_button(_("Save"), kind="primary")
        cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self._save)
        for chord in bilingual("Ctrl+S; Ctrl+Return; Ctrl+Enter"):
            QShortcut(chord, self).activated.connect(self._save)

    def _box(self, key: str) -> FieldBox:
        f: Field = self._shape.entity.field(key)
        made = editor_for(f, self._session.base.parse_context, self._session)
        self._editors[key] = made
        self._boxes[key] = FieldBox(_(f.label), made, required=f.required)
        return self._boxes[key]

    def edit(self, related: Related) -> None:
        """Shows a relation that is to be changed."""
        self.set_title(_("Relation"))
        mine = (related.name.kind, related.name.turned)
        known = [(one.kind, one.turned) for one in self._names]
        self.kind.set_value(known.index(mine) if mine in known else 0)
        keys, lasting = self._shape.joining, self._shape.lasting
        values: dict[str, Any] = {
            keys.other: related.other, lasting.since: related.since, lasting.until: related.until,
            keys.note: related.note or None,
        }  # fmt: skip
        for key, value in values.items():
            self._editors[key].set_value(value)
        self._editors[keys.other].set_titles({related.other: related.title})

    def editor(self, key: str) -> EditorBase:
        """The editor of a field."""
        return self._editors[key]

    def refuse(self, sentence: str, field: str | None) -> None:
        """It could not be kept: says why at its field."""
        self._boxes.get(field or "", self._boxes[self._shape.joining.kind]).set_error(sentence)

    def _save(self) -> None:
        for one in self._boxes.values():
            one.set_error("")
        values: dict[str, Any] = {}
        for key, editor in self._editors.items():
            try:
                values[key] = editor.value()
            except InvalidInput as error:
                self._boxes[key].set_error(error.message)
                return
        other = self._shape.joining.other
        if values[other] is None:
            self._boxes[other].set_error(_("Choose the other record"))
            return
        self.given.emit(self._names[int(self.kind.value())], values)
