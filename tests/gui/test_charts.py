"""Charts: round ticks, hover, clicks, keys, copies, files; real events on real widgets."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.errors import UserError
from crm_desktop.ui import theme
from crm_desktop.ui.charts.chart import BARS, FUNNEL, LINE, STACKED, Chart, Series, round_ticks
from crm_desktop.ui.charts.files import write_pdf, write_png
from crm_desktop.ui.charts.geometry import Geometry
from crm_desktop.ui.charts.number_table import Figure, Grid, NumberTable, SidewaysArea
from crm_desktop.ui.charts.painting import axis_text
from crm_desktop.ui.charts.view import ChartView

NAMES = ("First call", "Measurement", "Done")


def series(*values: float, quiet: bool = False) -> Series:
    return Series(f"Series {values[0]:g}", values, tuple(f"{v:g}" for v in values), quiet)


def chart(kind: str) -> Chart:
    return Chart(kind, "Deals", NAMES, (series(33, 30, 18), series(20, 10, 5, quiet=True)))


@pytest.fixture
def view(qapp: QApplication, qtbot: QtBot) -> ChartView:
    theme.apply(qapp, "light")
    made = ChartView(name="Deals")
    qtbot.addWidget(made)
    made.resize(600, 320)
    made.show()
    return made


@pytest.mark.parametrize(
    ("most", "ticks"),
    [(33, [0, 10, 20, 30, 40]), (1, [0, 0.2, 0.4, 0.6, 0.8, 1]), (0, [0, 1]),
     (50, list(range(0, 51, 10)))],
)  # fmt: skip
def test_ticks_are_round_and_reach_the_highest_value(most: float, ticks: list[float]) -> None:
    assert round_ticks(most) == pytest.approx(ticks)


def test_what_is_counted_has_no_halves_on_its_scale() -> None:
    one = Chart(BARS, "Seats", ("9:00",), (Series("Most", (1.0,), ("1",)),), whole=True)
    assert one.ticks == [0.0, 1.0]


def test_large_marks_are_said_short() -> None:
    assert [axis_text(v) for v in (950, 20_000, 15_000_000)] == ["950", "20 k", "15 M"]


@pytest.mark.parametrize("kind", [BARS, STACKED, LINE, FUNNEL])
def test_a_click_opens_the_value_under_it(view: ChartView, qtbot: QtBot, kind: str) -> None:
    view.show_chart(chart(kind))
    spot = view.spot_rect(0, 1).center().toPoint()
    with qtbot.waitSignal(view.opened) as asked:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot)
    assert asked.args == [0, 1]


def test_a_click_beside_opens_nothing(view: ChartView) -> None:
    view.show_chart(chart(FUNNEL))
    opened: list[int] = []
    view.opened.connect(lambda series, place: opened.append(place))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(view.width() - 5, 5))
    assert opened == []


def test_keys_walk_over_the_values_and_open_them(view: ChartView, qtbot: QtBot) -> None:
    view.show_chart(chart(FUNNEL))
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.accessibleDescription().startswith("Measurement: 30")
    with qtbot.waitSignal(view.opened) as asked:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert asked.args == [0, 1]


def test_the_higher_value_has_the_longer_bar() -> None:
    laid = Geometry(chart(BARS), QRectF(0, 0, 500, 300))
    first, second, third = (s.rect for s in laid.spots if s.series == 0)
    assert first.height() > second.height() > third.height()
    assert laid.at(QPointF(first.center())) >= 0


def test_stacked_bars_stand_on_one_another() -> None:
    laid = Geometry(chart(STACKED), QRectF(0, 0, 500, 300))
    lower, upper = (s.rect for s in laid.spots if s.place == 0)
    assert upper.bottom() == pytest.approx(lower.top())


def test_a_copied_picture_is_on_paper_in_the_dark_as_well(
    view: ChartView, qapp: QApplication, qtbot: QtBot
) -> None:
    theme.apply(qapp, "dark")
    view.show_chart(chart(BARS))
    with qtbot.waitSignal(view.copied):
        QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    found = QGuiApplication.clipboard().image()
    assert found.pixelColor(2, 2) == QColor("#FFFFFF")
    assert view.grab().toImage().pixelColor(2, 2) != QColor("#FFFFFF")
    theme.apply(qapp, "light")


def test_files_are_written_or_the_reason_is_said(view: ChartView, tmp_path: Path) -> None:
    png, pdf = tmp_path / "deals.png", tmp_path / "deals.pdf"
    write_png(chart(FUNNEL), png, view.size())
    write_pdf(chart(LINE), pdf)
    assert QImage(str(png)).width() == 2 * view.width()
    assert pdf.read_bytes().startswith(b"%PDF")
    with pytest.raises(UserError, match="cannot be written"):
        write_pdf(chart(LINE), tmp_path / "nowhere" / "deals.pdf")


def test_an_empty_chart_is_painted_without_a_word(view: ChartView) -> None:
    empty = Chart(BARS, "Deals", (), (series(0),))
    view.show_chart(empty)
    assert empty.empty and not view.grab().isNull()
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.accessibleDescription() == ""


# --- the table ------------------------------------------------------------------------------------


@pytest.fixture
def table(qapp: QApplication, qtbot: QtBot) -> NumberTable:
    theme.apply(qapp, "light")
    made = NumberTable(name="Deals")
    qtbot.addWidget(made)
    lines = tuple(
        (Figure(name), Figure(str(count), count, opens=True), Figure("1 %"))
        for name, count in zip(NAMES, (33, 30, 18), strict=True)
    )
    made.show_grid(Grid(("Stage", "Deals", "Share"), lines))
    made.resize(500, made.sizeHint().height())
    made.show()
    return made


def test_a_table_wider_than_its_window_is_scrolled_by_itself_and_follows_the_keyboard(
    qapp: QApplication, qtbot: QtBot
) -> None:
    theme.apply(qapp, "light")
    made = NumberTable(name="Deals")
    heads = tuple(f"A rather long heading {n}" for n in range(6))
    made.show_grid(Grid(heads, ((Figure("New"), *[Figure("1", 1, opens=True)] * 5),)))
    area = SidewaysArea(made)
    qtbot.addWidget(area)
    area.resize(400, area.sizeHint().height())
    area.show()
    assert made.width() > 400 > area.minimumSizeHint().width()
    assert area.sizeHint().height() > made.sizeHint().height()  # the bar has room of its own
    for _step in range(5):  # the first one takes hold
        QTest.keyClick(made, Qt.Key.Key_Right)
    right = made.cell_rect(0, 5).toAlignedRect()
    assert area.viewport().rect().contains(made.mapTo(area.viewport(), right.center()))


def test_a_click_on_a_number_opens_its_rows(table: NumberTable, qtbot: QtBot) -> None:
    with qtbot.waitSignal(table.opened) as asked:
        QTest.mouseClick(
            table, Qt.MouseButton.LeftButton, pos=table.cell_rect(1, 1).center().toPoint()
        )
    assert asked.args == [1, 1]
    with qtbot.assertNotEmitted(table.opened):
        QTest.mouseClick(
            table, Qt.MouseButton.LeftButton, pos=table.cell_rect(1, 2).center().toPoint()
        )


def test_arrows_and_enter_open_rows_too(table: NumberTable, qtbot: QtBot) -> None:
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(table, key)
    assert table.accessibleDescription() == "Done, Deals: 18"
    with qtbot.waitSignal(table.opened) as asked:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert asked.args == [2, 1]


def test_the_table_is_copied_as_text(table: NumberTable) -> None:
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[:2] == ["Stage\tDeals\tShare", "First call\t33\t1 %"]
