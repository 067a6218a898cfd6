"""The editor of texts with line breaks."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from crm_desktop.ui.editors.base import EditorBase
from crm_desktop.ui.widgets.inputs import TextEdit


class LongTextEditor(EditorBase):
    """Several lines; Ctrl+Enter ends the editing in place, Enter is a new line."""

    def _build(self) -> QWidget:
        self._value: Any = None
        self._shown = ""
        self.text = TextEdit(name=self.label, lines=3, most=14)
        self.text.text_changed.connect(self._typed)
        self._quiet = False
        self._only(self.text)
        return self.text.edit

    def _typed(self) -> None:
        self.updateGeometry()
        if not self._quiet:
            self.changed.emit()

    def set_value(self, value: Any) -> None:
        self._value, self._shown = value, str(value or "")
        self._quiet = True
        self.text.set_text(self._shown)
        self._quiet = False
        self.set_bad(False)

    def value(self) -> Any:
        text = self.text.text()
        return self._value if text == self._shown else self.field.parse(text, self.context())

    def raw(self) -> Any:
        return self.text.text()

    def set_raw(self, raw: Any) -> None:
        if raw != self.text.text():
            self.text.set_text(str(raw))

    def set_bad(self, bad: bool) -> None:
        self.text.set_bad(bad)

    def start(self) -> None:
        super().start()
        cursor = self.text.edit.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.text.edit.setTextCursor(cursor)

    def blocks_enter(self) -> bool:
        return True
