"""The head of a card: wishes that stay in sight and come before a visit, days that are near."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query
from crm_desktop.ui.card_parts import CardParts, Figure
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.panel import RecordPanel
from crm_desktop.ui.record_card.wish_strip import WishDialog, WishStrip
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


@pytest.fixture
def wish(desk: Desk, client: Ref) -> Ref:
    return desk.make("wish", text="Nut allergy", severity="critical", owner=client)


def opened(desk: Desk, qtbot: QtBot, ref: Ref) -> CardPage:
    page = CardPage(desk.session, desk.navigator, ref, parts=CARD_PARTS)
    desk.show(qtbot, page)
    return page


def strip(page: CardPage | RecordPanel) -> WishStrip:
    found = page.head.part("wishes")
    assert isinstance(found, WishStrip)
    return found


def test_a_wish_stands_above_every_tab_of_page_and_panel(
    desk: Desk, client: Ref, wish: Ref, qtbot: QtBot
) -> None:
    page = opened(desk, qtbot, client)
    page.tabs.open_tab("history")
    assert strip(page).isVisible() and strip(page).lines[0].text.text() == "Nut allergy"
    panel = RecordPanel(desk.session, desk.navigator, CARD_PARTS)
    desk.show(qtbot, panel, 432)
    panel.show_record(client)
    qtbot.waitUntil(lambda: panel.head.part("wishes") is not None)
    assert strip(panel).isVisible()


def test_without_wishes_the_strip_takes_no_room(
    desk: Desk, client: Ref, wish: Ref, qtbot: QtBot
) -> None:
    page = opened(desk, qtbot, client)
    desk.base.records.update(wish.entity, wish.id, {"retired": True})
    assert not strip(page).isVisible()


def test_a_tick_says_who_has_read_it(desk: Desk, client: Ref, wish: Ref, qtbot: QtBot) -> None:
    page = opened(desk, qtbot, client)
    strip(page).lines[0].tick.click()
    assert desk.base.wishes.unread(client) == []
    assert not strip(page).lines[0].tick.isEnabled()


def plan_visit(desk: Desk, client: Ref, qtbot: QtBot) -> CardPage:
    values: dict[str, Any] = {"about": client, "kind": "meeting", "state": "planned",
                              "subject": "Measure", "moment": desk.base.clock.now(),
                              "due": desk.base.clock.now()}  # fmt: skip
    page = CardPage(desk.session, desk.navigator, Ref("activity", 0), values=values,
                    parts=CARD_PARTS)  # fmt: skip
    desk.show(qtbot, page)
    page.run("save")
    return page


def visits(desk: Desk) -> int:

    return desk.base.lists.open(
        Query("activity", ("id",), Condition("kind", "eq", "meeting"))
    ).count()


def dialog_of(qapp: QApplication) -> WishDialog:
    found = qapp.activeModalWidget()
    assert isinstance(found, WishDialog)
    return found


def test_a_visit_is_planned_only_after_the_wishes_were_ticked_off(
    desk: Desk, client: Ref, wish: Ref, qtbot: QtBot, qapp: QApplication
) -> None:
    plan_visit(desk, client, qtbot)
    dialog = dialog_of(qapp)
    assert visits(desk) == 0 and not dialog.go.isEnabled()
    dialog.lines[0].tick.click()
    dialog.go.click()
    assert visits(desk) == 1
    assert desk.base.wishes.unread(client) == []


def test_who_does_not_tick_makes_no_visit(
    desk: Desk, client: Ref, wish: Ref, qtbot: QtBot, qapp: QApplication
) -> None:
    plan_visit(desk, client, qtbot)
    dialog_of(qapp).reject()
    assert visits(desk) == 0
    assert len(desk.base.wishes.unread(client)) == 1


def test_a_near_birthday_stands_in_the_head(desk: Desk, qtbot: QtBot) -> None:
    person = desk.make("person", name="Anna Belova", birthday=date(1988, 11, 24))
    page = opened(desk, qtbot, person)
    assert page.head.figures.texts() == [("Birthday", "24 Nov, in 3 days · 38 years")]


def test_figures_without_a_provider_take_no_room(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    page = CardPage(desk.session, desk.navigator, client)
    desk.show(qtbot, page)
    assert not page.head.figures.isVisible() and page.head.figures.texts() == []


class Balance:
    """A later feature."""

    def accepts(self, catalogue: Any, entity: Any) -> bool:
        return bool(entity.has("revenue"))

    def load(self, workspace: Any, entity: Any, record: int) -> object:
        return 1250

    def say(self, value: Any, around: Any) -> list[Figure]:
        return [Figure("Balance", f"{value} ₽", target="history")]


def test_a_figure_is_shown_and_leads_to_a_tab(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    page = CardPage(desk.session, desk.navigator, client,
                    parts=CardParts(figures={"balance": Balance()}))  # fmt: skip
    desk.show(qtbot, page)
    assert page.head.figures.texts() == [("Balance", "1250 ₽")]
    page.head.figures.opened.emit("history")
    assert page.tabs.bar.current() == "history"


class Taker:
    """Takes texts that are dropped on a card."""

    def __init__(self) -> None:
        self.taken: list[tuple[Ref | None, str]] = []

    def accepts(self, catalogue: Any, entity: Any, mime: QMimeData) -> bool:
        return mime.hasText()

    def take(self, card: Any, mime: QMimeData) -> None:
        self.taken.append((card.ref, mime.text()))


def test_what_is_pasted_into_a_card_goes_to_the_part_that_takes_it(
    desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    taker = Taker()
    page = CardPage(desk.session, desk.navigator, client, parts=CardParts(drops={"t": taker}))
    desk.show(qtbot, page)
    QApplication.clipboard().setText("hello")
    assert page.drops.paste() and taker.taken == [(client, "hello")]


class Strip:
    """A strip above forms of one object."""

    def accepts(self, catalogue: Any, entity: Any) -> bool:
        return bool(entity.has("city"))

    def make(self, forms: Any) -> QWidget:
        made = QWidget()
        forms.form.changed.connect(lambda: made.setAccessibleName(forms.form.typed()["city"]))
        return made


def test_a_strip_above_the_form_follows_what_is_typed(
    desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    page = CardPage(desk.session, desk.navigator, client, parts=CardParts(forms={"s": Strip()}))
    desk.show(qtbot, page)
    page.edit()
    assert page._forms is not None
    page._forms.form.editors["city"].set_raw("Tomsk")
    page._forms.form.changed.emit()
    assert page._forms.strips["s"].accessibleName() == "Tomsk"
