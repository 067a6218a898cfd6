"""Who takes over what somebody answers for: chosen on the left, counted on the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from crm_desktop import i18n
from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.models.text.numbers import format_number
from crm_desktop.services.handing_over.leaving import Leaving
from crm_desktop.services.handing_over.parting import Part, leading_object, rule_of
from crm_desktop.services.handing_over.planning import Draft, Handing, handed_objects
from crm_desktop.ui.editors import editor_for
from crm_desktop.ui.handing_over.messages import MessagesPart
from crm_desktop.ui.handing_over.times import TimesPart
from crm_desktop.ui.portraits.avatars import portraits_of
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.labels import ElidedLabel, Label, Surface
from crm_desktop.ui.widgets.layouts import FlowLayout, column, row
from crm_desktop.ui.widgets.marks import Chip
from crm_desktop.ui.widgets.pick_list import PickItem, PickList
from crm_desktop.ui.widgets.strips import ProgressBar, StripMessage

EVENLY = ""


class HandOverBox(Dialog):
    """Asks for counts whenever something changes; hands over what is shown."""

    asked = Signal(object)
    """A `Handing` whose draft is wanted."""
    parted = Signal(str)
    """The key of a field whose values are wanted."""
    decided = Signal(object, str)
    """The `Draft` that is to be carried out, and one's own words to the receivers."""
    stopped = Signal()

    def __init__(self, session: Session, leaving: Leaving, parent: QWidget) -> None:
        self._session, self._leaving = session, leaving
        self.draft: Draft | None = None
        self._parts: list[Part] = []
        self.receivers_of: list[ComboBox] = []
        self.exceptions: dict[Ref, tuple[str, int]] = {}
        self._names = dict(leaving.colleagues)
        title = _("{name} hands over").format(name=leaving.name)
        super().__init__(title, self._arranged(), parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumSize(px(860), px(560))
        self.leave = self.add_button(_("Cancel"))
        self.leave.clicked.connect(self.reject)
        self.go = self.add_button(_("Hand over"), kind="primary")
        self.go.clicked.connect(self._decide)
        self.set_busy(busy=False)
        self.show_draft(None)

    # --- the parts --------------------------------------------------------------------------------

    def _arranged(self) -> QWidget:
        body = QWidget()
        whole = row(self._left_side(), self._right_side(), gap=24)
        whole.setStretch(1, 1)
        body.setLayout(whole)
        return body

    def _left_side(self) -> QWidget:
        self.people = PickList(
            name=_("Who takes it over"), search=_("Find a colleague"), rows=7, ground="surface"
        )
        staff = self._session.base.catalogue.staff().key
        self.people.show_faces(portraits_of(self._session))
        self.people.set_items([
            PickItem(id_, name, ticked=False, face=Ref(staff, id_))
            for id_, name in self._leaving.colleagues
        ])  # fmt: skip
        self.people.ticked.connect(self._changed)
        self.by = ComboBox(name=_("How it is shared"))
        fields: list[tuple[str, object]] = [
            (_("By {field}").format(field=label), key) for key, label in self._leaving.fields
        ]
        self.by.set_choices([(_("Evenly"), EVENLY), *fields], EVENLY)
        self.by.activated.connect(self._part)
        place = QWidget()
        place.setFixedWidth(px(260))
        place.setLayout(column(
            Label(_("Who takes it over"), "strong"), self.people,
            Label(_("How it is shared"), "strong"), self.by,
            Label(_("What is won, lost or done stays. Deals and tasks go along with their client."),
                  "small", "text2", wrap=True),
            None, gap=8,
        ))  # fmt: skip
        return place

    def _right_side(self) -> QWidget:
        self.trouble = StripMessage("", tone="bad")
        self.bar = ProgressBar(name=_("Progress"))
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.viewport().setAutoFillBackground(False)
        self._shown = Surface("surface")
        self._counts, self._values = QWidget(), QWidget()
        self.times = TimesPart(self._session, self._name_of)
        self.times.changed.connect(self.ask)
        self.messages = MessagesPart(self._name_of)
        self._shown.setLayout(column(
            self._counts, self._values, self.times, self._by_hand(), self.messages, None, gap=18,
            margins=(0, 0, 8, 0),
        ))  # fmt: skip
        self._scroll.setWidget(self._shown)
        place = QWidget()
        layout = column(self.trouble, self._scroll, self.bar, gap=8)
        layout.setStretch(1, 1)
        place.setLayout(layout)
        self.trouble.hide()
        return place

    def _by_hand(self) -> QWidget:
        """Single records that go to somebody else than the rest."""
        base = self._session.base
        leading = leading_object(base)
        self._field = LinkField("record", leading.label, target=leading.key)
        self.record = editor_for(self._field, base.parse_context, self._session)
        self.receiver = ComboBox(name=_("Goes to"))
        self.receiver.set_choices([(name, id_) for id_, name in self._leaving.colleagues])
        self.add = Button(_("Add"), "add")
        self.add.clicked.connect(self.add_exception)
        self._chips = QWidget()
        self._flow = FlowLayout(gap=6)
        self._chips.setLayout(self._flow)
        line = row(self.record, self.receiver, self.add, gap=8)
        line.setStretch(0, 1)
        place = QWidget()
        place.setLayout(column(Label(_("By hand"), "strong"), line, self._chips, gap=8))
        return place

    # --- what is chosen ---------------------------------------------------------------------------

    def handing(self) -> Handing | None:
        """What is chosen now; None while nobody takes over."""
        people = tuple(key for key in self.people.ticked_keys() if isinstance(key, int))
        if not people:
            return None
        base = self._session.base
        rules = [
            rule_of(base, part, who)
            for part, combo in zip(self._parts, self.receivers_of, strict=True)
            if isinstance(who := combo.value(), int)
        ]
        by_hand = {ref: who for ref, (_name, who) in self.exceptions.items()}
        return Handing(
            self._leaving.person, people, tuple(rules), by_hand, times=dict(self.times.chosen)
        )

    def _name_of(self, colleague: int) -> str:
        return self._names.get(colleague, "")

    def _changed(self, *_what: object) -> None:
        if self._parts:
            self._show_values()
        self.ask()

    def ask(self) -> None:
        """Counts anew."""
        handing = self.handing()
        if handing is None:
            self.show_draft(None)
        else:
            self.asked.emit(handing)

    def _part(self, _place: int) -> None:
        key = str(self.by.value() or "")
        if key == EVENLY:
            self.show_parts([])
        else:
            self.parted.emit(key)

    def add_exception(self) -> None:
        """The record that is chosen goes to the colleague that is chosen."""
        try:
            id_ = self.record.value()
        except InvalidInput as error:
            self.say(error.message)
            return
        who = self.receiver.value()
        if id_ is None or not isinstance(who, int):
            return
        ref = Ref(self._field.target, id_)
        name = self._session.base.titles.of([ref])[ref].text
        self.exceptions[ref] = (name, who)
        self.record.set_value(None)
        self._show_exceptions()
        self.ask()

    def _drop(self, ref: Ref) -> None:
        self.exceptions.pop(ref, None)
        self._show_exceptions()
        self.ask()

    # --- what is shown ----------------------------------------------------------------------------

    def _show_exceptions(self) -> None:
        self._flow.clear()
        for place, (ref, (name, who)) in enumerate(self.exceptions.items()):
            chip = Chip(name, self._names.get(who, ""), remove_tip=_("Take away"))
            chip.removed.connect(lambda ref=ref: self._drop(ref))
            self._flow.insert_widget(place, chip)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """A line for each value of the field by which it is parted."""
        self._parts = list(parts)
        self.receivers_of = []
        self._show_values()
        self.ask()

    def _show_values(self) -> None:
        kept = [combo.value() for combo in self.receivers_of]
        place, grid = _table()
        self.receivers_of = []
        ticked = [key for key in self.people.ticked_keys() if isinstance(key, int)]
        choices: list[tuple[str, object]] = [(self._names[id_], id_) for id_ in ticked]
        for number, part in enumerate(self._parts):
            combo = ComboBox(name=_("Goes to"))
            before = kept[number] if number < len(kept) else None
            combo.set_choices([(_("Shared evenly"), None), *choices],
                              before if before in ticked else None)  # fmt: skip
            combo.activated.connect(lambda _place: self.ask())
            grid.addWidget(ElidedLabel(part.text or _("not filled in"), "body"), number, 0)
            grid.addWidget(Label(_number(part.records), "body", "text2"), number, 1)
            grid.addWidget(combo, number, 2)
            self.receivers_of.append(combo)
        grid.setColumnStretch(0, 1)
        self._values = self._put(self._values, place)
        self._values.setVisible(bool(self._parts))

    def show_draft(self, draft: Draft | None) -> None:
        """Who gets how much, and whose time would be taken twice."""
        self.draft = draft
        self.say(draft.refused if draft is not None else "")
        place, grid = _table()
        if draft is None:
            grid.addWidget(Label(_("Choose who takes it over"), "body", "text2"), 0, 0)
        else:
            self._fill_counts(grid, draft)
            place = _above(place, *self._notes(draft))
        self._counts = self._put(self._counts, place)
        self.times.show_draft(draft)
        self.messages.show_draft(draft)
        self.go.setEnabled(draft is not None and bool(draft.given) and not draft.refused)

    def _fill_counts(self, grid: QGridLayout, draft: Draft) -> None:
        catalogue, totals = self._session.base.catalogue, draft.totals()
        keys = [e.key for e in handed_objects(self._session.base) if e.key in totals]
        for place, key in enumerate(keys, start=1):
            grid.addWidget(Label(_(catalogue[key].plural), "small", "text2"), 0, place,
                           Qt.AlignmentFlag.AlignRight)  # fmt: skip
        lines = [(self._names.get(who, ""), counts) for who, counts in draft.counts().items()]
        for number, (name, counts) in enumerate([*lines, (_("Together"), totals)], start=1):
            kind = "strong" if number > len(lines) else "body"
            grid.addWidget(ElidedLabel(name, kind), number, 0)
            for place, key in enumerate(keys, start=1):
                label = Label(_number(counts.get(key, 0)), kind)
                grid.addWidget(label, number, place, Qt.AlignmentFlag.AlignRight)
        if not keys:
            grid.addWidget(Label(_("There is nothing to hand over"), "body", "text2"), 0, 0)
        grid.setColumnStretch(0, 1)

    def _notes(self, draft: Draft) -> list[QWidget]:
        """What the counts do not say."""
        lines: list[QWidget] = []
        zone = self._session.base.worktime.office_zone()
        for who, until in draft.away.items():
            day = format_date(until.astimezone(zone).date(), i18n.language())
            said = _("{name} is away until {day}")
            text = said.format(name=self._names.get(who, ""), day=day)
            lines.append(Label(text, "body", "warn", wrap=True))
        if draft.views:
            said = ngettext("{name} also gets {count} saved view that only {leaving} sees",
                            "{name} also gets {count} saved views that only {leaving} sees",
                            draft.views)  # fmt: skip
            first = self._names.get(draft.handing.receivers[0], "")
            text = said.format(name=first, count=draft.views, leaving=self._leaving.name)
            lines.append(Label(text, "small", "text2", wrap=True))
        return lines

    def _put(self, old: QWidget, new: QWidget) -> QWidget:
        layout = self._shown.layout()
        assert layout is not None
        layout.replaceWidget(old, new)
        old.hide()
        old.deleteLater()
        return new

    def say(self, sentence: str) -> None:
        """What is wrong, above the counts; '' for nothing."""
        self.trouble.set_text(sentence)
        self.trouble.setVisible(bool(sentence))

    # --- the work ---------------------------------------------------------------------------------

    def set_busy(self, *, busy: bool) -> None:
        """While it is carried out only stopping is possible."""
        self.body.setEnabled(not busy)
        self.bar.setVisible(busy)
        self.go.setEnabled(not busy and self.draft is not None)
        self.leave.setText(_("Stop") if busy else _("Cancel"))
        self._busy = busy
        if busy:
            self.bar.set_progress(0, 0)

    def await_server(self) -> None:
        """The line broke over it: until it is known whether it was carried out, it is not to be
        done again."""
        self.go.setEnabled(False)
        self.say(_("The server does not answer. As soon as it is back, the program looks whether "
                   "the hand-over was made."))  # fmt: skip

    def _decide(self) -> None:
        if self.draft is not None:
            self.decided.emit(self.draft, self.messages.note.text())

    def reject(self) -> None:
        """Stops what is carried out; else leaves."""
        if self._busy:
            self.stopped.emit()
            return
        super().reject()


def _table() -> tuple[QWidget, QGridLayout]:
    place = QWidget()
    grid = QGridLayout(place)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(px(16))
    grid.setVerticalSpacing(px(6))
    return place, grid


def _above(table: QWidget, *notes: QWidget) -> QWidget:
    place = QWidget()
    place.setLayout(column(table, *notes, gap=6))
    return place


def _number(count: int) -> str:
    return format_number(count, 0, i18n.language())
