"""What `ui.features` lists of this package; the widgets are imported when they are first seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.ui.conditions import MakeConditions
    from crm_desktop.ui.record_card.form_controller import FormController


class RulePart:
    """Fields, values and the condition below the form of a rule (`card_parts.FormPart`)."""

    def __init__(self, conditions: MakeConditions) -> None:
        self._conditions = conditions

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """The object whose records are rules."""
        from crm_desktop.models.catalogue.sales_traits import Automations

        return entity.trait(Automations) is not None

    def make(self, forms: FormController) -> QWidget:
        """The lists."""
        from crm_desktop.ui.sales_setup.rule_picks import RulePicks

        return RulePicks(forms, self._conditions)
