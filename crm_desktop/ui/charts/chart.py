"""What a chart shows, as plain values; and round numbers for its axis."""

from __future__ import annotations

import math
from dataclasses import dataclass

BARS, STACKED, LINE, FUNNEL = "bars", "stacked", "line", "funnel"


@dataclass(frozen=True)
class Series:
    """Values of one colour, one for each label; `said` is how they are read out.

    `quiet`: of another period, laid behind in grey. `notes` stand beside the bars of a funnel.
    """

    name: str
    values: tuple[float, ...]
    said: tuple[str, ...]
    quiet: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """One picture: kind, heading, the labels along its axis and the series over them."""

    kind: str
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    subtitle: str = ""
    whole: bool = False
    """What is counted has no halves: neither has its scale."""

    @property
    def ticks(self) -> list[float]:
        """The marks of its scale."""
        return round_ticks(self.most, most_fine=1.0 if self.whole else 0.0)

    @property
    def most(self) -> float:
        """The highest value that has to find room."""
        if self.kind == STACKED:
            sums = [sum(column) for column in zip(*(s.values for s in self.series), strict=True)]
            return max(sums, default=0)
        return max((value for s in self.series for value in s.values), default=0)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to be seen."""
        return not self.labels or self.most <= 0

    def rows(self) -> list[list[str | float]]:
        """A line for each label: its values in the order of the series."""
        return [
            [label, *(s.values[place] for s in self.series)]
            for place, label in enumerate(self.labels)
        ]


def round_ticks(most: float, wanted: int = 5, *, most_fine: float = 0.0) -> list[float]:
    """0 and further marks at steps of 1, 2 or 5 times a power of ten, up to `most` or above; none
    finer than `most_fine`."""
    if most <= 0:
        return [0.0, 1.0]
    raw = most / wanted
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * (1 - 1e-9))
    step = max(step, most_fine)
    count = math.ceil(most / step - 1e-9)
    return [step * number for number in range(count + 1)]
