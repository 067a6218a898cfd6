"""The page of sales figures: what it shows, what opens, what is saved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.query import Query
from crm_desktop.services.clock import MovedClock
from crm_desktop.ui.funnel.page import SalesFiguresPage
from tests.database.funnel_world import Deal, World
from tests.database.test_funnel_counts import story
from tests.gui.card_desk import Desk


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    made.put(story(made))
    made.base.records.update("pipeline", made.pipeline, {"position": 0})
    yield made
    made.base.close()


@pytest.fixture
def desk(world: World, tmp_path: Path, own_home: Path, qapp: QApplication) -> Desk:
    return Desk(world.base, tmp_path / "home")


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> SalesFiguresPage:
    made = SalesFiguresPage(desk.session, desk.navigator)
    desk.show(qtbot, made, 1200, 900)
    return made


def column(page: SalesFiguresPage, place: int, section: int = 0) -> list[str]:
    table = page.sections[section].table
    return [table.text(line, place) for line in range(len(table.grid.lines))]


def click(page: SalesFiguresPage, line: int, place: int, section: int = 0) -> None:
    table = page.sections[section].table
    spot = table.cell_rect(line, place).center().toPoint()
    QTest.mouseClick(table, Qt.MouseButton.LeftButton, pos=spot)


def rows(desk: Desk, asked: Any) -> int:
    place = asked.args[0]
    return desk.base.lists.count(Query(place.entity, where=place.where))


def test_the_story_is_read_from_the_page(page: SalesFiguresPage) -> None:
    assert column(page, 1) == ["33", "30", "26", "20", "18", ""]
    shares = ["90.9", "86.7", "76.9", "90.0", "54.5"]
    assert column(page, 2) == ["—", *(f"{share}\u00a0%" for share in shares)]
    assert column(page, 3) == ["0", "0", "2", "0", "0", "2"]
    assert "A deal counts once in each stage" in page.rule.text()


def test_every_count_opens_its_rows_by_a_click(
    page: SalesFiguresPage, desk: Desk, qtbot: QtBot
) -> None:
    shares = ((1, 2, 30), (4, 2, 18), (5, 2, 18))
    for line, place, count in ((0, 1, 33), (4, 1, 18), (2, 3, 2), (5, 3, 2), *shares):
        with qtbot.waitSignal(desk.navigator.place_wanted) as asked:
            click(page, line, place)
        assert rows(desk, asked) == count


def test_a_bar_of_the_funnel_opens_the_same_rows(
    page: SalesFiguresPage, desk: Desk, qtbot: QtBot
) -> None:
    chart = page.sections[0].chart
    with qtbot.waitSignal(desk.navigator.place_wanted) as asked:
        spot = chart.spot_rect(0, 3).center().toPoint()
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=spot)
    assert rows(desk, asked) == 20


def test_divided_by_manager_a_name_narrows_the_funnel(page: SalesFiguresPage, qtbot: QtBot) -> None:
    page.choosing.by.set_value("manager")
    page.choosing.by.activated.emit(1)
    assert sorted(column(page, 0, 1)) == ["Anna", "Boris"]
    counts = dict(zip(column(page, 0, 1), column(page, 1, 1), strict=True))
    click(page, column(page, 0, 1).index("Anna"), 0, 1)
    assert column(page, 1)[0] == counts["Anna"] == "17"
    page.everybody.click()
    assert column(page, 1)[0] == "33"
    assert not page.everybody.isVisible()


def test_by_closing_and_another_period(page: SalesFiguresPage) -> None:
    QTest.mouseClick(
        page.choosing.basis, Qt.MouseButton.LeftButton,
        pos=page.choosing.basis._rects()[1].center().toPoint(),
    )  # fmt: skip
    assert column(page, 1)[0] == "18"
    page.choosing.period.set_value("last_year")
    page.choosing.period.activated.emit(0)
    assert page.empty.isVisible() and not page.sections[0].isVisible()


def test_own_dates_are_typed(page: SalesFiguresPage, world: World) -> None:
    page.choosing.period.set_value("own")
    page.choosing.period.activated.emit(0)
    for edit, text in ((page.choosing.since, "2026-03-02"), (page.choosing.until, "2026-03-03")):
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, text)
        QTest.keyClick(edit, Qt.Key.Key_Return)
    days = (date(2026, 3, 2), date(2026, 3, 3))
    opened = [deal for deal in world.deals if days[0] <= deal.opened.date() <= days[1]]
    assert column(page, 1)[0] == str(len(opened))


def test_channels_show_costs_and_dashes(page: SalesFiguresPage, world: World) -> None:
    world.insert("channel_cost", [
        {"name": "Site", "source": world.sources[0], "amount": Decimal(900),
         "since": date(2026, 3, 1)},
    ])  # fmt: skip
    page.show_tab("channels")
    lines = {c: n for n, c in enumerate(column(page, 0))}
    assert column(page, 4)[lines["Site"]].endswith("900")
    assert [column(page, n)[lines["Site"]] for n in (2, 5)] == ["0", "—"]
    assert [column(page, n)[lines["No source given"]] for n in (2, 4, 6)] == ["18", "—", "—"]


def test_managers_and_the_forecast_open_their_rows(
    page: SalesFiguresPage, world: World, desk: Desk, qtbot: QtBot
) -> None:
    moment = datetime(2026, 3, 3, 10, tzinfo=UTC)
    world.insert("activity", [
        {"subject": "x", "kind": "call", "state": "done", "moment": moment,
         "author": world.staff[0]},
    ] * 3)  # fmt: skip
    world.base.funnels.forget()  # written past the writer: nobody was told
    page.show_tab("managers")
    anna = column(page, 0).index("Anna")
    with qtbot.waitSignal(desk.navigator.place_wanted) as asked:
        click(page, anna, 3)
    assert rows(desk, asked) == 3
    page.show_tab("forecast")
    with qtbot.waitSignal(desk.navigator.place_wanted) as asked:
        click(page, 0, 1)
    assert rows(desk, asked) == 15


def test_a_sum_opens_the_rows_it_comes_from(
    page: SalesFiguresPage, world: World, desk: Desk, qtbot: QtBot
) -> None:
    fair = world.sources[1]
    deal = Deal(datetime(2026, 3, 3, 10, tzinfo=UTC), world.staff[0], source=fair)
    deal.amount, deal.currency = Decimal(900), "rub"
    deal.move(0, deal.opened, "new")
    deal.move(4, deal.opened, "won")
    world.put([deal])
    world.base.funnels.forget()  # written past the writer: nobody was told
    page.show_tab("channels")
    line = column(page, 0).index("Fair")
    with qtbot.waitSignal(desk.navigator.place_wanted) as asked:
        click(page, line, 3)
    assert rows(desk, asked) == 1


def test_the_figures_follow_the_base(page: SalesFiguresPage, world: World, qtbot: QtBot) -> None:
    world.base.records.delete("deal", [world.deals[0].id])
    qtbot.waitUntil(lambda: column(page, 1)[0] == "32")


def test_table_and_chart_are_saved(page: SalesFiguresPage, desk: Desk, tmp_path: Path) -> None:
    for ending in ("xlsx", "png", "pdf"):
        path = tmp_path / f"funnel.{ending}"
        page.sections[0].save(path)
        assert path.stat().st_size > 500
        assert desk.notes[-1].text == f"funnel.{ending} is written"
    book = load_workbook(tmp_path / "funnel.xlsx", read_only=True)
    assert book["First call – Deals"].max_row == 1 + 33
    assert book["Approval – Went back"].max_row == 1 + 2
    book.close()
    page.sections[0].save(tmp_path / "nowhere" / "funnel.png")
    assert "cannot be written" in desk.notes[-1].text


def test_another_language_says_everything_anew(
    page: SalesFiguresPage, qapp: QApplication, qtbot: QtBot
) -> None:
    from crm_desktop.ui.language import switch_language

    switch_language(qapp, "ru")
    assert page.title() == "Показатели продаж"
    qtbot.waitUntil(lambda: column(page, 2)[1] == "90,9\u00a0%")
    switch_language(qapp, "en")


def test_this_month_is_that_of_the_office(world: World, page: SalesFiguresPage, desk: Desk) -> None:
    """In Kamchatka April has begun while the computer in Moscow still says March."""
    base = world.base
    (company,) = base.lists.open(Query("working_calendar")).ids()
    base.records.update("working_calendar", company, {"zone": "Asia/Kamchatka"})
    moved = MovedClock(datetime(2026, 3, 31, 18, tzinfo=UTC), ZoneInfo("Europe/Moscow"))
    base.clock = base.records.clock = moved
    base.records.create("deal", {"name": "First of April", "pipeline": world.pipeline})
    page.choosing.period.set_value("this_month")
    page.choosing.period.activated.emit(0)
    assert column(page, 1)[0] == "1"
    assert page.choosing._today() == date(2026, 4, 1)
