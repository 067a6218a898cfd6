"""Whole-day reminders of one day stand as one entry, the others behind it: birthdays and the like
take nobody's time, and a lane of its own for each would push aside what does. Nothing of Qt.
"""

from __future__ import annotations

from collections import defaultdict

from crm_desktop.services.planner.bars import Bar

Behind = dict[tuple[int, int], list[Bar]]
"""The bars that stand behind another, by the key of that one."""


def fold(bars: list[Bar]) -> tuple[list[Bar], Behind]:
    """What is shown, and what stands behind it; open ones before those that are done."""
    whole = [bar for bar in bars if bar.all_day and bar.idle and not bar.draft and not bar.hidden]
    if len(whole) < 2:
        return bars, {}
    by_day: dict[tuple[int, int], list[Bar]] = defaultdict(list)
    for bar in sorted(whole, key=lambda bar: (bar.state == "done", bar.id)):
        by_day[bar.starts, bar.ends].append(bar)
    behind = {group[0].key: group[1:] for group in by_day.values() if len(group) > 1}
    folded = {bar.key for group in behind.values() for bar in group}
    return [bar for bar in bars if bar.key not in folded], behind
