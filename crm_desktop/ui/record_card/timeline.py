"""The timeline of a record: a box for a new entry, then what happened, the newest first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QVBoxLayout

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.history.timeline import ADDED
from crm_desktop.services.rights import words
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.abilities import ActivityShape
from crm_desktop.ui.record_card.child_dialog import ChildDialog
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.overview import ScrollPage
from crm_desktop.ui.record_card.quick_entry import QuickEntry
from crm_desktop.ui.record_card.tab import CardTab
from crm_desktop.ui.record_card.timeline_filter import TimelineFilter
from crm_desktop.ui.record_card.timeline_names import called_by_others
from crm_desktop.ui.record_card.timeline_row import Entry, TimelineRow
from crm_desktop.ui.record_card.timeline_shape import DONE, note_shape
from crm_desktop.ui.record_card.timeline_words import entry, refs_of_page
from crm_desktop.ui.record_card.turning import Turning
from crm_desktop.ui.record_card.values import Surroundings, Titles
from crm_desktop.ui.record_card.wish_strip import WishGate
from crm_desktop.ui.server_line.unheard import Unheard
from crm_desktop.ui.server_line.until_back import UntilBack
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import Label, Rule
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.popover import Menu

if TYPE_CHECKING:
    from crm_desktop.services.history.timeline import Happening, Mark, Page

_PAGE = 30
_PORTION = 6
"""Entries that are made at a stretch, a few milliseconds each."""
Act = tuple[str, str, Callable[[], None]]


class _Read(NamedTuple):
    """A page with the names its words need, and who can be picked in the filter."""

    page: Page
    titles: Titles
    people: list[tuple[str, object]]


class _Waiting(NamedTuple):
    """An entry that is not shown yet: which one of `found`, among which rows, where."""

    found: tuple[Happening, ...]
    at: int
    rows: list[TimelineRow]
    place: QVBoxLayout


class TimelineTab(CardTab):
    """Entries by pages of thirty; more at the press of a button."""

    def __init__(self, controller: CardController, shape: ActivityShape, margin: int) -> None:
        super().__init__(controller)
        self._shape, self._more_fields = shape, note_shape(shape)
        self._found: list[Happening] = []
        self._on_top: tuple[Happening, ...] = ()
        self._marks: dict[str, Mark] = {}
        self._is_more, self._read = False, False
        self._titles: dict[Ref, Any] = {}
        self._rows: list[TimelineRow] = []
        self._top_rows: list[TimelineRow] = []
        self._waiting: list[_Waiting] = []
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._show_portion)
        self._turns: list[datetime] = []
        self._turning = Turning(controller.session, self)
        self._turning.turned.connect(self._fill)
        self._gate = WishGate(controller.session, controller.navigator, self)
        self.entry = QuickEntry(shape, controller)
        self.entry.entered.connect(self._enter)
        self._sent: dict[Ref, Any] = {}
        """What was typed as it was handed over, by its record."""
        self._unheard, self._until_back = Unheard(), UntilBack(controller.session, self)
        self._until_back.back.connect(self._line_back)
        self.entry.letter_entered.connect(self._enter_letter)
        self.filter = TimelineFilter(shape)
        self.filter.changed.connect(self._filtered)
        self._more = Button("", kind="plain")
        self._more.clicked.connect(self._show_more)
        self._none = Label("", "body", "text3", wrap=True)
        self._top, self._list, self._rule = column(gap=0), column(gap=0), Rule()
        inside = (
            column(self.entry, 4, self.filter, self._none, self._top, self._rule, self._list,
                   row(self._more, None), None, gap=8, margins=(margin, 14, margin, 20))
        )  # fmt: skip
        self.area = ScrollPage(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.area)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self._more.setText(_("Show earlier entries"))
        self._fill()

    # --- reading ----------------------------------------------------------------------------------

    def begin(self, contents: CardContents) -> None:
        self._found, self._on_top, self._marks = [], (), {}
        self._is_more, self._read = False, False
        self.entry.set_record(contents.ref, contents.title)
        self.filter.clear()
        self.area.verticalScrollBar().setValue(0)
        self._fill()

    def load(self, contents: CardContents) -> None:
        """The same number of entries anew: something was added or changed."""
        self.entry.look()
        self._ask(contents, None, max(_PAGE, len(self._found)))

    def _ask(self, contents: CardContents, marks: dict[str, Mark] | None, limit: int) -> None:
        base, shape, wish = self.controller.session.base, self._shape, self.filter.wish()
        entity, id_, language = contents.entity, contents.ref.id, i18n.language()

        def work(_job: Any) -> _Read:
            page = base.timeline.page(
                entity, id_, wish, marks=marks, limit=limit, language=language
            )
            staff = base.catalogue.staff().key
            refs = refs_of_page(shape, [*page.found, *page.on_top], staff)
            related = base.timeline.related(entity, id_)
            titles = base.titles.of([*refs, *related])
            added = [one.ref for one in page.found if one.source == ADDED]
            titles |= called_by_others(base, added, Ref(entity.key, id_))
            colleagues = {ref for ref in titles if ref.entity == staff}
            people: list[tuple[str, object]] = [
                (titles[ref].text, ref) for ref in (*related, *sorted(colleagues)) if ref in titles
            ]
            return _Read(page, titles, people)

        self.controller.session.operations.query(
            ("timeline", id(self)), work, owner=self,
            done=lambda found: self._take(found, further=marks is not None),
        )  # fmt: skip

    def _take(self, found: _Read, *, further: bool) -> None:
        page = found.page
        if further:
            self._found += page.found
            self._titles = {**self._titles, **found.titles}
        else:
            self._found, self._on_top = list(page.found), page.on_top
            self._titles = dict(found.titles)
        self._marks, self._is_more, self._read = dict(page.marks), page.more, True
        self.filter.set_people(found.people)
        self._fill()

    def _filtered(self) -> None:
        self._found, self._marks = [], {}
        if self.contents is not None:
            self.load(self.contents)

    def _show_more(self) -> None:
        if self.contents is not None:
            self._ask(self.contents, self._marks, _PAGE * 2)

    # --- showing ----------------------------------------------------------------------------------

    def _fill(self) -> None:
        self._none.setVisible(self._read and not self._found and not self._on_top)
        self._none.setText(
            _("Nothing is like that.") if self.filter.narrows() else
            _("Nothing has been noted yet. Write down the first call or meeting.")
        )  # fmt: skip
        self._rule.setVisible(bool(self._on_top))
        if not self._is_more:
            self._more.hide()
        self._waiting, self._turns = [], []
        for found, rows, place in (
            (self._on_top, self._top_rows, self._top), (self._found, self._rows, self._list),
        ):  # fmt: skip
            for spare in rows[len(found) :]:
                spare.hide()
            if self.contents is not None:
                shown = tuple(found)
                self._waiting += [_Waiting(shown, at, rows, place) for at in range(len(shown))]
        self._show_portion()

    def _show_portion(self) -> None:
        """The next few entries: all of them at once would hold the window."""
        portion, self._waiting = self._waiting[:_PORTION], self._waiting[_PORTION:]
        around = self.controller.around(self._titles) if portion else None
        for one in portion:
            if around is not None and self.contents is not None:
                self._show_row(one, around, self.contents.ref)
        if self._waiting:
            self._soon.start()
        else:
            self._soon.stop()
            self._more.setVisible(self._is_more)
            if around is not None:
                self._turning.wait_for(self._turns, around.now)

    def _show_row(self, one: _Waiting, around: Surroundings, ref: Ref) -> None:
        if len(one.rows) <= one.at:
            made = self._new_row()
            one.place.addWidget(made)
            one.rows.append(made)
        staff = around.catalogue.staff().key
        said = entry(self._shape, one.found[one.at], around, ref, staff)
        self._turns += [said.turns] if said.turns is not None else []
        one.rows[one.at].set_entry(said, last=one.at == len(one.found) - 1)
        one.rows[one.at].show()

    def _new_row(self) -> TimelineRow:
        made = TimelineRow(self)
        made.menu_asked.connect(self._open_menu)
        made.opened.connect(self.edit)
        made.done_asked.connect(self.mark_done)
        return made

    # --- what the person does ---------------------------------------------------------------------

    def note(self, kind: str = "") -> None:
        """Begins a new entry."""
        self.area.verticalScrollBar().setValue(0)
        self.entry.start(kind)

    def _enter(self, given: dict[str, Any]) -> None:
        assert self.contents is not None
        self._sent[self.contents.ref] = self.entry.raw()
        self._save(self.contents.ref, given)

    def _save(self, ref: Ref, given: dict[str, Any]) -> None:
        base, shape = self.controller.session.base, self._shape
        values = {shape.link.field.key: ref, **given}

        def work(_job: Any) -> Any:
            key = shape.entity.key
            return self._unheard.make(base, key, values, lambda: base.records.create(key, values))

        def failed(error: Any) -> None:
            self._unheard.refused(error, values)
            self.entry.set_busy(ref, False)
            self.controller.navigator.toast(self._until_back.said(error, values), tone="bad")

        def write() -> None:
            self.controller.session.operations.run(
                work, owner=self, done=partial(self._entered, ref), failed=failed
            )

        self._gate.before(shape.entity, values, write, lambda: self.entry.set_busy(ref, False))

    def _line_back(self, waiting: list[dict[str, Any]]) -> None:
        """What was refused for the server was away is saved, unless it was changed since."""
        link = self._shape.link.field.key
        for values in waiting:
            ref = values[link]
            if self.contents is not None and ref == self.contents.ref:
                if self.entry.raw() is not None and {link: ref, **self.entry.values()} == values:
                    self.entry.enter()
            elif (typed := self.entry.waits(ref)) is not None and typed == self._sent.get(ref):
                self.entry.set_busy(ref, True)
                self._save(ref, {key: value for key, value in values.items() if key != link})

    def _enter_letter(self, reading: Any, chosen: Any, values: dict[str, Any]) -> None:
        assert self.contents is not None
        base, entity, ref = self.controller.session.base, self._shape.entity, self.contents.ref
        self.controller.session.operations.run(
            lambda job: base.letters.take(reading, chosen, values, entity), owner=self,
            done=partial(self._entered, ref), failed=partial(self._refused, ref),
        )  # fmt: skip

    def _entered(self, ref: Ref, outcome: Any) -> None:
        self.entry.clear(ref)
        self._sent.pop(ref, None)
        said = _("{object}: saved").format(object=_(self._shape.entity.label))
        self.controller.navigator.toast(said, undo_operation=outcome.operation)

    def _refused(self, ref: Ref, error: Any) -> None:
        self.entry.set_busy(ref, False)
        self.controller.navigator.refuse(error)

    def acts(self, one: Entry) -> list[Act]:
        """What can be done with an entry: (icon, word, act)."""
        controller, more = self.controller, self._more_fields
        copy: Act = ("copy", _("Copy the text"), lambda: controller.copy(one.body or one.title))
        if one.source == "added":
            return [("open", _("Open"), lambda: controller.navigator.open_record(one.record)), copy]
        if one.source != "noted":
            undo: Act = ("undo", _("Undo this change"), lambda: controller.undo(one.operation))
            return [undo, copy] if one.source == "changed" else [copy]
        acts: list[Act] = [("edit", _("Edit"), lambda: self.edit(one))]
        if one.planned:
            acts.insert(0, ("check", _("Done"), lambda: self.mark_done(one)))
        if more.pinned is not None:
            word = _("Unpin") if one.pinned else _("Pin on top")
            acts.append(("pin", word, lambda: self.pin(one)))
        if more.quotes is not None:
            acts.append(("chat", _("Quote"), lambda: self.quote(one)))
        delete: Act = ("delete", _("Delete"), lambda: controller.delete([one.record]))
        return [*acts, copy, delete]

    def _open_menu(self, one: Entry, place: QPoint) -> None:
        rights, part = self.controller.rights, self._shape.entity
        refused = {**rights.of_parts(part), "undo": rights.why()}
        Menu.of(self, self.acts(one), refused).popup(place)

    def edit(self, one: Entry) -> None:
        """Opens an entry in a small form; what was added opens itself."""
        if one.source == "noted":
            ChildDialog.open_for(self.controller, self._shape.link, one.record, self)
        elif one.source == "added":
            self.controller.navigator.open_record(one.record)

    def mark_done(self, one: Entry) -> None:
        """What was planned happened now."""
        if self.controller.rights.stops(words.EDIT, self._shape.entity):
            return
        state = self._more_fields.state
        if state is not None:
            self.controller.change(one.record, {state.key: DONE}, _("Done"))

    def pin(self, one: Entry) -> None:
        """Keeps an entry on top, or lets it go back to its place."""
        pinned = self._more_fields.pinned
        if pinned is not None:
            said = _("Unpinned") if one.pinned else _("Pinned on top")
            self.controller.change(one.record, {pinned.key: not one.pinned}, said)

    def quote(self, one: Entry) -> None:
        """Begins an entry that answers another one."""
        self.area.verticalScrollBar().setValue(0)
        self.entry.quote(one.record, one.title)

    def is_changed(self) -> bool:
        return self.entry.is_changed()
