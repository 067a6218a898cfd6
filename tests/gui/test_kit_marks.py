"""Small signs of state: what they show where there is little room."""

from __future__ import annotations

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from crm_desktop.ui.widgets.marks import Chip


def test_no_text_runs_under_the_cross_of_a_narrow_chip(qtbot: QtBot) -> None:
    def cross(value: str) -> QImage:
        chip = Chip("Opened", value)
        qtbot.addWidget(chip)
        chip.resize(120, chip.sizeHint().height())
        whole = chip.grab().toImage()
        return whole.copy(whole.width() - 28, 0, 28, whole.height())

    assert cross("1 Jan 2026 – 31 Dec 2026 or any other time") == cross("")
