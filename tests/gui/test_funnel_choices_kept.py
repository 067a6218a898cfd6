"""The page of sales figures comes back as it was left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.services.funnel.periods import Period
from crm_desktop.settings import FIGURES
from crm_desktop.ui.funnel.kept import Chosen, load
from crm_desktop.ui.funnel.page import SalesFiguresPage
from tests.database.funnel_world import World
from tests.gui.card_desk import Desk


@pytest.fixture
def desk(
    sqlite_url: str, tmp_path: Path, own_home: Path, qapp: QApplication
) -> Iterator[Desk]:  # fmt: skip
    world = World(sqlite_url)
    yield Desk(world.base, tmp_path / "home")
    world.base.close()


def opened(desk: Desk, qtbot: QtBot) -> SalesFiguresPage:
    made = SalesFiguresPage(desk.session, desk.navigator)
    desk.show(qtbot, made, 1200, 900)
    return made


def test_tab_period_and_grouping_are_found_again(desk: Desk, qtbot: QtBot) -> None:
    first = opened(desk, qtbot)
    first.choosing.divide("source")
    first.choosing.period.set_value("last_month")
    first.choosing.period.activated.emit(0)
    first.show_tab("managers")
    second = opened(desk, qtbot)
    chosen = second.choosing.chosen
    assert (chosen.tab, chosen.period, chosen.by) == ("managers", "last_month", "source")
    assert second.choosing.period.value() == "last_month"
    assert second.shown_tab == "managers"


def test_own_dates_are_found_again(desk: Desk, qtbot: QtBot) -> None:
    first = opened(desk, qtbot)
    first.choosing.period.set_value("own")
    first.choosing.period.activated.emit(0)
    first.choosing.since.set_day(date(2026, 2, 3))
    first.choosing.until.set_day(date(2026, 2, 17))
    first.choosing.until.day_changed.emit(date(2026, 2, 17))
    again = opened(desk, qtbot)
    assert again.choosing.span() == Period(date(2026, 2, 3), date(2026, 2, 17))


@pytest.mark.parametrize("kept", [
    "nothing", {"tab": "no such", "period": 7, "by": [], "beside": None, "pipeline_id": "1"},
    {"period": "own", "since": "2026-99-01", "until": "x"},
    {"period": "own", "since": "2026-03-02", "until": "2026-03-01"},
])  # fmt: skip
def test_a_file_that_was_edited_by_hand_says_what_makes_sense(desk: Desk, kept: object) -> None:
    desk.session.settings.put_entry(FIGURES, "base", kept)
    assert load(desk.session.settings, "base") == Chosen()


def test_a_dash_of_a_channel_tells_why_it_is_one(desk: Desk, qtbot: QtBot) -> None:
    base = desk.base
    source = base.records.create("reference", {"name": "Fair", "book": "source"}).ids[0]
    base.records.create("channel_cost", {
        "name": "Stand", "source": source, "amount": 900, "since": base.clock.today(),
    })  # fmt: skip
    deal = base.records.create("deal", {
        "name": "Windows", "source": source, "amount": 100, "amount_by_hand": True,
        "currency": "eur",
    }).ids[0]  # fmt: skip
    won = next(s.id for s in base.pipelines.all()[0].stages if s.outcome == "won")
    base.pipelines.move([deal], won)
    page = opened(desk, qtbot)
    page.show_tab("channels")
    table = page.sections[0].table
    assert table.text(0, 6) == "—"
    assert "EUR" in table.why_at(table.cell_rect(0, 6).center())
    assert not table.why_at(table.cell_rect(0, 4).center())
