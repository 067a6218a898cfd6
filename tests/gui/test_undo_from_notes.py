"""Ctrl+Z in a box for notes: what was typed first, then what was saved."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.ui import theme
from crm_desktop.ui.widgets.inputs import TextEdit


def shown(qtbot: QtBot, qapp: QApplication) -> tuple[TextEdit, list[str]]:
    theme.apply(qapp, "light")
    box, undone = TextEdit(name="Note"), list[str]()
    qtbot.addWidget(box)
    shortcut = QShortcut(QKeySequence("Ctrl+Z"), box)
    shortcut.activated.connect(lambda: undone.append("the operation"))
    box.show()
    box.activateWindow()
    qtbot.waitUntil(box.isActiveWindow)
    box.edit.setFocus()
    return box, undone


def test_an_untouched_box_leaves_the_key_to_the_window(qtbot: QtBot, qapp: QApplication) -> None:
    box, undone = shown(qtbot, qapp)
    qtbot.keyClicks(box.edit, "Called")
    box.set_text("")  # it was saved
    qtbot.keyClick(box.edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == ["the operation"]


def test_what_was_typed_is_taken_back_first(qtbot: QtBot, qapp: QApplication) -> None:
    box, undone = shown(qtbot, qapp)
    qtbot.keyClicks(box.edit, "Called")
    for _time in range(9):
        qtbot.keyClick(box.edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (box.text(), undone) == ("", [])
