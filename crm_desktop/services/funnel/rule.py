"""How figures are counted, in sentences that stand under them."""

from __future__ import annotations

from crm_desktop.i18n import _
from crm_desktop.services.funnel.question import MANAGER, FunnelQuestion


def funnel_rule(question: FunnelQuestion) -> tuple[str, ...]:
    """The rule of a funnel, as it was asked for."""
    first = (
        _("Deals closed in the period, won and lost.")
        if question.closing
        else _(
            "Deals opened in the period, wherever they are now: one moved to another pipeline"
            " counts as far as it came in this one."
        )
    )
    said = [
        first,
        _("A deal counts once in each stage that it reached or passed; a won deal in all. One that"
          " was won and opened again is not won."),
        _("Deals that went back still count where they had been; they are shown apart."),
        _("Time in a stage: working minutes of finished stays, the median and what nine of ten"
          " do not exceed."),
    ]  # fmt: skip
    if question.by == MANAGER:
        said.insert(2, _(
            "By manager a deal counts for everybody who had it in the stage or later, by the"
            " history of stages: one that changed hands counts for several."
        ))  # fmt: skip
    return tuple(said)
