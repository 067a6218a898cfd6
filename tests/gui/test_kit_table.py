"""The paged model and the table: a million rows, few requests, ticks by id, keyboard."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.ui import theme
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.itemmodels.paged import BLOCK, PagedTableModel
from crm_desktop.ui.widgets.table_view import TableView

COLUMNS = [Column("name", "Name", 300)] + [Column(f"c{i}", f"Column {i}", 120) for i in range(7)]
MILLION = 1_000_000


def rows(start: int, count: int) -> list[Row]:
    rest = (
        Cell("+7 916 204-11-83"), Cell("Active", "pill", tone="ok"), Cell("Smith J.", "muted"),
        Cell("17 Nov", "date"), Cell("46 300", "money", bad=True), Cell("a@b.org", "link"),
        Cell("Moscow", "muted"),
    )  # fmt: skip
    return [
        Row(i + 1, (Cell(f"Client number {i}", "title", avatar="round"), *rest))
        for i in range(start, start + count)
    ]


class Desk(QObject):
    """Answers the wishes of the model when told to, and remembers them."""

    def __init__(self, model: PagedTableModel, *, at_once: bool = True) -> None:
        super().__init__(model)
        self.model, self.at_once = model, at_once
        self.wishes: list[tuple[int, int]] = []
        model.block_wanted.connect(self.note)
        model.refresh(model.rowCount())  # what was asked before nobody has heard

    def note(self, start: int, count: int) -> None:
        self.wishes.append((start, count))
        if self.at_once:
            self.answer()

    def answer(self) -> None:
        start, count = self.wishes[-1]
        self.model.set_block(start, rows(start, min(count, self.model.rowCount() - start)))


@pytest.fixture
def table(qtbot: QtBot, qapp: QApplication) -> TableView:
    theme.apply(qapp, "light")
    view = TableView(name="Clients")
    qtbot.addWidget(view)
    model = PagedTableModel(view)
    model.open(COLUMNS, MILLION)
    view.setModel(model)
    view.size_columns()
    view.resize(1320, 25 * 38 + 34)
    view.show()
    return view


def test_the_end_of_a_million_rows_is_one_key_and_one_request_away(
    qtbot: QtBot, table: TableView
) -> None:
    desk = Desk(table.paged())
    qtbot.waitUntil(lambda: table.paged().id_of(0) == 1)
    desk.wishes.clear()
    qtbot.keyClick(table, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: table.paged().id_of(MILLION - 1) == MILLION)
    assert table.current_row == MILLION - 1
    assert len(desk.wishes) <= 2


def test_dragging_the_scroll_bar_asks_for_few_blocks_and_shows_where_it_stops(
    qtbot: QtBot, table: TableView, qapp: QApplication
) -> None:
    desk = Desk(table.paged(), at_once=False)
    bar = table.verticalScrollBar()
    began = time.perf_counter()
    for step in range(200):
        bar.setValue(bar.maximum() * step // 200)
        qapp.processEvents()
    asked = len(desk.wishes)
    assert asked <= (time.perf_counter() - began) / 0.008 + 2, "one request a tick at most"
    assert asked < 200
    desk.at_once = True
    desk.note(*desk.wishes[-1])
    last = table.rowAt(10)
    qtbot.waitUntil(lambda: table.paged().id_of(last) == last + 1)
    assert table.paged().loaded_blocks() <= 64


def test_a_refresh_keeps_rows_in_sight_until_new_ones_come_and_ticks_by_id(
    qtbot: QtBot, table: TableView
) -> None:
    model = table.paged()
    desk = Desk(model)
    qtbot.waitUntil(lambda: model.id_of(0) == 1)
    model.ticks.toggle(5)
    desk.at_once = False
    model.refresh(MILLION - 1)
    assert model.id_of(4) == 5
    start, _count = desk.wishes[-1]
    model.set_block(start, [Row(i + 2, (Cell("moved up"),)) for i in range(BLOCK)])
    assert model.is_ticked(3) and not model.is_ticked(4)


def test_everything_in_the_query_is_ticked_loaded_or_not(qtbot: QtBot, table: TableView) -> None:
    model = table.paged()
    Desk(model)
    qtbot.waitUntil(lambda: model.id_of(0) == 1)
    qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    table.go_to(0)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert model.ticks.count(MILLION) == MILLION - 1
    assert model.is_ticked(500_000) and not model.is_ticked(0)
    assert model.ticks.exceptions == {1}


def test_a_late_block_shows_skeletons_and_a_quick_one_none(qtbot: QtBot, table: TableView) -> None:
    model = table.paged()
    desk = Desk(model, at_once=False)
    qtbot.waitUntil(lambda: model.late)
    desk.answer()
    assert not model.late


def test_no_seam_shows_between_cells_at_fractional_scales(qtbot: QtBot, table: TableView) -> None:
    Desk(table.paged())
    qtbot.waitUntil(lambda: table.paged().id_of(0) == 1)
    table.go_to(2)
    for ratio in (1.25, 1.5):
        image = QImage(table.viewport().size() * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        painter = QPainter(image)
        table.viewport().render(painter, QPoint())
        painter.end()
        top = round((table.rowViewportPosition(2) + 5) * ratio)
        edge = round(table.columnViewportPosition(1) * ratio)
        inks = {image.pixelColor(x, top).name() for x in range(edge - 4, edge + 4)}
        assert inks == {theme.color("select").name()}


def test_a_table_of_a_page_without_boxes_begins_under_the_title(
    qtbot: QtBot, table: TableView
) -> None:
    Desk(table.paged())
    table.begin_under_title()
    QApplication.processEvents()
    words = table.viewport().mapTo(table, QPoint(10, 0)).x()
    assert words == 24  # the margin of a page: what is painted stands 10 px from its column
    strip = table.verticalHeader().viewport()
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(6, 38 * 3 + 10))
    assert table.current_row == 3 and not table.paged().ticks.count(MILLION)
    image = table.grab().toImage()
    ratio = image.devicePixelRatio()
    at = QPoint(int(1 * ratio), int((34 + 38 * 3 + 10) * ratio))
    assert image.pixelColor(at).name() == theme.color("accent").name()
