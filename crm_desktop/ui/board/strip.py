"""The strip "Stuck": what waits for somebody, what it costs, and whom to call."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QPainter
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.holding import is_held
from crm_desktop.services.board.cards import LATE, STUCK, Found
from crm_desktop.services.board.stuck import Stuck, Waiting
from crm_desktop.ui import icons
from crm_desktop.ui.board import words
from crm_desktop.ui.board.controller import BoardController
from crm_desktop.ui.board.row_list import RowList
from crm_desktop.ui.dialling import dial_hidden
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.painting import LEFT, RIGHT, box, focus_ring
from crm_desktop.ui.theme import color, font, metrics, px
from crm_desktop.ui.widgets.buttons import ToolButton
from crm_desktop.ui.widgets.labels import Label, Rule, Surface
from crm_desktop.ui.widgets.layouts import column, row

WIDE, ROW = 296, 90


class StuckList(RowList):
    """A row a deal, painted; its telephone is a place of its own."""

    called = Signal(object)
    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__(ROW)
        self.rows: list[Stuck] = []
        self.found: Found | None = None

    def show_rows(self, rows: list[Stuck], found: Found) -> None:
        """Other rows."""
        self.rows, self.found = rows, found
        self.set_count(len(rows))

    def why(self, one: Stuck) -> str:
        """What is wrong with a deal, in words."""
        if self.found is None:
            return ""
        parts = []
        if STUCK in self.found.marks(one.card):
            parts.append(words.stuck(self.found.days_in_stage(one.card)))
        if not one.card.next_at:
            parts.append(_("No next step"))
        elif LATE in self.found.marks(one.card):
            parts.append(_("The next step is overdue"))
        return " · ".join(parts)

    def words_of(self, number: int) -> str:
        one = self.rows[number]
        return ", ".join(part for part in (one.card.name, one.client, self.why(one),
                                           one.reach.phone) if part)  # fmt: skip

    def phone_rect(self, number: int) -> QRect:
        """Where the telephone of a row is pressed, in the viewport."""
        wide = metrics("small").horizontalAdvance(self.rows[number].reach.phone) + px(34)
        return QRect(px(10), self.top_of(number) + px(60), wide, px(26))

    def act(self, number: int, *, second: bool) -> None:
        one = self.rows[number]
        if second and one.reach.phone:
            self.called.emit(one)
        elif not second:
            self.opened.emit(one)

    def is_second(self, number: int, x: int, y: int) -> bool:
        return bool(self.rows[number].reach.phone) and self.phone_rect(number).contains(x, y)

    def paint_row(self, painter: QPainter, number: int, rect: QRectF) -> None:
        one, found = self.rows[number], self.found
        if found is None:
            return
        if number == self.hovered:
            box(painter, rect.adjusted(px(4), 1, -px(4), -1), radius=px(6), fill="hover")
        if number == self.current and self.hasFocus():
            focus_ring(painter, rect.adjusted(px(4), 1, -px(4), -1), px(6))
        room = rect.adjusted(px(16), px(6), -px(14), 0)
        line = QRectF(room.left(), room.top(), room.width(), px(20))
        money = words.amount(found, one.card)
        wide = metrics("strong").horizontalAdvance(money) + px(10) if money else 0
        self._text(painter, line, money, "strong", "text", RIGHT)
        left = line.adjusted(0, 0, -wide, 0)
        self._text(painter, left, one.card.name, "strong", "text")
        line.translate(0, px(19))
        said = " · ".join(part for part in (one.client, one.who) if part)
        self._text(painter, line, said, "small", "text2")
        line.translate(0, px(17))
        ink = "bad" if STUCK in found.marks(one.card) else "warn"
        self._text(painter, line, self.why(one), "small", ink)
        if one.reach.phone:
            self._paint_phone(painter, number, one)

    def _paint_phone(self, painter: QPainter, number: int, one: Stuck) -> None:
        spot = QRectF(self.phone_rect(number))
        if number == self.hovered and self.over_second:
            box(painter, spot, radius=px(6), fill="accent_soft")
        picture = icons.pixmap("phone", "accent_text", 16)
        side = px(16)
        where = QRectF(spot.left() + px(6), spot.center().y() - side / 2, side, side)
        painter.drawPixmap(where, picture, QRectF(picture.rect()))
        spot.setLeft(where.right() + px(6))
        self._text(painter, spot, one.reach.phone, "small", "accent_text")

    @staticmethod
    def _text(
        painter: QPainter, line: QRectF, text: str, kind: str, ink: str, side: int = LEFT
    ) -> None:
        painter.setFont(font(kind))
        painter.setPen(color(ink))
        cut = metrics(kind).elidedText(
            text, Qt.TextElideMode.ElideRight, max(0, int(line.width()))
        )  # fmt: skip
        painter.drawText(line, side, cut)


class StuckStrip(Surface):
    """The list at the right of the board, the dearest first."""

    closed = Signal()

    def __init__(self, controller: BoardController) -> None:
        super().__init__("surface", "l")
        self._controller = controller
        self._waiting: Waiting | None = None
        self.title, self.close_button = Label("", "strong"), ToolButton("close", "", size=28)
        self.close_button.clicked.connect(self.closed)
        self.cost = Label("", "title", wrap=True)
        self.detail = Label("", "small", "text2", wrap=True)
        self.list = StuckList()
        self.list.opened.connect(self._open)
        self.list.called.connect(self._call)
        head = QWidget()
        head.setLayout(column(row(self.title, None, self.close_button), self.cost, self.detail,
                              gap=2, margins=(16, 10, 8, 10)))  # fmt: skip
        whole = column(head, Rule(), self.list, gap=0)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.setFixedWidth(px(WIDE))
        controller.waiting_came.connect(self.show_waiting)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.title.setText(_("Stuck"))
        self.close_button.set_tip(_("Hide what is stuck"))
        self.list.setAccessibleName(_("What is stuck: Enter opens, Ctrl+Enter calls"))
        self.list.setToolTip(_("Enter opens, Ctrl+Enter calls"))
        if self._waiting is not None:
            self.show_waiting(self._waiting)

    def show_waiting(self, waiting: Waiting) -> None:
        """The rows anew; the sums are those of everything that waits."""
        found = self._controller.found
        if found is None:
            return
        self._waiting = waiting
        self.list.show_rows(list(waiting.rows), found)
        count = waiting.totals.count
        self.cost.setText(words.sums(waiting.totals.sums))
        self.cost.setVisible(bool(waiting.totals.sums))
        said = ngettext(
            "{count} deal waits for somebody: it is stuck, overdue or has no next step",
            "{count} deals wait for somebody: they are stuck, overdue or have no next step",
            count,
        )
        nothing = _("Every deal has a next step, none is stuck or overdue")
        self.detail.setText(said.format(count=words.number(count)) if count else nothing)

    def _ref(self, one: Stuck) -> Ref | None:
        found = self._controller.found
        return Ref(found.entity, one.card.id) if found is not None else None

    def _open(self, one: Stuck) -> None:
        ref = self._ref(one)
        if ref is not None:
            self._controller.navigator.open_record(ref)

    def _call(self, one: Stuck) -> None:
        """Dials, and asks for what came of it."""
        ref = self._ref(one)
        if ref is not None:
            if is_held(one.reach.phone) and one.reach.ref is not None:
                dial_hidden(
                    self._controller.session, self._controller.navigator, self, one.reach.ref
                )
            else:
                digits = "".join(sign for sign in one.reach.phone if sign.isdigit() or sign == "+")
                QDesktopServices.openUrl(QUrl(f"tel:{digits}"))
            self._controller.navigator.log_call(ref)
