"""Records of a hierarchy: none stands below itself, neither at once nor by way of others."""

from __future__ import annotations

from collections.abc import Collection

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.shared_traits import Hierarchy
from crm_desktop.services.writing.batch import Batch, Staged

DEEPEST = 100


def check_place(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Refuses a ring, naming who closes it. Nothing stands below a new record yet."""
    trait = staged.entity.trait(Hierarchy)
    if trait is None or staged.after is None or staged.before is None or trait.parent not in given:
        return
    above = staged.after.get(trait.parent)
    name = str(staged.after.get(staged.entity.title_field) or "")
    if above == staged.id:
        said = _("“{name}” cannot stand below itself").format(name=name)
        raise InvalidInput(said, field=trait.parent)
    first = ""
    for _step in range(DEEPEST):
        if above is None:
            return
        upper = batch.row(staged.entity, above).after or {}
        first = first or str(upper.get(staged.entity.title_field) or "")
        above = upper.get(trait.parent)
        if above == staged.id:
            said = _("“{other}” stands below “{name}” already: move “{other}” elsewhere first")
            raise InvalidInput(said.format(name=name, other=first), field=trait.parent)
    raise InvalidInput(_("The tree would be too deep"), field=trait.parent)
