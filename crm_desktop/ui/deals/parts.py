"""What `ui.features` lists of this package; the widgets are imported when they are first seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm_desktop.i18n import N_, _
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.models.text.numbers import format_money
from crm_desktop.ui.card_parts import STRIP, Figure, PartWidget

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.services.pipelines.service import Stay
    from crm_desktop.services.pipelines.shape import Stage
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.record_card.controller import CardController
    from crm_desktop.ui.record_card.tab import CardTab
    from crm_desktop.ui.record_card.values import Surroundings


@dataclass(frozen=True)
class Ribbon:
    """The stages of a record's pipeline, its stays in them, and the stage it stands in."""

    stages: tuple[Stage, ...]
    stays: tuple[Stay, ...]
    current: int


class RibbonPart:
    """The stages over the card (`card_parts.HeaderPart`)."""

    place = STRIP

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Objects whose records go through stages."""
        from crm_desktop.models.catalogue.sales_traits import Funnel

        return entity.trait(Funnel) is not None

    def load(self, workspace: Workspace, entity: EntityDef, record: int) -> object:
        """The pipeline is known already; the way is one question."""
        from crm_desktop.models.catalogue.sales_traits import Funnel

        trait = entity.trait(Funnel)
        assert trait is not None
        keys = [trait.pipeline, trait.stage]
        values = workspace.reader.many(entity.key, [record], keys).get(record, {})
        pipeline = workspace.pipelines.shape().pipelines.get(values.get(trait.pipeline) or 0)
        if pipeline is None or values.get(trait.stage) is None:
            return None
        stays = tuple(workspace.pipelines.way(record))
        return Ribbon(pipeline.stages, stays, values[trait.stage])

    def make(self, card: CardController) -> PartWidget:
        """The arrows."""
        from crm_desktop.ui.deals.ribbon import StageRibbon

        return StageRibbon(card)


class LinesPart:
    """The tab of lines (`card_tabs.ExtraTab`)."""

    title = N_("Lines")

    def accepts(self, entity: EntityDef) -> bool:
        """Objects that go through stages: their amount may follow from lines."""
        from crm_desktop.models.catalogue.sales_traits import Funnel

        return entity.trait(Funnel) is not None

    def make(self, controller: CardController) -> CardTab:
        """The grid."""
        from crm_desktop.ui.deals.lines_tab import LinesTab

        return LinesTab(controller)


class WorthFigures:
    """Amount, probability with where it comes from, expected close (`FigureSource`)."""

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Objects whose records go through stages."""
        from crm_desktop.models.catalogue.sales_traits import Funnel

        return entity.trait(Funnel) is not None

    def load(self, workspace: Workspace, entity: EntityDef, record: int) -> object:
        """Their values; one short question."""
        from crm_desktop.models.catalogue.fieldtypes import ChoiceField
        from crm_desktop.models.catalogue.sales_traits import Funnel

        own = entity.trait(Funnel)
        assert own is not None
        keys = [own.amount, own.currency, own.probability, own.chance_by, own.expected, own.state]
        values = workspace.reader.many(entity.key, [record], keys).get(record, {})
        amount, currency, chance, by, expected, state = (values.get(key) for key in keys)
        way = entity.field(own.chance_by)
        chosen = way.choice(str(by)) if isinstance(way, ChoiceField) and by else None
        money = str(currency or workspace.info("currency") or "").upper()
        said = chosen.label if chosen is not None else ""
        return amount, money, chance, said, expected, state

    def say(self, value: Any, around: Surroundings) -> Sequence[Figure]:
        """Only what is known; the probability while it matters."""
        amount, currency, chance, way, expected, state = value
        found, is_open = [], state not in ("won", "lost")
        if amount is not None:
            said = format_money(amount, currency, around.language)
            found.append(Figure(_("Amount"), said, target="deal_line.deal"))
        if chance is not None and is_open:
            said = f"{chance} % · {_(way).lower()}" if way else f"{chance} %"
            found.append(Figure(_("Probability"), said))
        if expected is not None and is_open:
            late = expected < around.now.date()
            said = format_date(expected, around.language)
            tip = _("The day has passed") if late else ""
            found.append(Figure(_("Expected to close"), said, "bad" if late else "", tip=tip))
        return found
