"""What is moved together: several entries at their distances, and all who take part in each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from PySide6.QtCore import QRectF

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import Bar
from crm_desktop.services.planner.moving import Move
from crm_desktop.ui.planner.axis import DAY_SECONDS

Key = tuple[int, int]
_THICK = 3


def moved_together(bars: Iterable[Bar], rows: Sequence[Ref], by: int, down: int) -> list[Move]:
    """All the bars later by `by` seconds and lower by `down` rows, or by as many as leaves each of
    them on the sheet: their distances stay as they are. What takes all day goes by whole days."""
    moved = list(bars)
    places = {row: place for place, row in enumerate(rows)}
    known = [places[bar.row] for bar in moved if bar.row in places]
    if known:
        down = min(max(down, -min(known)), len(rows) - 1 - max(known))
    by_days = by if moved and moved[0].all_day else round(by / DAY_SECONDS) * DAY_SECONDS
    found = []
    for bar in moved:
        shift = by_days if bar.all_day else by
        row = rows[places[bar.row] + down] if bar.row in places else bar.row
        found.append(Move(bar, bar.starts + shift, bar.ends + shift, row))
    return found


def company_of(bars: Iterable[Bar], keys: Collection[Key]) -> dict[Key, list[Bar]]:
    """In which rows these entries stand."""
    found: dict[Key, list[Bar]] = defaultdict(list)
    for bar in bars:
        if bar.key in keys:
            found[bar.key].append(bar)
    return found


def with_company(moves: Iterable[Move], company: Mapping[Key, Sequence[Bar]]) -> list[Bar]:
    """The bars as they will be, in the rows of everybody who takes part: their clashes and leave
    count as well."""
    found = []
    for move in moves:
        found.append(move.changed)
        found += [
            bar._replace(starts=move.starts, ends=move.ends)
            for bar in company.get(move.bar.key, ())
            if bar.part != move.bar.part
        ]
    return found


def edges_of(rect: QRectF) -> list[tuple[int, int, int, int]]:
    """The four strips (left, top, right, bottom) in which a frame is painted."""
    if rect.isNull():
        return []
    left, top, right, bottom = (
        round(v) for v in (rect.left(), rect.top(), rect.right(), rect.bottom())
    )
    a, b = left - _THICK, right + _THICK
    return [
        (a, top - _THICK, b, top + _THICK), (a, bottom - _THICK, b, bottom + _THICK),
        (a, top - _THICK, left + _THICK, bottom + _THICK),
        (right - _THICK, top - _THICK, b, bottom + _THICK),
    ]  # fmt: skip
