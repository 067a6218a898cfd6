"""Texts that are only read, lines between parts, and the frames of a page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import LEFT, box, elided
from crm_desktop.ui.theme import color, font, line_height, metrics, px, theme
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.layouts import column


class Label(QLabel):
    """A text in one of the type steps and one of the inks; follows the theme by itself."""

    def __init__(
        self,
        text: str = "",
        kind: str = "body",
        ink: str = "text",
        *,
        wrap: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`wrap` breaks lines; `selectable` lets the text be copied with the mouse."""
        super().__init__(text, parent)
        self._kind, self._ink = kind, ink
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._dress()
        theme().theme_changed.connect(self._dress)

    def set_ink(self, ink: str) -> None:
        """Changes the colour to another token."""
        self._ink = ink
        self._dress()

    def _dress(self) -> None:
        self.setFont(font(self._kind))
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, color(self._ink))
        self.setPalette(palette)


class ElidedLabel(QWidget):
    """One line that is cut with an ellipsis when there is no room; the tip shows the whole."""

    def __init__(
        self, text: str = "", kind: str = "body", ink: str = "text", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text, self._kind, self._ink = text, kind, ink
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def text(self) -> str:
        """The whole text."""
        return self._text

    def setText(self, text: str) -> None:  # noqa: N802 - as QLabel has it
        """Shows another text."""
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_ink(self, ink: str) -> None:
        """Changes the colour to another token."""
        self._ink = ink
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(metrics(self._kind).horizontalAdvance(self._text) + 2, line_height(self._kind))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(24), line_height(self._kind))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            cut = metrics(self._kind).horizontalAdvance(self._text) > self.width()
            self.setToolTip(plain_tip(self._text if cut else ""))
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font(self._kind))
        painter.setPen(color(self._ink))
        painter.drawText(self.rect(), LEFT, elided(self._text, self._kind, self.width()))
        painter.end()


class IconLabel(QWidget):
    """A picture beside a text; says nothing to screen readers unless named."""

    def __init__(
        self, icon: str, role: str = "text2", size: int = 20, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon, self._role, self._side = icon, role, size
        self.setFixedSize(px(size), px(size))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_icon_name(self, icon: str, role: str = "") -> None:
        """Shows another icon, in another colour if one is named."""
        self._icon, self._role = icon, role or self._role
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, pixmap(self._icon, self._role, self._side))
        painter.end()


class Rule(QWidget):
    """A line of one pixel, lying or standing, between two parts."""

    def __init__(self, *, upright: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if upright:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("line"))
        painter.end()


class Surface(QFrame):
    """A plain area in one token's colour, with lines on the sides named: any of `ltrb`."""

    def __init__(
        self, ground: str = "surface", lines: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._ground, self._lines = ground, lines

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), color(self._ground))
        wide, tall, ink = self.width(), self.height(), color("line")
        edges = {
            "l": (0, 0, 1, tall), "r": (wide - 1, 0, 1, tall),
            "t": (0, 0, wide, 1), "b": (0, tall - 1, wide, 1),
        }  # fmt: skip
        for side in self._lines:
            painter.fillRect(*edges[side], ink)
        painter.end()


class Tile(QFrame):
    """A rounded box on the page for a figure, a fact or a next step."""

    def __init__(
        self, *, ground: str = "sunken", border: str = "line", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._ground, self._border = ground, border

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box(painter, QRectF(self.rect()), radius=px(10), fill=self._ground, border=self._border)
        painter.end()


class FigureTile(Tile):
    """A caption over a figure: revenue, debt, visits."""

    def __init__(self, caption: str, figure: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._caption = ElidedLabel(caption, "small", "text2")
        self._figure = ElidedLabel(figure, "title")
        self.setLayout(column(self._caption, self._figure, gap=0, margins=(12, 8, 12, 8)))

    def set_texts(self, caption: str, figure: str, ink: str = "text") -> None:
        """Shows another caption and figure."""
        self._caption.setText(caption)
        self._figure.setText(figure)
        self._figure.set_ink(ink)
