"""Pictures for tests, of one colour and any size."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage

RED, BLUE = QColor(200, 30, 30), QColor(30, 30, 200)


def picture(kind: str = "PNG", wide: int = 300, tall: int = 500, ink: QColor = RED) -> bytes:
    """The bytes of a file of that kind."""
    image = QImage(wide, tall, QImage.Format.Format_RGB32)
    image.fill(ink)
    content = QByteArray()
    target = QBuffer(content)
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(target, kind)  # type: ignore[call-overload]
    return bytes(content.data())


def is_like(one: QColor, other: QColor) -> bool:
    """Whether the colours are the same but for what a JPEG loses."""
    pairs = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]
    return all(abs(a - b) < 25 for a, b in pairs)
