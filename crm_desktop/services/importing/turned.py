"""A table whose headings stand one below another: each column is a record, not each row."""

from __future__ import annotations

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.services.importing.importer import Order
from crm_desktop.services.importing.readers.base import is_blank
from crm_desktop.services.importing.suggest import suggest

_LEAST, _MOST = 3, 60  # headings below one another
_SHARE = 0.6


def is_turned(catalogue: Catalogue, entity: EntityDef, made: Order) -> bool:
    """Whether most of the first column are names of fields, and the first row has no more than one
    of them."""
    if made.sheet.names is not None or made.sheet.columns < 2:
        return False
    rows = [row.cells for row in made.sheet.rows(start=made.header.first_data_row, limit=_MOST + 1)]
    if not _LEAST - 1 <= len(rows) <= _MOST:
        return False
    head = list(made.header.names) if made.header.row else []
    down = [*head[:1], *(str(row[0]) for row in rows if not is_blank(row[0]))]
    if len(down) < _LEAST or len(_known(catalogue, entity, head)) > 1:
        return False
    found = _known(catalogue, entity, down)
    return len(found) >= max(_LEAST, _SHARE * len(down))


def turned(made: Order) -> str:
    """What is said of it."""
    return _(
        "{file}, sheet “{sheet}”: the headings stand one below another in the first column. Copy "
        "the table, paste it transposed (Paste special) into a new sheet and import that"
    ).format(file=made.path.name, sheet=made.sheet.name)


def _known(catalogue: Catalogue, entity: EntityDef, names: list[str]) -> set[str]:
    """The names that are those of fields, whatever stands below them."""
    own = (
        target for target in suggest(catalogue, entity, names).targets if "." not in target.field
    )
    return {name for target in own for name in target.columns}
