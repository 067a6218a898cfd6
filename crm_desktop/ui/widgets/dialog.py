"""The frame of every dialog: a title, a body, verbs at the bottom right, Esc closes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QLayout, QWidget

from crm_desktop.ui.theme import color, px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row


class Dialog(QDialog):
    """Give it a body and buttons. The buttons are verbs; the safe one is the default."""

    grows = False
    """Whether it becomes as high as it would open when more is said in it; else as high as it must
    be, for one with a list that may be small."""

    def __init__(self, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, on=False)
        self.body = body
        self.title = Label(title, "title", wrap=True)
        self._left = row(gap=8)
        self._right = row(gap=8)
        foot = Surface("sunken", "t")
        foot.setLayout(row(self._left, None, self._right, margins=(20, 12, 20, 12)))
        self._foot = foot
        head = column(self.title, body, gap=12, margins=(20, 18, 20, 18))
        head.setStretch(1, 1)  # where there is more room than needed the title stays on top
        whole = column(head, foot, gap=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.setMinimumWidth(px(420))

    def set_title(self, title: str) -> None:
        """The title in another language."""
        self.setWindowTitle(title)
        self.title.setText(title)

    def add_button(self, text: str, *, kind: str = "plain", result: int | None = None) -> Button:
        """A button at the right; with a `result` it closes the dialog with that number.

        Enter in a field presses the primary one: without a default it would press the first.
        """
        button = Button(text, kind=kind)
        button.setAutoDefault(True)
        button.setDefault(kind == "primary")
        self._right.addWidget(button)
        if result is not None:
            button.clicked.connect(lambda: self.done(result))
        return button

    def keep_whole(self, wide: int) -> None:
        """Never smaller than all that stands in it needs at that width in px: Qt opens dialogs at
        two thirds of a small screen and would cut the rest."""
        layout = self.layout()
        self.setMinimumSize(wide, layout.totalHeightForWidth(wide) if layout is not None else 0)

    def sizeHint(self) -> QSize:
        """As wide as it will be at least: Qt reckons the height of wrapped texts by this width."""
        return super().sizeHint().expandedTo(QSize(self.minimumWidth(), 0))

    def _keep_wide(self) -> None:
        """At least as wide as its parts, if the screen is: the width given above would let Qt open
        it narrower, with fields that end at its edge."""
        layout = self.layout()
        needed = layout.totalMinimumSize().width() if layout is not None else 0
        needed = min(needed, self.screen().availableGeometry().width())
        if needed > self.minimumWidth():
            self.setMinimumWidth(needed)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._keep_wide()
        asked = event.type() == QEvent.Type.LayoutRequest
        done = super().event(event)  # what deletes the dialog leaves nothing to be asked
        layout = self.layout() if asked else None
        if layout is not None:
            self._keep_high(layout)
        return done

    def _keep_high(self, layout: QLayout) -> None:
        """High enough for what is said later: else an error is painted over the field above it."""
        wide = self.width()
        least, opened = layout.totalMinimumHeightForWidth(wide), layout.totalHeightForWidth(wide)
        needed = opened if self.grows else min(least, self.screen().availableGeometry().height())
        if needed > self.height():
            self.resize(wide, needed)

    def add_left(self, widget: QWidget) -> None:
        """Something at the left of the buttons: a link, a tick box."""
        self._left.addWidget(widget)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface"))
        painter.end()
