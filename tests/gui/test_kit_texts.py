"""Texts of a table are cut to their room as Qt would cut them, only faster."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from crm_desktop.ui import theme
from crm_desktop.ui.delegates.pictures import Texts

LINES = (
    "ООО «Ромашка Плюс»", "Вектор, производственно-коммерческая фирма", "Wäinämöinen & Söhne AG",
    "№ 15 — “Алмаз”", "+7 916 123-45-67", "A", "ЩЩЩЩЩЩЩЩЩЩЩЩ", "שלום עולם", "e\u0301te\u0301", "",
)  # fmt: skip


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("kind", ["body", "strong"])
def test_a_text_never_leaves_its_room(qapp: QApplication, line: str, kind: str) -> None:
    theme.apply(qapp, "light")
    measured = theme.metrics(kind)
    wide = measured.horizontalAdvance(line)

    for room in range(12, wide + 20, 7):
        shown = Texts().fitted(line, kind, room)
        cut = measured.elidedText(line, Qt.TextElideMode.ElideRight, room)
        assert measured.horizontalAdvance(shown) <= room + 2
        assert abs(len(shown) - len(cut)) <= 1
        assert shown in (line, cut) or shown.endswith("…")


def test_a_text_with_room_is_whole_and_on_one_line(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    assert Texts().fitted("two\nlines", "body", 1000) == "two lines"
