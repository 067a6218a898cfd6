"""From answers to what is shown: sections of a chart and a table, each number with its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from crm_desktop.i18n import _
from crm_desktop.ui.charts.chart import BARS, FUNNEL, LINE, STACKED, Chart, Series
from crm_desktop.ui.charts.number_table import Figure, Grid
from crm_desktop.ui.funnel import words
from crm_desktop.ui.funnel.periods import said_period

if TYPE_CHECKING:
    from crm_desktop.models.query import Query
    from crm_desktop.services.funnel.answer import FunnelFigure, Outline, Sums
    from crm_desktop.services.funnel.periods import Period
    from crm_desktop.services.sales_figures.channels import ChannelLine
    from crm_desktop.services.sales_figures.forecast import Forecast, ForecastLine
    from crm_desktop.services.sales_figures.managers import ManagerLine

Rows = dict[tuple[int, int], "Query"]
BEFORE, YEAR = "before", "year"


@dataclass
class Section:
    """A heading, a chart and a table; `chart_rows` by (series, place), `grid_rows` by (line,
    column) of the numbers that open rows."""

    title: str
    chart: Chart | None = None
    grid: Grid | None = None
    chart_rows: Rows = field(default_factory=dict)
    grid_rows: Rows = field(default_factory=dict)
    groups: tuple[int, ...] = ()
    """By line: what a click on its name narrows the funnel to; none: names are only names."""

    def behind(self) -> list[tuple[str, Query]]:
        """The rows of every number of the table, called by their line and column."""
        if self.grid is None:
            return []
        found = []
        for (line, place), query in self.grid_rows.items():
            name = self.grid.lines[line][0].text
            found.append((f"{name} – {self.grid.header[place]}", query))
        return found


class _Table:
    """Puts a grid together and keeps which cell opens what."""

    def __init__(self, *header: str) -> None:
        self.header = header
        self.lines: list[tuple[Figure, ...]] = []
        self.rows: Rows = {}

    def add(self, *cells: Figure | tuple[Figure, Query | None]) -> None:
        """One line; a cell with a query opens its rows."""
        line = []
        for place, cell in enumerate(cells):
            figure, query = (cell, None) if isinstance(cell, Figure) else cell
            if query is not None:
                self.rows[len(self.lines), place] = query
            line.append(figure)
        self.lines.append(tuple(line))

    def grid(self) -> Grid:
        """What was added."""
        return Grid(self.header, tuple(self.lines))


def _section(chart: Chart, table: _Table, chart_rows: Rows) -> Section:
    """The table under its chart; under its heading if there is nothing to be drawn."""
    if chart.empty:
        return Section(chart.title, grid=table.grid(), grid_rows=table.rows)
    return Section("", chart, table.grid(), chart_rows, table.rows)


def _count(count: int, query: Query | None) -> tuple[Figure, Query | None]:
    """A count that opens its rows; nothing to open behind a nought."""
    opens = bool(count) and query is not None
    return Figure(words.number(count), count, opens), query if opens else None


def _money(sums: Sums, currency: str, query: Query | None) -> tuple[Figure, Query | None]:
    """Sums that open the rows they come from."""
    opens = bool(sums) and query is not None
    figure = Figure(words.money(sums), words.listed_number(sums, currency), opens)
    return figure, query if opens else None


def _share(value: Decimal | None, query: Query | None) -> tuple[Figure, Query | None]:
    """Percents that open the rows of which they are told."""
    opens = value is not None and query is not None
    return Figure(words.percents(value), value, opens), query if opens else None


def _time(minutes: int | None, query: Query | None) -> tuple[Figure, Query | None]:
    """Working minutes that open the deals they were spent on."""
    opens = minutes is not None and query is not None
    return Figure(words.minutes(minutes), minutes, opens), query if opens else None


# --- the funnel -----------------------------------------------------------------------------------


def funnel_sections(figure: FunnelFigure, beside: str) -> list[Section]:
    """The funnel itself, its groups and the reasons of loss."""
    found = [_stages(figure, beside)]
    if figure.groups:
        found.append(_groups(figure))
    if figure.losses:
        found.append(_losses(figure))
    return found


def _stages(figure: FunnelFigure, beside: str) -> Section:
    other = {BEFORE: figure.previous, YEAR: figure.year_before}.get(beside)
    table = _Table(
        _("Stage"), _("Deals"), _("Of the stage before, %"), _("Went back"), _("Time, median"),
        _("Time, nine of ten"), _("Period before"), _("Year before"),
    )  # fmt: skip
    for place, line in enumerate(figure.lines):
        before, year = figure.previous, figure.year_before
        table.add(
            Figure(line.step.name, strong=True), _count(line.count, line.query),
            _share(line.share, line.query), _count(line.returned, line.returned_query),
            _time(line.median, line.times_query), _time(line.most, line.times_query),
            _count(before.counts[place], before.queries[place]),
            _count(year.counts[place], year.queries[place]),
        )  # fmt: skip
    last = figure.lines[-1].query if figure.lines else None
    table.add(
        Figure(_("To the end"), strong=True), Figure(""), _share(figure.total, last),
        _count(figure.returned, figure.returned_query), *[Figure("")] * 4,
    )  # fmt: skip
    return Section(
        "", _funnel_chart(figure, other), table.grid(), _funnel_rows(figure, other), table.rows
    )


def _funnel_chart(figure: FunnelFigure, other: Outline | None) -> Chart:
    counts = [line.count for line in figure.lines]
    period = said_period(figure.question.period)
    notes = tuple("" if line.share is None else words.percents(line.share) for line in figure.lines)
    own = Series(period, tuple(map(float, counts)), tuple(map(words.number, counts)), notes=notes)
    series = (own,) if other is None else (own, _behind(other))
    names = tuple(line.step.name for line in figure.lines)
    title = _("Funnel “{name}”").format(name=figure.pipeline)
    said = _("{period}. To the end: {share}").format(
        period=period, share=words.percents(figure.total)
    )
    return Chart(FUNNEL, title, names, series, said)


def _behind(other: Outline) -> Series:
    said = tuple(map(words.number, other.counts))
    return Series(said_period(other.period), tuple(map(float, other.counts)), said, quiet=True)


def _funnel_rows(figure: FunnelFigure, other: Outline | None) -> Rows:
    rows: Rows = {(0, n): line.query for n, line in enumerate(figure.lines) if line.count}
    if other is not None:
        pairs = zip(other.counts, other.queries, strict=True)
        rows |= {(1, n): query for n, (count, query) in enumerate(pairs) if count}
    return rows


def _groups(figure: FunnelFigure) -> Section:
    names = [line.step.name for line in figure.lines]
    table = _Table("", *names, _("To the end"))
    for line in figure.groups:
        cells = [_count(*pair) for pair in zip(line.counts, line.queries, strict=True)]
        table.add(Figure(line.name, opens=True), *cells, _share(line.total, line.queries[-1]))
    heads = {
        "manager": _("By manager"), "source": _("By source"),
        "segment": _("By category of the client"),
    }  # fmt: skip
    return Section(
        heads[figure.question.by], grid=table.grid(), grid_rows=table.rows,
        groups=tuple(line.id for line in figure.groups),
    )  # fmt: skip


def _losses(figure: FunnelFigure) -> Section:
    table = _Table(_("Reason of loss"), _("Deals"), _("Sum"))
    for line in figure.losses:
        sums = _money(line.sums, "", line.query)
        table.add(Figure(line.name), _count(line.count, line.query), sums)
    return Section(_("Why deals were lost"), grid=table.grid(), grid_rows=table.rows)


# --- channels and managers ------------------------------------------------------------------------


def channel_sections(lines: Sequence[ChannelLine], period: Period, currency: str) -> list[Section]:
    """What each source brought and cost."""
    table = _Table(
        _("Source"), _("Leads"), _("Deals won"), _("Sum"), _("Costs"), _("Cost per won deal"),
        _("Return on cost"),
    )  # fmt: skip
    for line in lines:
        cost = Figure(words.amount(line.cost, currency), line.cost, bool(line.cost))
        table.add(
            Figure(line.name, strong=True), _count(line.leads, line.leads_query),
            _count(line.won, line.won_query), _money(line.sums, currency, line.won_query),
            (cost, line.cost_query) if line.cost else Figure(words.DASH, 0),
            _each(line, currency), _gain(line, currency),
        )  # fmt: skip
    sums = [line.sums.get(currency, Decimal(0)) for line in lines]
    series = (
        _sums(_("Sum"), sums, currency), _sums(_("Costs"), [line.cost for line in lines], currency)
    )  # fmt: skip
    chart = Chart(
        BARS, _("What channels bring and cost"), tuple(line.name for line in lines), series,
        f"{said_period(period)}, {currency}",
    )  # fmt: skip
    rows = {(0, n): line.won_query for n, line in enumerate(lines) if line.won}
    rows |= {(1, n): line.cost_query for n, line in enumerate(lines) if line.cost}
    return [_section(chart, table, rows)]


def _each(line: ChannelLine, currency: str) -> tuple[Figure, Query | None]:
    opens = line.cost_each is not None and bool(line.won)
    figure = Figure(words.amount(line.cost_each, currency), line.cost_each, opens)
    return figure, line.won_query if opens else None


def _gain(line: ChannelLine, currency: str) -> tuple[Figure, Query | None]:
    """The return on the cost, or a dash and why there is none."""
    share, rows = _share(line.gain, line.won_query if line.won else line.cost_query)
    if not line.other_currencies or not line.cost:
        return share, rows
    why = _("Won in {others} as well: that cannot be set against a cost in {currency}")
    said = why.format(others=", ".join(line.other_currencies), currency=currency)
    return replace(share, why=said), rows


def _sums(name: str, values: Sequence[Decimal], currency: str, *, quiet: bool = False) -> Series:
    said = tuple(words.amount(value, currency) for value in values)
    return Series(name, tuple(map(float, values)), said, quiet)


def manager_sections(lines: Sequence[ManagerLine], period: Period, currency: str) -> list[Section]:
    """What each colleague did."""
    table = _Table(
        _("Manager"), _("Leads"), _("First response"), _("Calls"), _("Meetings"), _("Overdue"),
        _("Deals won"), _("Sum"),
    )  # fmt: skip
    for line in lines:
        response = Figure(words.minutes(line.response), line.response, line.response is not None)
        answered = line.response_query if line.response is not None else None
        overdue, overdue_rows = _count(line.overdue.count, line.overdue.query)
        late = Figure(
            overdue.text, overdue.value, overdue.opens, tone="bad" if overdue.opens else ""
        )
        table.add(
            Figure(line.name, strong=True), _count(line.leads.count, line.leads.query),
            (response, answered), _count(line.calls.count, line.calls.query),
            _count(line.meetings.count, line.meetings.query), (late, overdue_rows),
            _count(line.won.count, line.won.query), _money(line.sums, currency, line.won.query),
        )  # fmt: skip
    parts = ((_("Calls"), lambda one: one.calls), (_("Meetings"), lambda one: one.meetings))
    chart = Chart(
        STACKED, _("Calls and meetings"), tuple(line.name for line in lines),
        tuple(_counts(name, [part(line).count for line in lines]) for name, part in parts),
        said_period(period),
    )  # fmt: skip
    rows = {
        (number, place): part(line).query
        for number, (_name, part) in enumerate(parts) for place, line in enumerate(lines)
        if part(line).count
    }  # fmt: skip
    return [_section(chart, table, rows)]


def _counts(name: str, values: Sequence[int]) -> Series:
    return Series(name, tuple(map(float, values)), tuple(map(words.number, values)))


# --- the forecast ---------------------------------------------------------------------------------


def forecast_sections(found: Forecast, currency: str) -> list[Section]:
    """What is expected month by month, and how true it was."""
    return [_expected(found, currency), _accuracy(found, currency)]


def _name(line: ForecastLine) -> str:
    if line.late:
        return _("Overdue")
    return words.month(line.month) if line.month is not None else _("No day given")


def _expected(found: Forecast, currency: str) -> Section:
    lines = found.lines
    table = _Table(_("Month"), _("Deals"), _("Sum"), _("Times probability"))
    for line in lines:
        table.add(
            Figure(_name(line), strong=True, tone="bad" if line.late else ""),
            _count(line.count, line.query), _money(line.sums, currency, line.query),
            _money(line.weighted, currency, line.query),
        )  # fmt: skip
    series = tuple(
        _sums(name, [sums(line).get(currency, Decimal(0)) for line in lines], currency, quiet=quiet)
        for name, sums, quiet in (
            (_("Times probability"), lambda one: one.weighted, False),
            (_("Sum"), lambda one: one.sums, True),
        )
    )
    names = tuple(_name(line) for line in lines)
    chart = Chart(BARS, _("What open deals promise"), names, series, currency)
    rows = {(n, place): line.query for n in (0, 1) for place, line in enumerate(lines)}
    return _section(chart, table, rows)


def _accuracy(found: Forecast, currency: str) -> Section:
    table = _Table(_("Month"), _("Forecast"), _("Won in it"), _("Accuracy"))
    for one in found.accuracy:
        share = one.shares.get(currency)
        table.add(
            Figure(words.month(one.month), strong=True),
            _money(one.said, currency, one.said_query),
            _money(one.won, currency, one.won_query) if one.won else Figure(words.DASH, 0),
            _share(share, one.said_query),
        )  # fmt: skip
    zero = Decimal(0)
    series = (
        _sums(_("Won in it"), [a.won.get(currency, zero) for a in found.accuracy], currency),
        _sums(_("Forecast"), [a.said.get(currency, zero) for a in found.accuracy], currency,
              quiet=True),
    )  # fmt: skip
    names = tuple(words.month(one.month) for one in found.accuracy)
    chart = Chart(LINE, _("How true forecasts were"), names, series, currency)
    rows: Rows = {(0, n): one.won_query for n, one in enumerate(found.accuracy) if one.won}
    rows |= {(1, n): one.said_query for n, one in enumerate(found.accuracy) if one.said_query}
    return _section(chart, table, rows)
