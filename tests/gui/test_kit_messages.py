"""Questions, errors, crash reports, shortcuts in two layouts, the stall detector."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop import i18n
from crm_desktop.i18n import N_
from crm_desktop.services.clock import Clock
from crm_desktop.ui.actions import Action, ActionRegistry, bilingual
from crm_desktop.ui.language import switch_language
from crm_desktop.ui.messages import CrashReporter, Verb, ask, report_text, tell
from crm_desktop.ui.runtime.stall import Stall, StallDetector
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


def _press(key: Qt.Key) -> None:
    box = QApplication.activeModalWidget()
    for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
        focus = box.focusWidget() or box
        QApplication.sendEvent(focus, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_enter_and_esc_are_the_safe_answer(window: QWidget, key: Qt.Key) -> None:
    QTimer.singleShot(0, lambda: _press(key))
    assert ask(window, "Delete?", "Really.", (Verb("go", "Delete 2", danger=True),)) == ""


def test_the_verb_is_the_answer(window: QWidget) -> None:
    def click() -> None:
        box = QApplication.activeModalWidget()
        next(b for b in box.findChildren(Button) if b.text() == "Undo all").click()

    QTimer.singleShot(0, click)
    verbs = (Verb("one", "Undo one"), Verb("all", "Undo all", primary=True))
    assert ask(window, "Undo?", "Some were changed since.", verbs, keep="Leave") == "all"


def test_enter_in_a_field_presses_the_primary_button(window: QWidget, qtbot: QtBot) -> None:
    field = QLineEdit()
    box = Dialog("Name", field, window)
    box.add_button("Cancel", result=0)
    box.add_button("Save", kind="primary", result=1)
    box.open()
    field.setFocus()

    QTest.keyClick(field, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: not box.isVisible())
    assert box.result() == 1


def test_a_refusal_is_shown_as_it_is(window: QWidget) -> None:
    box = tell(window, "Copy", "The disk is full.")
    assert "The disk is full." in [label.text() for label in box.findChildren(Label)]
    box.close()


def test_an_exception_nobody_caught_becomes_a_report_and_one_box(
    qtbot: QtBot, window: QWidget, tmp_path: Path
) -> None:
    reporter = CrashReporter(tmp_path / "reports", Clock(), window)
    old = sys.excepthook, threading.excepthook
    reporter.catch_everything()
    try:
        with qtbot.waitSignals([reporter.reported] * 2):
            for text in ("first password=12345", "second"):
                sys.excepthook(ValueError, ValueError(text), None)
    finally:
        reporter.let_go()
        sys.excepthook, threading.excepthook = old
    reports = sorted((tmp_path / "reports").glob("crash-*.txt"))
    boxes = [d for d in QApplication.topLevelWidgets() if isinstance(d, Dialog) and d.isVisible()]
    assert len(reports) == 2 and len(boxes) == 1
    assert "ValueError" in reports[0].read_text() and "12345" not in reports[0].read_text()
    boxes[0].close()


def test_a_report_says_what_was_being_done() -> None:
    assert "Import of clients.xlsx" in report_text("Import of clients.xlsx", OSError(), Clock())


def test_a_letter_works_in_both_layouts_and_other_keys_once() -> None:
    assert [s.toString() for s in bilingual("Ctrl+K")] == ["Ctrl+K", "Ctrl+Л"]
    assert [s.toString() for s in bilingual("Ctrl+Shift+N")] == ["Ctrl+Shift+N", "Ctrl+Shift+Т"]
    assert [s.toString() for s in bilingual("Ctrl+Y; F5")] == ["Ctrl+Y", "Ctrl+Н", "F5"]


def test_actions_run_by_key_when_they_may_and_speak_the_language(
    qtbot: QtBot, window: QWidget, qapp: QApplication
) -> None:
    ran, may = [], [True]
    registry = ActionRegistry(window)
    registry.add(
        Action("find", N_("Close"), lambda: ran.append("find"), shortcut="Ctrl+K"),
        Action("off", "Off", lambda: ran.append("off"), enabled=lambda: may[0]),
    )
    line = QLineEdit(window)
    line.show()
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    may[0] = False
    assert not registry.run("off") and [a.id for a in registry.possible()] == ["find"]
    switch_language(qapp, "ru")
    qapp.processEvents()
    assert registry.qaction("find").text() == "Закрыть" and i18n.language() == "ru"
    switch_language(qapp, "en")
    qapp.processEvents()
    assert ran == ["find"] and registry.taken_twice() == []
    assert registry.keyboard_map() == [("", [("Close", "Ctrl+K")])]


class _Sleeping(StallDetector):
    """Tells when it has seen the thread asleep twenty times, five thousandths of a second apart."""

    def __init__(self, found: Callable[[Stall], None], seen: threading.Event) -> None:
        super().__init__(found, threshold_s=0.05, period_s=0.004)
        self._left, self._seen = 20, seen

    def _is_asleep(self) -> bool:
        asleep = super()._is_asleep()
        self._left -= asleep
        if not self._left:
            self._seen.set()
        return asleep


def _watched(qtbot: QtBot, work: object, seen: threading.Event | None = None) -> list[float]:
    found: list[float] = []
    detector = _Sleeping(lambda s: found.append(s.held_s), seen or threading.Event())
    QTimer.singleShot(30, work)
    detector.start()
    qtbot.waitUntil(lambda: bool(found))
    detector.stop()
    return found


def test_the_detector_sees_work_and_waiting_that_hold_the_window(qtbot: QtBot) -> None:
    def busy() -> None:
        until = time.thread_time() + 0.12
        while time.thread_time() < until:
            pass

    assert max(_watched(qtbot, busy)) > 0.05
    if sys.platform == "linux":
        seen = threading.Event()
        assert max(_watched(qtbot, lambda: seen.wait(20), seen)) > 0.05


def test_the_detector_leaves_a_quick_window_alone(qtbot: QtBot, no_stall: object) -> None:
    done: list[int] = []
    with no_stall():
        QTimer.singleShot(120, lambda: done.append(1))
        qtbot.waitUntil(lambda: bool(done))


def test_what_is_said_in_a_box_later_has_its_room(qtbot: QtBot, qapp: QApplication) -> None:
    """An error was painted over the field above it."""
    body = QWidget()
    first, until, reason = (FieldBox(name, LineEdit(name=name)) for name in ("A", "B", "C"))
    words = Label("A sentence that is wrapped, on which the height depends. " * 3, wrap=True)
    body.setLayout(column(words, row(first, until, None), reason))
    box = Dialog("A box", body)
    qtbot.addWidget(box)
    box.show()
    before = box.height()

    until.set_error("Say the last day, in a sentence that takes two lines at this width")

    qtbot.waitUntil(lambda: until.height() >= until.heightForWidth(until.width()))
    assert box.height() > before
    assert first.editor.y() == until.editor.y(), "the neighbour stays where it was"
