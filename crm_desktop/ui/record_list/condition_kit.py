"""Conditions of one object for pages that are no list: asked for, said as chips, changed.

`ui/features.py` hands it to whoever narrows records by conditions, such as the board.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.query import Condition, Where
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list import state as st
from crm_desktop.ui.record_list.condition_form import ConditionForm
from crm_desktop.ui.record_list.condition_texts import ConditionTexts, refs_in
from crm_desktop.ui.record_list.fields import choice_of, linked_choices, own_choices
from crm_desktop.ui.record_list.wider_fields import asked_groups
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.popover import Popover

Taken = Callable[[Where | None], None]


class ConditionKit(QObject):
    """Says and asks for conditions on the records of one object."""

    named = Signal()
    """The names of records in conditions have come: chips say them now."""

    def __init__(self, session: Session, entity: EntityDef, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._entity = session, entity
        self._titles: dict[Ref, str] = {}

    def chips(self, where: Where | None) -> list[tuple[str, str]]:
        """(field, rest) of each condition; names that are not known yet are asked for."""
        texts = ConditionTexts(self._session.base.catalogue, self._entity, i18n.language())
        missing = set(refs_in(where, self._field_of)) - set(self._titles)
        if missing:
            self._look_up(missing)
        return [texts.chip(part, self._titles) for part in st.parts_of(where)]

    def _look_up(self, missing: set[Ref]) -> None:
        find = self._session.base.titles.of

        def work(_job: Job) -> dict[Ref, Any]:
            return find(missing)

        def done(found: dict[Ref, Any]) -> None:
            self._titles |= dict.fromkeys(missing, "…")
            self._titles |= {ref: title.text for ref, title in found.items()}
            self.named.emit()

        self._session.operations.query(("conditions", id(self)), work, owner=self, done=done)

    def _field_of(self, path: str) -> Field | None:
        choice = choice_of(self._session.base.catalogue, self._entity, path)
        return choice.field if choice is not None else None

    def ask(self, anchor: QWidget, where: Where | None, place: int | None, taken: Taken) -> None:
        """Opens the form below `anchor`: for a new condition, or for the one at `place`; `taken`
        gets all conditions as they are then."""
        parts = st.parts_of(where)
        form = ConditionForm(self._session, self._groups(), self._say)
        popover = Popover(form, name=_("Condition"), parent=anchor)

        def take(conditions: tuple[Condition, ...]) -> None:
            popover.close_panel()
            fresh = (st.either(conditions),) if conditions else ()
            before = parts if place is None else parts[:place]
            after = () if place is None else parts[place + 1 :]
            taken(st.joined((*before, *fresh, *after)))

        form.applied.connect(take)
        form.resized.connect(popover.fit)
        alternatives = st.alternatives_of(parts[place]) if place is not None else None
        popover.open_below(anchor)
        if alternatives:
            form.edit(alternatives)

    def without(self, where: Where | None, place: int) -> Where | None:
        """The conditions without one of them."""
        parts = st.parts_of(where)
        return st.joined((*parts[:place], *parts[place + 1 :]))

    def _say(self, condition: Condition) -> str:
        texts = ConditionTexts(self._session.base.catalogue, self._entity, i18n.language())
        label, text = texts.chip(condition, self._titles)
        return f"{label}: {text}"

    def _groups(self) -> list[Any]:
        catalogue = self._session.base.catalogue
        groups: list[Any] = [("", own_choices(catalogue, self._entity))]
        for choices in linked_choices(catalogue, self._entity):
            over = choices[0].over
            groups.append((_(over.label) if over is not None else "", choices))
        return asked_groups(catalogue, self._entity, groups)
