"""What a stage asks for is kept as keys, whatever language it was typed in; new ones come last."""

from __future__ import annotations

from collections.abc import Collection

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import ngettext
from crm_desktop.models.catalogue.sales_traits import Automations, StageTable
from crm_desktop.services.pipelines.needs import owner_of_needs, read_need
from crm_desktop.services.pipelines.shape import OPEN, funnel_of, note_made, words
from crm_desktop.services.writing.batch import Batch, Staged

_NEEDS = ("to_enter", "to_leave")


def check_stage(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Fields are there and named by their keys; a stage without a place comes after the others,
    one that an import makes before those that decide."""
    values, trait = staged.after, staged.entity.trait(StageTable)
    if values is None or trait is None:
        return
    owner = owner_of_needs(batch.catalogue, staged.entity)
    for key in _NEEDS:
        if key not in given or owner is None or not values.get(key):
            continue
        try:
            needs = [read_need(batch.catalogue, owner, word) for word in words(values[key])]
        except InvalidInput as wrong:
            raise InvalidInput(wrong.message, field=key) from wrong
        values[key] = ", ".join(need.key for need in needs) or None
    pipeline = values.get(trait.pipeline)
    if staged.before is None and values.get(trait.position) is None and pipeline is not None:
        link = staged.entity.field(trait.pipeline)
        others = batch.linked(staged.entity, link, pipeline)
        within = values.get(trait.outcome) == OPEN and not batch.alone
        known = [
            int((one.after or {}).get(trait.position) or 0) for one in others
            if one is not staged and (not within or (one.after or {}).get(trait.outcome) == OPEN)
        ]  # fmt: skip
        values[trait.position] = max(known, default=0) + (0 if within and known else 1)
    if staged.before is None and pipeline is not None:
        note_made(batch, staged)


def keep_used(batch: Batch, staged: Staged) -> None:
    """A stage or a pipeline does not go while records stand in it; its rules are switched off."""
    _switch_off(batch, staged)
    entity, trait = funnel_of(batch.catalogue)
    links = (trait.stage, trait.pipeline)
    here = [
        one for (key, _id), one in batch.rows.items()
        if key == entity.key and one.after is not None and one.before is not None
        and any(one.before.get(k) == staged.id and one.after.get(k) is None for k in links)
    ]  # fmt: skip
    if here:
        name = (staged.before or {}).get(staged.entity.title_field)
        raise InvalidInput(
            ngettext(
                "“{name}” is in use: move the {count} deal first, or mark it as no longer offered",
                "“{name}” is in use: move the {count} deals first, or mark it as no longer offered",
                len(here),
            ).format(name=name, count=len(here))
        )


def _switch_off(batch: Batch, staged: Staged) -> None:
    """A rule that has lost its stage or pipeline would fire at every other one."""
    for one in batch.rows.values():
        if one.entity.trait(Automations) is None or one.before is None or one.after is None:
            continue
        links = (f.key for f in one.entity.fields if getattr(f, "target", "") == staged.entity.key)
        if any(one.before.get(k) == staged.id and one.after.get(k) is None for k in links):
            batch.put(one, "retired", True)
