"""What goes on all day is kept by the days of the office, wherever whoever writes it sits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import tzinfo

from crm_desktop.models.catalogue.traits import Recurring, Scheduled
from crm_desktop.models.whole_days import is_midnight, midnight_in
from crm_desktop.services.office.zone import zone_in
from crm_desktop.services.writing.batch import Batch, Staged

_OFFICE = "zone of the office"


def keep_whole_days(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Moves midnights of the person's zone to those of the same dates in the office's.

    What has a zone of its own lies in that one.
    """
    values, trait, zoned = (
        staged.after, staged.entity.trait(Scheduled), staged.entity.trait(Recurring)
    )  # fmt: skip
    if values is None or trait is None or batch.here is None or not values.get(trait.all_day):
        return
    keys = [trait.starts, trait.ends, trait.due, *([zoned.moment] if zoned else [])]
    if not {*keys, trait.all_day} & set(given) or (zoned and values.get(zoned.zone)):
        return
    here, starts = batch.here(), values.get(trait.starts)
    if starts is None or not is_midnight(starts, here):
        return
    office = office_zone(batch)
    if is_midnight(starts, office):
        return
    for key in keys:
        moment = values.get(key)
        if moment is not None and is_midnight(moment, here):
            values[key] = midnight_in(moment.astimezone(here).date(), office)


def office_zone(batch: Batch) -> tzinfo:
    """The zone of the office, asked once in a batch."""
    known = batch.asked.get(_OFFICE)
    if not isinstance(known, tzinfo):
        known = zone_in(batch.reader.tables, batch.connection, None)
        batch.asked[_OFFICE] = known
    return known
