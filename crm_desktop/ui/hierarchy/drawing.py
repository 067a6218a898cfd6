"""How one line of the tree looks: picture, name, what stands beside it, how many stand below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QStyle

from crm_desktop.i18n import ngettext
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.painting import (
    AA,
    LEFT,
    RIGHT,
    box,
    elided,
    focus_ring,
    portrait,
)
from crm_desktop.ui.theme import color, font, metrics, px

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter, QPixmap
    from PySide6.QtWidgets import QStyleOptionViewItem

    from crm_desktop.services.hierarchies import Node

ROLE = Qt.ItemDataRole.UserRole + 1
_CHOSEN = QStyle.StateFlag.State_Selected
_OVER = QStyle.StateFlag.State_MouseOver
_FOCUS = QStyle.StateFlag.State_HasFocus
_FAINT = 0.45


def draw(
    painter: QPainter, option: QStyleOptionViewItem, node: Node, photo: QPixmap | None, *,
    cut: bool, gone: str,
) -> None:  # fmt: skip
    """Paints a line; `cut`: it waits to be put elsewhere; `gone`: how a hidden one is called."""
    rect = QRectF(option.rect)
    painter.save()
    painter.setRenderHint(AA)
    ground = rect.adjusted(0, 1, -px(2), -1)
    if option.state & (_CHOSEN | _OVER):
        box(painter, ground, radius=px(6), fill="select" if option.state & _CHOSEN else "hover")
    if option.state & _FOCUS:
        focus_ring(painter, ground)
    if cut or node.hidden:
        painter.setOpacity(_FAINT)
    side = px(28)
    picture = QRectF(rect.left() + px(8), rect.center().y() - side / 2, side, side)
    if node.is_group:
        found = pixmap("people-team", "text2", 20)
        painter.drawPixmap(
            picture.adjusted(px(4), px(4), -px(4), -px(4)), found, QRectF(found.rect())
        )
    else:
        portrait(painter, picture, node.name, photo)
    _words(painter, rect.adjusted(px(46), 0, -px(12), 0), node, gone)
    painter.restore()


def _words(painter: QPainter, rect: QRectF, node: Node, gone: str) -> None:
    side = gone if node.hidden else ""
    if node.below:
        side = ngettext("{count} person", "{count} people", node.below).format(count=node.below)
    painter.setFont(font("small"))
    painter.setPen(color("text3"))
    painter.drawText(rect, RIGHT, side)
    room = rect.width() - metrics("small").horizontalAdvance(side) - px(16)
    kind = "strong" if node.is_group else "body"
    painter.setFont(font(kind))
    painter.setPen(color("text"))
    name = elided(node.name, kind, room)
    painter.drawText(rect, LEFT, name)
    left = metrics(kind).horizontalAdvance(name) + px(10)
    if node.detail and room - left > px(40):
        painter.setFont(font("small"))
        painter.setPen(color("text2"))
        painter.drawText(rect.adjusted(left, 0, 0, 0), LEFT,
                         elided(node.detail, "small", room - left))  # fmt: skip
