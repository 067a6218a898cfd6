"""The page of annual dates: the nearest first, over all objects, true to the base."""

from __future__ import annotations

from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.annual import yearly
from crm_desktop.ui.annual_days.page import AnnualDaysPage
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


@pytest.fixture
def page(desk: Desk, client: Ref, qtbot: QtBot) -> AnnualDaysPage:
    desk.make("annual_date", occasion="Founded", day=yearly(11, 22, 2006), owner=client)
    desk.make("person", name="Anna Belova", birthday=date(1988, 12, 1))
    desk.make("person", name="Boris Late", birthday=date(1990, 12, 20))
    made = AnnualDaysPage(desk.session, desk.navigator)
    desk.show(qtbot, made)
    return made


def lines(page: AnnualDaysPage) -> list[tuple[str, ...]]:
    count = page.model.rowCount()
    cells = range(page.model.columnCount())
    return [tuple(str(page.model.index(r, c).data() or "") for c in cells) for r in range(count)]


def test_the_nearest_day_of_anybody_comes_first(page: AnnualDaysPage) -> None:
    assert lines(page) == [
        ("tomorrow", "Vector Ltd", "Founded", "20"),
        ("1 Dec, in 10 days", "Anna Belova", "Birthday", "38"),
    ]


def test_more_days_show_more_and_a_row_leads_to_its_record(
    page: AnnualDaysPage, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    page.table.go_to(0)
    assert page.pointed() == client
    page.span.chosen.emit(30)
    assert [line[1] for line in lines(page)][-1] == "Boris Late"
    with qtbot.waitSignal(desk.navigator.place_wanted) as asked:
        page.table.row_opened.emit(0, False)
    assert asked.args[0].ref == client


def test_a_new_birthday_appears_by_itself(page: AnnualDaysPage, desk: Desk, qtbot: QtBot) -> None:
    desk.make("person", name="Vera New", birthday=date(1991, 11, 23))
    qtbot.waitUntil(lambda: "Vera New" in [line[1] for line in lines(page)])


def test_when_nothing_comes_the_page_says_so(desk: Desk, qtbot: QtBot) -> None:
    page = AnnualDaysPage(desk.session, desk.navigator)
    desk.show(qtbot, page)
    assert page.empty.isVisible() and not page.table.isVisible()
