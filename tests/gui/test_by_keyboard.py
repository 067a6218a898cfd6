"""The main job without a mouse: Enter, Tab, letters typed ahead, and the Russian layout alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition
from crm_desktop.ui import theme
from crm_desktop.ui.actions import Action, ActionRegistry
from crm_desktop.ui.editors.suggestions import Suggestion, SuggestionList
from crm_desktop.ui.record_list.bulk_edit import BulkEditDialog
from crm_desktop.ui.record_list.condition_form import ConditionForm
from crm_desktop.ui.record_list.marks import ToneButton
from crm_desktop.ui.runtime.latin_keys import LatinKeys
from crm_desktop.ui.welcome.choice_card import ChoiceCard
from crm_desktop.ui.widgets.buttons import ToolButton
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.marks import Chip
from crm_desktop.ui.widgets.toasts import Toast
from crm_desktop.ui.widgets.type_ahead import TypeAhead
from tests.gui.shell_desk import MANY, Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]

_CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def latin_keys(qapp: QApplication) -> Iterator[LatinKeys]:
    keys = LatinKeys(qapp)
    yield keys
    keys.deleteLater()


def _russian(widget: QWidget, letter: str) -> bool:
    """Presses Ctrl with a key that gives a Russian letter; whether the widget takes the key
    before the shortcuts of the window are tried."""
    early = QKeyEvent(QEvent.Type.ShortcutOverride, ord(letter), _CTRL, "")
    early.ignore()
    QApplication.sendEvent(widget, early)
    if early.isAccepted():
        QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, ord(letter), _CTRL, ""))
    return early.isAccepted()


def _focused(qtbot: QtBot, widget: QWidget) -> None:
    widget.show()
    widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)


def test_russian_letters_undo_and_copy_in_a_field(qtbot: QtBot, latin_keys: LatinKeys) -> None:
    line = LineEdit(name="Name")
    qtbot.addWidget(line)
    _focused(qtbot, line)
    QTest.keyClicks(line, "abc")

    assert _russian(line, "Ф")  # A
    assert _russian(line, "С")  # C
    copied = QApplication.clipboard().text()
    assert _russian(line, "Я")  # Z

    assert copied == "abc"
    assert line.text() == ""


def test_a_shortcut_that_no_field_knows_is_left_to_the_window(
    qtbot: QtBot, latin_keys: LatinKeys
) -> None:
    line = QLineEdit()
    qtbot.addWidget(line)
    _focused(qtbot, line)

    assert not _russian(line, "Л")  # K


def test_russian_letters_copy_and_tick_in_a_list(shell: Shell, latin_keys: LatinKeys) -> None:
    page = shell.list()
    shell.rows(page, MANY)
    page.view.table.setFocus()
    shell.wait(page.view.table.hasFocus)

    event = QKeyEvent(QEvent.Type.KeyPress, ord("Ф"), _CTRL, "")
    QApplication.sendEvent(page.view.table, event)

    assert page.many.count() == MANY


def test_russian_ctrl_z_over_open_suggestions_is_the_fields(qtbot: QtBot) -> None:
    line = LineEdit(name="Manager")
    qtbot.addWidget(line)
    _focused(qtbot, line)
    suggestions = SuggestionList(line)
    QTest.keyClicks(line, "an")
    suggestions.show_rows([Suggestion(Ref("staff", 1), "Ann Lee")])
    popup = QApplication.activePopupWidget()
    assert popup is not None

    QApplication.sendEvent(popup, QKeyEvent(QEvent.Type.KeyPress, ord("Я"), _CTRL, ""))

    assert line.text() == ""
    suggestions.hide()


def test_suggestions_do_not_lie_over_what_a_shortcut_opens(qtbot: QtBot) -> None:
    line = LineEdit(name="Manager")
    qtbot.addWidget(line)
    _focused(qtbot, line)
    suggestions = SuggestionList(line)
    registry = ActionRegistry(line)
    open_before: list[bool] = []
    registry.add(Action("palette", "Find", lambda: open_before.append(suggestions.is_open())))
    suggestions.show_rows([Suggestion(Ref("staff", 1), "Ann Lee")])

    registry.run("palette")

    assert open_before == [False]


def test_letters_typed_ahead_make_a_word(shell: Shell) -> None:
    page = shell.list()
    shell.rows(page, MANY)
    page.view.table.go_to(0)
    heard: list[str] = []
    page.view.table.typed_ahead.connect(lambda _column, letters: heard.append(letters))

    QTest.keyClicks(page.view.table, "cli")

    assert heard == ["c", "cl", "cli"]


def test_a_pause_begins_another_word(qapp: QApplication) -> None:
    ahead, usual = TypeAhead(), qapp.keyboardInputInterval()
    qapp.setKeyboardInputInterval(0)

    said = [ahead.heard("a"), ahead.heard("b")]

    qapp.setKeyboardInputInterval(usual)
    assert said == ["a", "b"]


def test_a_list_that_fills_takes_the_keyboard_from_its_empty_state(shell: Shell) -> None:
    page = shell.list()
    page.controller.set_part(None, Condition("city", "eq", "Nowhere"))
    shell.wait(lambda: page.view.is_empty)
    page.view.empty.primary_button.setFocus()

    page.controller.clear_filters()

    shell.wait(lambda: not page.view.is_empty)
    assert page.view.table.hasFocus()


def _buttons(toast: Toast) -> dict[str, QAbstractButton]:
    assert toast.undo_button is not None
    return {
        "card": ChoiceCard("eye"), "tool": ToolButton("close", "Close"), "tone": ToneButton("ok"),
        "chip": Chip("City", "Omsk"), "toast": toast.undo_button,
    }  # fmt: skip


def test_enter_presses_whatever_looks_like_a_button(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    pressed: list[str] = []
    parent = QWidget()
    qtbot.addWidget(parent)
    buttons = _buttons(Toast("Saved", tone="ok", undo="Undo", close="Close", parent=parent))
    for name, button in buttons.items():
        button.clicked.connect(lambda _on=False, name=name: pressed.append(name))

        QTest.keyClick(button, Qt.Key.Key_Return)

    assert pressed == list(buttons)


def test_tab_goes_through_a_condition_as_one_reads(shell: Shell) -> None:
    page = shell.list()
    page.choosers.add_condition(page.view.filters.add, "city")
    form = page.view.window().findChildren(ConditionForm)[-1]
    line = form.input_line()
    shell.wait(line.hasFocus)

    names = []
    for _turn in range(2):
        focused = QApplication.focusWidget()
        assert focused is not None
        shell.key(focused, Qt.Key.Key_Tab)
        after = QApplication.focusWidget()
        names.append(after.text() if isinstance(after, QAbstractButton) else "")

    assert names == ["Or …", "Apply"]


def test_many_records_are_offered_a_value_out_of_few_first(shell: Shell) -> None:
    page = shell.list()
    shell.rows(page, MANY)
    page.view.model.ticks.tick_all()

    page.many.edit("")

    shell.wait(lambda: bool(page.view.findChildren(BulkEditDialog)))
    dialog = page.view.findChildren(BulkEditDialog)[-1]
    assert dialog.field.key not in ("name", "phone", "email")
