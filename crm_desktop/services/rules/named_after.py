"""Records that join two others bear the name of one of them: a person in a deal, a competitor."""

from __future__ import annotations

from collections.abc import Callable, Collection

from crm_desktop.models.catalogue.definitions import Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.services.writing.batch import Batch, Staged


def named_after(key: str) -> Callable[[Batch, Staged, Collection[str]], None]:
    """The rule that names a record after the one that its link `key` leads to."""

    def name_it(batch: Batch, staged: Staged, given: Collection[str]) -> None:
        values, link = staged.after, staged.entity.field(key)
        if values is None or values.get(key) is None or key not in given:
            return
        one = values[key]
        ref = Ref(link.target, one) if isinstance(link, LinkField) else Ref(*one)
        values[staged.entity.title_field] = _title(batch, ref, staged.entity.title)

    return name_it


def _title(batch: Batch, ref: Ref, fits: Field) -> str | None:
    """What the record is called, as long as `fits` holds it; None if it is not
    there (the link is refused later)."""
    title = batch.catalogue[ref.entity].title
    seen = batch.seen(ref)
    if seen is not None:
        found = seen.after or {}
    else:
        asked = batch.reader.many(ref.entity, [ref.id], [title.key], connection=batch.connection)
        found = dict(asked.get(ref.id, {}))
    value = found.get(title.key)
    most = getattr(fits, "length", None)
    return None if value is None else title.format(value, "en")[:most]
