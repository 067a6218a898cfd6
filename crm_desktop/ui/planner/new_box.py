"""The small panel over the grid that makes something new where the time was swept over."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row


class NewBox(QWidget):
    """What and of which kind; Enter makes it, "More" goes on in the whole form."""

    made = Signal(str, str)
    """(subject, kind)"""
    more = Signal(str, str)

    def __init__(self, when: str, kinds: list[tuple[str, object]], usual: str) -> None:
        super().__init__()
        self.subject = LineEdit(name=_("What"), placeholder=_("What is planned?"))
        self.kind = ComboBox(name=_("Kind"))
        self.kind.set_choices(kinds, usual)
        self.go = Button(_("Plan"), kind="primary")
        rest = Button(_("More…"), kind="ghost")
        self._why = Label("", "small", "bad", wrap=True)
        self._why.hide()
        self.go.clicked.connect(self.make)
        rest.clicked.connect(lambda: self._emit(self.more))
        self._when = Label(when, "small", "text2", wrap=True)
        self._parts = column(
            self._when, self.subject, self.kind, self._why, row(None, rest, self.go, gap=8), gap=8
        )
        self.setLayout(self._parts)
        self.setFixedWidth(px(340))
        self.setFocusProxy(self.subject)

    def put(self, widget: QWidget) -> None:
        """Something more to be asked, above the buttons."""
        self._parts.insertWidget(self._parts.count() - 1, widget)

    def set_when(self, when: str) -> None:
        """Another time was chosen."""
        self._when.setText(when)

    def say(self, why: str) -> None:
        """Why it was not made."""
        self._why.setText(why)
        self._why.show()
        self.subject.setAccessibleDescription(why)

    def make(self) -> None:
        """As the button does."""
        self._emit(self.made)

    def _emit(self, signal: object) -> None:
        signal.emit(self.subject.text().strip(), str(self.kind.value()))  # type: ignore[attr-defined]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.make()
            return
        super().keyPressEvent(event)
