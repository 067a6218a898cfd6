"""Tags and selections in the head of a card; their widget is imported with the first card."""

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
class ShownMarks:
    """The tags of a record: (name, tone). Its selections are asked for when the card is seen."""

    tags: tuple[tuple[str, str], ...] = ()


class MarksPart:
    """The chips of tags and selections (`card_parts.HeaderPart`)."""

    place = CHIPS

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Objects whose records may have tags or stand in selections."""
        from crm_desktop.models.catalogue.traits import Selections, Tags

        return entity.trait(Tags) is not None or entity.trait(Selections) is not None

    def load(self, workspace: Workspace, entity: EntityDef, record: int) -> object:
        """The tags; one short question."""
        from crm_desktop.models.catalogue.traits import Tags
        from crm_desktop.services.tags.service import tags_of

        if entity.trait(Tags) is None:
            return ShownMarks()
        return ShownMarks(tuple(tags_of(workspace, Ref(entity.key, record))))

    def make(self, card: CardController) -> PartWidget:
        """The line of chips."""
        from crm_desktop.ui.marks.line import MarksLine

        return MarksLine(card)
