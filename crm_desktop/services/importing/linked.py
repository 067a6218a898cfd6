"""Words in a cell that lead to a site or to somebody's mail."""

from __future__ import annotations

from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.catalogue.fieldtypes import EmailField, UrlField
from crm_desktop.models.text.contacts import normalise_url
from crm_desktop.services.importing.readers.base import Cell, LinkedText


def leading(f: Field, cell: Cell) -> Cell:
    """Where the words lead, if the field takes such addresses and the words are none themselves."""
    if not isinstance(cell, LinkedText) or not isinstance(f, UrlField | EmailField):
        return cell
    is_mail = isinstance(f, EmailField)
    told = "@" in cell if is_mail else normalise_url(cell) is not None
    return cell if told or is_mail != ("@" in cell.address) else cell.address
