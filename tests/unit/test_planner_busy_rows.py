"""What is asked while dragging answers as plain arithmetic does; what is moved keeps together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import Bar
from crm_desktop.services.planner.load import BusyRows, clashes
from crm_desktop.ui.planner.together import moved_together

ROWS = [Ref("staff", n) for n in range(4)]


def bar(id_: int, row: int, starts: int, length: int) -> Bar:
    return Bar(id_, ROWS[row], starts, starts + length, "", "", "", None, 1, row)


BARS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 500), st.integers(1, 200)), max_size=30
).map(lambda found: [bar(n, *one) for n, one in enumerate(found, start=1)])


@given(BARS, BARS)
def test_near_bars_give_the_same_clashes_as_all_bars(known: list[Bar], moved: list[Bar]) -> None:
    by_row = {row: [one for one in known if one.row == row] for row in ROWS}
    leave = {(3, 0), (5, 0)}

    found = BusyRows(by_row).clashes(moved, leave)

    assert set(found) == set(clashes(moved, by_row, leave))
    assert len(found) == len(clashes(moved, by_row, leave))


@given(BARS.filter(bool), st.integers(-9, 9), st.integers(-50, 50))
def test_what_is_moved_together_keeps_its_distances(
    bars: list[Bar], down: int, minutes: int
) -> None:
    moves = moved_together(bars, ROWS, minutes * 60, down)

    assert len({ROWS.index(m.row) - ROWS.index(m.bar.row) for m in moves}) == 1
    assert {m.starts - m.bar.starts for m in moves} == {minutes * 60}
