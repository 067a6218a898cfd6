"""What the grid of lines asks of the base: lines in their order, pasted rows, another order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crm_desktop.errors import Conflict, InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import EntityDef, ParseContext, Ref
from crm_desktop.models.catalogue.fieldtypes import DecimalField, LinkField
from crm_desktop.models.catalogue.sales_traits import Funnel, PricedLines
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create, Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

TYPED = ("name", "quantity", "measure", "price", "discount", "vat_rate")
"""The fields that are typed, in the order of the columns."""
MOST_PASTED = 1000
PASTED = Title(N_("Lines pasted"))
ORDERED = Title(N_("Order of lines"))
VAT_CHANGED = Title(N_("VAT of the lines"))


@dataclass(frozen=True)
class Lines:
    """The lines of a record in their order: (id, values), and the version of each; how its amount
    follows from them."""

    rows: tuple[tuple[int, dict[str, Any]], ...]
    versions: Mapping[int, int]
    currency: str
    by_hand: bool
    amount: Decimal | None


def lines_of(catalogue: Any) -> tuple[EntityDef, PricedLines]:
    """The object of lines and its trait."""
    found: tuple[EntityDef, PricedLines] = catalogue.with_trait(PricedLines)
    return found


def read_lines(workspace: Workspace, owner: int) -> Lines:
    """The lines of a record; an empty currency is that of the base."""
    entity, trait = lines_of(workspace.catalogue)
    link = entity.field(trait.owner)
    assert isinstance(link, LinkField)
    own = workspace.catalogue[link.target].trait(Funnel)
    assert own is not None
    keys = [own.amount, own.by_hand, own.currency]
    values = workspace.reader.many(link.target, [owner], keys).get(owner, {})
    found = workspace.reader.linked(entity.key, trait.owner, [owner])
    rows = [(id_, dict(row.values)) for id_, row in found.items()]
    rows.sort(key=lambda row: (row[1].get(trait.position) or 0, row[0]))
    currency = str(values.get(own.currency) or workspace.info("currency") or "")
    versions = {id_: row.version for id_, row in found.items()}
    by_hand, amount = bool(values.get(own.by_hand)), values.get(own.amount)
    return Lines(tuple(rows), versions, currency.upper(), by_hand, amount)


def change_line(
    workspace: Workspace, line: tuple[int, int], key: str, value: Any, stood: Any
) -> tuple[int, int]:
    """Changes one field of the line (id, version), where `stood` was seen; the line as it is then.
    `Conflict` if somebody else has changed this field since, and for no other."""
    from crm_desktop.services.writing.batch import same

    entity, _trait = lines_of(workspace.catalogue)
    id_, version = line
    try:
        outcome = workspace.records.update(entity.key, id_, {key: value}, version or None)
    except Conflict as conflict:
        theirs = conflict.current.get(key)
        if conflict.current and same(theirs, value):  # kept, and nobody had heard of it
            return id_, conflict.version
        if not conflict.current or not same(theirs, stood):
            raise
        outcome = workspace.records.update(entity.key, id_, {key: value}, conflict.version)
    return id_, outcome.versions.get(Ref(entity.key, id_), 0)


def read_pasted(
    entity: EntityDef, keys: Sequence[str], block: Sequence[Sequence[str]], context: ParseContext
) -> list[dict[str, Any]]:
    """The values of each pasted row; headings in the first row are passed over.

    `InvalidInput` names the row that cannot be read.
    """
    rows = [row for row in block if any(cell.strip() for cell in row)]
    if len(rows) > 1 and _is_heading(entity, keys, rows[0], context):
        rows = rows[1:]
    if len(rows) > MOST_PASTED:
        sentence = _("At most {most} lines can be pasted at once")
        raise InvalidInput(sentence.format(most=MOST_PASTED))
    found = []
    for number, row in enumerate(rows, start=1):
        try:
            found.append(_values(entity, keys, row, context))
        except InvalidInput as wrong:
            sentence = _("Row {number} cannot be pasted: {reason}")
            raise InvalidInput(sentence.format(number=number, reason=wrong.message)) from None
    return found


def _values(
    entity: EntityDef, keys: Sequence[str], row: Sequence[str], context: ParseContext
) -> dict[str, Any]:
    return {
        key: entity.field(key).parse(cell.strip().removesuffix("%"), context)
        for key, cell in zip(keys, row, strict=False)
        if cell.strip()
    }


def _is_heading(
    entity: EntityDef, keys: Sequence[str], row: Sequence[str], context: ParseContext
) -> bool:
    """Whether there are words where every number should be."""
    numbers = [
        (key, cell) for key, cell in zip(keys, row, strict=False)
        if isinstance(entity.field(key), DecimalField) and cell.strip()
    ]  # fmt: skip
    return bool(numbers) and not any(_reads(entity, key, cell, context) for key, cell in numbers)


def _reads(entity: EntityDef, key: str, cell: str, context: ParseContext) -> bool:
    try:
        entity.field(key).parse(cell.strip().removesuffix("%"), context)
    except InvalidInput:
        return False
    return True


def paste_lines(
    workspace: Workspace, owner: int, ids: Sequence[int], rows: Sequence[Mapping[str, Any]]
) -> int:
    """Writes rows over the lines `ids`, further ones as new lines; the operation."""
    entity, trait = lines_of(workspace.catalogue)
    writes: list[Write] = []
    for place, values in enumerate(rows):
        if place < len(ids):
            writes.append(Update(entity.key, ids[place], dict(values)))
        else:
            named = {entity.title_field: _("Line"), **values}
            writes.append(Create(entity.key, {**named, trait.owner: owner}))
    return workspace.records.apply(writes, PASTED).operation


def order_lines(workspace: Workspace, ids: Sequence[int]) -> int:
    """Puts lines into this order; the operation."""
    entity, trait = lines_of(workspace.catalogue)
    places = enumerate(ids, start=1)
    writes = [Update(entity.key, id_, {trait.position: place}) for place, id_ in places]
    return workspace.records.apply(writes, ORDERED).operation


def include_vat(workspace: Workspace, ids: Sequence[int], *, included: bool) -> int:
    """Says of lines whether their prices include VAT; the operation."""
    entity, _trait = lines_of(workspace.catalogue)
    writes = [Update(entity.key, id_, {"vat_included": included}) for id_ in ids]
    return workspace.records.apply(writes, VAT_CHANGED).operation
