"""The timeline of a record: a box for a new entry, then what happened, the newest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QVBoxLayout

from crm_desktop.i18n import _
from crm_desktop.ui.icons import icon
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.abilities import ActivityShape
from crm_desktop.ui.record_card.child_dialog import ChildDialog
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.loading import CardContents, ChildRow, authors, load_events
from crm_desktop.ui.record_card.overview import ScrollPage
from crm_desktop.ui.record_card.quick_entry import QuickEntry
from crm_desktop.ui.record_card.tab import CardTab
from crm_desktop.ui.record_card.timeline_row import Entry, TimelineRow, entry_of
from crm_desktop.ui.record_card.values import Titles
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.popover import Menu

_PAGE = 30


class TimelineTab(CardTab):
    """Entries by pages of thirty; more at the press of a button."""

    def __init__(self, controller: CardController, shape: ActivityShape, margin: int) -> None:
        super().__init__(controller)
        self._shape = shape
        self._wanted = _PAGE
        self._events: tuple[ChildRow, ...] = ()
        self._titles: Titles = {}
        self._rows: list[TimelineRow] = []
        self.entry = QuickEntry(shape)
        self.entry.entered.connect(self._enter)
        self._more = Button("", kind="plain")
        self._more.clicked.connect(self._show_more)
        self._none = Label("", "body", "text3", wrap=True)
        self._list = column(gap=0)
        inside = (
            column(self.entry, 8, self._none, self._list, row(self._more, None), None, gap=8,
                   margins=(margin, 14, margin, 20))
        )  # fmt: skip
        self.area = ScrollPage(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.area)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self._more.setText(_("Show earlier entries"))
        self._none.setText(_("Nothing has been noted yet. Write down the first call or meeting."))
        self._fill()

    def begin(self, contents: CardContents) -> None:
        self._wanted = _PAGE
        self._events = ()
        self.entry.set_record(contents.ref)
        self.area.verticalScrollBar().setValue(0)
        self._fill()

    def load(self, contents: CardContents) -> None:
        base, shape, wanted = self.controller.session.base, self._shape, self._wanted

        def work(job: Any) -> tuple[tuple[ChildRow, ...], Titles]:
            events = load_events(base, shape, contents.ref, 0, wanted)
            return events, base.titles.of(authors(shape, events))

        self.controller.session.operations.query(
            ("timeline", id(self)), work, owner=self, done=self._take
        )

    def _take(self, found: tuple[tuple[ChildRow, ...], Titles]) -> None:
        self._events, self._titles = found
        self._fill()

    def _fill(self) -> None:
        contents = self.contents
        count = contents.event_count if contents else 0
        self._none.setVisible(contents is not None and count == 0 and not self._events)
        self._more.setVisible(len(self._events) < count and bool(self._events))
        while len(self._rows) < len(self._events):
            self._rows.append(self._new_row())
        if contents is not None and self._events:
            around = self.controller.around(self._titles)
            last = len(self._events) - 1
            for place, event in enumerate(self._events):
                entry = entry_of(self._shape, event, around)
                self._rows[place].set_entry(entry, last=place == last)
                self._rows[place].show()
        for spare in self._rows[len(self._events) :]:
            spare.hide()

    def _new_row(self) -> TimelineRow:
        made = TimelineRow(self)
        made.menu_asked.connect(self._open_menu)
        made.opened.connect(self.edit)
        self._list.addWidget(made)
        return made

    def _show_more(self) -> None:
        self._wanted += _PAGE * 2
        if self.contents is not None:
            self.load(self.contents)

    # --- what the person does ---------------------------------------------------------------------

    def note(self, kind: str = "") -> None:
        """Begins a new entry."""
        self.area.verticalScrollBar().setValue(0)
        self.entry.start(kind)

    def _enter(self, kind: str, text: str) -> None:
        assert self.contents is not None
        base, shape, ref = self.controller.session.base, self._shape, self.contents.ref
        values: dict[str, Any] = {shape.link.field.key: ref}
        if shape.kind is not None and kind:
            values[shape.kind.key] = kind
        if shape.body is not None:
            values[shape.body.key] = text
        else:
            values[shape.entity.title_field] = text.splitlines()[0]
        self.controller.session.operations.run(
            lambda job: base.records.create(shape.entity.key, values), owner=self,
            done=self._entered, failed=self._refused,
        )  # fmt: skip

    def _entered(self, outcome: Any) -> None:
        self.entry.clear()
        said = _("{object}: saved").format(object=_(self._shape.entity.label))
        self.controller.navigator.toast(said, undo_operation=outcome.operation)

    def _refused(self, error: Any) -> None:
        self.entry.set_busy(False)
        self.controller.navigator.toast(error.message, tone="bad")

    def _open_menu(self, entry: Entry, place: QPoint) -> None:
        menu = Menu(self)
        acts: tuple[tuple[str, str, Callable[[], None]], ...] = (
            ("edit", _("Edit"), lambda: self.edit(entry)),
            ("copy", _("Copy the text"), lambda: self.controller.copy(entry.body or entry.title)),
            ("delete", _("Delete"), lambda: self.controller.delete([entry.record])),
        )
        for picture, word, act in acts:
            menu.addAction(icon(picture), word).triggered.connect(lambda _on, act=act: act())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def edit(self, entry: Entry) -> None:
        """Opens an entry in a small form."""
        ChildDialog.open_for(self.controller, self._shape.link, entry.record, self)

    def is_changed(self) -> bool:
        return self.entry.is_changed()
