"""What a planner page shows: which days of whom, narrowed how, in which colours and order."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Signal

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.drafts import Draft
from crm_desktop.services.planner.filtering import Asked
from crm_desktop.services.planner.own_rows import OwnRows, keep_own_rows
from crm_desktop.services.planner.service import Planner
from crm_desktop.ui.planner import state, words
from crm_desktop.ui.planner.grid import PlannerGrid
from crm_desktop.ui.planner.look import SEGMENT, Look
from crm_desktop.ui.planner.period_label import shorter
from crm_desktop.ui.planner.reading import Wanted, shown_days, stepped
from crm_desktop.ui.session import Session


class Choosing(QObject):
    """Keeps the choice for the person and asks for the days anew when it changes."""

    shown = Signal()
    """Other days, or the same ones anew."""
    view_changed = Signal()
    """Another view of the same base."""

    look: Look

    def __init__(self, session: Session, grid: PlannerGrid) -> None:
        super().__init__(grid)
        self.session, self.grid = session, grid
        self._team = grid
        self.arrangement = state.load(session.settings, session.address)
        self.day = session.base.clock.today()
        self.planner = Planner(session.base)
        self._rows_written = 0  # writes of rows that are still under way: what they say holds
        self.views: dict[str, PlannerGrid] = {}
        """What paints each of the views."""

    awake = False
    """Whether anything is shown; else nothing is read."""

    def wake(self) -> None:
        """Shows the days around today, as the person left the planner."""
        self.awake = True
        self.arrangement = state.load(self.session.settings, self.session.address)
        self.day = self.session.base.clock.today()
        self.look.way = self.arrangement.way
        self._team.folded = self.arrangement.folded
        self.take_view()
        self.view_changed.emit()
        self.read()

    @abstractmethod
    def read(self) -> None:
        """Asks for the days anew."""

    @property
    def first(self) -> date:
        """The first day that is shown."""
        return shown_days(self.arrangement.view, self.day, self.arrangement.days)[0]

    @property
    def period(self) -> str:
        """The days that are shown, in words."""
        view = self.arrangement.view
        first, days = shown_days(view, self.day, self.arrangement.days)
        return words.month(self.day) if view == state.MONTH else words.period(first, days)

    def period_forms(self, year: int) -> list[str]:
        """The same in ever fewer words, for where there is little room."""
        view, said = self.arrangement.view, self.period
        this = said.removesuffix(f" {year}")
        first, days = shown_days(view, self.day, self.arrangement.days)
        return [said, this] + ([] if view == state.MONTH else shorter(first, days, year))

    def wanted(self, drafts: tuple[Draft, ...]) -> Wanted:
        """What is asked of the base."""
        kept, me = self.arrangement, self.session.base.user_id
        first, days = shown_days(kept.view, self.day, kept.days)
        own = Ref(self.planner.schedule.staff.key, me) if me else None
        return Wanted(
            first, days, kept.whole_day or kept.view == state.MONTH, tuple(kept.order),
            drafts=drafts, single=kept.view in state.PERSONAL,
            alone=kept.whose or own, asked=kept.asked, stars=tuple(kept.stars),
        )  # fmt: skip

    # --- which days -------------------------------------------------------------------------------

    def go(self, day: date) -> None:
        """The days around this one."""
        self.day = day
        self.read()

    def step(self, by: int) -> None:
        """Earlier or later by as much as is shown."""
        kept = self.arrangement
        self.go(stepped(kept.view, self.day, kept.days, by))

    def today(self) -> None:
        """The days around today."""
        self.go(self.session.base.clock.today())

    def show_days(self, days: Any) -> None:
        """Another horizon."""
        self.arrangement.days = int(days)
        self.keep()
        self.read()

    def show_view(self, view: str) -> None:
        """The grid, the days of one person, or the agenda."""
        self.arrangement.view = view
        self.take_view()
        self.keep()
        self.view_changed.emit()
        self.read()

    def take_view(self) -> None:
        """What is in front is what is read for, and acted on."""
        self.grid = self.views.get(self.arrangement.view, self.grid)

    def show_person(self, person: Ref) -> None:
        """Whose days the views of one person show."""
        self.arrangement.whose = person
        self.keep()
        self.read()

    def colour(self, way: Any) -> None:
        """Colours by kind, state, segment or person."""
        self.arrangement.way = self.look.way = str(way)
        self.keep()
        self.grid.recolour(self.look)
        self.shown.emit()
        if way == SEGMENT:
            self.read()

    def narrow(self, asked: Asked) -> None:
        """Only these entries and rows are to be seen."""
        self.arrangement.asked = asked
        self.keep()
        self.shown.emit()
        self.read()

    def star(self, row: Ref) -> None:
        """A row stands among the favourites on top, or no longer."""
        stars = self.arrangement.stars
        self.arrangement.stars = [r for r in stars if r != row] if row in stars else [*stars, row]
        self.keep_rows()

    def show_kept(self, kept: dict[str, Any]) -> None:
        """What a saved view holds takes the place of what is shown."""
        self.arrangement.take(kept)
        self.look.way = self.arrangement.way
        self.show_view(self.arrangement.view)

    def show_whole_day(self, on: bool) -> None:
        """Around the clock, or the hours of work and what lies outside them."""
        self.arrangement.whole_day = on
        self.keep()
        self.read()

    def reorder(self, taken: Ref, before: Ref) -> None:
        """A row stands before another one from now on, for this person."""
        drawing = self.grid.drawing
        if drawing is None:
            return
        order = [line.row.ref for line in drawing.sheet.lines if line.row.ref != taken]
        order.insert(order.index(before), taken)
        self.arrangement.order = [*order, *(r for r in self.arrangement.order if r not in order)]
        self.keep_rows()

    def take_rows(self, own: OwnRows | None) -> None:
        """The order and the favourites that the base keeps; what this computer kept before there
        were any goes there."""
        kept = self.arrangement
        if self._rows_written:
            return
        if own is not None:
            kept.order, kept.stars = list(own.order), list(own.stars)
        elif kept.order or kept.stars:
            self.keep_rows()
            self.keep()

    def keep_rows(self) -> None:
        """The base keeps order and favourites for the colleague; then they are shown."""
        base, kept = self.session.base, self.arrangement
        user, rows = base.user_id, OwnRows(tuple(kept.order), tuple(kept.stars))
        self._rows_written += 1

        def done(_nothing: object) -> None:
            self._rows_written -= 1
            self.read()

        def failed(error: Exception) -> None:
            done(error)
            self.session.operations.refused.emit(error)

        self.session.operations.run(
            lambda _job: keep_own_rows(base, user, rows), owner=self, done=done, failed=failed
        )

    def change_person(self) -> None:
        """Somebody else works here: with rows of their own."""
        self.arrangement.order, self.arrangement.stars = [], []
        self.read()

    def keep(self) -> None:
        """Remembers how it was left."""
        state.save(self.session.settings, self.session.address, self.arrangement)
