"""Pages that were closed are gone: nothing of the session holds them."""

from __future__ import annotations

import gc
import weakref

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.features import PAGES
from crm_desktop.ui.navigation import LIST, PAGE, Place
from crm_desktop.ui.page import Page
from tests.gui.card_desk import Desk, client, desk
from tests.gui.card_memory import settle

__all__ = ["client", "desk"]

TIMES = 6
"""One that is held is seen at once: nothing at all may stay."""
PLACES = [
    *(Place(PAGE, name=name) for name in ("operations", "recycle-bin", "annual-dates", "settings")),
    Place(PAGE, "client", name="duplicates"), Place(PAGE, "client", name="import"),
    Place(LIST, "client"), Place(LIST, "reference"),
]  # fmt: skip


def opened_and_closed(desk: Desk, place: Place) -> weakref.ref[QWidget]:
    kind = place.name if place.kind == PAGE else place.kind
    page = PAGES[kind](desk.session, desk.navigator, place, lambda _ref, _by: None)
    assert isinstance(page, Page)
    page.show_place(place)
    page.show()
    settle()
    page.leave()
    page.hide()
    page.deleteLater()
    return weakref.ref(page)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name or place.entity)
def test_closed_pages_leave_nothing(desk: Desk, client: Ref, qtbot: QtBot, place: Place) -> None:
    opened_and_closed(desk, place)  # it loads what is loaded once
    settle()
    gc.collect()
    settle()
    before = len(QApplication.allWidgets())

    pages = [opened_and_closed(desk, place) for _turn in range(TIMES)]
    desk.make("client", name="Told to everybody who still listens")
    for _turn in range(3):
        settle()
        gc.collect()

    assert [page() for page in pages if page() is not None] == []
    assert len(QApplication.allWidgets()) <= before
