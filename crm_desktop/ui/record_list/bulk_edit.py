"""The box in which one field of many records gets a new value: what will change is said before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LinkField
from crm_desktop.ui.editors import EditorBase, editor_for
from crm_desktop.ui.record_list.change_rows import ChangeRows
from crm_desktop.ui.record_list.numbers import count_text
from crm_desktop.ui.record_list.row_rights import LeftOut
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import CheckBox, ComboBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column

if TYPE_CHECKING:
    from crm_desktop.services.bulk.preview import ChangePreview
    from crm_desktop.services.rights.many import Given
    from crm_desktop.services.rights.whose import Split


class BulkEditDialog(Dialog):
    """Field, new value, how many records would change."""

    preview_asked = Signal(str, object)
    """(field key, new value): how many would change is to be counted."""
    accepted_value = Signal(str, object)

    def __init__(
        self, session: Session, fields: Sequence[Field], count: int, parent: QWidget,
        left_out: str = "",
    ) -> None:  # fmt: skip
        title = ngettext(
            "Change a field of {count} record", "Change a field of {count} records", count
        ).format(count=count_text(count))
        body = QWidget()
        super().__init__(title, body, parent)
        self._session, self._fields = session, {f.key: f for f in fields}
        self._whole, self._left_out = count, left_out
        self._given: Given | None = None
        self._editor: EditorBase | None = None
        self._combo = ComboBox(name=_("Field"))
        self._combo.set_choices([(_(f.label), f.key) for f in fields], _usual(fields).key)
        self._combo.currentIndexChanged.connect(lambda _place: self._change_field())
        self._place = column(gap=0)
        self._empty = CheckBox(_("Empty the field"))
        self._empty.toggled.connect(lambda _on: self._changed())
        self._said = Label("", "small", "text2", wrap=True)
        self._said.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.only_due = CheckBox(_("Of what recurs only the date that is due"))
        self.only_due.hide()
        self.rows = ChangeRows()
        self.left_out = LeftOut(left_out)
        box = FieldBox(_("Field"), self._combo)
        inside = (box, self._place, self._empty, self._said, self.only_due, self.rows)
        body.setLayout(column(self.left_out, *inside, gap=10))
        self.setMinimumWidth(px(580))
        self.add_button(_("Cancel"), result=0)
        self._go = self.add_button("", kind="primary")
        self._go.clicked.connect(self._accept)
        self._go.setDefault(True)
        self._change_field()

    def _change_field(self) -> None:
        if self._editor is not None:
            box = self._editor_box
            self._place.removeWidget(box)
            box.hide()
            box.deleteLater()
        f = self.field
        self._editor = editor_for(f, self._session.base.parse_context, self._session)
        self._editor.changed.connect(self._changed)
        self._editor_box = FieldBox(_("New value"), self._editor)
        self._place.addWidget(self._editor_box)
        self._empty.setVisible(not f.required and f.storage != "bool")
        self._empty.setChecked(False)
        self._changed()
        self._editor.setFocus()

    @property
    def field(self) -> Field:
        """The field chosen."""
        return self._fields[str(self._combo.value())]

    def choose(self, key: str) -> None:
        """Chooses a field."""
        self._combo.set_value(key)

    # --- what may be given ------------------------------------------------------------------------

    def show_rights(self, given: Given) -> None:
        """Fields that the person may not give are said so, before anything is typed."""
        self._given = given
        self._changed()

    def _handed(self) -> Split | None:
        """Which of the records may become another one's, where the field chosen says whose."""
        given = self._given
        return given.handed if given is not None and self.field.key == given.owner else None

    def meant(self, ids: list[int]) -> list[int]:
        """Those of the records that get the value of the chosen field."""
        handed = self._handed()
        return list(handed.allowed) if handed is not None else ids

    @property
    def _count(self) -> int:
        handed = self._handed()
        return len(handed.allowed) if handed is not None else self._whole

    def _look_at_rights(self) -> bool:
        """Whether the field is closed to the person; says it, or which records are left out."""
        handed = self._handed()
        closed = self._given.closed.get(self.field.key, "") if self._given is not None else ""
        left_out = (self._left_out, handed.why if handed is not None else "")
        self.left_out.say(closed or " ".join(filter(None, left_out)))
        self._empty.setEnabled(not closed)
        self.editor.setEnabled(not closed and not self._empty.isChecked())
        return bool(closed)

    # --- the value --------------------------------------------------------------------------------

    @property
    def editor(self) -> EditorBase:
        """Where the new value is typed."""
        assert self._editor is not None
        return self._editor

    def said(self) -> str:
        """What is said about how many would change."""
        return self._said.text()

    def means_due(self) -> bool:
        """Whether only the date that is due was meant of what recurs."""
        return self.only_due.isVisibleTo(self) and self.only_due.isChecked()

    def empty_field(self) -> None:
        """Ticks that the field is to be emptied."""
        self._empty.setChecked(True)

    def press(self) -> None:
        """Presses the button with the verb."""
        self._go.click()

    def _value(self) -> Any:
        if self._empty.isVisibleTo(self) and self._empty.isChecked():
            return None
        value = self.editor.value()
        if value is None:
            raise InvalidInput(_("Enter the new value, or tick “Empty the field”"))
        return value

    def _changed(self) -> None:
        self._editor_box.set_error("")
        if self._look_at_rights():
            self.rows.show_preview(None)
            self.only_due.hide()
            self._say("", 0)
            return
        try:
            value = self._value()
        except InvalidInput:
            self.rows.show_preview(None)
            self.only_due.hide()
            self._say("", self._count)
            return
        self._say(_("Counting what would change…"), self._count)
        self.preview_asked.emit(self.field.key, value)

    def show_preview(self, found: ChangePreview) -> None:
        """Says how many records would change, and shows the first of them."""
        if self._look_at_rights():  # another field was chosen meanwhile
            return
        self.rows.show_preview(found)
        changing = found.changing
        same = self._count - changing
        text = ngettext(
            "{count} record will change.", "{count} records will change.", changing
        ).format(count=count_text(changing))
        if same:
            text += " " + ngettext(
                "{count} record has this value already.",
                "{count} records have this value already.", same,
            ).format(count=count_text(same))  # fmt: skip
        self.only_due.setVisible(found.repeated > 0 and not found.by_date)
        if found.repeated:
            text += " " + self._said_repeated(found)
        self._say(text, changing)

    @staticmethod
    def _said_repeated(found: ChangePreview) -> str:
        """What becomes of those that recur."""
        if found.by_date:
            said = ngettext(
                "{count} of them recurs: the date that is due is done, and it goes on.",
                "{count} of them recur: the date that is due is done, and they go on.",
                found.repeated,
            )  # fmt: skip
        else:
            said = ngettext("{count} of them recurs: all of its dates change.",
                            "{count} of them recur: all of their dates change.",
                            found.repeated)  # fmt: skip
        return said.format(count=count_text(found.repeated))

    def _say(self, text: str, count: int) -> None:
        self._said.setText(text)
        verb = ngettext("Change {count} record", "Change {count} records", count)
        self._go.setText(verb.format(count=count_text(count)))
        self._go.setEnabled(count > 0)

    def _accept(self) -> None:
        try:
            value = self._value()
        except InvalidInput as error:
            self._editor_box.set_error(error.message)
            self.editor.setFocus()
            return
        self.accepted_value.emit(self.field.key, value)
        self.accept()


def _usual(fields: Sequence[Field]) -> Field:
    """What many records are given at once most often: a value out of few, never a name."""
    return next((f for f in fields if isinstance(f, ChoiceField | LinkField)), fields[0])
