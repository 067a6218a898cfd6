"""Where the boxes of the picture stand: the record in the middle, others in columns beside it.

Columns and not a circle, so that names stay readable in a narrow panel and boxes never overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from crm_desktop.ui.theme import px

if TYPE_CHECKING:
    from crm_desktop.services.relations import Node, Picture

_WIDE, _ROW, _TALL, _BROADEST, _GAP = 640, 50, 40, 210, 28


@dataclass(frozen=True)
class Box:
    """A record of the picture: `step` 0 is the middle, 2 is faint; `joint`: tied to whom."""

    node: Node
    rect: QRectF
    step: int
    joint: Box | None = None


def rows_needed(picture: Picture, width: int) -> int:
    """How many rows the fullest side has."""
    return max(sum(map(_rows, side)) for side in _sides(picture, width))


def height_for(picture: Picture, width: int) -> int:
    """The height that the picture wants at this width."""
    return px(_ROW) * max(2, rows_needed(picture, width)) + px(12)


def boxes(picture: Picture, width: int, height: int) -> list[Box]:
    """Every box, the middle first."""
    right, left = _sides(picture, width)
    deep = any(node.behind for node in picture.around)
    columns = (1 + (2 if deep else 1) * (2 if left else 1)) if picture.around else 1
    pitch = width / columns
    broad = min(px(_BROADEST), pitch - px(_GAP))
    at = (columns // 2 if left else 0) * pitch + pitch / 2
    middle = Box(picture.middle, _rect(at, height / 2, broad), 0)
    found = [middle]
    for side, way in ((right, 1), (left, -1)):
        top = (height - px(_ROW) * sum(map(_rows, side))) / 2
        for node in side:
            tall = px(_ROW) * _rows(node)
            box = Box(node, _rect(at + way * pitch, top + tall / 2, broad), 1, middle)
            found.append(box)
            for place, further in enumerate(node.behind):
                y = top + px(_ROW) * (place + 0.5) + (tall - px(_ROW) * len(node.behind)) / 2
                found.append(Box(further, _rect(at + 2 * way * pitch, y, broad), 2, box))
            top += tall
    return found


def _rect(x: float, y: float, broad: float) -> QRectF:
    return QRectF(x - broad / 2, y - px(_TALL) / 2, broad, px(_TALL))


def _rows(node: Node) -> int:
    return max(1, len(node.behind))


def _sides(picture: Picture, width: int) -> tuple[Sequence[Node], Sequence[Node]]:
    """Those on the right, and in a wide picture as many on the left."""
    around = picture.around
    if width < px(_WIDE) or len(around) < 2:
        return around, ()
    half = (len(around) + 1) // 2
    return around[:half], around[half:]


def ends(box: Box) -> tuple[QPointF, QPointF]:
    """The line from a box to the one it is tied to."""
    assert box.joint is not None
    mine, its = box.rect, box.joint.rect
    if mine.center().x() > its.center().x():
        return QPointF(its.right(), its.center().y()), QPointF(mine.left(), mine.center().y())
    return QPointF(its.left(), its.center().y()), QPointF(mine.right(), mine.center().y())
