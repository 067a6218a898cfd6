"""A strip under a form that says what a typed number means in a directory, and fills it in."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QSizePolicy

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.traits import FilledFrom
from crm_desktop.services.writing.batch import is_empty, same
from crm_desktop.services.writing.filling import suggested
from crm_desktop.ui.record_card.form_controller import FormController
from crm_desktop.ui.widgets.labels import IconLabel, Label, Surface
from crm_desktop.ui.widgets.layouts import row


class DirectoryStrip(Surface):
    """Follows the form; a value that a person typed is never written over."""

    def __init__(self, forms: FormController) -> None:
        super().__init__("accent_soft", "b")
        self._forms = forms
        self._rules = tuple(forms.entity.traits_of(FilledFrom))
        self._asked: dict[str, Any] = {}
        self._filled: dict[str, Any] = {}
        self._text = Label("", wrap=True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setLayout(row(IconLabel("company", "accent_text"), self._text, margins=(16, 8, 12, 8)))
        self.hide()
        forms.ready.connect(self._begin)
        forms.form.changed.connect(self._typed)

    def _begin(self) -> None:
        """The record stands in the form: what it holds already is not asked for again."""
        typed = self._forms.form.typed()
        self._asked = {rule.by: typed.get(rule.by) for rule in self._rules}
        self._filled.clear()
        self.hide()

    def _typed(self) -> None:
        typed = self._forms.form.typed()
        for rule in self._rules:
            value = typed.get(rule.by)
            if not same(value, self._asked.get(rule.by)):
                self._asked[rule.by] = value
                self._ask(rule, value)

    def _ask(self, rule: FilledFrom, value: Any) -> None:
        base, entity = self._forms.session.base, self._forms.entity
        if is_empty(value):
            self.hide()
            return
        self._forms.session.operations.query(
            ("directory", id(self)), lambda job: suggested(base.reader, entity, rule.by, value),
            owner=self, done=lambda found: self._take(rule, value, found),
        )  # fmt: skip

    def _take(self, rule: FilledFrom, value: Any, found: dict[str, Any]) -> None:
        form, typed = self._forms.form, self._forms.form.typed()
        if not same(typed.get(rule.by), value):
            return
        free = {
            own: found.get(own) for own, _there in rule.copies
            if is_empty(typed.get(own)) or same(typed.get(own), self._filled.get(own))
        }  # fmt: skip
        self._filled = {own: given for own, given in free.items() if not is_empty(given)}
        form.prefill({own: given for own, given in free.items() if own in typed}, {})
        self._say(rule, value, found)

    def _say(self, rule: FilledFrom, value: Any, found: dict[str, Any]) -> None:
        entity, catalogue = self._forms.entity, self._forms.session.base.catalogue
        f = entity.field(rule.by)
        shown = f.format(value, i18n.language())
        named = [str(found[own]) for own, _there in rule.copies if found.get(own)]
        sentence = _("{field} {value}: {found}") if named else _(
            "{field} {value} is not in the directory “{directory}”: fill in the rest by hand."
        )  # fmt: skip
        self._text.setText(
            sentence.format(
                field=_(f.label), value=shown, found=" · ".join(named),
                directory=_(catalogue[rule.source].plural),
            )
        )  # fmt: skip
        self.show()
