"""Whether the cells of a column suit the field that it is called as.

Only where a field takes few values, such as one of a list, yes or no, a number with check digits:
a column of other words would have every row refused, or every value left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Field, ParseContext
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    DecimalField,
    IntegerField,
    TextField,
)
from crm_desktop.models.catalogue.sales_traits import Leads
from crm_desktop.models.text.page_texts import is_page_text
from crm_desktop.services.importing.convert import cell_text
from crm_desktop.services.importing.nothing import says_nothing
from crm_desktop.services.importing.places import Place
from crm_desktop.services.importing.readers.base import Cell, CellError, is_blank
from crm_desktop.services.importing.spoilt import padded
from crm_desktop.services.importing.suggest_beside import beside_of

_MOST_JUDGED = 20
_AT_ANY_TIME = ParseContext(datetime(2000, 1, 1, tzinfo=UTC))


def may_hold(spot: Place, cells: Sequence[Cell], *, labelled: bool) -> bool:
    """Whether any of the cells suits the place, as far as that can be told; `labelled`: the column
    is called just as our own exports call the place."""
    if spot.group and not spot.forward and not labelled and spot.entity.trait(Leads) is not None:
        return False  # who is known is no new enquiry, whatever a column is called
    f = spot.field
    if spot.group and f.key == spot.entity.title_field and _are_handles(cells):
        return False
    if beside_of(spot) is not None and isinstance(f, TextField) and f.valid_as:
        return labelled or _any_suits(f, cells)
    if isinstance(f, BoolField | ChoiceField):
        return _any_suits(f, cells)
    if isinstance(f, IntegerField | DecimalField) and not labelled:
        return _any_suits(f, [cell for cell in cells if not says_nothing(cell_text(cell))])
    return True


def _are_handles(cells: Sequence[Cell]) -> bool:
    """Whether somebody's names in a messenger stand there: `@somebody`."""
    texts = [cell for cell in cells if isinstance(cell, str) and not says_nothing(cell)]
    return bool(texts) and all(text.strip().startswith("@") for text in texts)


def has_page_texts(columns: Sequence[Sequence[Cell]]) -> bool:
    """Whether the program that wrote the file gave texts out as pages; ours does not."""
    cells = (cell for column in columns for cell in column)
    return any(is_page_text(cell) for cell in cells if isinstance(cell, str))


def _any_suits(f: Field, cells: Sequence[Cell]) -> bool:
    filled = [cell for cell in cells if not _says_nothing(cell)]
    told = list(dict.fromkeys(cell_text(cell).strip() for cell in filled[:_MOST_JUDGED]))
    return not told or any(_suits(f, text) for text in told)


def _says_nothing(cell: Cell) -> bool:
    return is_blank(cell) or isinstance(cell, CellError)


def _suits(f: Field, text: str) -> bool:
    try:
        if isinstance(f, TextField):
            return f.check(padded(f, text)) is not None
        return f.parse(text, _AT_ANY_TIME) is not None
    except InvalidInput:
        return False
