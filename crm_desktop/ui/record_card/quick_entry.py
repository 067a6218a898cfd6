"""The box on top of a timeline: what kind, what happened, saved with Ctrl+Enter."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.abilities import ActivityShape
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import Segment
from crm_desktop.ui.widgets.inputs import TextEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row


class QuickEntry(QWidget):
    """What is typed for one record waits for it while another is looked at."""

    entered = Signal(str, str)
    """(key of the kind, text): please save it; `clear` once that is done."""

    def __init__(self, shape: ActivityShape) -> None:
        super().__init__()
        self._shape = shape
        self._ref: Ref | None = None
        self._waiting: dict[Ref, str] = {}
        self.kind = Segment([("", "")], name="")
        self.text = TextEdit(name="", lines=2, most=8)
        self.button = Button("", kind="primary")
        self._hint = Label("", "small", "text3")
        self.button.clicked.connect(self._enter)
        self.text.text_changed.connect(self._typed)
        self.kind.chosen.connect(lambda _kind: self._say_texts())
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self._enter)
        foot = row(self._hint, None, self.button)
        self.setLayout(column(row(self.kind, None), self.text, foot, gap=8))
        keep_translated(self, self._say_texts)
        self._typed()

    def _say_texts(self) -> None:
        kind = self._shape.kind
        choices: list[tuple[str, object]] = []
        if kind is not None:
            choices = [(_(c.label), c.key) for c in kind.choices]
        if choices:
            self.kind.set_choices(choices)
        self.kind.setVisible(len(choices) > 1)
        self.text.edit.setAccessibleName(_("What happened"))
        self.text.edit.setPlaceholderText(_("What happened? The first line becomes the title"))
        self.button.setText(_("Save"))
        self._hint.setText(_("Ctrl+Enter saves"))

    def set_record(self, ref: Ref) -> None:
        """The box belongs to another record now."""
        if ref == self._ref:
            return
        if self._ref is not None and self.text.text().strip():
            self._waiting[self._ref] = self.text.text()
        self._ref = ref
        self.text.set_text(self._waiting.pop(ref, ""))
        self._typed()

    def start(self, kind: str = "") -> None:
        """Takes the keyboard, with a kind chosen beforehand."""
        if kind:
            self.kind.set_value(kind)
        self.text.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """It was saved."""
        self.text.set_text("")
        self.set_busy(False)

    def set_busy(self, busy: bool) -> None:
        """It is being saved, or that did not work out and the text stays."""
        self.text.set_read_only(busy)
        self.button.setEnabled(not busy and bool(self.text.text().strip()))

    def is_changed(self) -> bool:
        """Whether something is typed that is not saved."""
        return bool(self.text.text().strip() or self._waiting)

    def _typed(self) -> None:
        filled = bool(self.text.text().strip())
        self.button.setEnabled(filled)
        self._hint.setVisible(filled)

    def _enter(self) -> None:
        text = self.text.text().strip()
        if text and self.button.isEnabled():
            self.set_busy(True)
            self.entered.emit(str(self.kind.value() or ""), text)
