"""The commands about figures of sales: the funnel of a pipeline, the forecast."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from crm_desktop.cli.answer import Answer, table
from crm_desktop.cli.command_words import Commands, command
from crm_desktop.i18n import _
from crm_desktop.services.rights import acts
from crm_desktop.services.workspace import Workspace

FUNNEL, FORECAST = "funnel", "forecast"
_BY = ("manager", "source", "segment")
_DASH = "—"


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop funnel` and `crm-desktop forecast`."""
    funnel = command(
        commands, FUNNEL, _("how far the deals of a pipeline came in a period"),
        answer='{"pipeline": "Sales", "from": "2026-03-01", "to": "2026-03-31", "total": 54.5,\n'
               ' "returned": 2, "stages": [{"id": 7, "name": "First call", "count": 33,\n'
               '  "step": null, "returned": 0, "median_minutes": 12, "p90_minutes": 55}, ...],\n'
               ' "previous": {...}, "year_before": {...}, "groups": [...], "losses": [...],\n'
               ' "rule": ["..."]}',
    )  # fmt: skip
    funnel.add_argument("name", metavar="PIPELINE", help=_("name or number of the pipeline"))
    funnel.add_argument("--from", dest="since", metavar="DAY", type=day, required=True,
                        help=_("the first day, such as 2026-03-01"))  # fmt: skip
    funnel.add_argument("--to", dest="until", metavar="DAY", type=day, required=True,
                        help=_("the last day"))  # fmt: skip
    apart = _("also apart for each manager, source or category of client")
    funnel.add_argument("--by", choices=_BY, default="", help=apart)
    funnel.add_argument("--by-closing", action="store_true",
                        help=_("deals closed in the period instead of opened"))  # fmt: skip
    command(
        commands, FORECAST, _("what open deals promise by month, and how true it was before"),
        answer='{"months": [{"month": "2026-04", "count": 3, "sums": {"RUB": 9000.0},\n'
               '  "weighted": {"RUB": 4500.0}}], "accuracy": [{"month": "2026-03",\n'
               '  "forecast": {"RUB": 500.0}, "won": {"RUB": 250.0}, "percent": {"RUB": 50.0}}],\n'
               ' "rule": ["..."]}',
    )  # fmt: skip


def day(text: str) -> date:
    """A day as ISO 8601 writes it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(
            _("“{text}” is not a day such as 2026-03-31").format(text=text[:40])
        ) from None


def funnel(workspace: Workspace, given: Namespace) -> Answer:
    """The funnel of a pipeline."""
    from crm_desktop.cli.values import find_record
    from crm_desktop.services.funnel.periods import Period
    from crm_desktop.services.funnel.question import FunnelQuestion

    acts.opened_figures(workspace, FUNNEL)
    funnels = workspace.funnels
    pipeline = find_record(workspace, funnels.pipeline_object, given.name)
    question = FunnelQuestion(
        pipeline, Period(given.since, given.until), given.by_closing, given.by
    )
    figure = funnels.figure(question)
    value = {
        "from": str(given.since), "to": str(given.until),
        "basis": "closed" if given.by_closing else "opened", "total": plain(figure.total),
        "returned": figure.returned, "stages": [_stage(line) for line in figure.lines],
        "previous": _outline(figure.previous), "year_before": _outline(figure.year_before),
        "groups": [
            {"id": g.id or None, "name": g.name, "counts": list(g.counts), "total": plain(g.total)}
            for g in figure.groups
        ],
        "losses": [
            {"id": one.id or None, "name": one.name, "count": one.count, "sums": _sums(one.sums)}
            for one in figure.losses
        ],
        "rule": list(figure.rule),
    }  # fmt: skip
    return Answer(dict(pipeline=figure.pipeline) | value, _lines(figure))  # noqa: C408 - a word, no object


def _stage(line: Any) -> dict[str, Any]:
    return {
        "id": line.step.id, "name": line.step.name, "count": line.count, "step": plain(line.share),
        "returned": line.returned, "median_minutes": line.median, "p90_minutes": line.most,
    }  # fmt: skip


def _outline(one: Any) -> dict[str, Any]:
    period = one.period
    return {"from": str(period.since), "to": str(period.until), "counts": list(one.counts)}


def plain(value: Decimal | None) -> float | None:
    """A decimal as JSON has it."""
    return None if value is None else float(value)


def _sums(sums: Mapping[str, Decimal]) -> dict[str, float]:
    return {currency: float(amount) for currency, amount in sums.items()}


def _lines(figure: Any) -> list[str]:
    names = [line.step.name for line in figure.lines]
    rows = [
        [line.step.name, str(line.count), _said(line.share), str(line.returned or ""),
         _said(line.median), _said(line.most), str(before), str(year)]
        for line, before, year in zip(
            figure.lines, figure.previous.counts, figure.year_before.counts, strict=True
        )
    ]  # fmt: skip
    head = [_("Stage"), _("Deals"), _("Of the stage before, %"), _("Went back")]
    head += [_("Minutes, median"), _("Minutes, 90 %"), _("Period before"), _("Year before")]
    lines = table(head, rows)
    total = _("Came to the end: {percent} %. Went back: {count}.")
    lines += ["", total.format(percent=_said(figure.total), count=figure.returned)]
    if figure.groups:
        rows = [[g.name, *map(str, g.counts), _said(g.total)] for g in figure.groups]
        lines += ["", *table(["", *names, "%"], rows)]
    if figure.losses:
        rows = [[one.name, str(one.count), _money(_sums(one.sums))] for one in figure.losses]
        lines += ["", *table([_("Reason of loss"), _("Deals"), _("Sum")], rows)]
    return [*lines, "", *figure.rule]


def _said(value: object) -> str:
    return _DASH if value is None else str(value)


def forecast(workspace: Workspace, _given: Namespace) -> Answer:
    """What open deals promise, and how true former forecasts were."""
    from crm_desktop.services.sales_figures.forecast import forecast as reckoned
    from crm_desktop.services.sales_figures.forecast import forecast_rule

    acts.opened_figures(workspace, FORECAST)
    found = reckoned(workspace)
    months = [
        {"month": "late" if line.late else line.month and f"{line.month:%Y-%m}",
         "count": line.count, "sums": _sums(line.sums), "weighted": _sums(line.weighted)}
        for line in found.lines
    ]  # fmt: skip
    accuracy = [
        {"month": f"{one.month:%Y-%m}", "forecast": _sums(one.said), "won": _sums(one.won),
         "percent": _sums(one.shares)}
        for one in found.accuracy
    ]  # fmt: skip
    value = {"months": months, "accuracy": accuracy, "rule": list(forecast_rule())}
    rows = [[_month(m["month"]), str(m["count"]), _money(m["sums"]), _money(m["weighted"])]
            for m in months]  # fmt: skip
    lines = table([_("Month"), _("Deals"), _("Sum"), _("Times probability")], rows)
    rows = [[a["month"], _money(a["forecast"]), _money(a["won"]), _percents(a["percent"])]
            for a in accuracy]  # fmt: skip
    head = [_("Month"), _("Forecast"), _("Won in it"), _("Accuracy, %")]
    return Answer(value, [*lines, "", *table(head, rows), "", *forecast_rule()])


def _month(month: Any) -> str:
    if month is None:
        return _("No day given")
    return _("Overdue") if month == "late" else str(month)


def _money(sums: Any) -> str:
    return ", ".join(f"{amount:.2f} {code}" for code, amount in sums.items()) or _DASH


def _percents(shares: Any) -> str:
    return ", ".join(f"{share:.1f} {code}" for code, share in shares.items()) or _DASH
