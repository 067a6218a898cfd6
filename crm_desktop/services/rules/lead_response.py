"""The first response to a lead: the first call, letter, chat or meeting of the office about it.

Kept with the lead as the moment and as working minutes of the office since it was received, so
that figures need not guess from what was typed later.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.sales_traits import Leads
from crm_desktop.models.worktime.arithmetic import WorkTime
from crm_desktop.services.worktime.reading import read_calendars
from crm_desktop.services.writing.batch import Batch, Staged

SPOKEN = ("call", "meeting", "visit")
"""Without a direction these are ours; what is written is ours only if it says so."""
WRITTEN = ("letter", "chat")


def note_first_response(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Keeps moment and working minutes with the lead, and takes it on if nobody has."""
    values = staged.after
    about = values.get("about") if values is not None else None
    if values is None or type(about) is not Ref or not _is_response(values):
        return
    entity = batch.catalogue[about.entity]
    if entity.trait(Leads) is None:
        return
    lead = batch.row(entity, about.id)
    known = lead.after or {}
    moment: datetime = values.get("moment") or batch.now
    if known.get("responded") is not None and known["responded"] <= moment:
        return
    whose = known.get("responsible") or values.get("author") or batch.author
    batch.put(lead, "responded", moment)
    batch.put(lead, "responded_by", whose)
    batch.put(lead, "response", _minutes(batch, known.get("received") or moment, moment))
    if known.get("state") == "new":
        batch.put(lead, "state", "working")
        if known.get("taken") is None:
            batch.put(lead, "taken", batch.now)
            batch.put(lead, "taken_by", whose)


def _is_response(values: Mapping[str, Any]) -> bool:
    kind, direction = values.get("kind"), values.get("direction")
    if values.get("state") not in ("done", None, ""):
        return False
    return (kind in SPOKEN and direction != "in") or (kind in WRITTEN and direction == "out")


def _minutes(batch: Batch, received: datetime, moment: datetime) -> int:
    """Working minutes of the office; none for an answer that came before the lead was entered."""
    work = WorkTime(read_calendars(batch.reader, batch.connection).of(None))
    try:
        return max(0, work.minutes_between(received, moment))
    except InvalidInput:  # moments beyond all calendars
        return 0
