"""The ring of what has the keyboard is for those who use it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.ui import theme
from crm_desktop.ui.widgets.buttons import LastInput
from crm_desktop.ui.widgets.labels import Surface
from crm_desktop.ui.widgets.tabs import Tab, Tabs


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> QWidget:
    theme.apply(qapp, "light")
    made = Surface()
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_the_ring_of_tabs_follows_the_keyboard_and_not_the_mouse(
    qtbot: QtBot, window: QWidget, qapp: QApplication
) -> None:
    heard = LastInput(qapp)
    tabs = Tabs(name="Views", pad=24)
    tabs.setParent(window)
    tabs.set_tabs((Tab("a", "First"), Tab("b", "Second")), "a")
    tabs.resize(420, 38)
    tabs.show()
    plain = tabs.grab().toImage()
    native = window.windowHandle()
    QTest.mouseClick(native, Qt.MouseButton.LeftButton, pos=QPoint(600, 600))
    tabs.setFocus(Qt.FocusReason.OtherFocusReason)  # a page that was opened by the mouse
    assert tabs.hasFocus() and tabs.grab().toImage() == plain
    tabs.clearFocus()
    QTest.keyClick(native, Qt.Key.Key_Control)
    tabs.setFocus(Qt.FocusReason.OtherFocusReason)
    assert tabs.grab().toImage() != plain
    heard.deleteLater()
