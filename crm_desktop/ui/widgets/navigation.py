"""The panel at the left of the window: sections of the base, saved lists, state and user.

It knows no section by name: it shows the items it is given and tells which one was chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from crm_desktop.ui import painting
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import LEFT, RIGHT, box, elided, focus_ring
from crm_desktop.ui.theme import color, font, metrics, px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import ToolButton, focus_by_key
from crm_desktop.ui.widgets.labels import Label, Rule, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.nav_area import PanelArea
from crm_desktop.ui.widgets.nav_moving import LineMoving

WIDE, NARROW = 224, 56


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place to go: `section` is the heading it stands under, empty for the main ones."""

    key: str
    icon: str
    title: str
    count: str = ""
    section: str = ""


class _PanelButton(QAbstractButton):
    """What is painted by hand in the panel and works as a button."""

    def __init__(self, name: str, height: int) -> None:
        super().__init__()
        self.ring = False
        self.narrow = False
        self.setAccessibleName(name)
        self.setFixedHeight(px(height))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_narrow(self, narrow: bool) -> None:
        """Only the icon; the word becomes the tip."""
        self.narrow = narrow
        self.setToolTip(plain_tip(self.accessibleName() if narrow else ""))
        self.update()

    def paint_ground(self, painter: QPainter, *, selected: bool = False) -> QRectF:
        """Paints the rounded ground and gives its rectangle."""
        rect = QRectF(self.rect()).adjusted(px(8), 1, -px(8), -1)
        if selected:
            box(painter, rect, fill="select")
        elif self.underMouse():
            box(painter, rect, fill="pressed" if self.isDown() else "hover")
        if self.ring and self.hasFocus():
            focus_ring(painter, rect)
        return rect

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.ring = focus_by_key(event, self.ring)
        super().focusInEvent(event)


class _ItemButton(_PanelButton):
    """Icon, word, counter; the current one has the mark and a filled icon."""

    def __init__(self, item: NavItem) -> None:
        super().__init__(item.title, 36 if not item.section else 34)
        self.item = item
        self.setCheckable(True)
        self.set_item(item)

    def set_item(self, item: NavItem) -> None:
        """Shows another counter or word."""
        self.item = item
        self.setAccessibleName(f"{item.title} {item.count}".strip())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on, item = self.isChecked(), self.item
        rect = self.paint_ground(painter, selected=on)
        if on:
            mark = QRectF(rect.left(), rect.center().y() - px(9), px(3), px(18))
            box(painter, mark, radius=1.5, fill="accent")
        picture = pixmap(item.icon + ("!" if on else ""), "accent_text" if on else "text2", 20)
        left = (self.width() - px(20)) // 2 if self.narrow else px(20)
        painter.drawPixmap(left, int(rect.center().y() - px(10) + 0.5), picture)
        if not self.narrow:
            self._paint_words(painter, rect, on=on)
        painter.end()

    def _kind(self) -> str:
        """The type of its word: saved views stand below sections, and have longer names."""
        if self.item.section:
            return "small"
        return "strong" if self.isChecked() else "body"

    def _counter(self) -> int:
        count = self.item.count
        return metrics("small").horizontalAdvance(count) + px(8) if count else 0

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and not self.narrow:
            room = self.width() - px(68) - self._counter()
            whole = metrics(self._kind()).horizontalAdvance(self.item.title) <= room
            self.setToolTip(plain_tip("" if whole else self.item.title))
        return super().event(event)

    def _paint_words(self, painter: QPainter, rect: QRectF, *, on: bool) -> None:
        item, kind, counter = self.item, self._kind(), self._counter()
        text = rect.adjusted(px(42), 0, -px(10), 0)
        painter.setFont(font("small"))
        painter.setPen(color("accent_text" if on else "text3"))
        painter.drawText(text, RIGHT, item.count)
        painter.setFont(font(kind))
        quiet = "text2" if item.section else "text"
        painter.setPen(color("accent_text" if on else quiet))
        painter.drawText(text, LEFT, elided(item.title, kind, text.width() - counter))


