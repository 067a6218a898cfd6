"""The first records of a change of many: the name, what stands there, what will stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QWidget

from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.record_list.numbers import count_text
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.labels import ElidedLabel

if TYPE_CHECKING:
    from crm_desktop.services.bulk.preview import ChangePreview

_LINES = 6
_PARTS = (("body", "text"), ("body", "text2"), ("body", "text3"), ("strong", "text"))


class ChangeRows(QWidget):
    """Five lines of old and new, and how many more; the room is kept while nothing is known."""

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(10))
        grid.setVerticalSpacing(px(4))
        self._lines: list[list[ElidedLabel]] = []
        for line in range(_LINES):
            parts = [ElidedLabel("", kind, ink) for kind, ink in _PARTS]
            for column, part in enumerate(parts):
                grid.addWidget(part, line, column)
            self._lines.append(parts)
        for column, stretch in enumerate((4, 3, 0, 3)):
            grid.setColumnStretch(column, stretch)
        grid.setColumnMinimumWidth(2, px(16))

    def show_preview(self, found: ChangePreview | None) -> None:
        """Shows the first records; nothing for None."""
        rows = found.rows if found is not None else ()
        texts = [(row.name, row.old or "—", "→", row.new or "—") for row in rows]
        rest = found.changing - len(rows) if found is not None else 0
        if rest > 0:
            more = ngettext("and {count} more", "and {count} more", rest)
            texts.append((more.format(count=count_text(rest)), "", "", ""))
        for line, parts in enumerate(self._lines):
            said = texts[line] if line < len(texts) else ("", "", "", "")
            for part, text in zip(parts, said, strict=True):
                part.setText(text)
        self.setAccessibleName(_("What will change"))

    def texts(self) -> list[tuple[str, str, str]]:
        """(name, old, new) of what is shown."""
        shown = [[part.text() for part in parts] for parts in self._lines]
        return [(name, old, new) for name, old, _arrow, new in shown if name]
