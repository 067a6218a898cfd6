"""Times of a hand-over that would be taken twice, and the free ones that are taken instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.services.planner.bars import moment
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import FlowLayout, column, row
from crm_desktop.ui.widgets.marks import Chip

if TYPE_CHECKING:
    from crm_desktop.services.handing_over.meetings import Entry, Meeting, Moved
    from crm_desktop.services.handing_over.planning import Draft

MOST = 12


class TimesPart(QWidget):
    """A free time is a button: it moves the entry with the hand-over. The cross takes it back."""

    changed = Signal()

    def __init__(self, session: Session, name_of: Callable[[int], str]) -> None:
        super().__init__()
        self._session, self._name_of = session, name_of
        self.chosen: dict[Entry, int] = {}
        self.free: list[Button] = []
        self.move_all: Button | None = None
        self.chips: list[Chip] = []
        self._was_here = False
        self._shown = QWidget()
        self.setLayout(column(self._shown, gap=0))
        self.hide()

    def show_draft(self, draft: Draft | None) -> None:
        """What is taken twice in it, and what takes place at another time."""
        self.free, self.chips, self.move_all = [], [], None
        meetings = draft.meetings if draft is not None else ()
        moved = draft.moved if draft is not None else ()
        shown = QWidget()
        shown.setLayout(column(*self._clashes(meetings), *self._moves(moved), gap=4))
        layout = self.layout()
        assert layout is not None
        layout.replaceWidget(self._shown, shown)
        self._shown.hide()
        self._shown.deleteLater()
        self._shown = shown
        self.setVisible(bool(meetings or moved))
        self._keep_focus()

    def _keep_focus(self) -> None:
        """Whoever chose by the keyboard goes on with what is still to be chosen."""
        if self._was_here:
            self._was_here = False
            following = next(iter([*self.free, *self.chips]), None)
            if following is not None:
                following.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clashes(self, meetings: tuple[Meeting, ...]) -> Iterator[QWidget]:
        if not meetings:
            return
        count = len(meetings)
        said = ngettext("{count} time would be taken twice", "{count} times would be taken twice",
                        count)  # fmt: skip
        yield self._head(said.format(count=count), meetings)
        for one in meetings[:MOST]:
            yield Label(one.text, "body", wrap=True)
            if one.free:
                yield self._offer(one)
        if count > MOST:
            more = ngettext("and {count} more", "and {count} more", count - MOST)
            yield Label(more.format(count=count - MOST), "small", "text2")

    def _head(self, said: str, meetings: tuple[Meeting, ...]) -> QWidget:
        place, caption = QWidget(), Label(said, "strong", "warn")
        movable = {one.entry: one.free[0] for one in meetings if one.free}
        parts: list[QWidget | None] = [caption, None]
        if len(movable) > 1:
            all_of_them = Button(_("Move all to free times"), kind="link")
            all_of_them.clicked.connect(lambda: self._choose_all(movable))
            self.move_all = all_of_them
            parts.append(all_of_them)
        place.setLayout(row(*parts))
        return place

    def _choose_all(self, times: Mapping[Entry, int]) -> None:
        self._was_here = True
        self.chosen.update(times)
        self.changed.emit()

    def _offer(self, meeting: Meeting) -> QWidget:
        place, flow = QWidget(), FlowLayout(gap=10)
        caption = Label(_("Move it to"), "small", "text2")
        flow.addWidget(caption)
        for at in meeting.free:
            when = self._when(at)
            name = _("Move it to {when}: {what}").format(when=when, what=meeting.text)
            button = Button(when, kind="link", name=name)
            button.clicked.connect(lambda _on=False, at=at: self._choose(meeting.entry, at))
            self.free.append(button)
            flow.addWidget(button)
            caption.setFixedHeight(button.sizeHint().height())
        place.setLayout(flow)
        return place

    def _moves(self, moved: tuple[Moved, ...]) -> Iterator[QWidget]:
        if not moved:
            return
        yield Label(_("Moved with the hand-over"), "strong")
        place, flow = QWidget(), FlowLayout(gap=6)
        for one in moved:
            what = f"{one.move.bar.subject} · {self._name_of(one.receiver)}"
            tip = _("Leave it where it is")
            chip = Chip(self._when(one.move.starts), what, remove_tip=tip)
            chip.removed.connect(lambda entry=one.entry: self._choose(entry, None))
            self.chips.append(chip)
            flow.addWidget(chip)
        place.setLayout(flow)
        yield place

    def _choose(self, entry: Entry, at: int | None) -> None:
        self._was_here = True
        self.chosen.pop(entry, None)
        if at is not None:
            self.chosen[entry] = at
        self.changed.emit()

    def _when(self, at: int) -> str:
        base = self._session.base
        begin = moment(at).astimezone(base.worktime.office_zone())
        return f"{format_date(begin.date(), i18n.language(), base.clock.today())} {begin:%H:%M}"
