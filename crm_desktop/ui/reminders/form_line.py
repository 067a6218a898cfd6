"""The line of reminders in the form of a new activity: those of its kind until somebody types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Surface
from crm_desktop.ui.widgets.layouts import column

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.services.writing.create_with import Along
    from crm_desktop.ui.record_card.form_controller import FormController


class RemindersInForm:
    """Made with every form of the object that reminders are about (`card_parts.FormPart`)."""

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """The object that reminders are about."""
        from crm_desktop.models.catalogue.traits import Reminds

        reminder, trait = catalogue.with_trait(Reminds)
        return getattr(reminder.field(trait.event), "target", "") == entity.key

    def make(self, forms: FormController) -> QWidget:
        """The line."""
        return ReminderLine(forms)


class ReminderLine(Surface):
    """Several reminders with their channels, written with the record; seen once it has a time."""

    draft_key = "+reminders"

    def __init__(self, forms: FormController) -> None:
        from crm_desktop.models.catalogue.traits import Scheduled

        super().__init__("surface")
        self._forms = forms
        trait = forms.entity.trait(Scheduled)
        assert trait is not None
        self._trait = trait
        self.line = LineEdit("", name=_("Reminders"))
        self.box = FieldBox(_("Reminders"), self.line)
        self._typed = False
        self.setLayout(column(self.box, gap=0, margins=(20, 12, 20, 0)))
        self.line.textEdited.connect(self._edited)
        self.line.editingFinished.connect(self._look)
        forms.form.changed.connect(self._follow_kind)
        forms.ready.connect(self._begin)
        forms.along.append(self._along)
        forms.beside.append(self)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.box.set_label(_("Reminders"))
        self.box.set_note(_("For example: 15 min before, window; 1 day before, e-mail"))

    def _begin(self) -> None:
        """A card of what stands already has its chips."""
        self._typed = False
        self._follow_kind()

    def raw(self) -> str | None:
        """What was typed (`card_parts.InDraft`)."""
        return self.line.text() if self._typed else None

    def set_raw(self, text: str) -> None:
        """What was typed before the form was closed."""
        self.line.setText(text)
        self._edited(text)
        self._look()

    def _edited(self, _text: str) -> None:
        self._typed = True
        self._forms.form.changed.emit()

    def _look(self) -> None:
        from crm_desktop.services.reminders.lines import read_reminders

        try:
            read_reminders(self.line.text())
        except UserError as error:
            self.box.set_error(error.message)
        else:
            self.box.set_error("")

    def _follow_kind(self) -> None:
        """What nobody has typed over follows the kind."""
        values, when = self._forms.form.typed(), self._trait
        self.setVisible(not self._forms.ref.id and bool(values.get(when.starts) or
                                                        values.get(when.due)))  # fmt: skip
        if self._typed or self.isHidden():
            return
        from crm_desktop.services.activities.kinds import NO_HABITS, usual
        from crm_desktop.services.reminders.lines import reminders_line

        kind = str(values.get(when.kind) or "")
        known = self._forms.session.base.habits
        habits = known.get(kind, NO_HABITS) if known is not None else usual(kind)
        self.line.setText(reminders_line(habits.reminders))

    def _along(self, values: Mapping[str, Any]) -> Along | None:
        """The reminders of a new activity; None where nobody typed: its kind has them made."""
        if not self._typed or self.isHidden():
            return None
        from crm_desktop.services.reminders.asked import with_reminders
        from crm_desktop.services.reminders.lines import read_reminders

        wanted = read_reminders(self.line.text())
        return with_reminders(self._forms.session.base, wanted, values)
