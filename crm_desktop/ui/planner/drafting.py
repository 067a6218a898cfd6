"""Draft mode: gestures make drafts, which are seen on the sheet and applied or dropped together.

Drafts outlive the page and the program: they are kept in the settings with every change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.applying import Applied, ChangedMeanwhile, apply_drafts
from crm_desktop.services.planner.bars import Bar, Undated
from crm_desktop.services.planner.double_booking import DoubleBooked
from crm_desktop.services.planner.drafts import Draft, Drafts
from crm_desktop.services.planner.moving import Move, NewEntry
from crm_desktop.settings import PLANNER_DRAFTS
from crm_desktop.ui.drafts.on_server import Drafted, planned_words, planner_ref
from crm_desktop.ui.planner.asking import ask_twice
from crm_desktop.ui.planner.meanwhile_box import ask_meanwhile
from crm_desktop.ui.refusals import WRITE, T

if TYPE_CHECKING:
    from crm_desktop.ui.planner.controller import PlannerController


class Drafting(QObject):
    """The drafts of one planner page. `on`: gestures make drafts instead of writes."""

    changed = Signal()

    def __init__(self, controller: PlannerController) -> None:
        super().__init__(controller)
        self._controller = controller
        session = controller.session
        kept = session.settings.get(PLANNER_DRAFTS).get(session.address)
        self.drafts = Drafts.from_json(kept)
        self.on = len(self.drafts) > 0
        self.applying = False

    def turn(self, on: bool) -> None:
        """Draft mode on or off; with drafts it stays on until these are applied or dropped."""
        self.on = on or len(self.drafts) > 0
        self.changed.emit()

    def stops(self, action: str = WRITE) -> bool:
        """Whether it is refused to write entries: says why then. Drafts are free."""
        event = self._controller.planner.schedule.event.key
        return not self.on and self._controller.session.refusals.stops(action, event)

    def keep(self, target: T, action: str = WRITE) -> T:
        """Keeps a button or a line of a menu by which entries are written grey, with the reason."""
        event = self._controller.planner.schedule.event.key
        return self._controller.session.refusals.keep(target, action, event)

    # --- gestures ---------------------------------------------------------------------------------

    def _shown(self) -> list[Bar]:
        drawing = self._controller.grid.drawing
        return list(drawing.sheet.bars()) if drawing is not None else []

    def move(self, moves: list[Move], extent: str, *, copied: bool) -> None:
        """Moves or copies."""
        if not self._possible(moves):
            return
        if copied:
            self.drafts.copy(moves)
        else:
            self.drafts.move(moves, self._shown(), extent)
            self._controller.show_moved(moves)
        self._changed()

    def _possible(self, moves: Iterable[Move]) -> bool:
        try:
            for move in moves:
                self._controller.planner.moving.check(move)
        except UserError as error:
            self._controller.navigator.refuse(error)
            self._controller.read()
            return False
        return True

    def delete(self, bars: list[Bar], extent: str) -> None:
        """Marks them; what is only a draft goes."""
        self.drafts.delete(bars, self._shown(), extent)
        self._changed()

    def create(self, new: NewEntry) -> None:
        """Something new; without a subject it is called after its kind."""
        subject = new.subject or self._controller.look.kind_word(new.kind)
        self.drafts.create(new._replace(subject=subject))
        self._changed()

    def give_time(self, undated: Undated, row: Ref, starts: int, ends: int) -> None:
        """What had no time yet."""
        self.drafts.give_time(undated, row, starts, ends)
        self._changed()

    def add(self, drafts: Iterable[Draft]) -> None:
        """Proposals that are to be tried out first."""
        self.on = True
        self.drafts.add(drafts)
        self._changed()

    def take_back(self, bars: Iterable[Bar]) -> None:
        """These entries are as they were."""
        self.drafts.take_back({bar.key for bar in bars})
        self._changed()

    def _changed(self) -> None:
        session = self._controller.session
        kept = self.drafts.to_json() or None
        session.settings.put_entry(PLANNER_DRAFTS, session.address, kept)
        ref = planner_ref(self._controller.planner.schedule.event.key)
        session.drafted.emit(Drafted(ref, planned_words(self.drafts.all()) if kept else None))
        self.changed.emit()
        self._controller.read()

    # --- all of them ------------------------------------------------------------------------------

    def drop(self) -> None:
        """None of it happens; the toast brings the drafts back."""
        before = self.drafts.all()
        if not before:
            self.turn(False)
            return
        count = len(self.drafts)
        self.drafts.clear()
        self.on = False
        self._changed()
        text = ngettext("{count} draft dropped", "{count} drafts dropped", count)
        self._controller.navigator.toast(
            text.format(count=count), tone="info", undo=lambda: self.add(before)
        )

    def apply(self, *, accepted: Mapping[int, int] | None = None, twice: bool = False) -> None:
        """All of them as one operation; asks where something stands in the way."""
        drafts, planner = self.drafts.all(), self._controller.planner
        if not drafts or self.applying:
            return
        seen = dict(accepted or {})

        def failed(error: UserError) -> None:
            self._applying(on=False)
            self._refused(error, seen, twice=twice)

        def done(applied: Applied) -> None:
            self._applying(on=False)
            self._applied(drafts, applied)

        self._applying(on=True)
        self._controller.session.operations.run_asked(
            lambda _job: apply_drafts(planner, drafts, accepted=seen, twice=twice),
            owner=self, done=done, failed=failed, title=_("Apply drafts"),
        )  # fmt: skip

    def _applying(self, *, on: bool) -> None:
        self.applying = on
        self.changed.emit()

    def _refused(self, error: UserError, seen: dict[int, int], *, twice: bool) -> None:
        controller = self._controller
        if isinstance(error, ChangedMeanwhile):
            chosen = ask_meanwhile(controller.grid, error)
            if chosen is None:
                return
            left = [one.draft.now.key for one in error.found if one.draft.now.id not in chosen]
            self.drafts.take_back(left)
            self._changed()
            self.apply(accepted={**seen, **chosen}, twice=twice)
        elif isinstance(error, DoubleBooked) and error.allowed:
            if ask_twice(controller.grid, error):
                self.apply(accepted=seen, twice=True)
        else:
            controller.navigator.refuse(error)

    def _applied(self, drafts: tuple[Draft, ...], applied: Applied) -> None:
        count = len({draft.now.key for draft in drafts})
        later = [draft for draft in self.drafts.all() if draft not in drafts]
        self.drafts.clear()
        self.drafts.add(later)
        self.on = bool(later)
        self._changed()
        said = ngettext("{count} draft applied", "{count} drafts applied", count)
        text = said.format(count=count)
        if applied.told:
            told = ngettext(
                "{count} colleague gets a message", "{count} colleagues get a message each",
                applied.told,
            )  # fmt: skip
            text = f"{text} · {told.format(count=applied.told)}"
        self._controller.navigator.toast(text, undo_operation=applied.outcome.operation)
