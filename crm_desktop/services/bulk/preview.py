"""What a change of many records would do: how many change, and the first of them old and new."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_desktop import i18n
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.traits import Recurring, Scheduled
from crm_desktop.services.cells import format_cell
from crm_desktop.services.reader import parts_of
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.batch import same

FIRST_SHOWN = 5
Check = Callable[[], None]


@dataclass(frozen=True)
class ChangedRow:
    """One record that would change: its name, what stands there, what would stand there."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class ChangePreview:
    """How many records would change, and the first of them. `repeated`: so many of these recur;
    `by_date`: the value means one date of each, whatever was chosen."""

    changing: int
    rows: tuple[ChangedRow, ...]
    repeated: int = 0
    by_date: bool = False


def preview_value(
    workspace: Workspace, entity: EntityDef, ids: Sequence[int], change: tuple[str, Any],
    check: Check,
) -> ChangePreview:  # fmt: skip
    """What giving the field `change[0]` the value `change[1]` would do."""
    key, value = change
    field = entity.field(key)

    def becomes(row: Mapping[str, Any]) -> Any:
        return value

    return preview_change(workspace, entity, field, ids, becomes, check)


def preview_change(
    workspace: Workspace, entity: EntityDef, field: Field, ids: Sequence[int],
    becomes: Callable[[Mapping[str, Any]], Any], check: Check,
) -> ChangePreview:  # fmt: skip
    """What giving a field the value that `becomes` makes of each record would do."""
    count, repeated, first = 0, 0, list[tuple[int, Any, Any]]()
    recurring = entity.trait(Recurring)
    rule = recurring.rule if recurring is not None else field.key
    for part in parts_of(ids):
        check()
        rows = workspace.reader.many(entity.key, part, {field.key, rule})
        for id_ in part:
            if id_ not in rows:
                continue
            old, new = rows[id_].get(field.key), becomes(rows[id_])
            if not same(old, new):
                count += 1
                repeated += int(recurring is not None and bool(rows[id_].get(rule)))
                if len(first) < FIRST_SHOWN:
                    first.append((id_, old, new))
    shown = tuple(_shown(workspace, entity, field, first))
    return ChangePreview(count, shown, repeated, by_date=_is_done(entity, field, becomes))


def _is_done(
    entity: EntityDef, field: Field, becomes: Callable[[Mapping[str, Any]], Any]
) -> bool:  # fmt: skip
    """Whether the change ticks something off: a series goes on then (`rules/series`)."""
    scheduled = entity.trait(Scheduled)
    return scheduled is not None and field.key == scheduled.state and becomes({}) == scheduled.done


def _shown(
    workspace: Workspace, entity: EntityDef, field: Field, first: Sequence[tuple[int, Any, Any]]
) -> list[ChangedRow]:
    refs = [Ref(entity.key, id_) for id_, _old, _new in first]
    linked = [_ref(field, value) for _id, old, new in first for value in (old, new)]
    titles = workspace.titles.of([*refs, *(ref for ref in linked if ref is not None)])

    def text(value: Any) -> str:
        if isinstance(value, list | tuple) and not isinstance(value, Ref):
            return ", ".join(str(one) for one in value)
        if isinstance(field, LinkField) and isinstance(value, str):
            return value  # a name for which a record will be made
        return format_cell(field, value, titles, i18n.language()).text

    return [
        ChangedRow(titles[ref].text if ref in titles else f"#{ref.id}", text(old), text(new))
        for ref, (_id, old, new) in zip(refs, first, strict=True)
    ]


def _ref(field: Field, value: Any) -> Ref | None:
    if isinstance(value, Ref):
        return value
    return Ref(field.target, value) if isinstance(field, LinkField) and _is_id(value) else None


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
