"""Records side by side in a narrow place: the names give way."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.builtin.client import CLIENT
from crm_desktop.ui.duplicates.merge_sheet import MergeSheet
from crm_desktop.ui.duplicates.reading import Sheet, SheetRow
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.labels import Label

LONG = "Joint-stock company of the northern harbour and its many warehouses"


def shown(qtbot: QtBot, width: int) -> MergeSheet:
    rows = (SheetRow("name", "Name", (LONG, LONG + "!"), 1, differs=True, collides=True),)
    sheet = MergeSheet()
    qtbot.addWidget(sheet)
    sheet.resize(width, px(500))
    sheet.show_sheet(Sheet(CLIENT, (1, 2), (LONG, LONG + "!"), rows, (), {1: 1, 2: 1}))
    sheet.show()
    return sheet


def test_the_sheet_does_not_scroll_sideways(qtbot: QtBot) -> None:
    sheet = shown(qtbot, px(640))

    qtbot.waitUntil(lambda: sheet.widget().width() <= sheet.viewport().width())

    assert sheet.horizontalScrollBar().maximum() == 0


def test_the_numbers_of_the_records_stand_at_one_height(qtbot: QtBot) -> None:
    sheet = shown(qtbot, px(900))

    numbers = [w for w in sheet.findChildren(Label) if w.text().startswith("No. ")]

    assert len(numbers) == 2 and numbers[0].y() == numbers[1].y()
