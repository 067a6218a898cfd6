"""Figures of a run: what was measured, the floor below it, the promise, and how they are shown."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

MS, SECONDS, MIB, ROWS, TIMES = "ms", "s", "MiB", "rows/s", "x"
MORE_IS_BETTER = (ROWS,)


@dataclass(frozen=True)
class Figure:
    """One measured promise on one base.

    `samples` in `unit`; the figure is their median. `floor`: the same done without the program, by
    raw SQL and, where it is painted, a bare paint of the same widget; 0 where there is none.
    `target` and `target_p95` are what was promised; 0 for no promise.
    """

    name: str
    base: str
    samples: tuple[float, ...]
    target: float
    floor: float = 0.0
    target_p95: float = 0.0
    unit: str = MS

    @property
    def median(self) -> float:
        """The figure."""
        return statistics.median(self.samples)

    @property
    def p95(self) -> float:
        """The worst of twenty; the worst of all when there are fewer."""
        return percentile(self.samples, 0.95)

    @property
    def ratio(self) -> float:
        """How many times the floor."""
        if not self.floor or not self.median:
            return 0.0
        return self.floor / self.median if self.unit in MORE_IS_BETTER else self.median / self.floor

    @property
    def kept(self) -> bool:
        """Whether the promise is kept."""
        if self.unit in MORE_IS_BETTER:
            return self.median >= self.target
        late = self.target_p95 and self.p95 > self.target_p95
        return not late and (not self.target or self.median <= self.target)


@dataclass
class Report:
    """All figures of a run."""

    figures: list[Figure] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    load: str = ""

    def lines(self) -> list[str]:
        """A table for the terminal."""
        rows = [HEADER, *(_cells(figure) for figure in self.figures)]
        widths = [max(len(row[place]) for row in rows) for place in range(len(HEADER))]
        found = [_line(row, widths) for row in rows]
        found.insert(1, "  ".join("-" * width for width in widths))
        found += [f"left out: {reason}" for reason in self.left_out]
        return [*found, self.load] if self.load else found

    def markdown(self) -> list[str]:
        """A table for the README."""
        rows = [HEADER, ("---",) * 2 + ("---:",) * 5 + ("---",)]
        rows += [_cells(figure) for figure in self.figures]
        return ["| " + " | ".join(row) + " |" for row in rows]


HEADER = ("promise", "base", "median", "95 %", "floor", "x floor", "promised", "")


def percentile(samples: Sequence[float], share: float) -> float:
    """The nearest-rank percentile."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def growth(small: Iterable[Figure], big: Iterable[Figure], *, target: float) -> list[Figure]:
    """How many times slower each figure is on the big base."""
    before = {figure.name: figure for figure in small}
    return [
        Figure(
            f"growth: {figure.name}", figure.base, (figure.median / before[figure.name].median,),
            target, unit=TIMES,
        )
        for figure in big
        if figure.name in before and figure.unit == MS and before[figure.name].median
    ]  # fmt: skip


def _cells(figure: Figure) -> tuple[str, ...]:
    unit = figure.unit
    promised = shown(figure.target, unit) if figure.target else "—"
    if figure.target_p95:
        promised += f" / {shown(figure.target_p95, unit)}"
    sign = "≥ " if unit in MORE_IS_BETTER else "≤ "
    several = len(figure.samples) > 1
    return (
        figure.name, figure.base, shown(figure.median, unit),
        shown(figure.p95, unit) if several and unit == MS else "",
        shown(figure.floor, unit) if figure.floor else "",
        f"{figure.ratio:.1f}" if figure.ratio else "",
        sign + promised if figure.target else promised,
        "ok" if figure.kept else "OVER",
    )  # fmt: skip


def shown(value: float, unit: str) -> str:
    """A number with its unit, with as many digits as mean something."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}".replace(",", " ")


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    left = [cell.ljust(width) for cell, width in zip(cells[:2], widths[:2], strict=True)]
    right = [cell.rjust(width) for cell, width in zip(cells[2:], widths[2:], strict=True)]
    return "  ".join([*left, *right])
