"""Rows of a sheet that a person does not see: they are brought in, and that is said."""

from __future__ import annotations

from crm_desktop.i18n import ngettext
from crm_desktop.services.importing.importer import Order


def hidden_rows(made: Order) -> int:
    """How many of the rows to be imported are hidden."""
    first = made.header.first_data_row
    return sum(number >= first for number in made.sheet.hidden_rows)


def said_of_hidden(count: int) -> str:
    """That they come in, too."""
    return ngettext(
        "{count} row is hidden in the sheet, by a filter or by hand. It comes in, too",
        "{count} rows are hidden in the sheet, by a filter or by hand. They come in, too", count,
    ).format(count=count)  # fmt: skip
