"""Beside the list: what the chosen file looks like, what it is, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from crm_desktop.i18n import _
from crm_desktop.ui.files.delegate import SIGNS
from crm_desktop.ui.files.previews import Preview
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.painting import box, tone_colors
from crm_desktop.ui.theme import color, font, px
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.labels import ElidedLabel, Label, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.strips import Skeleton

if TYPE_CHECKING:
    from crm_desktop.services.files.rows import FileRow

_GAP = 12


class Pages(QWidget):
    """Pictures one below the other, each as wide as there is room but not wider than it is."""

    def __init__(self) -> None:
        super().__init__()
        self._images: tuple[QImage, ...] = ()
        self.tallest = 0
        """A single picture is made no taller than this; 0: as tall as it comes."""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_images(self, images: tuple[QImage, ...]) -> None:
        """Shows these."""
        self._images = images
        self.updateGeometry()
        self.setMinimumHeight(self.heightForWidth(max(1, self.width())))
        self.update()

    def _sizes(self, width: int) -> list[QSize]:
        most = max(1, width - 2 * px(_GAP))
        found = []
        for image in self._images:
            wide = min(most, image.width())
            if self.tallest and len(self._images) == 1:
                wide = min(wide, max(1, self.tallest * image.width() // image.height()))
            found.append(QSize(wide, max(1, round(image.height() * wide / image.width()))))
        return found

    def heightForWidth(self, width: int) -> int:
        return px(_GAP) + sum(size.height() + px(_GAP) for size in self._sizes(width))

    def sizeHint(self) -> QSize:
        return QSize(px(300), self.heightForWidth(px(300)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setMinimumHeight(self.heightForWidth(self.width()))
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        top = px(_GAP)
        for image, size in zip(self._images, self._sizes(self.width()), strict=True):
            target = QRectF((self.width() - size.width()) / 2, top, size.width(), size.height())
            if target.intersects(QRectF(event.rect())):
                painter.drawImage(target, image)
                box(painter, target, radius=0, border="line")
            top += size.height() + px(_GAP)
        painter.end()


class Sign(QWidget):
    """A file that cannot be seen into: its icon on a soft ground."""

    def __init__(self) -> None:
        super().__init__()
        self.kind = "other"
        self.setFixedSize(px(112), px(112))

    def paintEvent(self, event: QPaintEvent) -> None:
        name, tone = SIGNS.get(self.kind, SIGNS["other"])
        ink, soft = tone_colors(tone)
        painter = QPainter(self)
        box(painter, QRectF(self.rect()), radius=px(16), fill=soft)
        spot = (self.width() - px(48)) // 2
        painter.drawPixmap(spot, spot, pixmap(name, ink.name(), 48))
        painter.end()


class PreviewPane(Surface):
    """One file at a time."""

    open_asked = Signal()
    save_asked = Signal()
    more_asked = Signal(QWidget)

    def __init__(self) -> None:
        super().__init__("sunken", "l")
        self._name = ElidedLabel("", "strong")
        self._detail = ElidedLabel("", "small", "text3")
        self.open_button = Button("", "open")
        self.save_button = ToolButton("save", "")
        self.more = ToolButton("more", "")
        self._note = Label("", "small", "text2", wrap=True)
        self._pages = Pages()
        self._scroll = _scrolling(self._pages)
        self._text = QPlainTextEdit()
        self._make_text()
        self._sign = Sign()
        self._why = Label("", "body", "text2", wrap=True)
        self._why.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        empty = QWidget()
        empty.setLayout(column(None, row(None, self._sign, None), 8, self._why, None, None,
                               margins=(24, 8, 24, 8)))  # fmt: skip
        self._wait = Skeleton(5)
        self.stack = QStackedWidget()
        for page in (self._scroll, self._text, empty, self._wait):
            self.stack.addWidget(page)
        self._empty = empty
        names = column(self._name, self._detail, gap=2)
        head = row(names, self.open_button, self.save_button, self.more, gap=4,
                   margins=(16, 10, 8, 6))  # fmt: skip
        head.setStretch(0, 1)
        whole = column(head, row(self._note, margins=(16, 0, 16, 4)), self.stack, gap=0)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.open_button.clicked.connect(self.open_asked)
        self.save_button.clicked.connect(self.save_asked)
        self.more.clicked.connect(lambda: self.more_asked.emit(self.more))
        keep_translated(self, self._say_texts)

    def _make_text(self) -> None:
        self._text.setReadOnly(True)
        self._text.setFrameShape(QFrame.Shape.NoFrame)
        self._text.setFont(font("body"))
        self._text.setAccessibleName(_("Text of the file"))
        self._text.viewport().setAutoFillBackground(False)
        self._text.document().setDocumentMargin(px(16))

    def _say_texts(self) -> None:
        self.open_button.setText(_("Open"))
        self.save_button.set_tip(_("Save as…"), "Ctrl+S")
        self.more.set_tip(_("More"))

    def show_file(self, file: FileRow, detail: str) -> None:
        """Names the file; what it looks like comes later."""
        self._name.setText(file.name)
        self._detail.setText(detail)
        self._sign.kind = file.kind
        self.open_button.setVisible(file.kind != "program")
        self._note.hide()
        self.stack.setCurrentWidget(self._wait)

    def show_preview(self, preview: Preview) -> None:
        """What the worker has made."""
        self._note.setText(preview.note)
        self._note.setVisible(
            bool(preview.note) and (bool(preview.images) or preview.text is not None)
        )
        if preview.images:
            self._fit(preview)
            self._pages.set_images(preview.images)
            self._scroll.verticalScrollBar().setValue(0)
            self.stack.setCurrentWidget(self._scroll)
        elif preview.text is not None:
            self._text.setPlainText(preview.text)
            self.stack.setCurrentWidget(self._text)
        else:
            self._why.setText(preview.note or _("There is no preview of such files."))
            self._sign.update()
            self.stack.setCurrentWidget(self._empty)

    def _fit(self, preview: Preview) -> None:
        """A photograph is seen whole, a page of a document as wide as can be."""
        room = self.stack.height() - 2 * px(_GAP)
        self._pages.tallest = room if self._sign.kind == "image" and room > px(80) else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("sunken"))
        painter.fillRect(0, 0, 1, self.height(), color("line"))
        painter.end()


def _scrolling(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    area.viewport().setAutoFillBackground(False)
    inside.setAutoFillBackground(False)
    return area
