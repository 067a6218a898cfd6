"""The keys of a list while it is typed into: they move among cells and open editors."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication

from crm_desktop.ui.record_list.cell_cursor import CellCursor
from crm_desktop.ui.widgets.table_view import TableView

_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CHORDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_SIDEWAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_DOWN = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_TABS = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}
_OPEN = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)
_EMPTY = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class CellKeys(QObject):
    """Acts on keys of the table while the mode of typing is on."""

    begun = Signal(str)
    """The editor is to open; with the letter that was typed."""
    emptied = Signal()
    copied = Signal()

    def __init__(self, cursor: CellCursor, table: TableView) -> None:
        super().__init__(cursor)
        self._cursor = cursor
        self._pressed: list[QKeyEvent] | None = None
        """Keys that came while a cell was being read; None: none is."""
        table.installEventFilter(self)

    # --- what is typed ahead ----------------------------------------------------------------------

    @property
    def holds(self) -> bool:
        """Whether a cell is being read."""
        return self._pressed is not None

    def hold(self) -> None:
        """A cell is read from the base, which may take a moment: what is typed waits for it."""
        self._pressed = []

    def forget(self) -> None:
        """The cell does not open."""
        self._pressed = None

    def give(self) -> None:
        """The cell is open: what was typed goes to it, or where its keys lead."""
        pressed, self._pressed = self._pressed or [], None
        for place, event in enumerate(pressed):
            target = QApplication.focusWidget()
            if target is None:
                return
            QApplication.sendEvent(target, event)
            if self._pressed is not None:  # on to the next cell, which is read first
                self._pressed += pressed[place + 1 :]
                return

    # --- what a key does --------------------------------------------------------------------------

    def _act(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.modifiers() & _CHORDS:
            return False
        elif key in _OPEN:
            self.begun.emit("")
        elif key == Qt.Key.Key_Escape:
            if not self._cursor.collapse():
                self._cursor.switch(False)
        elif key in _TABS:
            self._cursor.collapse()
            self._cursor.next_typed(_TABS[key])
        elif key in _EMPTY:
            self.emptied.emit()
        elif key in _SIDEWAYS or key in _DOWN:
            self._move(key, choosing=bool(event.modifiers() & _SHIFT))
        elif event.text() and event.text().isprintable() and key != Qt.Key.Key_Space:
            self._cursor.collapse()
            self.begun.emit(event.text())
        else:
            return False
        return True

    def _move(self, key: Qt.Key, *, choosing: bool) -> None:
        if choosing:
            self._cursor.extend_from_here()
        else:
            self._cursor.collapse()
        if key in _SIDEWAYS:
            self._cursor.step_sideways(_SIDEWAYS[key])
        else:
            self._cursor.step_down(_DOWN[key])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._cursor.on and isinstance(event, QKeyEvent):
            if self._pressed is not None and event.key() != Qt.Key.Key_Escape:
                if event.type() == QEvent.Type.KeyPress:
                    self._pressed.append(event.clone())
                return True
            return event.type() == QEvent.Type.KeyPress and self._act(event)
        return False
