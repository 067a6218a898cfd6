"""What a planner page shows: reads it in the worker and follows the base."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import Undated
from crm_desktop.services.planner.drafts import without_placed
from crm_desktop.services.planner.service import Planner
from crm_desktop.ui.operations import Done, Job
from crm_desktop.ui.planner.changed import Owed, read_changed
from crm_desktop.ui.planner.choosing import Choosing
from crm_desktop.ui.planner.drawing import Drawing
from crm_desktop.ui.planner.grid import PlannerGrid
from crm_desktop.ui.planner.look import look_of
from crm_desktop.ui.planner.reading import Names, read_names, read_sheet, read_undated
from crm_desktop.ui.planner.sheet import Sheet
from crm_desktop.ui.planner.state import GRID
from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from crm_desktop.services.writing.changes import ChangeSet
    from crm_desktop.ui.planner.drafting import Drafting

SOON_MS, REFRESH_MS, FREED_MS = 15, 120, 400
"""After a change: before records are read, before everything is; before a sheet is let go."""
_QUESTIONS = ("sheet", "undated", "names", "placed", "free")


class Showing(Choosing):
    """The sheet of the days and the people that are chosen."""

    named = Signal()
    """The names of what bars are about have come."""
    undated_came = Signal(object, object)
    """(list of `Undated`, what the records are called that they are about)"""

    drafting: Drafting

    def __init__(self, session: Session, grid: PlannerGrid) -> None:
        super().__init__(session, grid)
        self.look = look_of(self.planner.schedule, self.arrangement.way)
        self._pending, self._asked_undated = 0, False
        """Writes that are under way: what is read meanwhile is older than what is seen."""
        self._held_back = False
        """Something came while the mouse held a bar; it is asked for when that is over."""
        self._owed = Owed()
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._follow_base)
        self._before: list[Drawing] = []
        self._freeing = QTimer(self, singleShot=True, interval=FREED_MS)
        self._freeing.timeout.connect(self._free)
        self._minute = QTimer(self, interval=30_000)
        self._minute.timeout.connect(self._tick)
        self._minute.start()
        session.changed.connect(self._changed)
        session.catalogue_changed.connect(self._catalogue_changed)

    def read(self) -> None:
        """Asks for the days anew."""
        base, kept = self.session.workspace, self.arrangement
        if base is None or not self.awake:
            return
        self.take_view()
        wanted = self.wanted(self.drafting.drafts.all())
        if kept.view == GRID and not self.grid.shows(wanted.first, wanted.days):
            folded = frozenset(kept.folded)
            wanted = replace(wanted, in_sight=self.grid.rows_in_sight(wanted.days), folded=folded)
        self._asked_undated = False
        self._owed.everything()
        work = partial(read_sheet, base=base, wanted=wanted)
        self._ask("sheet", work, self._show, part=self._show_first)

    def _follow_base(self) -> None:
        """Asks for what is owed, and for no more if that can be named."""
        base, drawing, touched = self.session.workspace, self.grid.drawing, self._owed.touched
        if base is None or drawing is None or touched is None or not self.awake:
            self.read()
            return
        self._asked_undated = False
        wanted = self.wanted(self.drafting.drafts.all())
        work = partial(
            read_changed, base=base, wanted=wanted, before=drawing.sheet, touched=touched
        )
        self._ask("sheet", work, self._show)

    def rest(self) -> bool:
        """Shows and asks nothing until `wake`; False where something is not over yet."""
        if self._pending or self.drafting.on:
            return False
        self.awake = False
        for key in _QUESTIONS:
            self.session.operations.forget(("planner", id(self), key))
        self._soon.stop()
        for view in set(self.views.values()):
            view.clear()
        self._free()
        self.undated_came.emit([], {})
        return True

    def _show(self, sheet: Sheet) -> None:
        base = self.session.workspace
        if base is None or (self._pending and self.session.operations.writing):
            return
        if self.grid.keeps_hold(sheet):
            self._held_back = True
            return
        if not self._soon.isActive():
            self._owed.nothing()
        if self.grid.drawing is not None and sheet is self.grid.drawing.sheet:
            return
        self.take_rows(sheet.own)
        self._put(sheet)
        planner = self.planner
        if not self._asked_undated:
            self._ask_undated(sheet)

        def named(found: Names) -> None:
            sheet.names = found.titles
            self.look.segments, self.look.segment_names = found.segments, found.segment_names
            self.grid.names_came()
            self.named.emit()

        way = self.arrangement.way
        self._ask("names", lambda job: read_names(job, planner, sheet, way), named)

    def _show_first(self, sheet: Sheet) -> None:
        """Only the rows in sight have their bars yet."""
        if not self._pending and not self.grid.gestures.moving:
            self._put(sheet)
            self.grid.paint_now()  # the worker waits for it
            self._ask_undated(sheet)

    def _put(self, sheet: Sheet) -> None:
        if self.grid.drawing is not None:  # freeing thousands of bars can wait until these are seen
            self._before.append(self.grid.drawing)
            sheet.names = self.grid.drawing.sheet.names
        self._freeing.start()
        schedule = self.planner.schedule
        groups = {e.key: _(e.plural) for e in (schedule.staff, schedule.resource)}
        self.grid.show_sheet(sheet, self.look, groups)
        self.shown.emit()

    def _free(self) -> None:
        self._before.clear()

    def _gesture_over(self) -> None:
        if self._held_back:
            self._held_back = False
            self._soon.start(SOON_MS)

    def _ask_undated(self, sheet: Sheet) -> None:
        planner, everyone = self.planner, sheet.everyone
        self._asked_undated = True
        self._ask("undated", lambda _job: read_undated(planner, everyone), self._show_undated)

    def _show_undated(self, found: tuple[list[Undated], dict[Ref, str]]) -> None:
        undated, names = found
        self.undated_came.emit(without_placed(undated, self.drafting.drafts.all()), names)

    def _ask(
        self, key: str, work: Callable[[Job], Any], done: Done, *, part: Done | None = None
    ) -> None:
        name = ("planner", id(self), key)
        self.session.operations.query(name, work, owner=self, done=done, part=part)

    def _changed(self, changes: ChangeSet) -> None:
        if changes.touched:
            self._owed.add(changes)
            if not self._soon.isActive():
                self._soon.start(REFRESH_MS if self._owed.touched is None else SOON_MS)

    def _catalogue_changed(self) -> None:
        if self.session.workspace is not None:
            self.planner = Planner(self.session.base)
            self.look = look_of(self.planner.schedule, self.arrangement.way)
            self.read()

    def _tick(self) -> None:
        drawing, base = self.grid.drawing, self.session.workspace
        if drawing is not None and base is not None and not self.grid.gestures.moving:
            drawing.sheet.now = int(base.clock.now().timestamp())
            self.grid.refresh()
