"""Letters typed one soon after the other, put together to the beginning of a word."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer
from PySide6.QtWidgets import QApplication


class TypeAhead:
    """Qt hands a view one letter at a time."""

    def __init__(self) -> None:
        self._letters, self._since = "", QElapsedTimer()

    def heard(self, letters: str) -> str:
        """What has been typed so far, these included; a pause begins anew."""
        pause = self._since.elapsed() if self._since.isValid() else None
        self._since.start()
        soon = pause is not None and pause < QApplication.keyboardInputInterval()
        self._letters = self._letters + letters if soon else letters
        return self._letters
