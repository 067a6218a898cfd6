"""Between the grid and the base: carries gestures out (what is shown reads `showing`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import HALF_HOUR, Bar, Undated, moment
from crm_desktop.services.planner.double_booking import DoubleBooked
from crm_desktop.services.planner.load import clashes
from crm_desktop.services.planner.moving import Move, NewEntry
from crm_desktop.services.rights.words import CREATE, DELETE, EDIT
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.planner import words
from crm_desktop.ui.planner.asking import ask_extent, ask_twice
from crm_desktop.ui.planner.axis import Axis
from crm_desktop.ui.planner.behind import ask_behind
from crm_desktop.ui.planner.drafting import Drafting
from crm_desktop.ui.planner.grid import PlannerGrid
from crm_desktop.ui.planner.owners import BarOwners
from crm_desktop.ui.planner.reading import read_free
from crm_desktop.ui.planner.showing import Showing
from crm_desktop.ui.server_line.unheard import came_through
from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from crm_desktop.services.writing.records import Outcome
    from crm_desktop.ui.planner.sheet import Sheet

AHEAD = 28
"""Days that are searched for a free time."""


class PlannerController(Showing):
    """The state of one planner page."""

    def __init__(self, session: Session, navigator: Navigator, grid: PlannerGrid) -> None:
        super().__init__(session, grid)
        self.navigator = navigator
        self.drafting, self.owners = Drafting(self), BarOwners(self)
        self._versions: dict[Ref, int] = {}
        """What own writes have made of the records, for the next gesture on them."""
        self._stood: dict[tuple[int, int], list[Bar]] = {}
        """Where entries stood that are shown elsewhere while they are being written."""
        session.person_changed.connect(self.change_person)
        self.follow(grid)
        grid.folded_changed.connect(self.keep)
        grid.row_dropped.connect(self.reorder)
        grid.star_wanted.connect(self.star)

    def follow(self, grid: PlannerGrid) -> None:
        """Carries out what is asked for by gestures there."""
        grid.people = self.planner.schedule.staff.key
        self.owners.follow(grid)
        grid.moves_wanted.connect(self.move)
        grid.delete_wanted.connect(self.delete)
        grid.undated_dropped.connect(self._dropped)
        grid.step_wanted.connect(self.step)
        grid.opened.connect(self.open)
        grid.gestures.ended.connect(self._gesture_over)

    # --- acting -----------------------------------------------------------------------------------

    def open(self, bar: Bar | Undated) -> None:
        """Opens the record."""
        if isinstance(bar, Bar) and bar.hidden:
            self.navigator.toast(_("This is somebody's private matter"), tone="info")
            return
        if bar.id <= 0:
            text = _("This is only a draft; it can be opened once the drafts are applied")
            self.navigator.toast(text, tone="info")
            return
        if isinstance(bar, Bar) and ask_behind(self.grid, bar, self._open) is not None:
            return
        self._open(bar)

    def _open(self, bar: Bar | Undated) -> None:
        at = moment(bar.origin) if isinstance(bar, Bar) and bar.series else None
        self.navigator.open_record(Ref(self.planner.schedule.event.key, bar.id), at=at)

    def move(self, moves: list[Move], copied: bool = False) -> None:
        """Saved at once; the toast offers to undo. A series asks which occurrences are meant."""
        bars, drawing, planner = [m.bar for m in moves], self.grid.drawing, self.planner
        if drawing is None or self.owners.stops(CREATE if copied else EDIT, bars):
            return
        extent = "" if copied else ask_extent(self.grid, bars, delete=False)
        if extent is None:
            return
        if self.drafting.on:
            self.drafting.move(moves, extent, copied=copied)
            return
        left = set() if copied else {m.bar.key for m in moves}
        clash = clashes([m.changed for m in moves], drawing.sheet.by_row(), left)
        if copied:
            count = len({m.bar.key for m in moves})
            said = ngettext("{count} entry copied", "{count} entries copied", count)
            said = said.format(count=count)
        else:
            said = words.moved(drawing, moves, clash, people=planner.schedule.staff.key)
            self._note_stood(drawing.sheet, left)
            self.show_moved(moves)

        def work(twice: bool) -> Outcome:
            if copied:
                return planner.copy(moves, twice=twice)
            known = [self._at_its_version(move) for move in moves]
            outcome = planner.move(known, extent, twice=twice)
            self._versions.update(outcome.versions)
            return outcome

        self._write(work, said, "info" if clash else "ok")

    def _at_its_version(self, move: Move) -> Move:
        """In the worker, after all earlier writes: the next key must not trip over the last."""
        ref = Ref(self.planner.schedule.event.key, move.bar.id)
        version = max(move.bar.version, self._versions.get(ref, 0))
        return move._replace(bar=move.bar._replace(version=version))

    def show_moved(self, moves: list[Move]) -> None:
        """At once, before the base has it: in every row in which the record stands."""
        drawing = self.grid.drawing
        assert drawing is not None
        by_key = {move.bar.key: move for move in moves}
        rows = {(move.bar.key, move.bar.row): move.row for move in moves}
        come = []
        for bar in list(drawing.sheet.bars()):
            move = by_key.get(bar.key)
            if move is not None:
                row = rows.get((bar.key, bar.row), bar.row)
                come.append(bar._replace(starts=move.starts, ends=move.ends, row=row))
        drawing.sheet.replace(set(by_key), come)
        if self.grid.current is not None and self.grid.current.key in by_key:
            self.grid.current = by_key[self.grid.current.key].changed
            self.grid.current_row = self.grid.current.row
        self.grid.relined()

    def _note_stood(self, sheet: Sheet, keys: set[tuple[int, int]]) -> None:
        """Where they stand, before that is shown otherwise."""
        for key in keys - self._stood.keys():
            self._stood[key] = [bar for bar in sheet.bars() if bar.key == key]

    def _put_back(self) -> None:
        """What was shown at once is not so: it may be a while until the base says how it is."""
        stood, self._stood = self._stood, {}
        drawing, grid = self.grid.drawing, self.grid
        if drawing is not None and stood:
            drawing.sheet.replace(set(stood), [bar for bars in stood.values() for bar in bars])
            if grid.current is not None and stood.get(grid.current.key):
                grid.current = stood[grid.current.key][0]
                grid.current_row = grid.current.row
            grid.relined()

    def delete(self, bars: list[Bar]) -> None:
        """Deletes what is chosen; the toast brings it back."""
        drawing, planner = self.grid.drawing, self.planner
        if drawing is None or self.owners.stops(DELETE, bars):
            return
        extent = ask_extent(self.grid, bars, delete=True)
        if extent is None:
            return
        if self.drafting.on:
            self.drafting.delete(bars, extent)
            return
        count = len({bar.key for bar in bars})
        said = ngettext("{count} entry deleted", "{count} entries deleted", count)
        gone = {bar.key for bar in bars}
        self._note_stood(drawing.sheet, gone)
        drawing.sheet.replace(gone, ())
        self.grid.relined()
        self._write(lambda _twice: planner.delete(bars, extent), said.format(count=count))

    def create(
        self, new: NewEntry, refused: Callable[[UserError], None] | None = None,
        *, unsure: int | None = None,
    ) -> None:  # fmt: skip
        """Something new where the time was swept over; `refused` keeps what was typed. `unsure`: an
        operation that may have made it already."""
        if self.drafting.on:
            self.drafting.create(new)
            return
        planner, event = self.planner, self.planner.schedule.event.key
        said = _("“{name}” is planned").format(name=new.subject or self.look.kind_word(new.kind))

        def work(twice: bool) -> Outcome:
            kept = came_through(planner.base, event, (unsure, {}), {}) if unsure else None
            return kept[0] if kept is not None else planner.create(new, twice=twice)

        self._write(work, said, refused=refused)

    def create_in_form(self, new: NewEntry) -> None:
        """The same in the whole form."""
        values = self.planner.moving.new(new)
        self.navigator.new_record(self.planner.schedule.event.key, values)

    def _dropped(self, number: int, row: Ref, starts: int, ends: int) -> None:
        """What had no time was dropped onto the grid."""
        found = next((one for one in self.undated if one.id == number), None)
        if found is not None:
            self.give_time(found, row, starts, ends)

    undated: Sequence[Undated] = ()
    """What the tray shows."""

    def give_time(self, undated: Undated, row: Ref, starts: int, ends: int) -> None:
        """What had no time is planned now."""
        if self.drafting.on:
            self.drafting.give_time(undated, row, starts, ends)
            return
        planner, zone = self.planner, self._axis().zone
        at = moment(starts).astimezone(zone)
        said = _("“{name}” is planned for {time}").format(
            name=undated.subject, time=f"{words.day(at)} {at:%H:%M}"
        )
        self._write(lambda twice: planner.give_time(undated, row, starts, ends, twice=twice), said)

    def place(self, record: int, row: Ref, starts: int) -> None:
        """An entry that was dragged from a list takes place there and then."""
        planner = self.planner

        def done(bar: Bar) -> None:
            ends = starts + ((bar.ends - bar.starts) or HALF_HOUR)
            if bar.series:
                text = _("This entry repeats: move one of its dates in the planner")
                self.navigator.toast(text, tone="info")
            elif bar.starts:
                self.move([Move(bar, starts, ends, row)])
            else:
                due = bar.due or 0
                undated = Undated(bar.id, bar.version, bar.subject, bar.kind, bar.about, bar.who,
                                  due, (ends - starts) // 60)  # fmt: skip
                self.give_time(undated, row, starts, ends)

        self._ask("placed", lambda _job: planner.bar_of(record), done)

    def put_first_free(self, undated: Undated) -> None:
        """Into the first time at which its person, or who works here, has time."""
        base, planner, axis = self.session.base, self.planner, self._axis()
        person = undated.who or base.user_id
        if not person:
            self.navigator.toast(_("Nobody is responsible for it yet; drag it onto a row"))
            return
        row = Ref(planner.schedule.staff.key, person)
        days = Axis(base.clock.today(), AHEAD, axis.zone)

        def done(starts: int | None) -> None:
            if starts is None:
                text = _("There is no free time within {count} days").format(count=AHEAD)
                self.navigator.toast(text, tone="info")
                return
            self.give_time(undated, row, starts, starts + undated.minutes * 60)

        self._ask("free", lambda _job: read_free(planner, row, days, undated.minutes), done)

    def _axis(self) -> Axis:
        if self.grid.drawing is not None:
            return self.grid.drawing.axis
        return Axis(self.first, self.arrangement.days, self.session.base.worktime.office_zone())

    def _write(
        self, work: Callable[[bool], Outcome], said: str, tone: str = "ok", *, twice: bool = False,
        refused: Callable[[UserError], None] | None = None,
    ) -> None:  # fmt: skip
        """`work` is told whether a time may be taken twice; where it would be and the person may
        do it, they are asked first."""
        if self.drafting.stops():
            self.read()
            return

        def done(outcome: Outcome) -> None:
            self._pending -= 1
            if not self._pending:
                self._stood.clear()
            self.navigator.toast(said, undo_operation=outcome.operation, tone=tone)
            self.read()

        def failed(error: UserError) -> None:
            if isinstance(error, DoubleBooked) and error.allowed and ask_twice(self.grid, error):
                self._pending -= 1
                self._write(work, said, "info", twice=True, refused=refused)
                return
            self._pending -= 1
            self._put_back()
            self.read()
            if not (isinstance(error, DoubleBooked) and error.allowed):
                (refused or self.navigator.refuse)(error)

        self._pending += 1
        self.session.operations.run_asked(
            lambda _job: work(twice), owner=self, done=done, failed=failed, title=said
        )
