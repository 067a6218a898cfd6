"""The small boxes that ask for tags of many rows, and for the name of a selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes.tags import split_tags
from crm_desktop.models.catalogue.traits import Tags
from crm_desktop.ui.editors import editor_for
from crm_desktop.ui.record_list.change_rows import ChangeRows
from crm_desktop.ui.record_list.numbers import count_text
from crm_desktop.ui.record_list.row_rights import LeftOut
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import Segment
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column

if TYPE_CHECKING:
    from crm_desktop.services.bulk.preview import ChangePreview


class TagsForm(Dialog):
    """Which tags are given, which are taken."""

    given = Signal(list, list)
    preview_asked = Signal(list, list)
    """(names to add, names to remove): what they would change is to be found out."""

    def __init__(
        self, session: Session, entity: EntityDef, count: int, parent: QWidget, left_out: str = ""
    ) -> None:
        body = QWidget()
        title = ngettext("Tags of {count} record", "Tags of {count} records", count)
        super().__init__(title.format(count=count_text(count)), body, parent)
        trait = entity.trait(Tags)
        assert trait is not None
        f, context = entity.field(trait.field), session.base.parse_context
        self.more = editor_for(f, context, session)
        self.less = editor_for(f, context, session)
        self._boxes = (FieldBox(_("Add"), self.more), FieldBox(_("Remove"), self.less))
        hint = Label(_("Several tags are parted by commas. New ones are created."), "small",
                     "text2", wrap=True)  # fmt: skip
        self._said = Label("", "small", "text2", wrap=True)
        self.rows = ChangeRows()
        self.left_out = LeftOut(left_out)
        body.setLayout(column(self.left_out, *self._boxes, hint, self._said, self.rows, gap=10))
        self.setMinimumWidth(px(580))
        for editor in (self.more, self.less):
            editor.changed.connect(self._ask_preview)
        self.add_button(_("Cancel"), result=0)
        self.go = self.add_button(_("Change the tags"), kind="primary")
        self.go.clicked.connect(self._accept)
        self.go.setDefault(True)

    def _ask_preview(self) -> None:
        try:
            more, less = (split_tags(e.value()) for e in (self.more, self.less))
        except InvalidInput:
            return
        if more or less:
            self.preview_asked.emit(more, less)
        else:
            self._said.setText("")
            self.rows.show_preview(None)

    def show_preview(self, found: ChangePreview) -> None:
        """Says how many records would change, and shows the first of them."""
        text = ngettext("{count} record will change.", "{count} records will change.",
                        found.changing)  # fmt: skip
        self._said.setText(text.format(count=count_text(found.changing)))
        self.rows.show_preview(found)

    def _accept(self) -> None:
        try:
            more, less = (split_tags(e.value()) for e in (self.more, self.less))
        except InvalidInput as error:
            self._boxes[0].set_error(error.message)
            return
        if not more and not less:
            self._boxes[0].set_error(_("Name a tag to add or to remove"))
            return
        self.given.emit(more, less)
        self.accept()


class SelectionForm(Dialog):
    """The name of a selection; of a whole list, whether it goes on finding new records."""

    given = Signal(str, bool)

    def __init__(
        self, parent: QWidget, *, count: int, whole: bool = False, live: bool = True
    ) -> None:
        """`whole`: of the list as it is narrowed; `live`: its conditions can be kept."""
        body = QWidget()
        text = ngettext("New segment of {count} record", "New segment of {count} records", count)
        title = _("Save the list as a segment") if whole else text.format(count=count_text(count))
        super().__init__(title, body, parent)
        self.name = LineEdit(name=_("Name"))
        self._box = FieldBox(_("Name"), self.name, required=True)
        self.kind = Segment([(_("Live"), True), (_("Frozen"), False)], name=_("Kind"))
        self.kind.set_value(live)
        self.kind.chosen.connect(lambda _value: self._say())
        self.kind.setVisible(whole and live)
        self._whole, self._count = whole, count
        self._hint = Label("", "small", "text2", wrap=True)
        self._hint.setMinimumHeight(px(40))
        body.setLayout(column(self._box, self.kind, self._hint, gap=10))
        body.setMinimumWidth(px(440))
        self.add_button(_("Cancel"), result=0)
        self.go = self.add_button(_("Save"), kind="primary")
        self.go.clicked.connect(self._accept)
        self.go.setDefault(True)
        self._say()

    def _live(self) -> bool:
        return self._whole and bool(self.kind.value())

    def _say(self) -> None:
        if self._live():
            text = _("Holds whoever fits the conditions of the list at the moment it is opened.")
        else:
            text = ngettext(
                "Keeps this {count} record until you add or remove some.",
                "Keeps these {count} records until you add or remove some.", self._count,
            ).format(count=count_text(self._count))  # fmt: skip
        self._hint.setText(text)

    def refuse(self, sentence: str) -> None:
        """It could not be kept: says why."""
        self._box.set_error(sentence)
        self.name.setFocus()

    def _accept(self) -> None:
        name = self.name.text().strip()
        if not name:
            self.refuse(_("A segment needs a name"))
            return
        self.given.emit(name, self._live())
