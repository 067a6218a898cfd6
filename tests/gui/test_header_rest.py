"""The head of a table right of its last column: the same ground and line as over the columns."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.ui import theme
from crm_desktop.ui.import_wizard.table import PlainTable
from crm_desktop.ui.itemmodels.cells import Cell, Column


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_no_strip_of_another_colour(qtbot: QtBot, qapp: QApplication, mode: str) -> None:
    theme.apply(qapp, mode)
    table = PlainTable(name="Preview")
    qtbot.addWidget(table)
    table.resize(900, 300)
    table.show_rows([Column("a", "A", 100, sortable=False)], [[Cell("x")]])
    table.show()
    qtbot.waitExposed(table)

    picture = table.head.viewport().grab().toImage()

    inside, outside = 60, 700
    for line in (2, picture.height() // 2, picture.height() - 1):
        assert picture.pixelColor(outside, line) == picture.pixelColor(inside, line), line
    theme.apply(qapp, "light")
