"""A toast does not lie over what something is dropped on."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.ui.widgets.toasts import ToastStack


def test_a_toast_goes_when_something_is_dragged_over_it(qtbot: QtBot) -> None:
    window = QWidget()
    window.resize(600, 400)
    qtbot.addWidget(window)
    window.show()
    stack = ToastStack(window, close_name="Close")
    toast = stack.show("Saved")

    event = QDragEnterEvent(
        QPoint(20, 20), Qt.DropAction.CopyAction, QMimeData(), Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(toast, event)

    assert stack.toasts == [] and not toast.isVisible()
