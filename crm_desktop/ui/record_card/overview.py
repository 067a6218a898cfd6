"""The first page of a card: contacts, facts, the last activities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.ui.drafts.in_place import KeptInPlace
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.facts import CONTACTS, NEW, Fact, fact_sections, hidden_count
from crm_desktop.ui.record_card.facts_view import FactsView, MakeEditor
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.timeline_row import TimelineRow, entry_of
from crm_desktop.ui.record_card.values import Surroundings
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import Label, Rule, Surface
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.ui.record_card.controller import CardController


class ScrollPage(QScrollArea):
    """A page that scrolls up and down only, on the ground of a work surface."""

    def __init__(self, layout: QLayout) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = Surface("surface")
        inside.setLayout(layout)
        self.setWidget(inside)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        return QSize(px(400), px(400))


class LastEvents(QWidget):
    """The latest activities under a heading with a link to all of them."""

    all_asked = Signal()
    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._title = Label("", "strong")
        self._all = Button("", kind="link")
        self._all.clicked.connect(self.all_asked)
        self._rows: list[TimelineRow] = []
        self._list = column(gap=0)
        head = row(self._title, None, self._all)
        self.setLayout(column(Rule(), 6, head, self._list, gap=2))
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self._title.setText(_("Last events"))
        self._all.setText(_("Whole timeline"))

    def show_contents(self, contents: CardContents, around: Surroundings) -> None:
        """Shows the events of another record."""
        shape = contents.activity_shape
        self.setVisible(shape is not None and bool(contents.events))
        if shape is None:
            return
        while len(self._rows) < len(contents.events):
            made = TimelineRow(self, most=1)
            made.opened.connect(self.opened)
            self._list.addWidget(made)
            self._rows.append(made)
        last = len(contents.events) - 1
        for place, (made, event) in enumerate(zip(self._rows, contents.events, strict=False)):
            made.set_entry(entry_of(shape, event, around), last=place == last)
            made.show()
        for made in self._rows[len(contents.events) :]:
            made.hide()


class OverviewView(QWidget):
    """Facts with the link that shows the empty ones, last events, when it was made."""

    def __init__(self, make_editor: MakeEditor, *, events: bool, margin: int) -> None:
        super().__init__()
        self.facts = FactsView(make_editor)
        self.events = LastEvents()
        self._with_events = events
        self.empty = Button("", kind="link")
        self.empty.clicked.connect(self._toggle_empty)
        self._made = Label("", "small", "text3", wrap=True)
        self._made.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._contents: CardContents | None = None
        self._around: Surroundings | None = None
        self._show_empty = self._adding = False
        self._closed = ""
        self.events.hide()
        inside = (
            column(self.facts, row(self.empty, None), 6, self.events, 8, self._made, None, gap=4,
                   margins=(margin, 12, margin, 20))
        )  # fmt: skip
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.area = ScrollPage(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.area)
        self._waiting: dict[tuple[int, str], Any] = {}
        self._given: dict[tuple[int, str], Any] = {}
        self.facts.value_given.connect(self._note_given)
        self.facts.section_acted.connect(self._section_acted)
        keep_translated(self, self.refresh)

    def show_contents(self, contents: CardContents, around: Surroundings) -> None:
        """Shows a record; another one begins at the top and without the empty fields."""
        other = self._contents is None or self._contents.ref != contents.ref
        if other:
            self._waiting.update(self.facts.unsaved())
            self.facts.end_all()
            self._adding = False
            self.area.verticalScrollBar().setValue(0)
        self._contents, self._around = contents, around
        self.refresh()
        if other:
            self._reopen()

    def _reopen(self) -> None:
        """What was typed here before and could not be saved stands here again."""
        for key in list(self._waiting):
            row_ = self.facts.row_of(key)
            if row_ is not None and row_.fact is not None:
                self.facts.edit(row_.fact, self._waiting.pop(key))

    def _note_given(self, fact: Fact, _value: Any) -> None:
        row_ = self.facts.row_of(fact.key)
        if row_ is not None and row_.editor is not None:
            self._given[fact.key] = row_.editor.raw()

    def follow(self, controller: CardController) -> None:
        """Values are saved by the controller of the card, which tells what became of each."""
        controller.value_saved.connect(self.saved)
        controller.value_refused.connect(self.refused)
        controller.value_kept.connect(self.kept)
        controller.until_back.back.connect(self.facts.give_again)
        controller.rights.changed.connect(self.close_facts)
        self.facts.value_given.connect(controller.save_value)
        KeptInPlace(controller.session, self.facts.edited, self.facts.end_all, self)

    def refused(self, key: tuple[int, str], sentence: str) -> None:
        """A value was not saved: it stays in its editor, or waits until its record is shown."""
        raw = self._given.pop(key, None)
        row_ = self.facts.row_of(key)
        if row_ is not None and row_.editor is not None:
            self.facts.refused(key, sentence)
        elif raw is not None:
            self._waiting[key] = raw

    def is_changed(self) -> bool:
        """Whether something typed is not saved yet."""
        return self.facts.is_editing() or bool(self._waiting)

    def close_facts(self, why: str) -> None:
        """Nothing may be changed in place while there is a reason; open editors stay."""
        if why != self._closed:
            self._closed = why
            self.refresh()

    def refresh(self) -> None:
        """Says everything anew."""
        contents, around = self._contents, self._around
        if contents is None or around is None:
            return
        editing = self.facts.is_editing
        sections = fact_sections(
            contents, around, editing=lambda fact: editing(fact.key), empty=self._show_empty,
            adding=self._adding, closed=self._closed,
        )  # fmt: skip
        self.facts.set_sections(sections)
        self._say_empty(hidden_count(contents, around))
        self._made.setText(made_words(contents, around))
        if self._with_events:
            self.events.show_contents(contents, around)

    def _say_empty(self, count: int) -> None:
        more = ngettext("Show {count} empty field", "Show {count} empty fields", count)
        self.empty.setText(_("Hide empty fields") if self._show_empty else more.format(count=count))
        self.empty.setVisible(bool(count))

    def _toggle_empty(self) -> None:
        self._show_empty = not self._show_empty
        self.refresh()

    def _section_acted(self, key: str) -> None:
        if key == CONTACTS:
            self.add_contact()

    def add_contact(self) -> None:
        """Opens a line for another contact."""
        contents = self._contents
        if contents is None or contents.channel_shape is None or self._closed:
            return
        self._adding = True
        self.refresh()
        shape = contents.channel_shape
        row_ = self.facts.row_of((NEW, shape.value.key))
        if row_ is not None and row_.fact is not None:
            self.facts.edit(row_.fact)
            if row_.editor is not None:
                row_.editor.cancelled.connect(self._stop_adding)

    def _stop_adding(self) -> None:
        self._adding = False
        self.refresh()

    def kept(self, key: tuple[int, str]) -> None:
        """A value is not to be saved after all: the row shows what stands."""
        self._given.pop(key, None)
        self.facts.kept(key)

    def saved(self, key: tuple[int, str]) -> None:
        """A value was saved."""
        self._given.pop(key, None)
        if key[0] == NEW:
            self._stop_adding()
        self.facts.saved(key)


def made_words(contents: CardContents, around: Surroundings) -> str:
    """Who made the record and when, and who changed it last."""
    if contents.created_at is None or contents.updated_at is None:
        return ""
    made = _when_and_who(contents.created_at, contents.created_by, around)
    if contents.updated_at == contents.created_at:
        return _("Created {made}").format(made=made)
    changed = _when_and_who(contents.updated_at, contents.updated_by, around)
    return _("Created {made}, changed {changed}").format(made=made, changed=changed)


def _when_and_who(moment: object, person: int | None, around: Surroundings) -> str:
    local = moment.astimezone(around.now.tzinfo).date()  # type: ignore[attr-defined]
    day = format_date(local, around.language, around.now.date())
    title = around.titles.get(Ref(around.catalogue.staff().key, person)) if person else None
    return f"{day} ({title.text})" if title is not None else day
