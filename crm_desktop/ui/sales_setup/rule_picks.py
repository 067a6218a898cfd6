"""In the form of a rule fields are picked by their names: their keys are nothing for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin.activity import ACTIVITY
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import AddressField, DateTimeField, TextField
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.ui.conditions import MakeConditions
from crm_desktop.ui.sales_setup.rule_values import MEANT_FOR, RuleValues
from crm_desktop.ui.sales_setup.rule_where import RuleWhere
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.layouts import FlowLayout, column

if TYPE_CHECKING:
    from crm_desktop.ui.record_card.form_controller import FormController

OF = "of"
SHOWN_FOR = {
    OF: ("event", ("made", "field")), "when": ("event", ("field",)),
    "field": ("deed", ("set_field",)), "at": ("deed", (ACTIVITY.key,)),
    "place": ("deed", (ACTIVITY.key,)),
}  # fmt: skip
"""By the field of the rule: which other field must hold what for it to matter."""
_WIDE = 240


class RulePicks(QWidget):
    """One list for each field of the rule that holds the key of another one."""

    def __init__(self, forms: FormController, conditions: MakeConditions) -> None:
        """`conditions` makes what asks for the conditions of an object."""
        super().__init__()
        self._forms = forms
        self._catalogue = forms.session.base.catalogue
        self.picks: dict[str, ComboBox] = {}
        self._boxes: dict[str, FieldBox] = {}
        self.where, self.values = RuleWhere(forms, conditions), RuleValues(forms)
        fields = QWidget()
        lay = FlowLayout(fields, gap=12)
        self.setLayout(column(fields, self.values, self.where, gap=12, margins=(24, 8, 24, 8)))
        self._fields_line = fields
        for place, key in enumerate(SHOWN_FOR):
            f = forms.entity.field(key)
            pick = self.picks[key] = ComboBox(name=_(f.label))
            pick.activated.connect(lambda _place, key=key: self._picked(key))
            box = self._boxes[key] = FieldBox(_(f.label), pick)
            box.setFixedWidth(_WIDE)
            lay.insert_widget(place, box)
        forms.form.changed.connect(self.refresh)
        for part in (self.where, self.values):
            part.changed.connect(forms.form.changed.emit)
        forms.ready.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Shows the lists that matter for what stands in the form."""
        typed = self._forms.form.typed()
        for key, (other, values) in SHOWN_FOR.items():
            shown = typed.get(other) in values
            self._boxes[key].setVisible(shown)
            if shown:
                self._fill(key, typed)
        shown = any(typed.get(other) in values for other, values in SHOWN_FOR.values())
        self._fields_line.setVisible(shown)
        about = self._about(typed)
        seen = {key: typed.get(key) for key, named in MEANT_FOR.items() if self._matters(named)}
        here = self.values.show_for(about, seen)
        self.where.show_for(about)
        self._forms.form.set_hidden(frozenset(SHOWN_FOR) | here)

    def _matters(self, key: str) -> bool:
        """Whether the field that a value is meant for is asked for."""
        return not self._boxes[key].isHidden()

    def _fill(self, key: str, typed: dict[str, Any]) -> None:
        about = self._about(typed)
        if key == OF:
            choices = [(_(e.label), e.key) for e in self._catalogue if e.navigation]
            stands = about.key
        else:
            choices = [("—", ""), *self._fields(about, key)]
            stands = str(typed.get(key) or "")
            if stands and stands not in {value for _text, value in choices}:
                choices.append((stands, stands))  # a path over a link, say
        self.picks[key].set_choices(sorted(choices, key=lambda c: c[0].casefold()), stands)

    @staticmethod
    def _fields(about: EntityDef, key: str) -> list[tuple[str, str]]:
        kinds = {"at": (DateTimeField,), "place": (TextField, AddressField)}.get(key)
        return [
            (_(f.label), f.key)
            for f in about.fields
            if (kinds is None or isinstance(f, kinds)) and not f.kept and f.section != "-"
        ]

    def _about(self, typed: dict[str, Any]) -> EntityDef:
        known = str(typed.get(OF) or "")
        if known and self._catalogue.has(known):
            return self._catalogue[known]
        return self._catalogue.with_trait(Funnel)[0]

    def _picked(self, key: str) -> None:
        value = self.picks[key].value() or None
        self._forms.form.prefill({key: value}, {})
        self._forms.form.changed.emit()
