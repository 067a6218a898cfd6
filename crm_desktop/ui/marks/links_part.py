"""The further records of an activity in the head of its card; imported with the first card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.card_parts import CHIPS, PartWidget

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.record_card.controller import CardController


@dataclass(frozen=True, slots=True)
class ShownLinks:
    """What an activity is linked to: the number of the link, the record, its name."""

    links: tuple[tuple[int, Ref, str], ...] = ()


class LinksPart:
    """The chips of linked records (`card_parts.HeaderPart`)."""

    place = CHIPS

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Objects whose records may concern several others."""
        from crm_desktop.services.activities.concerns import Shape

        return entity.key == Shape.of(catalogue).event.target

    def load(self, workspace: Workspace, entity: EntityDef, record: int) -> object:
        """The links; one short question, and the names where there are any."""
        from crm_desktop.services.activities.concerns import concerned

        found = concerned(workspace, [record]).get(record, {})
        names = workspace.titles.of(found.values())
        return ShownLinks(
            tuple((id_, ref, names[ref].text) for id_, ref in found.items() if ref in names)
        )

    def make(self, card: CardController) -> PartWidget:
        """The line of chips."""
        from crm_desktop.ui.marks.links_line import LinksLine

        return LinksLine(card)
