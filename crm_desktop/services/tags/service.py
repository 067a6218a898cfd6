"""Tags given to many records and taken from them, as one operation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crm_desktop.errors import Conflict, InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes.tags import split_tags
from crm_desktop.models.catalogue.traits import Tagging, Tags
from crm_desktop.models.query import Condition, Query
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.bulk.service import BulkResult, in_blocks
from crm_desktop.services.titles import tone_field
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.records import Outcome, Plan
from crm_desktop.services.writing.staging import Update, Write

Progress = Callable[[int, int], None]
Check = Callable[[], None]
_MOST_COLOURED = 1000
_MOST_TRIES = 5


def _nothing(*_numbers: int) -> None:
    """Nobody looks."""


def tags_object(workspace: Workspace) -> EntityDef:
    """The object whose records are tags."""
    tagging, trait = workspace.catalogue.with_trait(Tagging)
    return workspace.catalogue[getattr(tagging.field(trait.tag), "target", "")]


def tags_of(workspace: Workspace, ref: Ref) -> list[tuple[str, str]]:
    """(name, tone) of the tags of a record, in the order of the alphabet."""
    tagging, trait = workspace.catalogue.with_trait(Tagging)
    rows = workspace.reader.linked(tagging.key, trait.record, [ref.id])
    tags = tags_object(workspace).key
    titles = workspace.titles.of(Ref(tags, row.values[trait.tag]) for row in rows.values())
    return sorted(((t.text, t.tone) for t in titles.values()), key=lambda one: norm(one[0]))


def tag_tones(workspace: Workspace) -> dict[str, str]:
    """The tones of the coloured tags by `norm` of their names, for lists that show many records."""
    tags = tags_object(workspace)
    tone = tone_field(tags)
    if tone is None:
        return {}
    query = Query(
        tags.key, (tags.title_field, tone.key), Condition(tone.key, "not_in", ("neutral",))
    )
    rows = workspace.lists.open(query).first(_MOST_COLOURED)
    return {norm(str(row.cells[0])): str(row.cells[1]) for row in rows if row.cells[1]}


@dataclass(frozen=True)
class TagChange:
    """The names of the tags that records get and lose."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


def change_tags_of(workspace: Workspace, ref: Ref, change: TagChange) -> Outcome:
    """The same of one record, beside whoever gives it others at this moment."""
    entity, less = workspace.catalogue[ref.entity], {norm(name) for name in change.remove}
    field = _trait_of(entity).field
    tries = _MOST_TRIES
    while True:
        record = workspace.reader.get(*ref)
        present = split_tags(record.values.get(field)) if record is not None else []
        wanted = [name for name in split_tags([*present, *change.add]) if norm(name) not in less]
        try:
            version = record.version if record is not None else None
            return workspace.records.update(*ref, {field: wanted}, version)
        except Conflict:
            tries -= 1
            if not tries:
                raise


def change_tags(
    workspace: Workspace, entity: EntityDef, ids: Sequence[int], change: TagChange,
    progress: Progress = _nothing, check: Check = _nothing,
) -> BulkResult:  # fmt: skip
    """Gives and takes tags; records that have them, or have them not, stay as they are."""
    trait = _trait_of(entity)
    more, less = split_tags(list(change.add)), {norm(name) for name in change.remove}

    def planned(part: Sequence[int]) -> Plan:
        def writes(batch: Batch) -> list[Write]:
            batch.prefetch(entity, part)
            lines = {id_: line_of(batch, Ref(entity.key, id_), trait.field) for id_ in part}
            return [Update(entity.key, id_, {trait.field: line}) for id_, line in lines.items()
                    if line is not None]  # fmt: skip

        return writes

    def line_of(batch: Batch, ref: Ref, key: str) -> list[str] | None:
        staged = batch.seen(ref)
        if staged is None or staged.after is None:
            return None
        present = split_tags(staged.after.get(key))
        wanted = [name for name in split_tags([*present, *more]) if norm(name) not in less]
        return None if {*map(norm, wanted)} == {*map(norm, present)} else wanted

    title = _title(entity, more, change.remove, len(ids))
    return in_blocks(workspace.records, ids, planned, title, progress=progress, check=check)


def _trait_of(entity: EntityDef) -> Tags:
    trait = entity.trait(Tags)
    if trait is None:
        raise InvalidInput(_("{object}: these records have no tags").format(
            object=_(entity.plural)))  # fmt: skip
    return trait


def _title(entity: EntityDef, more: Sequence[str], less: Sequence[str], count: int) -> Title:
    names = ", ".join([*more, *less])
    values = {"object": entity.plural, "names": names, "count": count}
    if more:
        return Title(
            N_("{object}: tag {names} given to {count} record"), values,
            N_("{object}: tag {names} given to {count} records"),
        )  # fmt: skip
    return Title(
        N_("{object}: tag {names} taken from {count} record"), values,
        N_("{object}: tag {names} taken from {count} records"),
    )  # fmt: skip
