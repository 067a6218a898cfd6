"""The planner's part of the tour: its views, drafts, somebody's sick day, an invitation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crm_desktop.ui.tour.step import Step

if TYPE_CHECKING:
    from crm_desktop.services.planner.bars import Bar

_VIEWS = ("day", "week", "month", "grid")
_HOUR = 3600
_MOST = 3
_STAYS = "this"


class PlannerTour:
    """The steps over one page, which `page` gives; `open_planner` leads there."""

    def __init__(self, page: Callable[[], Any], open_planner: Callable[[], object]) -> None:
        self._page, self._open = page, open_planner

    def steps(self) -> Iterator[Step]:
        """Every screen; the page is left as it was found."""
        yield Step("planner", self._open, self._planned)
        for view in _VIEWS:
            yield Step(f"planner-{view}", lambda v=view: self._controller.show_view(v),
                       self._planned)  # fmt: skip
        yield Step("planner-3-weeks", lambda: self._controller.show_days(21), self._planned)
        yield Step("", lambda: self._controller.show_days(1), self._is_one_day)
        yield Step("", self._go_to_work, self._is_busy)
        yield Step("planner-drafts", self._draft, lambda: self._page().draft_bar.isVisible())
        yield Step("", lambda: self._controller.drafting.drop(),
                   lambda: not self._page().draft_bar.isVisible())  # fmt: skip
        yield Step("planner-away", self._be_away, self._has_proposals)
        yield Step(
            "", lambda: self._page().away.box.reject(), lambda: self._page().away.box is None
        )
        yield Step("planner-invite", self._invite, self._is_offered)
        yield Step("", self._close_popovers)

    @property
    def _controller(self) -> Any:
        return self._page().controller

    def _planned(self) -> bool:
        grid = getattr(self._page(), "grid", None)
        return grid is not None and grid.drawing is not None

    def _is_one_day(self) -> bool:
        return self._planned() and self._page().grid.drawing.axis.days == 1

    def _bars(self) -> list[Bar]:
        """What the first people have planned that takes some hours of the day, in their order."""
        lines = self._page().grid.drawing.sheet.lines
        staff = self._controller.planner.schedule.staff.key
        bars = [spot.bar for line in lines for spot in line.spots]
        return [
            b for b in bars if b.row.entity == staff and not (b.hidden or b.all_day or b.series)
        ]

    def _go_to_work(self) -> None:
        """The next day on which the office works: on a Sunday there would be little to see."""
        controller, office = self._controller, self._controller.session.base.worktime.of(None)
        day = controller.day + timedelta(days=1)
        while not office.is_workday(day):
            day += timedelta(days=1)
        controller.go(day)

    def _is_busy(self) -> bool:
        return self._is_one_day() and bool(self._bars())

    def _draft(self) -> None:
        """Some entries an hour later, one of them with somebody else."""
        from crm_desktop.services.planner.moving import Move

        bars, drafting = self._bars()[:_MOST], self._controller.drafting
        others = [bar.row for bar in self._bars() if bars and bar.row != bars[0].row]
        drafting.turn(True)
        self._page().grid.set_current_row(bars[0].row)
        for number, bar in enumerate(bars):
            to = others[-1] if number == 0 and others else bar.row
            drafting.move([Move(bar, bar.starts + _HOUR, bar.ends + _HOUR, to)], _STAYS,
                          copied=False)  # fmt: skip

    def _be_away(self) -> None:
        """The first who has something to do today."""
        grid = self._page().grid
        for bar in self._bars()[:1]:
            grid.set_current_row(bar.row)
        self._page().away.open()

    def _has_proposals(self) -> bool:
        box = self._page().away.box
        return box is not None and bool(box.choices)

    def _invite(self) -> None:
        """A new entry for the first row, to which somebody who is busy is invited."""
        from crm_desktop.ui.planner.inviting import InvitePanel

        page = self._page()
        rows = list(dict.fromkeys(bar.row for bar in self._bars()))
        first = self._bars()[0]
        page.grid.new_wanted.emit(rows[0], first.starts, first.starts + _HOUR)
        panel = page.window().findChildren(InvitePanel)[-1]
        for row in rows[1:3]:
            panel.others.append(row)
        panel.changed.emit()

    def _close_popovers(self) -> None:
        from crm_desktop.ui.widgets.popover import Popover

        for popover in self._page().window().findChildren(Popover):
            popover.close_panel()

    def _is_offered(self) -> bool:
        from crm_desktop.ui.planner.inviting import OfferView

        return any(view.isVisible() for view in self._page().window().findChildren(OfferView))
