"""The pictures of sales in the tour of screens: the set-up, a deal with its stages and lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from crm_desktop.models.catalogue.sales_traits import PricedLines
from crm_desktop.models.query import Query
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.tour.step import Step

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


def deal_steps(
    base: Workspace, navigator: Navigator, *, loaded: Callable[[], bool],
    open_tab: Callable[[str], None],
) -> Iterator[Step]:  # fmt: skip
    """The card of a deal that has lines. `loaded`: whether the card in front has its record."""
    lines, trait = base.catalogue.with_trait(PricedLines)
    first = next(iter(base.lists.open(Query(lines.key, (trait.owner,))).first(1)), None)
    if first is not None:
        deal = first.cells[0].ref
        yield Step("card-deal", lambda: navigator.open_record(deal), loaded)
        yield Step("card-deal-lines", lambda: open_tab(f"{lines.key}.{trait.owner}"))
