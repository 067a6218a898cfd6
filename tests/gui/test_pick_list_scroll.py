"""A list of ticks stays where it is when something far down is ticked."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.ui import theme
from crm_desktop.ui.widgets.pick_list import PickItem, PickList


def items(ticked: set[int]) -> list[PickItem]:
    return [PickItem(n, f"Field {n}", ticked=n in ticked) for n in range(60)]


def test_ticking_does_not_scroll_back_to_the_top(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    rows = PickList(name="Fields", search="Find", rows=6)
    qtbot.addWidget(rows)
    rows.set_items(items(set()))
    rows.show()
    qtbot.waitExposed(rows)
    rows.view.setCurrentIndex(rows.view.model().index(40, 0))
    before = rows.view.verticalScrollBar().value()
    assert before > 0
    rows.set_items(items({40}))
    assert rows.view.verticalScrollBar().value() == before
    assert rows.view.currentIndex().row() == 40 and rows.ticked_keys() == [40]


def test_other_lines_begin_at_the_top(qtbot: QtBot, qapp: QApplication) -> None:
    rows = PickList(name="Fields", search="Find", rows=6)
    qtbot.addWidget(rows)
    rows.set_items(items(set()))
    rows.view.setCurrentIndex(rows.view.model().index(40, 0))
    rows.set_items(items(set())[:30])
    assert rows.view.currentIndex().row() == 0
