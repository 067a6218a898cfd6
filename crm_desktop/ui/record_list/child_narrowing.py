"""Which of the children a calculated column counts: the form of a condition over their fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crm_desktop import i18n
from crm_desktop.models.query import Condition
from crm_desktop.ui.record_list import state as st
from crm_desktop.ui.record_list.condition_form import ConditionForm
from crm_desktop.ui.record_list.condition_texts import ConditionTexts
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.record_list.fields import own_choices

if TYPE_CHECKING:
    from crm_desktop.services.lists.children import ChildPath


class ChildNarrowing(QObject):
    """Puts another column in the place of one: over the children that fulfil a condition."""

    def __init__(self, controller: ListController, path: str, child: ChildPath) -> None:
        super().__init__()
        self._c, self._path, self._child = controller, path, child
        entity = child.child.entity
        catalogue = controller.session.base.catalogue
        self._texts = ConditionTexts(catalogue, entity, i18n.language())
        groups = [("", own_choices(catalogue, entity))]
        self.form = ConditionForm(controller.session, groups, self._say)
        alternatives = None if child.where is None else st.alternatives_of(child.where)
        if alternatives:
            self.form.edit(alternatives)
        self.form.applied.connect(self._take)

    def _say(self, condition: Condition) -> str:
        label, text = self._texts.chip(condition, self._c.titles)
        return f"{label}: {text}"

    def _take(self, conditions: tuple[Condition, ...]) -> None:
        from crm_desktop.services.lists.children import child_column

        where = st.either(conditions) if conditions else None
        of = self._child.of.key if self._child.of is not None else ""
        made = child_column(self._child.function, self._child.child, of, where)
        columns = self._c.state.query.columns
        self._c.change(columns=tuple(made if path == self._path else path for path in columns))
