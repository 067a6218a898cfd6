"""What the recycle bin asks of the base, in the worker; plain values for the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.text.date_formats import format_datetime
from crm_desktop.services.recycle_bin import Deleted
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


@dataclass(frozen=True)
class Preview:
    """A deleted record: its lines of (label, value)."""

    record: Deleted
    object: str
    lines: tuple[tuple[str, str], ...]


def columns() -> tuple[Column, ...]:
    """What is seen of a deleted record, in the language of the moment."""
    return (
        Column("title", _("Name"), 320, sortable=False),
        Column("object", _("Object"), 150, sortable=False),
        Column("who", _("Who"), 150, sortable=False),
        Column("moment", _("Deleted"), 150, sortable=False),
        Column("parts", _("With it"), 92, right=True, sortable=False),
    )


def rows(base: Workspace, places: Sequence[int]) -> tuple[list[Row], dict[int, Deleted]]:
    """The rows of these places, and the records behind them."""
    found = base.recycle_bin.at(places)
    return [_row(base, one) for one in found], {one.place: one for one in found}


def _row(base: Workspace, one: Deleted) -> Row:
    entity = base.catalogue[one.ref.entity]
    cells = (
        Cell(one.title, "title", tag=entity.icon),
        Cell(_(entity.label), "muted"),
        Cell(one.author_name or "—", "muted"),
        Cell(said(base, one), "date"),
        Cell(f"+{one.parts}" if one.parts else "", "number"),
    )
    return Row(one.place, cells)


def said(base: Workspace, one: Deleted) -> str:
    """When it was deleted, in words."""
    now = base.clock.local()
    return format_datetime(one.moment, i18n.language(), zone=now.tzinfo, now=now)


def preview(base: Workspace, one: Deleted) -> Preview:
    """What the record said last."""
    entity, values = base.catalogue[one.ref.entity], base.recycle_bin.values(one.ref)
    refs = [ref for key, v in values.items() if (ref := _ref(entity.field(key), v)) is not None]
    names = {ref: title.text for ref, title in base.titles.of(refs).items()}
    lines = tuple(
        (_(f.label), text) for f in entity.fields if (text := _text(entity, f, values, names))
    )
    return Preview(one, _(entity.label), lines)


def _ref(f: Field, value: Any) -> Ref | None:
    if isinstance(value, Ref):
        return value
    return Ref(f.target, value) if isinstance(f, LinkField) and value is not None else None


def _text(entity: EntityDef, f: Field, values: dict[str, Any], names: dict[Ref, str]) -> str:
    value = values.get(f.key)
    if value is None or value is False or f.key == entity.title_field:
        return ""
    ref = _ref(f, value)
    return names.get(ref, _("deleted")) if ref else f.format(value, i18n.language())
