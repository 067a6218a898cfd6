"""What a page shows when it has nothing to show: what will be here, and what to do."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import box
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row

_WIDEST = 460
_EDGE = 20


class _Disc(QWidget):
    def __init__(self, icon: str) -> None:
        super().__init__()
        self.icon = icon
        self.setFixedSize(px(88), px(88))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box(painter, QRectF(self.rect()), radius=self.height() / 2, fill="accent_soft")
        side = px(40)
        spot = (self.width() - side) // 2
        painter.drawPixmap(spot, spot, pixmap(self.icon, "accent_text", 40))
        painter.end()


class EmptyState(QWidget):
    """A picture, a title, a sentence, one primary and one secondary action."""

    primary = Signal()
    secondary = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._disc = _Disc("object-box")
        self._title = Label("", "title")
        self._text = Label("", "body", "text2", wrap=True)
        self._text.setFixedWidth(px(_WIDEST))
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.primary_button = Button("", kind="primary")
        self.secondary_button = Button("")
        self.primary_button.clicked.connect(self.primary)
        self.secondary_button.clicked.connect(self.secondary)
        buttons = row(None, self.primary_button, self.secondary_button, None)
        centred = row(None, self._text, None)
        disc = row(None, self._disc, None)
        self.setLayout(column(None, disc, 6, self._title, centred, 6, buttons, None, None))

    def set_texts(self, icon: str, title: str, text: str) -> None:
        """What is not there yet and why that is all right."""
        self._disc.icon = icon
        self._title.setText(title)
        self._text.setText(text)
        self._disc.update()

    def set_actions(
        self, primary: tuple[str, str] = ("", ""), secondary: tuple[str, str] = ("", "")
    ) -> None:
        """(word, icon) of the two buttons; an empty word hides the button."""
        for button, (word, icon) in (
            (self.primary_button, primary),
            (self.secondary_button, secondary),
        ):
            button.setText(word)
            button.set_icon_name(icon)
            button.setVisible(bool(word))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._text.setFixedWidth(max(px(80), min(px(_WIDEST), self.width() - 2 * px(_EDGE))))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), super().minimumSizeHint().height())
