"""A relation joins two different records and ends after it began."""

from __future__ import annotations

from collections.abc import Collection

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.writing.batch import Batch, Staged

LONGEST_NAME = 200


def complete_relation(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Names the relation after its two records; refuses one of a record with itself."""
    values = staged.after
    if values is None:
        return
    one, other = values.get("one"), values.get("other")
    if one is not None and one == other:
        raise InvalidInput(_("A record cannot be joined to itself: choose another"), field="other")
    if values.get("since") and values.get("until") and values["until"] < values["since"]:
        raise InvalidInput(_("The relation ends before it begins"), field="until")
    named = "name" in given or not {"one", "other"} & set(given)
    if not named and one is not None and other is not None:
        values["name"] = f"{_title(batch, one)} — {_title(batch, other)}"[:LONGEST_NAME]


def _title(batch: Batch, ref: Ref) -> str:
    entity = batch.catalogue[ref.entity]
    stored = batch.seen(ref)
    values = stored.after if stored is not None else None
    if values is None:
        values = batch.reader.many(
            ref.entity, [ref.id], [entity.title_field], connection=batch.connection
        ).get(ref.id, {})
    return entity.title.format(values.get(entity.title_field), "en")
