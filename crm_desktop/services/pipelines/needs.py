"""What a stage asks for, and what of it a record lacks.

A need is the key of a field, a path over a link (`client.phone`), or one of three words for what
is no field: files, lines, a planned activity. People write them as labels in either language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.builtin.activity import OPEN_STATES
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import BoolField, LinkField
from crm_desktop.models.catalogue.sales_traits import PricedLines
from crm_desktop.models.catalogue.traits import FileContent, Scheduled
from crm_desktop.services.pipelines.rights import skips_freely, start_of
from crm_desktop.services.pipelines.shape import (
    LOST,
    Shape,
    Stage,
    funnel_of,
    shape_in,
)
from crm_desktop.services.writing.batch import Batch, Staged, is_empty

FILES, LINES, NEXT_STEP = "files", "lines", "next_step"
ATTACHED: Mapping[str, str] = {
    FILES: N_("Files"), LINES: N_("Lines"), NEXT_STEP: N_("Next step"),
}  # fmt: skip


class Need(NamedTuple):
    """One thing that a stage asks for: its key and its name for people."""

    key: str
    label: str


class Missing(NamedTuple):
    """A need and the records that lack it. `field_key`: a field, a path, or one of `ATTACHED`."""

    field_key: str
    label: str
    ids: tuple[int, ...]


def read_need(catalogue: Catalogue, entity: EntityDef, text: str) -> Need:
    """The need that a person means; `InvalidInput` if there is no such field."""
    wanted = text.strip()
    for key, label in ATTACHED.items():
        if wanted.casefold() in (key, label.casefold(), _(label).casefold()):
            return Need(key, _(label))
    fields, here = list[Field](), entity
    for place, part in enumerate(wanted.split(".")):
        if place:
            link = fields[-1]
            if not isinstance(link, LinkField):
                raise InvalidInput(_("“{field}” leads to no other record").format(
                    field=_(link.label)))  # fmt: skip
            here = catalogue[link.target]
        try:
            fields.append(catalogue.field(here, part))
        except NotFound as unknown:
            raise InvalidInput(unknown.message) from unknown
    label = " · ".join(_(f.label) for f in fields)
    return Need(".".join(f.key for f in fields), label)


def asked_for(batch: Batch, staged: Staged, old: Stage | None, new: Stage) -> list[Need]:
    """What the way from one stage to another asks for: to leave the one forward, to leave those
    that are passed over, to enter the other; a loss asks for its reason and a comment and for
    nothing that is to be done first. A new record, and one of another pipeline, begins its way at
    the first stage.

    What is needed to enter a stage passed over is not asked for: nobody works there.
    """
    _entity, trait = funnel_of(batch.catalogue)
    if new.outcome == LOST:
        names = [trait.reason, trait.comment, *new.to_enter]
    else:
        names = list(new.to_enter)
        shape = shape_in(batch)
        begun = old if old is not None and old.pipeline == new.pipeline else start_of(shape, new)
        if begun is not None and _is_forward(shape, begun, new):
            names = [*begun.to_leave, *_passed_over(batch, staged, begun, new), *names]
    found = {}
    for name in names:
        try:
            need = read_need(batch.catalogue, staged.entity, name)
        except InvalidInput:  # a field that is no longer there asks for nothing
            continue
        found[need.key] = need
    return list(found.values())


def _passed_over(batch: Batch, staged: Staged, old: Stage, new: Stage) -> list[str]:
    """What is needed to leave the stages between; whom a stage itself trusts to pass it over is
    not asked for its needs."""
    between = shape_in(batch).between(old, new)
    asking = [one for one in between if one.to_leave and not skips_freely(batch, staged, one)]
    return [name for stage in asking for name in stage.to_leave]


def _is_forward(shape: Shape, old: Stage, new: Stage) -> bool:
    return old.pipeline == new.pipeline and shape.place(old.id) < shape.place(new.id)


def lacking(batch: Batch, staged: Staged, needs: Iterable[Need]) -> list[Need]:
    """Those of the needs that the record does not meet as it will stand."""
    return [need for need in needs if not _is_met(batch, staged, need.key)]


def _is_met(batch: Batch, staged: Staged, key: str) -> bool:
    if key in ATTACHED:
        return _has(batch, staged, key)
    here: Staged | None = staged
    *links, last = key.split(".")
    for link in links:
        f = here.entity.field(link) if here is not None else None
        value = (here.after or {}).get(link) if here is not None else None
        if value is None or not isinstance(f, LinkField):
            return False
        here = batch.row(batch.catalogue[f.target], value)
    values = (here.after if here is not None else None) or {}
    return _is_filled(here, last, values)


def _is_filled(record: Staged | None, key: str, values: Mapping[str, Any]) -> bool:
    value = values.get(key)
    if record is not None and isinstance(record.entity.field(key), BoolField):
        return bool(value)
    return not is_empty(value) and str(value).strip() != ""


def _has(batch: Batch, staged: Staged, key: str) -> bool:
    kind = {FILES: FileContent, LINES: PricedLines, NEXT_STEP: Scheduled}[key]
    entity = batch.catalogue.with_trait(kind)[0]
    link = next((x for x in batch.catalogue.children(staged.entity) if x.entity is entity), None)
    found = batch.linked(entity, link.field, staged.id) if link is not None else []
    if key != NEXT_STEP:
        return bool(found)
    when = batch.catalogue.with_trait(Scheduled)[1]  # a notice without a date is no step
    steps = (one.after or {} for one in found)
    return any(s.get(when.state) in OPEN_STATES and s.get(when.due) is not None for s in steps)


def owner_of_needs(catalogue: Catalogue, stages: EntityDef) -> EntityDef | None:
    """The object whose fields such stages ask for; None if no records go through them."""
    entity, trait = funnel_of(catalogue)
    f = entity.field(trait.stage)
    return entity if isinstance(f, LinkField) and f.target == stages.key else None
