"""Between the board and the base: reads in the worker, carries moves out, follows changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.services.board.cards import Card, Found
from crm_desktop.services.board.columns import BY_MONTH, BY_STAGE, Column, Key, make_lanes, replaced
from crm_desktop.services.board.moving import delete, give, values_of, with_keys
from crm_desktop.services.board.stuck import Waiting, waiting
from crm_desktop.services.rights import words as rights
from crm_desktop.ui.board import state, words
from crm_desktop.ui.board.reading import Board, Wanted, read, read_names, read_rest
from crm_desktop.ui.board.state import Arrangement
from crm_desktop.ui.board.view import BoardView
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Job
from crm_desktop.ui.owners_known import OwnersKnown
from crm_desktop.ui.session import Session
from crm_desktop.ui.stages.moving import StageMoving

if TYPE_CHECKING:
    from crm_desktop.services.writing.changes import ChangeSet
    from crm_desktop.services.writing.records import Outcome

REFRESH_MS = 40


class BoardController(QObject):
    """The state of one board."""

    shown = Signal()
    """Other cards, or the same ones anew."""
    arranged = Signal()
    """Something else is to be shown than before."""
    waiting_came = Signal(object)
    """What is stuck (`Waiting`)."""
    failed = Signal(str)
    """There is nothing to show, and why."""

    def __init__(self, session: Session, navigator: Navigator, view: BoardView) -> None:
        super().__init__(view)
        self.session, self.navigator, self.view = session, navigator, view
        self.arrangement = state.load(session.settings, session.address)
        self.text, self.trouble = "", ""
        self.found: Found | None = None
        self.columns: list[Column] = []
        self.moving = StageMoving(session, navigator, view)
        self.owners = OwnersKnown(session, self)
        self._pending = 0
        """Writes that are under way: what is read meanwhile is older than what is seen."""
        self._held_back = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(REFRESH_MS)
        self._soon.timeout.connect(self.read)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._ask_rest)
        session.changed.connect(self._changed)
        session.catalogue_changed.connect(self.read)
        session.person_changed.connect(self.read)
        view.why_not = self.why_not
        view.refused.connect(self._say_refused)
        view.moves_wanted.connect(self.move)
        view.end_wanted.connect(self.move_to_stage)
        view.opened.connect(self.open)
        view.delete_wanted.connect(self.delete)
        view.gestures.ended.connect(self._gesture_over)

    # --- what is to be shown ----------------------------------------------------------------------

    def arrange(self, **changes: Any) -> None:
        """Shows something else and keeps that for the person."""
        self.show_arrangement(replace(self.arrangement, **changes))

    def show_arrangement(self, wanted: Arrangement) -> None:
        """Shows what a saved view holds, or what was chosen."""
        if wanted == self.arrangement:
            return
        self.arrangement = wanted
        state.save(self.session.settings, self.session.address, wanted)
        self.arranged.emit()
        self.read()

    def search(self, text: str) -> None:
        """Narrows the cards to those that hold what was typed."""
        if text.strip() != self.text:
            self.text = text.strip()
            self.read()

    # --- reading ----------------------------------------------------------------------------------

    def read(self, *, fresh: bool = False) -> None:
        """Asks for the board anew; `fresh`: past what is kept of it."""
        base, wanted = self.session.workspace, Wanted(self.arrangement, self.text, fresh)
        if base is not None:
            self._ask("cards", lambda job: read(job, base, wanted), self._show, self._nothing)

    def _nothing(self, error: UserError) -> None:
        self.trouble = error.message
        self.failed.emit(error.message)

    def _show(self, board: Board) -> None:
        base = self.session.workspace
        if base is None or self._pending:
            self._held_back = self._pending > 0
            return
        if self.view.gestures.moving:
            self._held_back = True
            return
        found = board.found
        if self.found is not None:
            found.titles = {**self.found.titles, **found.titles}
            if found.more_fields == self.found.more_fields:
                found.more = {**self.found.more, **found.more}
        self.found, self.columns = found, board.columns
        self._paint()
        self.shown.emit()
        self.session.operations.after_paint(self._rest)

    def _ask_rest(self) -> None:
        """What can wait until the cards are painted: while they are, both would be slow."""
        base, found = self.session.workspace, self.found
        if base is None or found is None:
            return
        self._ask("names", lambda job: read_names(job, base, found), self._named)
        if found.more_fields:
            self._ask("more", lambda job: read_rest(job, base, found), self._more_came)
        self._ask("waiting", lambda _job: waiting(base, found), self._waiting)
        self._read_owners()
        if found.stale:
            self.read(fresh=True)

    def _paint(self) -> None:
        assert self.found is not None
        zone = self.session.base.clock.local().tzinfo
        assert zone is not None
        kept = self.arrangement
        lanes = make_lanes(self.found, kept.way, kept.groups)
        self.view.show_board(self.found, self.columns, kept.fields, zone, lanes)

    def _named(self, titles: dict[Ref, str]) -> None:
        if self.found is not None:
            self.found.titles.update(titles)
            self.view.recolour()

    def _more_came(self, more: dict[int, tuple[str, ...]]) -> None:
        if self.found is not None:
            self.found.more.update(more)
            self.view.recolour()

    def _waiting(self, found: Waiting) -> None:
        self.waiting_came.emit(found)

    def _ask(
        self, key: str, work: Callable[[Job], Any], done: Callable[[Any], None],
        failed: Callable[[UserError], None] | None = None,
    ) -> None:  # fmt: skip
        operations = self.session.operations
        operations.query(("board", id(self), key), work, owner=self, done=done, failed=failed)

    def _changed(self, changes: ChangeSet) -> None:
        if changes.touched and not self._soon.isActive():
            self._soon.start()

    def _gesture_over(self) -> None:
        if self._held_back:
            self._held_back = False
            self._soon.start()

    # --- acting -----------------------------------------------------------------------------------

    def open(self, card: Card) -> None:
        """Opens the card of the record."""
        assert self.found is not None
        self.navigator.open_record(Ref(self.found.entity, card.id))

    def _read_owners(self) -> None:
        """Behind the cards: whose they are, where that decides what may be done with them."""
        if self.found is not None:
            cards = self.found.cards
            own = dict(zip(cards.column("id"), cards.column("who"), strict=True))
            self.owners.read(self.found.entity, {id_: who or None for id_, who in own.items()})

    def why_not(self, cards: Iterable[Card], action: str = rights.EDIT) -> str:
        """Why the person may not do it with one of the cards; '' if he may with all."""
        entity = self.found.entity if self.found is not None else ""
        return self.owners.why(action, entity, (card.id for card in cards))

    def _say_refused(self, why: str) -> None:
        self.session.refusals.said.emit(why)

    def _stops(self, cards: Iterable[Card], action: str = rights.EDIT) -> bool:
        """Whether that is refused: says why then."""
        why = self.why_not(cards, action)
        if why:
            self.session.refusals.said.emit(why)
        return self.found is None or bool(why)

    def move(self, cards: Sequence[Card], key: Key | None, lane: Key | None = None) -> None:
        """To another column or lane: another stage by its rules, another day or colleague at once;
        both together are one operation. None: that stays as it is."""
        base, found, kept = self.session.base, self.found, self.arrangement
        if self._stops(cards):
            return
        assert found is not None
        keys = {
            way: one for way, one in ((kept.way, key), (kept.groups, lane)) if one is not None
        }  # fmt: skip
        stage = keys.pop(BY_STAGE, None)
        new = {card: with_keys(found, card, keys) for card in cards}
        if isinstance(stage, int) and any(card.stage != stage for card in cards):
            self._move_both(new, stage)
            return
        moved = [card for card in cards if new[card] != card]
        if not moved:
            return
        self._show_moved([new[card] for card in moved])
        said = " · ".join(self._said(moved, way, one) for way, one in keys.items())
        self._write(lambda _job: give(base, found, moved, keys), said, moved)

    def _said(self, cards: Sequence[Card], way: str, key: Key) -> str:
        assert self.found is not None
        where = words.key_title(self.found, key)
        by_month = way == BY_MONTH
        if len(cards) == 1:
            text = _("“{name}” is expected: {month}") if by_month else _("“{name}”: {person}")
            return text.format(name=cards[0].name, month=where, person=where)
        text = (
            ngettext("{count} deal is expected: {month}", "{count} deals are expected: {month}",
                     len(cards))
            if by_month
            else ngettext("{count} deal: {person}", "{count} deals: {person}", len(cards))
        )  # fmt: skip
        return text.format(count=len(cards), month=where, person=where)

    def move_to_stage(self, cards: Sequence[Card], stage: int) -> None:
        """By the rules of the stage: what is missing is asked for, what is forbidden is told."""
        if not self._stops(cards):
            self._move_both({card: card for card in cards}, stage)

    def _move_both(self, new: Mapping[Card, Card], stage: int) -> None:
        """To a stage and, in the same operation, whatever else is new of the cards."""
        found = self.found
        moved = [card for card in new if card.stage != stage]
        if found is None or not moved:
            return
        self._pending += 1
        now = found.now
        self._show_moved([
            after if before.stage == stage else after._replace(stage=stage, since=now)
            for before, after in new.items()
        ])  # fmt: skip

        def done(there: bool) -> None:
            self._pending -= 1
            if not there:  # it may be a while until the base says how they stand
                self._show_moved(list(new))
            self.read()

        trait = self.session.base.catalogue.with_trait(Funnel)[1]
        beside = {card.id: values_of(trait, card, after) for card, after in new.items()}
        self.moving.move([card.id for card in moved], stage, done, beside=beside)

    def _show_moved(self, changed: Sequence[Card]) -> None:
        """At once, before the base has it; sums and counts, too."""
        assert self.found is not None
        kept = self.arrangement
        replaced(self.found, self.columns, changed, kept.way, kept.order, kept.groups)
        self._paint()
        self.shown.emit()

    def delete(self, cards: Sequence[Card]) -> None:
        """Deletes; the toast brings back."""
        if self._stops(cards, rights.DELETE):
            return
        base, ids = self.session.base, [card.id for card in cards]
        said = ngettext("{count} deal deleted", "{count} deals deleted", len(ids))
        self._write(lambda _job: delete(base, ids), said.format(count=len(ids)))

    def _write(
        self, work: Callable[[Job], Outcome], said: str, shown_moved: Sequence[Card] = ()
    ) -> None:
        def done(outcome: Outcome) -> None:
            self._pending -= 1
            self.navigator.toast(said, undo_operation=outcome.operation)
            self.read()

        def failed(error: UserError) -> None:
            self._pending -= 1
            self.navigator.refuse(error)
            if shown_moved:
                self._show_moved(shown_moved)
            self.read()

        self._pending += 1
        self.session.operations.run(work, owner=self, done=done, failed=failed, title=said)
