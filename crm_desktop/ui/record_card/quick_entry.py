"""The box on top of a timeline: what kind, what happened, saved with Ctrl+Enter.

Alt+1, Alt+2 ... choose the kind, a call asks for its result, what is to be done for its date in
words. A long text that is pasted is looked at: it may be a letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Choice, Ref
from crm_desktop.models.letters.reading import looks_like_letter
from crm_desktop.models.text.date_formats import format_datetime
from crm_desktop.models.text.due import parse_due
from crm_desktop.models.text.phrases import Phrase, read_phrase
from crm_desktop.models.text.problems import Unreadable
from crm_desktop.services.rights import words
from crm_desktop.ui.drafts.notes import NoteDrafts, Raw
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.abilities import ActivityShape
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.letter_box import LetterBox
from crm_desktop.ui.record_card.result_box import ResultBox
from crm_desktop.ui.record_card.timeline_shape import PLANNED, note_shape
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.choices import Segment
from crm_desktop.ui.widgets.inputs import LineEdit, TextEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.letters import Reading

LONGEST_SUBJECT = 200
CALL, TASK = "call", "task"
"""Kinds that ask for a result, and for a date."""
DATED = (TASK, "meeting")
"""Kinds that may be still to come."""
MOST_KINDS = 6
"""The line of kinds has no room for more; the others are planned in the day and the planner."""


class QuickEntry(QWidget):
    """What is typed for one record waits for it while another is looked at."""

    entered = Signal(object)
    """Values by field key: please save them; `clear` once that is done."""
    letter_entered = Signal(object, object, object)
    """(letter, what of its proposals was chosen, values): the same for a pasted letter."""

    def __init__(self, shape: ActivityShape, controller: CardController) -> None:
        super().__init__()
        self._shape, self._more, self._controller = shape, note_shape(shape), controller
        self._ref: Ref | None = None
        self._title = ""
        self._waiting: dict[Ref, Raw] = {}
        self._busy: set[Ref] = set()
        self._looked: Ref | None = None
        self._kept: Raw | None = None
        """What the draft holds, or will in a moment."""
        self._restored: dict[Ref, str] = {}
        self._drafts = self._make_drafts()
        self._quoted: Ref | None = None
        self.kind = Segment([("", "")], name="")
        self.text = TextEdit(name="", lines=2, most=8)
        self.result = ResultBox(self._more.result, controller)
        self.due = LineEdit(name="")
        self.due.setMinimumWidth(px(280))
        self._when = Label("", "small", "text2")
        self.button = Button("", kind="primary")
        self.letter = LetterBox(controller)
        self.letter.dropped.connect(lambda: self.letter.show_reading(None))
        self.paste = Button("", "mail", "ghost")
        self.paste.clicked.connect(self._paste)
        self.text.edit.installEventFilter(self)
        self._hint = Label("", "small", "text3")
        self._quote, self._unquote = Label("", "small", "text2"), ToolButton("close", "", size=24)
        self._unquote.clicked.connect(lambda: self.quote(None, ""))
        self.button.clicked.connect(self.enter)
        for button in (self.button, self.paste):
            controller.rights.keep(button, words.CREATE, shape.entity)
        self.text.text_changed.connect(self._typed)
        self.due.textChanged.connect(lambda _text: self._typed())
        self.kind.chosen.connect(lambda _kind: self._kind_chosen())
        self._bind_keys()
        quoted = row(self._quote, self._unquote, None, gap=4)
        foot = row(self.paste, self.result, self.due, self._when, self._hint, None, self.button)
        head = row(self.kind, None)
        self.setLayout(column(head, quoted, self.text, self.letter, foot, gap=8))
        self.quote(None, "")
        keep_translated(self, self._say_texts)
        self._kind_chosen()

    def _make_drafts(self) -> NoteDrafts:
        session = self._controller.session
        made = NoteDrafts(session, self._shape.entity, self._unsaved, self)
        made.found.connect(self._restore)
        session.noted.connect(self._saved_elsewhere)
        return made

    def _bind_keys(self) -> None:
        keys = {"Ctrl+Return": self.enter, "Ctrl+Enter": self.enter}
        for number, choice in enumerate(self._offered(), 1):
            keys[f"Alt+{number}"] = lambda key=choice.key: self.start(key)
        for sequence, act in keys.items():
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _offered(self) -> list[Choice]:
        """The kinds to choose from; not those that are retired."""
        known = self._shape.kind.choices if self._shape.kind else ()
        return [choice for choice in known[:MOST_KINDS] if not choice.retired]

    def _say_texts(self) -> None:
        choices: list[tuple[str, object]] = [(_(c.label), c.key) for c in self._offered()]
        if choices:
            self.kind.set_choices(choices)
        self.kind.setVisible(len(choices) > 1)
        self.kind.setToolTip(_("Alt+1, Alt+2 … choose the kind"))
        self.text.edit.setAccessibleName(_("What happened"))
        self.result.setAccessibleName(_("Result"))
        self.due.setAccessibleName(_("When it is due"))
        self.due.setPlaceholderText(_("When: tomorrow, in 2 days, Fri 15:00"))
        self._unquote.set_tip(_("Do not quote"))
        self.paste.setText(_("Paste a letter"))
        self.paste.setToolTip(_("Reads a letter or a chat from the clipboard"))
        self.button.setText(_("Save"))
        self._hint.setText(_("Ctrl+Enter saves"))
        self._kind_chosen()

    # --- the kind ---------------------------------------------------------------------------------

    def _kind_chosen(self) -> None:
        kind = self.kind.value()
        task = kind == TASK and self._more.due is not None
        call = kind == CALL and self._more.result is not None
        self.due.setVisible(kind in DATED and self._more.due is not None)
        self.result.setVisible(call)
        self.paste.setVisible(self.due.isHidden() and not call)
        if call:
            self.result.ask()
        said = _("What happened? The first line becomes the title")
        self.text.edit.setPlaceholderText(_("What is to be done?") if task else said)
        self._typed()

    # --- for the owner ----------------------------------------------------------------------------

    def set_record(self, ref: Ref, title: str) -> None:
        """The box belongs to another record now."""
        if ref == self._ref:
            self._title = title
            return
        if self._ref is not None and (typed := self.raw()) is not None:
            self._waiting[self._ref] = typed
        self._ref, self._title = None, title  # what is put in now was not typed
        self._put(self._waiting.pop(ref, {}))
        self._ref, self._looked, self._kept = ref, None, self.raw()
        self.letter.show_reading(None)
        self.quote(None, "")
        self.text.set_read_only(ref in self._busy)
        self._typed()

    def look(self) -> None:
        """The box is seen: what was left for its record is put in."""
        if self._ref is not None and self._looked != self._ref:
            self._looked = self._ref
            self._drafts.look(self._ref)

    def raw(self) -> Raw | None:
        """What is typed here, as a draft holds it; None for nothing."""
        text, shape, more = self.text.text(), self._shape, self._more
        if not text.strip():
            return None
        raw: dict[str, Any] = {shape.link.field.key: {"text": self._title}}
        if shape.kind is not None:
            raw[shape.kind.key] = self.kind.value() or None
        if self._dated() and more.due is not None and self.due.text().strip():
            raw[more.due.key] = self.due.text()
        return {**raw, self._body_key: text}

    @property
    def _body_key(self) -> str:
        shape = self._shape
        return shape.body.key if shape.body is not None else shape.entity.title_field

    def _put(self, raw: Raw) -> None:
        shape, more = self._shape, self._more
        kind = raw.get(shape.kind.key) if shape.kind is not None else None
        if kind in {choice.key for choice in self._offered()}:
            self.kind.set_value(kind)
            self._kind_chosen()
        self.text.set_text(str(raw.get(self._body_key) or ""))
        self.due.setText(str(raw.get(more.due.key) or "") if more.due is not None else "")

    def _restore(self, ref: Ref, raw: Raw) -> None:
        """What was left there, unless something is typed already."""
        if ref == self._ref and not self.text.text().strip():
            self._put(raw)
            self._kept = self.raw()
            self._restored[ref] = self.text.text()
            self._typed()

    def _saved_elsewhere(self, ref: Ref, texts: tuple[str, ...]) -> None:
        """The same text stood in another box, and was saved there."""
        if ref == self._ref and self.text.text() in texts and ref not in self._busy:
            self._put({})
        elif (waiting := self._waiting.get(ref)) is not None and waiting[self._body_key] in texts:
            del self._waiting[ref]

    def _unsaved(self) -> dict[Ref, Raw]:
        """By its record."""
        here = self.raw()
        return {**self._waiting, **({self._ref: here} if self._ref and here else {})}

    def start(self, kind: str = "") -> None:
        """Takes the keyboard, with a kind chosen beforehand."""
        if kind:
            self.kind.set_value(kind)
            self._kind_chosen()
        self.text.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def quote(self, record: Ref | None, title: str) -> None:
        """The entry answers another one; None: none."""
        self._quoted = record
        self._quote.setText(_("Quoting: {title}").format(title=title[:80]) if record else "")
        self._quote.setVisible(record is not None)
        self._unquote.setVisible(record is not None)
        if record is not None:
            self.start()

    def clear(self, ref: Ref) -> None:
        """What was typed there is saved; ready for the next one."""
        self._busy.discard(ref)
        saved = self._unsaved().get(ref, {}).get(self._body_key, "")
        texts = (saved, self._restored.pop(ref, saved))
        if ref != self._ref:
            self._waiting.pop(ref, None)
            self._drafts.changed(ref)
            self._controller.session.noted.emit(ref, texts)
            return
        self._put({})
        self.result.setCurrentIndex(0)
        self.letter.show_reading(None)
        self.quote(None, "")
        self.set_busy(ref, False)
        self._controller.session.noted.emit(ref, texts)
        self.text.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_busy(self, ref: Ref, busy: bool) -> None:
        """It is being saved, or that did not work out and the text stays."""
        (self._busy.add if busy else self._busy.discard)(ref)
        if ref == self._ref:
            self.text.set_read_only(busy)
            self._typed()

    def waits(self, ref: Ref) -> Raw | None:
        """What is typed there while another record is looked at; None for nothing."""
        return self._waiting.get(ref)

    def is_changed(self) -> bool:
        """Whether something is typed that is not saved."""
        return bool(self.text.text().strip() or self._waiting)

    # --- what is typed ----------------------------------------------------------------------------

    def _phrase(self) -> Phrase | None:
        """When it is to be; None for no moment or none that can be read."""
        context, text = self._controller.session.base.parse_context(), self.due.text()
        order, work = context.date_order, context.work
        phrase = read_phrase(text, now=context.now, order=order, work=work)
        if phrase.moment is not None and not phrase.subject:
            return phrase
        try:
            moment = parse_due(text, now=context.now, order=order, work=work)
        except Unreadable:
            return None
        return Phrase("", moment, timed=True)

    def _dated(self) -> bool:
        return self.kind.value() in DATED and self._more.due is not None

    def _complete(self) -> bool:
        if self._ref in self._busy:
            return False
        unread = self._dated() and self.due.text().strip() and self._phrase() is None
        return bool(self.text.text().strip()) and not unread

    def _typed(self) -> None:
        if self._ref is not None and (raw := self.raw()) != self._kept:
            self._kept = raw
            self._drafts.changed(self._ref)
        self.button.setEnabled(self._complete())
        self._hint.setVisible(self._complete())
        typed = self.due.isVisibleTo(self) and self.due.text().strip()
        self._when.setVisible(bool(typed))
        if typed:
            self._say_when()

    def _say_when(self) -> None:
        phrase, base = self._phrase(), self._controller.session.base
        moment, now = phrase.moment if phrase else None, base.clock.local()
        self.due.set_bad(moment is None)
        language = base.parse_context().language
        said = format_datetime(moment, language, zone=now.tzinfo, now=now) if moment else ""
        self._when.setText(said or _("No date yet: try “tomorrow” or “in 2 days”"))

    def values(self) -> dict[str, Any]:
        """What is typed, by field key."""
        shape, more = self._shape, self._more
        text, kind = self.text.text().strip(), str(self.kind.value() or "")
        values: dict[str, Any] = {}
        if shape.kind is not None and kind:
            values[shape.kind.key] = kind
        if shape.body is not None:
            values[shape.body.key] = text
        else:
            values[shape.entity.title_field] = text.splitlines()[0]
        if more.state is not None and self._dated():
            values |= self._times(kind, more.state.key)
        if kind == CALL and more.result is not None and self.result.value() is not None:
            values[more.result.key] = self.result.value()
        if self._quoted is not None and more.quotes is not None:
            values[more.quotes.key] = self._quoted.id
        return values

    def _times(self, kind: str, state: str) -> dict[str, Any]:
        """When it is to be. A task is always to come, a meeting if a moment was given."""
        from crm_desktop.services.activities.service import times_of

        phrase = self._phrase()
        if phrase is None:
            return {state: PLANNED} if kind == TASK else {}
        known = self._shape.entity
        times = times_of(phrase, kind, self._controller.session.base.habits)
        return {key: value for key, value in times.items() if known.has(key)} | {state: PLANNED}

    def enter(self) -> None:
        """Asks for what is typed to be saved."""
        if self._controller.rights.stops(words.CREATE, self._shape.entity):
            return
        if not self.button.isEnabled() or self._ref is None:
            return
        self.set_busy(self._ref, True)
        reading = self.letter.reading
        if reading is None:
            self.entered.emit(self.values())
        else:
            self.letter_entered.emit(reading, self.letter.chosen(), self._letter_values(reading))

    # --- letters ----------------------------------------------------------------------------------

    def _paste(self) -> None:
        self.paste_letter(QGuiApplication.clipboard().text())

    def paste_letter(self, text: str) -> None:
        """Reads a text as a letter or a chat and shows what it would add."""
        base, ref = self._controller.session.base, self._ref
        if ref is None or not text.strip():
            return
        context = base.parse_context()

        def done(reading: Reading) -> None:
            self.text.set_text(reading.letter.text)
            self.start(reading.letter.kind)
            self.letter.show_reading(reading)

        self._controller.session.operations.query(
            ("letter", id(self)),
            lambda _job: base.letters.read(
                text, ref, region=context.region, order=context.date_order
            ),
            owner=self, done=done,
        )  # fmt: skip

    def _letter_values(self, reading: Reading) -> dict[str, Any]:
        shape, letter = self._shape, reading.letter
        values = {shape.link.field.key: reading.about, **self.values()}
        if letter.subject:
            values[shape.entity.title_field] = letter.subject[:LONGEST_SUBJECT]
        if letter.moment is not None and shape.moment is not None:
            values[shape.moment.key] = letter.moment
        return values

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.text.edit and isinstance(event, QKeyEvent):
            pastes = event.type() == QEvent.Type.KeyPress and event.matches(
                QKeySequence.StandardKey.Paste
            )
            text = QGuiApplication.clipboard().text() if pastes else ""
            if text and not self.text.text().strip() and looks_like_letter(text):
                self.paste_letter(text)
                return True
        return super().eventFilter(watched, event)
