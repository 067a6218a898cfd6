"""A small form over the card: a child record is added or changed without leaving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.actions import bilingual
from crm_desktop.ui.messages import Verb, ask
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.form_controller import FormController
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.dialog import Dialog

_MANY = 12  # fields; more of them stand in two columns


class ChildDialog(Dialog):
    """Holds a form of the child's object; the link to the card's record is not asked for."""

    def __init__(
        self,
        controller: CardController,
        link: Link,
        record: Ref | None,
        parent: QWidget,
        *,
        owner: Ref | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """`owner`: whose child it is; the card's record for None. `values`: what a new one begins
        with."""
        entity = link.entity
        self.forms = FormController(
            controller.session, controller.navigator, entity, controller,
            given=_given(link, owner or controller.ref), margin=0,
        )  # fmt: skip
        self.forms.add_strips(controller.parts.forms)
        new = record is None
        title = _(entity.new_label) if new and entity.new_label else _(entity.label)
        super().__init__(title, self.forms.panel, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        wide = len(self.forms.form.editors) > _MANY
        high = min(px(640), px(220) + self.forms.form.sizeHint().height())
        self.resize(px(780 if wide else 640), high)
        self.forms.panel.hide_buttons()
        self._cancel = self.add_button(_("Cancel"))
        self._save = self.add_button(_("Save"), kind="primary")
        self._save.setDefault(False)
        controller.session.refusals.keep(self._save, WRITE)
        self._cancel.clicked.connect(self.reject)
        self._save.clicked.connect(self.forms.save)
        for keys in bilingual("Ctrl+S; Ctrl+Return; Ctrl+Enter"):
            QShortcut(keys, self).activated.connect(self.forms.save)
        self.forms.ended.connect(self.accept)
        self.forms.ready.connect(self.forms.form.focus_first)
        self.finished.connect(self.forms.deleteLater)
        self.forms.begin(record, values)

    @classmethod
    def open_for(
        cls,
        controller: CardController,
        link: Link,
        record: Ref | None,
        parent: QWidget,
        *,
        owner: Ref | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> ChildDialog:
        """Opens the form of a child, of a new one for None; does not wait."""
        dialog = cls(controller, link, record, parent.window(), owner=owner, values=values)
        dialog.open()
        return dialog

    def reject(self) -> None:
        """Esc and Cancel: what was typed is not thrown away without a word."""
        if self.forms.is_changed():
            verbs = (Verb("drop", _("Discard"), danger=True), Verb("save", _("Save"), primary=True))
            title = _("Save the changes?")
            text = _("What you have typed is not saved yet.")
            answer = ask(self, title, text, verbs, keep=_("Go on editing"))
            if answer == "save":
                self.forms.save()
            if answer != "drop":
                return
            self.forms.discard()
            return
        super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):  # Enter in a field saves nothing
            event.accept()
            return
        super().keyPressEvent(event)


def _given(link: Link, owner: Ref | None) -> dict[str, Any]:
    """The value of the link to the record it belongs to."""
    assert owner is not None
    return {link.field.key: owner if link.field.type_name == "record" else owner.id}
