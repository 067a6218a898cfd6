"""Another table below the one that is imported, with headings of its own: `Suppliers` under the
clients. Its rows are not those of the first one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from crm_desktop.i18n import _, in_quotes
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.importing.importer import Order
from crm_desktop.services.importing.readers.base import Cell, is_blank
from crm_desktop.services.importing.suggest import suggest

_MOST = 3000  # rows that are looked through
_LEAST, _SHARE = 2, 0.6  # of the headings that are names of fields
_SHOWN = 6


class NextTable(NamedTuple):
    """`row`: of its headings `names`."""

    row: int
    names: tuple[str, ...]

    def said(self) -> str:
        """That it is there, and is not brought in."""
        names = ", ".join(in_quotes(name) for name in self.names[:_SHOWN])
        return _(
            "Another table begins in row {row} of the sheet: {names}. It is not brought in with "
            "this one; choose that row as the one of the headings to bring it in by itself"
        ).format(row=self.row, names=names)


def bounded(catalogue: Catalogue, made: Order) -> tuple[Order, NextTable | None]:
    """The order for the first of several tables alone, and the next one, if there is any."""
    if made.is_long or not made.header.row or made.sheet.names is not None:
        return made, None
    last, taken, lone = made.header.row, 0, False
    for row in made.sheet.rows(start=made.header.first_data_row, limit=_MOST):
        filled = [cell for cell in row.cells if not is_blank(cell)]
        is_apart = row.number > last + 1 or lone
        if is_apart and _are_headings(catalogue, made.entity, filled, made.header.names):
            return _cut(made, taken - lone), NextTable(row.number, tuple(map(str, filled)))
        lone = row.number > last + 1 and len(filled) == 1
        last, taken = row.number, taken + 1
    return made, None


def _cut(made: Order, rows: int) -> Order:
    if not rows:
        return made
    made.sheet.max_rows = rows
    return replace(made, options=replace(made.options, max_rows=rows), rows=min(made.rows, rows))


def _are_headings(
    catalogue: Catalogue, entity: EntityDef, cells: Sequence[Cell], above: Sequence[str]
) -> bool:
    """Whether the row names fields, others than those of the headings above."""
    names = [cell.strip() for cell in cells if isinstance(cell, str)]
    if len(names) < max(_LEAST, len(cells)) or any(any(map(str.isdigit, name)) for name in names):
        return False
    if len(set(names)) < len(names) or {*map(norm, names)} <= {*map(norm, above)}:
        return False
    targets = suggest(catalogue, entity, names).targets
    known = {column for target in targets for column in target.columns}
    return len(known) >= max(_LEAST, _SHARE * len(names))
