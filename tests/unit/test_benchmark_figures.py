"""The helpers of the benchmarks: figures, their verdict, their table."""

from __future__ import annotations

import pytest

from benchmarks.figures import MS, ROWS, Figure, Report, growth, percentile, shown


def figure(*samples: float, target: float = 20, unit: str = MS, **more: float) -> Figure:
    return Figure("search", "sqlite 100k", samples, target, unit=unit, **more)


def test_the_figure_is_the_median() -> None:
    assert figure(1, 100, 3).median == 3


def test_the_worst_of_twenty() -> None:
    assert percentile(range(100), 0.95) == 95
    assert percentile([5.0], 0.95) == 5.0


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (figure(19, 20, 21), True),
        (figure(21, 22, 23), False),
        (figure(1, 1, 1, 90, target_p95=60), False),
        (figure(5000, target=4000, unit=ROWS), True),
        (figure(3000, target=4000, unit=ROWS), False),
        (figure(3000, target=0), True),
    ],
)
def test_a_promise_is_kept_or_not(given: Figure, kept: bool) -> None:
    assert given.kept is kept


def test_ratio_is_above_one_where_the_program_is_slower_than_the_floor() -> None:
    assert figure(20, floor=10).ratio == 2
    assert figure(4000, floor=8000, unit=ROWS).ratio == 2


def test_growth_compares_figures_of_one_name() -> None:
    (found,) = growth([figure(10)], [figure(14), figure(5, unit=ROWS)], target=1.5)

    assert found.median == pytest.approx(1.4)
    assert found.kept


def test_the_table_names_what_is_over() -> None:
    lines = Report([figure(10), figure(30)]).lines()

    assert lines[2].endswith("ok")
    assert lines[3].endswith("OVER")
    assert len({len(line) for line in lines[1:3]}) <= 2


def test_numbers_have_as_many_digits_as_mean_something() -> None:
    assert [shown(n, MS) for n in (1.234, 12.34, 1234.5)] == ["1.23 ms", "12.3 ms", "1 234 ms"]
