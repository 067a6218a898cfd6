"""Asks the services for one tab, in the worker, and makes sections of what they answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.question import EVERYBODY, FunnelQuestion
from crm_desktop.services.office.zone import office_today
from crm_desktop.ui.funnel.kept import CHANNELS, FUNNEL, MANAGERS, Chosen
from crm_desktop.ui.funnel.periods import OWN, USUAL, period_of
from crm_desktop.ui.funnel.sheets import (
    Section,
    channel_sections,
    forecast_sections,
    funnel_sections,
    manager_sections,
)

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


@dataclass
class Shown:
    """What a tab shows. `narrowed`: only one manager, source or category."""

    sections: list[Section]
    rule: tuple[str, ...]
    pipelines: list[tuple[int, str]]
    empty: bool = False
    narrowed: bool = False
    tab: str = ""


def ask(base: Workspace, chosen: Chosen, own: Period | None) -> Shown:
    """The figures of the tab that is chosen, of `own` dates or of the period that is named, which
    is one of the office's days: it may be the next month there already."""
    name = USUAL if chosen.period == OWN else chosen.period
    period = own or period_of(name, office_today(base))
    return replace(_asked(base, chosen, period), tab=chosen.tab)


def _asked(base: Workspace, chosen: Chosen, period: Period) -> Shown:
    funnels = base.funnels
    known = funnels.pipelines()
    if chosen.tab != FUNNEL:
        return replace(_others(base, chosen.tab, period), pipelines=known)
    ids = [id_ for id_, _name in known]
    pipeline = chosen.which if chosen.which in ids else next(iter(ids), 0)
    if not pipeline:
        return Shown([], (), known, empty=True)
    question = FunnelQuestion(pipeline, period, chosen.closing, chosen.by, chosen.only)
    figure = funnels.figure(question)
    first = figure.lines[0].count if figure.lines else 0
    beside = (*figure.previous.counts[:1], *figure.year_before.counts[:1])
    return Shown(
        funnel_sections(figure, chosen.beside), figure.rule, known,
        empty=not first and not any(beside), narrowed=chosen.only != EVERYBODY,
    )  # fmt: skip


def _others(base: Workspace, tab: str, period: Period) -> Shown:
    from crm_desktop.services.sales_figures import channels, forecast, managers
    from crm_desktop.services.sales_figures.asking import own_currency

    currency = own_currency(base)
    if tab == CHANNELS:
        sources = channels.channel_table(base, period)
        rule = channels.channels_rule()
        return Shown(channel_sections(sources, period, currency), rule, [], empty=not sources)
    if tab == MANAGERS:
        people = managers.manager_table(base, period)
        rule = managers.managers_rule()
        return Shown(manager_sections(people, period, currency), rule, [], empty=not people)
    found = forecast.forecast(base)
    empty = not found.lines and not any(one.won or one.said for one in found.accuracy)
    return Shown(forecast_sections(found, currency), forecast.forecast_rule(), [], empty=empty)
