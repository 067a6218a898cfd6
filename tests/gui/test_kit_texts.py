"""Texts of a table are cut to their room as Qt would cut them, only faster; tips show all of them
to the letter."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolTip
from pytestqt.qtbot import QtBot

from crm_desktop.ui import theme
from crm_desktop.ui.delegates.pictures import Texts
from crm_desktop.ui.painting import elided
from crm_desktop.ui.widgets.labels import ElidedLabel
from crm_desktop.ui.widgets.navigation import NavigationPanel, NavItem

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


def test_a_full_name_without_room_is_written_with_initials(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    whole, wide = "Якушева Зинаида Владимировна", theme.metrics("body").horizontalAdvance
    shorter = ("Якушева Зинаида В.", "Якушева З. В.")
    for cut in (Texts().fitted, elided):
        assert cut(whole, "body", wide(whole) + 2) == whole
        for one in shorter:
            assert cut(whole, "body", wide(one) + 2) == one
        assert cut(whole, "body", wide("Якушева")).endswith("…")
        assert cut("Витрина магазина одежды", "body", wide("Витрина маг")).endswith("…")


def test_a_text_with_room_is_whole_and_on_one_line(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    assert Texts().fitted("two\nlines", "body", 1000) == "two lines"


def test_a_name_with_a_picture_of_a_stranger_in_it_is_shown_to_the_letter(qtbot: QtBot) -> None:
    label = ElidedLabel('<img src="//evil.example/x.png">\nTom & Co', "body")
    qtbot.addWidget(label)
    label.resize(10, 20)
    QApplication.sendEvent(label, QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), QPoint(1, 1)))
    assert label.toolTip() == ('<qt>&lt;img src="//evil.example/x.png"&gt;<br>Tom &amp; Co</qt>')
    QToolTip.hideText()


def test_a_view_whose_name_is_cut_in_the_navigation_tells_it_whole(qtbot: QtBot) -> None:
    panel = NavigationPanel(name="Sections")
    qtbot.addWidget(panel)
    short, long = "Omsk", "Customers who have not been called for a month"
    panel.set_items([NavItem(one, "people", one, "2,400", "Saved views") for one in (short, long)])
    for name, tip in ((short, ""), (long, long)):
        button = next(b for b in panel.findChildren(QAbstractButton) if name in b.accessibleName())
        button.resize(224, 34)
        QApplication.sendEvent(button, QHelpEvent(QEvent.Type.ToolTip, QPoint(9, 9), QPoint(9, 9)))
        assert tip in button.toolTip() and bool(button.toolTip()) == bool(tip)
    QToolTip.hideText()
