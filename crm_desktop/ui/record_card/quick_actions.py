"""Call, write, note: what is done most often, one click from the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.rights.words import CREATE
from crm_desktop.ui.icons import icon
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.facts import bad_state, channel_label, channel_words
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.values import Shown, Surroundings, called, shown
from crm_desktop.ui.theme import px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.layouts import row
from crm_desktop.ui.widgets.popover import Menu

Reach = tuple[str, Shown]

_GAP = 8


def reaches(contents: CardContents, around: Surroundings, scheme: str) -> list[Reach]:
    """(kind, contact) of what can be called or written to; marked ones are left out.

    `scheme` is `tel:` or `mailto:`.
    """
    found: list[Reach] = []
    shape = contents.channel_shape
    if shape is not None:
        for channel in contents.channels:
            words = channel_words(shape, channel, around)
            if words.address.startswith(scheme) and bad_state(shape, channel.values) is None:
                found.append((channel_label(shape, channel.values), words))
        return found
    for f in contents.entity.fields:
        value = contents.values.get(f.key)
        words = called(shown(f, value, around), contents.ref, f, value)
        if words.address.startswith(scheme):
            found.append((_(f.label), words))
    for one in contents.through:
        words = called(shown(one.field, one.value, around), one.ref, one.field, one.value)
        if words.address.startswith(scheme):
            title = contents.titles.get(one.ref)
            found.append((title.text if title else _(one.field.label), words))
    return found


class QuickActions(QWidget):
    """A few buttons; those that have nothing to act on are not shown."""

    note_wanted = Signal()

    def __init__(self, controller: CardController) -> None:
        super().__init__()
        self._controller = controller
        self.call = Button("", "phone")
        self.write = Button("", "mail")
        self.talk = Button("", "check")
        self.note = Button("", "note")
        self._ref: Ref | None = None
        self._numbers: list[Reach] = []
        self._letters: list[Reach] = []
        self.call.clicked.connect(lambda: self._use(self.call, self._numbers))
        self.write.clicked.connect(lambda: self._use(self.write, self._letters))
        self.note.clicked.connect(self.note_wanted)
        self.talk.clicked.connect(self._log_call)
        for button in (self.talk, self.note):
            controller.rights.follow(button, self._why_no_entry)
        self._words: dict[Button, str] = {}
        self.setLayout(row(self.call, self.talk, self.write, self.note, None, gap=_GAP))
        keep_translated(self, self._say_texts)

    def _why_no_entry(self) -> str:
        contents = self._controller.contents
        shape = contents.activity_shape if contents is not None else None
        part = shape.entity if shape is not None else None
        return self._controller.rights.why(CREATE, part) if part is not None else ""

    def _say_texts(self) -> None:
        self._words = {
            self.call: _("Dial"), self.talk: _("Call result"),
            self.write: _("Letter"), self.note: _("Note"),
        }  # fmt: skip
        for button, word in self._words.items():
            button.setAccessibleName(word)
        self.note.setToolTip(_("Note"))
        self.talk.setToolTip(_("Note what came of a call, and the next step"))
        self._fit()

    def _fit(self) -> None:
        """Says as many words as there is room for; the picture alone stands for the others."""
        said = {b: word for b, word in self._words.items() if b.isVisibleTo(self)}
        for button in (self.note, self.write, self.talk):
            if button in said and self._wide(said) > self.width():
                said[button] = ""
        for button, word in said.items():
            button.setText(word)

    @staticmethod
    def _wide(said: Mapping[Button, str]) -> int:
        wide = sum(button.width_with(word) for button, word in said.items())
        return wide + px(_GAP) * max(0, len(said) - 1)

    def show_contents(self, contents: CardContents, around: Surroundings) -> None:
        """The buttons act on another record."""
        self._numbers = reaches(contents, around, "tel:")
        self._letters = reaches(contents, around, "mailto:")
        self.call.setVisible(bool(self._numbers))
        self.write.setVisible(bool(self._letters))
        self.note.setVisible(contents.activity_shape is not None)
        self._ref = contents.ref
        self.talk.setVisible(contents.activity_shape is not None and bool(self._numbers))
        for button, found in ((self.call, self._numbers), (self.write, self._letters)):
            button.setToolTip(plain_tip(found[0][1].text if found else ""))
        self.setVisible(bool(self._numbers or self._letters or contents.activity_shape))
        self._fit()

    def _log_call(self) -> None:
        if self._ref is not None:
            self._controller.navigator.log_call(self._ref)

    def _use(self, button: Button, found: list[Reach]) -> None:
        if len(found) == 1:
            self._act(found[0][1])
            return
        menu = Menu(self)
        picture = "phone" if button is self.call else "mail"
        for kind, words in found:
            action = menu.addAction(icon(picture), f"{words.text}    {kind}")
            action.triggered.connect(self._actor(words))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.open_below(button)

    def _actor(self, words: Shown) -> Callable[[], None]:
        return lambda: self._act(words)

    def _act(self, words: Shown) -> None:
        if words.address.startswith("tel:"):
            self._controller.call(words.copy, words.address)
        else:
            self._controller.open_address(words.address)

    def sizeHint(self) -> QSize:
        said = {b: word for b, word in self._words.items() if b.isVisibleTo(self)}
        return QSize(self._wide(said), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
