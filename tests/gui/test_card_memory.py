"""Clients with twenty tabs each, opened in a row, leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.session import Session
from tests.gui.card_desk import Desk, desk
from tests.gui.card_memory import LEAST_TABS, fill, follow, open_and_close, weights

__all__ = ["desk"]

CLIENTS, WARM = 16, 8
OWN = 7  # objects of the person's own; with the built-in ones twenty tabs
OBJECTS_A_CARD = 1
"""Four stay over many cards: the weights that this test itself keeps."""
MEGABYTES = 5


@pytest.mark.no_qt_log  # pytest-qt keeps each warning of Qt: eighteen objects a card
@pytest.mark.parametrize("way", [open_and_close, follow])
def test_cards_with_twenty_tabs_leave_nothing_behind(
    desk: Desk, way: Callable[[Session, list[Ref]], Iterator[int]]
) -> None:
    refs = fill(desk.base, CLIENTS, objects=OWN)
    tabs: list[int] = []

    def counted() -> Iterator[int]:
        for count in way(desk.session, refs):
            tabs.append(count)
            yield count

    found = dict(weights(counted(), every=WARM))
    warm, last = found[WARM], found[CLIENTS]
    assert len(tabs) == CLIENTS and min(tabs) >= LEAST_TABS
    assert last.widgets <= warm.widgets
    assert last.objects - warm.objects <= OBJECTS_A_CARD * (CLIENTS - WARM)
    assert last.megabytes - warm.megabytes <= MEGABYTES
