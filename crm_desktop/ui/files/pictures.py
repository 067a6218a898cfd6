"""Pictures out of bytes that came from anybody: small enough, turned the right way, or none."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

MOST_DOTS = 120_000_000
"""Width times height of a picture that is decoded: telephones make half of that."""
SHOWN = ("png", "jpg", "jpeg", "gif", "bmp", "webp", "tiff", "tif", "heic", "avif")


def picture(content: bytes, most: int) -> QImage | None:
    """The picture, at most `most` dots wide and high; None if it is none or far too large.

    A small file may unfold to gigabytes: the size is asked before anything is decoded.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    if bytes(reader.format().data()).decode("ascii", "replace") not in (*SHOWN, "jpg", "ppm"):
        return None
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MOST_DOTS:
        return None
    if max(size.width(), size.height()) > most:
        reader.setScaledSize(size.scaled(QSize(most, most), Qt.AspectRatioMode.KeepAspectRatio))
    reader.setAutoTransform(True)  # EXIF says how the telephone was held
    image = reader.read()
    return None if image.isNull() else image


def as_png(image: QImage) -> bytes:
    """A picture as the bytes of a PNG file."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide takes the text only
    return bytes(content.data())
