"""What can be done with a lead, under the head of its card; the widget comes with the card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_desktop.ui.card_parts import STRIP, PartWidget

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.models.catalogue.definitions import EntityDef, Ref
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.record_card.controller import CardController


@dataclass(frozen=True, slots=True)
class ShownLead:
    """How a lead stands, and the record it belongs to, with its name."""

    state: str
    owner: Ref | None
    owner_name: str
    mine: bool


class LeadPart:
    """Take on, convert, join, reject (`card_parts.HeaderPart`)."""

    place = STRIP

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Objects whose records are enquiries that wait for a decision."""
        from crm_desktop.models.catalogue.sales_traits import Leads

        return entity.trait(Leads) is not None

    def load(self, workspace: Workspace, entity: EntityDef, record: int) -> object:
        """The state, and the client it is linked to."""
        from crm_desktop.models.catalogue.builtin import sales_keys as keys
        from crm_desktop.models.catalogue.definitions import Ref
        from crm_desktop.models.catalogue.fieldtypes import LinkField

        wanted = ("state", keys.CLIENT, "responsible")
        row = workspace.reader.many(entity.key, [record], wanted).get(record, {})
        link, client = entity.field(keys.CLIENT), row.get(keys.CLIENT)
        owner = Ref(link.target, client) if isinstance(link, LinkField) and client else None
        known = workspace.titles.of([owner]).get(owner) if owner is not None else None
        mine = workspace.user_id is not None and row.get("responsible") == workspace.user_id
        return ShownLead(
            str(row.get("state") or ""), owner, known.text if known is not None else "", mine
        )

    def make(self, card: CardController) -> PartWidget:
        """The line of buttons."""
        from crm_desktop.ui.leads.strip import LeadStrip

        return LeadStrip(card)
