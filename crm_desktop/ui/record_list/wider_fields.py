"""What a list may be asked beyond its columns: selections, and the records that point here."""

from __future__ import annotations

from collections.abc import Container, Iterator

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue, Link
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.traits import Aside, Joining, Member, Selecting
from crm_desktop.models.query import Condition, Group, Where
from crm_desktop.ui.record_list.fields import HIDDEN_SECTION, FieldChoice

Fields = tuple[str, list[FieldChoice]]


def asked_groups(catalogue: Catalogue, entity: EntityDef, groups: list[Fields]) -> list[Fields]:
    """The groups of fields to choose from in a condition: those of columns and these."""
    from crm_desktop.services.child_paths import IN_SEGMENT, segment_field

    (heading, own), *rest = groups
    field = segment_field(catalogue, entity)
    more = [FieldChoice(IN_SEGMENT, field)] if field is not None else []
    return [(heading, [*own, *more]), *rest, *_of_children(catalogue, entity)]


def _of_children(catalogue: Catalogue, entity: EntityDef) -> Iterator[Fields]:
    seen: set[str] = set()
    for link in catalogue.links_to(entity):
        other = link.entity
        if other.trait(Aside) is not None and other.trait(Joining) is None:
            continue
        if other.key in seen or not link.parent:
            continue
        seen.add(other.key)
        yield (
            _(link.label),
            [
                FieldChoice(f"{other.key}.{f.key}", f, group=link.label)
                for f in other.fields
                if f.section != HIDDEN_SECTION and f.key != link.field.key
            ],
        )


def asks_selections(where: Where | None) -> bool:
    """Whether a condition names a selection, wherever it stands."""
    if isinstance(where, Group):
        return any(asks_selections(item) for item in where.items)
    if where is None:
        return False
    inner = where.value if isinstance(where.value, Condition | Group) else None
    return "in_segment" in (where.path.rpartition(".")[2], where.op.removeprefix("not_")) or (
        asks_selections(inner)
    )


def selections_touched(catalogue: Catalogue, touched: Container[str]) -> bool:
    """Whether selections, or who stands in them, have changed."""
    return any(catalogue.with_trait(kind)[0].key in touched for kind in (Selecting, Member))


def wider_choice(catalogue: Catalogue, entity: EntityDef, path: str) -> FieldChoice | None:
    """The choice behind a path that leads to selections or to children; None for any other."""
    from crm_desktop.services.child_paths import child_hop, end_of

    try:
        end = end_of(catalogue, entity, path)
    except UserError:
        return None
    if end.field is None:
        return None
    hop = child_hop(catalogue, entity, path)
    link: Link | None = hop.links[0] if hop is not None else None
    return FieldChoice(path, end.field, group=link.label if link is not None else "")
