"""Panels that float give the keyboard back, if there is still somebody to take it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.layouts import column
from crm_desktop.ui.widgets.popover import Popover


def open_window(qtbot: QtBot) -> tuple[QWidget, Button, Button]:
    """A window with two buttons; the second has the keyboard."""
    window, anchor, before = QWidget(), Button("Open"), Button("Before")
    window.setLayout(column(anchor, before))
    qtbot.addWidget(window)
    window.resize(400, 300)
    window.show()
    window.activateWindow()
    before.setFocus()
    qtbot.waitUntil(before.hasFocus)
    return window, anchor, before


def test_esc_closes_after_the_widget_before_it_has_gone(qtbot: QtBot) -> None:
    window, anchor, before = open_window(qtbot)
    panel = Popover(LineEdit("", name="Text"), name="Panel", parent=window)
    panel.open_below(anchor)
    before.deleteLater()
    QCoreApplication.sendPostedEvents(before, QEvent.Type.DeferredDelete)

    with qtbot.waitSignal(panel.closed):
        qtbot.keyClick(panel, Qt.Key.Key_Escape)


def test_esc_gives_the_keyboard_back(qtbot: QtBot) -> None:
    window, anchor, before = open_window(qtbot)
    panel = Popover(LineEdit("", name="Text"), name="Panel", parent=window)
    panel.open_below(anchor)

    qtbot.keyClick(panel, Qt.Key.Key_Escape)

    qtbot.waitUntil(before.hasFocus)