class _BaseButton(_PanelButton):
    """Which base is open, under the mark of the program."""

    def __init__(self) -> None:
        super().__init__("", 56)
        self.name, self.place = "", ""

    def set_narrow(self, narrow: bool) -> None:
        """Names of offices may be longer than the panel is wide: the tip says them whole."""
        super().set_narrow(narrow)
        self.setToolTip(plain_tip(self.accessibleName()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_ground(painter)
        side = px(28)
        top = (self.height() - side) / 2
        mark = QRectF((self.width() - side) / 2 if self.narrow else px(16), top, side, side)
        box(painter, mark, radius=px(7), fill="accent")
        painter.setPen(painting.stroke("on_accent", px(2.4)))
        painting.tick(painter, mark.adjusted(2, 2, -2, -2))
        if not self.narrow:
            room = self.width() - px(54 + 44)
            painter.setFont(font("strong"))
            painter.setPen(color("text"))
            name = QRectF(px(54), top - px(3), room, px(18) if self.place else px(34))
            painter.drawText(name, LEFT, elided(self.name, "strong", room))
            painter.setFont(font("caption"))
            painter.setPen(color("text3"))
            place = QRectF(px(54), top + px(14), room, px(16))
            painter.drawText(place, LEFT, elided(self.place, "caption", room))
            chevron = pixmap("chevron-down", "text3", 16)
            painter.drawPixmap(self.width() - px(36), (self.height() - px(16)) // 2, chevron)
        painter.end()


class _StateButton(_PanelButton):
    """The state of the base in one line: last copy, offline."""

    def __init__(self) -> None:
        super().__init__("", 34)
        self.icon, self.text, self.tone = "database", "", "text2"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = self.paint_ground(painter)
        left = (self.width() - px(20)) // 2 if self.narrow else px(20)
        top = int(rect.center().y() - px(10) + 0.5)
        painter.drawPixmap(left, top, pixmap(self.icon, self.tone, 20))
        if not self.narrow:
            text = rect.adjusted(px(42), 0, -px(6), 0)
            painter.setFont(font("small"))
            painter.setPen(color("text2"))
            painter.drawText(text, LEFT, elided(self.text, "small", text.width()))
        painter.end()


class _UserButton(_PanelButton):
    """Who is working, and as what."""

    def __init__(self) -> None:
        super().__init__("", 46)
        self.name, self.role, self.unknown = "", "", False
        self.face: QPixmap | None = None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_ground(painter)
        side = px(30)
        top = (self.height() - side) / 2
        left = (self.width() - side) / 2 if self.narrow else px(16)
        self._paint_face(painter, QRectF(left, top, side, side))
        if not self.narrow:
            room = self.width() - px(54 + 16)
            painter.setFont(font("strong"))
            painter.setPen(color("text"))
            rect = (
                QRectF(px(54), top - 1, room, px(18))
                if self.role
                else QRectF(px(54), top, room, side)
            )
            painter.drawText(rect, LEFT, elided(self.name, "strong", room))
            painter.setFont(font("caption"))
            painter.setPen(color("text3"))
            below = QRectF(px(54), top + px(15), room, px(16))
            painter.drawText(below, LEFT, elided(self.role, "caption", room))
        painter.end()

    def _paint_face(self, painter: QPainter, spot: QRectF) -> None:
        """The picture, else initials; a question has none."""
        if not self.unknown:
            painting.portrait(painter, spot, self.name, self.face)
        else:
            number = painting.name_category(self.name)
            painting.avatar(painter, spot, "", number=number, square=False)
            place = spot.center() - QPointF(px(9), px(9))
            painter.drawPixmap(place.toPoint(), pixmap("user", "text2", 18))


class NavigationPanel(Surface):
    """224 px of icons with words, or 56 px of icons. Up and Down move between the items."""

    activated = Signal(str)
    base_asked = Signal()
    state_asked = Signal()
    user_asked = Signal()
    settings_asked = Signal()
    menu_asked = Signal(str, QPoint)
    """(key, place on the screen): a right click on an item."""
    arranged = Signal(object)
    """The keys of a section in another order: carried there, or by Alt with an arrow."""

    def __init__(self, *, name: str) -> None:
        """`name` is what screen readers say."""
        super().__init__("chrome", "r")
        self.setAccessibleName(name)
        self._items: tuple[NavItem, ...] = ()
        self._buttons: dict[str, _ItemButton] = {}
        self._current = ""
        self._narrow = False
        self._moving = LineMoving(self, self._section_of)
        self._moving.moved.connect(self.arranged)
        self._base, self._state, self._user = _BaseButton(), _StateButton(), _UserButton()
        self._settings = ToolButton("settings", "")
        self._base.clicked.connect(self.base_asked)
        self._state.clicked.connect(self.state_asked)
        self._user.clicked.connect(self.user_asked)
        self._settings.clicked.connect(self.settings_asked)
        for unknown in (self._state, self._user):
            unknown.hide()
        self._area = PanelArea()
        self._bottom = row(self._user, self._settings, gap=0)
        self._bottom.setStretch(0, 1)
        layout = column(self._base, self._area, Rule(), 4, self._state, self._bottom, 8, gap=0)
        layout.setContentsMargins(0, 0, 1, 0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.set_collapsed(False)

    # --- what is shown ----------------------------------------------------------------------------

    def set_items(self, items: Sequence[NavItem]) -> None:
        """Replaces the items; those with the same keys in the same order only change."""
        old = [(i.key, i.section) for i in self._items]
        self._items = tuple(items)
        if old == [(i.key, i.section) for i in self._items]:
            for item in self._items:
                self._buttons[item.key].set_item(item)
            return
        self._build()

    def items(self) -> tuple[NavItem, ...]:
        """What is shown."""
        return self._items

    def set_current(self, key: str) -> None:
        """Marks an item without telling; an unknown key marks none."""
        self._current = key
        for known, button in self._buttons.items():
            button.setChecked(known == key)

    def set_base(self, name: str, place: str) -> None:
        """The base that is open, and where it is."""
        self._base.name, self._base.place = name, place
        self._base.setAccessibleName(f"{name}, {place}" if place else name)
        self._base.set_narrow(self._narrow)

    def set_state(self, icon: str, text: str, tone: str = "text2") -> None:
        """One line about the base; an empty text hides it. `tone` is a token."""
        self._state.icon, self._state.text, self._state.tone = icon, text, tone
        self._state.setAccessibleName(text)
        self._state.setVisible(bool(text))
        self._state.set_narrow(self._narrow)

    def set_user(
        self, name: str, role: str = "", *, settings_tip: str = "", unknown: bool = False
    ) -> None:
        """Who works here; `settings_tip` names the cogwheel. `unknown`: the name is a question."""
        self._user.name, self._user.role, self._user.unknown = name, role, unknown
        self._user.setAccessibleName(f"{name}, {role}" if role else name)
        self._user.setVisible(bool(name))
        self._user.set_narrow(self._narrow)
        self._settings.set_tip(settings_tip)

    def set_face(self, face: QPixmap | None) -> None:
        """The picture of who works here; initials where there is none."""
        self._user.face = face
        self._user.update()

    def set_collapsed(self, collapsed: bool) -> None:
        """Icons only, for narrow windows."""
        self._narrow = collapsed
        self.setFixedWidth(px(NARROW if collapsed else WIDE) + 1)
        self._settings.setVisible(not collapsed)
        self._bottom.setContentsMargins(0, 0, 0 if collapsed else px(8), 0)
        for button in (self._base, self._state, self._user, *self._buttons.values()):
            button.set_narrow(collapsed)
        for heading in self._area.inside.findChildren(QWidget, "heading"):
            heading.setVisible(not collapsed)

    def collapsed(self) -> bool:
        """Whether only icons are shown."""
        return self._narrow

    # --- inside -----------------------------------------------------------------------------------

    def _build(self) -> None:
        parts: list[QWidget | int | None] = []
        self._buttons = {}
        section = ""
        for item in self._items:
            if item.section != section:
                section = item.section
                parts.append(self._heading(section))
            button = _ItemButton(item)
            button.clicked.connect(lambda _on=False, key=item.key: self._choose(key))
            button.installEventFilter(self._moving)
            self._buttons[item.key] = button
            parts.append(button)
        self._area.fill(column(*parts, None, gap=0))
        self.set_current(self._current)
        self.set_collapsed(self._narrow)

    def _heading(self, section: str) -> QWidget:
        heading = QWidget()
        heading.setObjectName("heading")
        caption = Label(section.upper(), "caption", "text3")
        heading.setLayout(row(caption, None, margins=(20, 12, 12, 2)))
        return heading

    def _choose(self, key: str) -> None:
        self.set_current(key)
        self.activated.emit(key)

    def _section_of(self, button: QObject) -> list[tuple[str, QAbstractButton]]:
        """The lines under one heading; the main ones stay where they are."""
        own = button.item.section if isinstance(button, _ItemButton) else ""
        return [(i.key, self._buttons[i.key]) for i in self._items if own and i.section == own]

    def _focused(self) -> str:
        return next((k for k, b in self._buttons.items() if b.hasFocus()), "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        focused, keys = self._focused(), list(self._buttons)
        if event.key() in steps and focused:
            place = keys.index(focused) + steps[Qt.Key(event.key())]
            if 0 <= place < len(keys):
                self._buttons[keys[place]].setFocus(Qt.FocusReason.TabFocusReason)
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and focused:
            self._choose(focused)
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        over = self.childAt(event.pos())
        if isinstance(over, _ItemButton):
            self.menu_asked.emit(over.item.key, event.globalPos())
