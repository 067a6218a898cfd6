"""When a toast goes: from over what something is dropped on; an alarm when it is closed."""

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


def test_an_alarm_stays_until_it_is_closed(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    stack = ToastStack(window, close_name="Close")
    alarm = stack.show("Taken out", tone="alarm")
    for number in range(4):
        stack.show(f"News {number}")

    alarm.leaveEvent(None)
    assert not alarm.waiting() and [toast.text for toast in stack.toasts] == [
        "Taken out", "News 2", "News 3",
    ]  # fmt: skip
    alarm.buttons[-1].click()
    assert [toast.text for toast in stack.toasts] == ["News 2", "News 3"]
