"""A template knows its next date: the first of its rule, or the one after what was made last."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, time

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.sales_traits import Repeating
from crm_desktop.models.recurrence.occurrences import check_rule
from crm_desktop.services.office.zone import office_zone
from crm_desktop.services.writing.batch import Batch, Staged

EARLIEST, LATEST = 1900, 2900


def keep_turn(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Checks the rule and finds the next date when rule, first date or limit changed."""
    values, trait = staged.after, staged.entity.trait(Repeating)
    if values is None or trait is None or trait.next in given:
        return
    if staged.before is not None and not {trait.rule, "first", "most"} & set(given):
        return
    first, rule = values.get("first"), values.get(trait.rule)
    if first is None or not rule:  # required fields are asked for right after
        return
    if not EARLIEST <= first.year <= LATEST:
        raise InvalidInput(_("A series cannot begin in the year {year}").format(year=first.year),
                           field="first")  # fmt: skip
    from crm_desktop.services.recurring import next_turn

    zone = office_zone(batch.reader.tables, batch.connection)
    try:
        values[trait.rule] = check_rule(
            str(rule), datetime.combine(first, time(12), zone).astimezone(UTC), zone
        ).text()
    except InvalidInput as wrong:
        raise InvalidInput(wrong.message, field=trait.rule) from wrong
    turns = [
        turn
        for link in batch.catalogue.links_to(staged.entity)
        if link.entity.has("turn")
        for one in batch.linked(link.entity, link.field, staged.id)
        if (turn := (one.after or {}).get("turn")) is not None
    ]
    made, most = int(values.get("made") or 0), values.get("most")
    over = most is not None and made >= int(most)
    following = next_turn(str(values[trait.rule]), first, zone, max(turns, default=None))
    values[trait.next] = None if over else following
