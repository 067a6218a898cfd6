"""What is said of cells whose formulas have no value that could be taken."""

from __future__ import annotations

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.catalogue.fieldtypes.common import refuse
from crm_desktop.services.importing.readers.base import CellError, Unreckoned

FAILED = frozenset((CellError, Unreckoned))


def check_formula(f: Field, cell: CellError) -> InvalidInput:
    """The error of a cell whose formula failed where the file was made, or was never reckoned."""
    if isinstance(cell, Unreckoned):
        sentence = _(
            "{field}: no program has reckoned the formula in cell {value} of the sheet “{sheet}” "
            "yet. Open the file in Excel or LibreOffice, save it there and import it again"
        )
        return refuse(f, sentence, cell.address, sheet=cell.sheet)
    return refuse(f, _("{field}: the formula in this cell gives the error {value}"), cell)
