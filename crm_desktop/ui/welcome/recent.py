"""The bases that were open lately: name, where, when; those that are gone are marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.backend.connect import is_server_address
from crm_desktop.services.clock import Clock
from crm_desktop.settings import RECENT_BASES, Settings, name_of_base
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import LEFT, RIGHT, box, elided, focus_ring
from crm_desktop.ui.theme import color, font, line_height, metrics, px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import ToolButton, focus_by_key, pressed_by_enter
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column


@dataclass(frozen=True)
class RecentBase:
    """A base that was open: `moment` is when its file was last written, if that is known."""

    address: str
    moment: datetime | None = None
    missing: bool = False
    title: str = ""
    """What the office calls it, where that is known."""

    @property
    def on_server(self) -> bool:
        """Whether it is no file."""
        return is_server_address(self.address)

    @property
    def name(self) -> str:
        """The name alone."""
        place = self.address.rpartition("/")[2] if self.on_server else self.address
        return self.title or Path(place).stem

    @property
    def place(self) -> str:
        """The folder, or the server without the password."""
        if self.on_server:
            return self.address.partition("://")[2].rpartition("@")[2].partition("/")[0]
        return _short(Path(self.address).parent)


def _short(folder: Path) -> str:
    """`~` for the folder of the person, as everybody knows it from the shell."""
    try:
        return str("~" / folder.relative_to(Path.home()))
    except ValueError:
        return str(folder)


def look_up(settings: Settings) -> list[RecentBase]:
    """What is known of the recent bases; it asks the disk, so it is for a worker."""
    return [
        _look(address, name_of_base(settings, address)) for address in settings.get(RECENT_BASES)
    ]


def _look(address: str, title: str) -> RecentBase:
    if is_server_address(address):
        return RecentBase(address, title=title)
    try:
        written = Path(address).stat().st_mtime
    except OSError:
        return RecentBase(address, missing=True)
    return RecentBase(address, datetime.fromtimestamp(written, UTC))


class RecentRow(QAbstractButton):
    """One base: a click opens it, the cross takes it out of the list."""

    removed = Signal(str)

    def __init__(self, base: RecentBase) -> None:
        super().__init__()
        self.base, self._ring, self._when = base, False, ""
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.cross = ToolButton("close", _("Take out of the list"), size=28)
        self.cross.setParent(self)
        self.cross.clicked.connect(lambda: self.removed.emit(self.base.address))
        self._say()

    def _say(self) -> None:
        if self.base.missing:
            self._when = _("Not found")
        elif self.base.moment is not None:
            from crm_desktop.models.text.date_formats import format_datetime

            now = Clock().local()
            language = i18n.language()
            self._when = format_datetime(self.base.moment, language, zone=now.tzinfo, now=now)
        else:
            self._when = _("On a server")
        self.setAccessibleName(", ".join((self.base.name, self.base.place, self._when)))
        self.setToolTip(plain_tip(self.base.address if not self.base.on_server else ""))

    def sizeHint(self) -> QSize:
        return QSize(px(400), px(48))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self.cross.height()
        self.cross.move(self.width() - side - px(8), (self.height() - side) // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect, missing = QRectF(self.rect()), self.base.missing
        if self.underMouse() and self.isEnabled():
            box(painter, rect, radius=px(8), fill="hover")
        icon = "database-warning" if missing else "link" if self.base.on_server else "database"
        top = (self.height() - px(20)) // 2
        painter.drawPixmap(px(12), top, pixmap(icon, "warn" if missing else "text2", 20))
        right = self.width() - px(48)
        painter.setFont(font("small"))
        painter.setPen(color("warn" if missing else "text3"))
        wide = metrics("small").horizontalAdvance(self._when)
        painter.drawText(QRectF(right - wide, 0, wide, self.height()), RIGHT, self._when)
        self._paint_name(painter, px(44), right - wide - px(16))
        if self._ring and self.hasFocus():
            focus_ring(painter, rect, px(8))
        painter.end()

    def _paint_name(self, painter: QPainter, left: int, right: int) -> None:
        name, place = line_height("strong"), line_height("small")
        top = (self.height() - name - place) // 2
        wide = right - left
        painter.setFont(font("strong"))
        painter.setPen(color("text3" if self.base.missing else "text"))
        painter.drawText(
            QRectF(left, top, wide, name), LEFT, elided(self.base.name, "strong", wide)
        )
        painter.setFont(font("small"))
        painter.setPen(color("text3"))
        text = metrics("small").elidedText(self.base.place, Qt.TextElideMode.ElideMiddle, wide)
        painter.drawText(QRectF(left, top + name, wide, place), LEFT, text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = focus_by_key(event, self._ring)
        super().focusInEvent(event)


class RecentBases(QWidget):
    """The list; hidden while there is nothing in it."""

    chosen = Signal(str)
    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._title = Label("", "strong")
        self._list = column(gap=2)
        self.rows: list[RecentRow] = []
        self.setLayout(column(self._title, self._list, gap=6))
        self.hide()

    def set_bases(self, bases: Sequence[RecentBase]) -> None:
        """Shows these, in the language of the moment."""
        self._title.setText(_("Recent bases"))
        for old in self.rows:
            self._list.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = [RecentRow(base) for base in bases]
        for made in self.rows:
            made.clicked.connect(lambda _on=False, r=made: self.chosen.emit(r.base.address))
            made.removed.connect(self.removed)
            self._list.addWidget(made)
        self.setVisible(bool(bases))
