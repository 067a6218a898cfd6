"""The reminders of an activity in the head of its card; the widget comes with the first card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_desktop.ui.card_parts import CHIPS, PartWidget

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.record_card.controller import CardController


@dataclass(frozen=True, slots=True)
class ShownReminders:
    """(id, minutes before, channel) of each, the earliest first."""

    all_day: bool
    reminders: tuple[tuple[int, int, str], ...]


class RemindersPart:
    """Chips to add and remove reminders with one click (`card_parts.HeaderPart`)."""

    place = CHIPS

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """The object that reminders are about."""
        from crm_desktop.models.catalogue.traits import Reminds

        reminder, trait = catalogue.with_trait(Reminds)
        return getattr(reminder.field(trait.event), "target", "") == entity.key

    def load(self, workspace: Workspace, entity: EntityDef, record: int) -> object:
        """Only of what is still to be done and has a time."""
        from crm_desktop.services.reminders.moments import base_moment
        from crm_desktop.services.reminders.question import open_states

        when, trait = workspace.reminders.question.scheduled, workspace.reminders.question.trait
        keys = (when.state, when.starts, when.due, when.all_day)
        values = workspace.reader.many(entity.key, [record], keys).get(record, {})
        if values.get(when.state) not in open_states(entity) or base_moment(values) is None:
            return None
        found = workspace.reminders.of(record)
        return ShownReminders(
            bool(values.get(when.all_day)),
            tuple(
                (id_, int(str(row.get(trait.offset) or 0)), str(row.get(trait.channel) or ""))
                for id_, row in found.items()
            ),
        )

    def make(self, card: CardController) -> PartWidget:
        """The line of chips."""
        from crm_desktop.ui.reminders.chips import ReminderChips

        return ReminderChips(card)
