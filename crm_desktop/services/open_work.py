"""What is still to be worked at, and what is over: won or lost, decided, done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_desktop.models.catalogue.builtin.lead import OPEN_STATES
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.sales_traits import Funnel, Leads
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.models.query import Condition
from crm_desktop.services.reminders.question import open_states


def still_open(entity: EntityDef) -> Condition | None:
    """What tells records that are still to be worked at; None where all are."""
    planned, sold = entity.trait(Scheduled), entity.trait(Funnel)
    if planned is not None:
        return Condition(planned.state, "in", list(open_states(entity)))
    if sold is not None:
        return Condition(sold.closed, "empty")
    if entity.trait(Leads) is not None:
        return Condition("state", "in", list(OPEN_STATES))
    return None


def is_open(entity: EntityDef, values: Mapping[str, Any]) -> bool:
    """The same of one record whose values are known."""
    unfinished = still_open(entity)
    if unfinished is None:
        return True
    state = values.get(unfinished.path)
    return state is None if unfinished.op == "empty" else state in unfinished.value
