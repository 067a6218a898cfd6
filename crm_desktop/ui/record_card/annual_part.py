"""Birthdays and annual dates in the head of a card, while they are near."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.ui.card_parts import Figure

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.services.annual.service import Coming
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.record_card.values import Surroundings

_MOST = 2


class AnnualFigures:
    """The nearest days of the year (`card_parts.FigureSource`)."""

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Objects with a birthday or with annual dates of their own."""
        from crm_desktop.models.catalogue.traits import AnnualDates

        return entity.trait(AnnualDates) is not None or any(
            getattr(f, "yearly", False) for f in entity.fields
        )

    def load(self, workspace: Workspace, entity: EntityDef, record: int) -> object:
        """What comes round within its lead time; None without any."""
        return workspace.annual.of(Ref(entity.key, record))[:_MOST] or None

    def say(self, value: Any, around: Surroundings) -> Sequence[Figure]:
        """The occasion above, the day and how often below."""
        return [
            Figure(
                coming.occasion or _(coming.label), said_coming(coming, around),
                tone="accent_text" if coming.within <= 1 else "",
                tip=format_date(coming.day, around.language, style="long"),
            )
            for coming in value
        ]  # fmt: skip


def said_coming(coming: Coming, around: Surroundings) -> str:
    """`24 Apr, in 3 days · 38 years`; near days in words."""
    day = format_date(coming.day, around.language, around.now.date())
    if coming.within > 1:
        near = ngettext("in {count} day", "in {count} days", coming.within)
        day = f"{day}, {near.format(count=coming.within)}"
    if not coming.years:
        return day
    years = ngettext("{count} year", "{count} years", coming.years).format(count=coming.years)
    return f"{day} · {years}"
