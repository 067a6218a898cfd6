"""The telephones and addresses of a cell, with what was written beside them."""

from __future__ import annotations

from typing import Any

from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.catalogue.fieldtypes import PhoneField
from crm_desktop.models.text.phone_remarks import Remarked, remark_of, remarks_in
from crm_desktop.services.importing.cellwraps import Converter
from crm_desktop.services.importing.convert import several
from crm_desktop.services.importing.readers.base import Cell


def said_in(f: Field, cell: Cell, convert: Converter) -> list[Any]:
    """The values of a cell; a number with words beside it is `Remarked`. UserError: no value."""
    values = [convert(text) for text in several(f, cell)]
    remarks = remarks_in(cell) if isinstance(f, PhoneField) and isinstance(cell, str) else {}
    if not remarks:
        return values
    return [_remarked(value, remarks) if isinstance(value, str) else value for value in values]


def _remarked(number: str, remarks: dict[str, str]) -> str:
    remark = remark_of(number, remarks)
    return Remarked.of(number, remark) if remark else number
