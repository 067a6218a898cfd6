"""Critical wishes in the head of a card; their widget is imported with the first that is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.card_parts import STRIP, PartWidget

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.services.wishes import Wish
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.record_card.controller import CardController


@dataclass(frozen=True, slots=True)
class ShownWishes:
    """The wishes that count today, and the words for their kinds by id."""

    wishes: tuple[Wish, ...]
    kinds: dict[int, str]


def load_wishes(workspace: Workspace, wishes: list[Wish]) -> ShownWishes:
    """The wishes with the names of their kinds; in the worker."""
    book = workspace.catalogue.books().key
    kinds = [wish.kind for wish in wishes if wish.kind]
    titles = workspace.titles.of([Ref(book, kind) for kind in kinds])
    found = {kind: titles[Ref(book, kind)].text for kind in kinds if Ref(book, kind) in titles}
    return ShownWishes(tuple(wishes), found)


class WishPart:
    """The strip of wishes (`card_parts.HeaderPart`)."""

    place = STRIP

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Objects whose records may have wishes."""
        from crm_desktop.models.catalogue.traits import Wishes

        return entity.trait(Wishes) is not None

    def load(self, workspace: Workspace, entity: EntityDef, record: int) -> object:
        """The wishes that count today; None without any."""
        found = workspace.wishes.active(Ref(entity.key, record))
        return load_wishes(workspace, found) if found else None

    def make(self, card: CardController) -> PartWidget:
        """The strip."""
        from crm_desktop.ui.record_card.wish_strip import WishStrip

        return WishStrip(card)
