"""The commands about records that mean the same: duplicates, merge."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from crm_desktop.cli.answer import Answer
from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _, ngettext
from crm_desktop.services.workspace import Workspace


def merge(workspace: Workspace, given: Namespace) -> Answer:
    """Several records into the first of them."""
    entity = workspace.catalogue.find(given.object)
    keep = _kept(given.keep)
    outcome = workspace.merging.merge(entity, given.id, keep=keep)
    losers = list(dict.fromkeys(given.id))[1:]
    value = {"operation": outcome.operation, "id": given.id[0], "merged": losers}
    text = ngettext(
        "{count} record merged into {id}", "{count} records merged into {id}", len(losers)
    )
    return Answer(
        value,
        [
            text.format(count=len(losers), id=given.id[0]),
            _("Undo it with: crm-desktop undo {number}").format(number=outcome.operation),
        ],
    )


def _kept(pairs: Sequence[str]) -> dict[str, int]:
    """FIELD=ID,... as field and record whose value stays."""
    kept: dict[str, int] = {}
    for pair in (part for text in pairs for part in text.split(",")):
        name, _sign, number = pair.partition("=")
        if not name.strip() or not number.strip().isascii() or not number.strip().isdigit():
            raise InvalidInput(_("Write FIELD=ID instead of “{text}”").format(text=pair))
        kept[name.strip()] = int(number)
    return kept
