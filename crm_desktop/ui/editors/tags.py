"""The editor of tags: one line, parted by commas, with the tags that are known already."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.fieldtypes.tags import BETWEEN, joined, split_tags
from crm_desktop.models.catalogue.traits import Tagging
from crm_desktop.models.text.normalise import norm
from crm_desktop.ui.editors.lines import TextEditor
from crm_desktop.ui.editors.suggestions import Suggestion, SuggestionList
from crm_desktop.ui.language import keep_translated

_LIMIT = 12
_PAUSE_MS = 80


class TagsEditor(TextEditor):
    """Typing a part of a tag offers those that begin so; a word that is no tag yet becomes one."""

    def _build(self) -> QWidget:
        line = super()._build()
        self.suggestions = SuggestionList(self.line)
        self.suggestions.chosen.connect(self.choose)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        keep_translated(self, self._say_hint)
        return line

    def _say_hint(self) -> None:
        self.line.setPlaceholderText(_("one, two, three"))

    def _typed(self, text: str) -> None:
        super()._typed(text)
        self._pause.start()

    def _word(self) -> str:
        """What is typed of the tag at the cursor."""
        before = self.line.text()[: self.line.cursorPosition()]
        return before.rpartition(BETWEEN)[2].strip().lstrip("#")

    def _ask(self) -> None:
        word = self._word()
        if self.session is None or self.session.workspace is None:
            return
        base = self.session.base
        tagging, trait = base.catalogue.with_trait(Tagging)
        target = getattr(tagging.field(trait.tag), "target", "")
        self.session.operations.query(
            ("suggest tags", id(self)), lambda job: base.titles.suggest(target, word, None, _LIMIT),
            owner=self, done=lambda found: self._offer(word, found),
        )  # fmt: skip

    def _offer(self, word: str, found: list[tuple[Ref, Any]]) -> None:
        if not self.line.hasFocus() or word != self._word():
            return
        taken = {norm(name) for name in split_tags(self.line.text())} - {norm(word)}
        rows = [
            Suggestion(ref, title.text, title.tone)
            for ref, title in found
            if norm(title.text) not in taken
        ]
        if len(rows) == 1 and norm(rows[0].text) == norm(word):
            rows = []
        self.suggestions.show_rows(rows)

    def choose(self, chosen: Suggestion) -> None:
        """Puts a known tag in the place of what was typed of it."""
        at = self.line.cursorPosition()
        before, after = self.line.text()[:at], self.line.text()[at:]
        kept = split_tags(before.rpartition(BETWEEN)[0])
        behind = split_tags(after.partition(BETWEEN)[2])
        head = joined([*kept, chosen.text]) + f"{BETWEEN} "
        self.line.setText(head + joined(behind))
        self.line.setCursorPosition(len(head))
        self.changed.emit()

    def blocks_enter(self) -> bool:
        return self.suggestions.is_open()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and isinstance(event, QKeyEvent) and self._opens(event):
            self._ask()
            return True
        return super().eventFilter(watched, event)

    @staticmethod
    def _opens(event: QKeyEvent) -> bool:
        return event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down
