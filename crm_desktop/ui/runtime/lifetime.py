"""Whether a widget still lives: Qt may have deleted its half of one that Python still holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QObject


def is_alive(widget: QObject) -> bool:
    """Whether the C++ half of the widget still lives.

    `shiboken6.isValid` would tell as well, but importing it takes a tenth of a second.
    """
    try:
        widget.objectName()
    except RuntimeError:
        return False
    return True
