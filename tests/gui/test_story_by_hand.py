"""The story of issue 5 as people play it: windows, mouse and keys, one base and one clock. What
nobody does by hand (enquiries that arrive, the rest of March) is played as in the story itself."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query
from crm_desktop.ui import theme
from crm_desktop.ui.deals.lines_tab import LinesTab
from crm_desktop.ui.deals.ribbon import StageRibbon
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.funnel.page import SalesFiguresPage
from crm_desktop.ui.next_steps.desk import CallBox, NextSteps
from crm_desktop.ui.planner.new_box import NewBox
from crm_desktop.ui.planner.page import PlannerPage
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.reminders.desk import ReminderDesk
from crm_desktop.ui.stages.form import FileLine, StageForm
from crm_desktop.ui.widgets.popover import Popover
from tests.database.test_story_whole import Play, at
from tests.gui.planner_desk import LEFT, PlannerDesk, answered

KEY = Qt.Key
ADDRESS, SHEET = "Lenina 5-12", "sheet.txt"
LINES = (
    ("Windows", "2", "pcs", "18500", "5", ""), ("Sills", "2", "pcs", "2150", "5", ""),
    ("Installation", "2", "", "4200", "", ""),
)  # fmt: skip


class Hands(PlannerDesk):
    """The windows over the base of the story."""

    def __init__(self, play: Play, home: Path, qtbot: QtBot) -> None:
        super().__init__(play.base, home)
        self.play, self.qtbot, self.front = play, qtbot, QStackedWidget()
        super().show(qtbot, self.front, 1300, 820)

    def lay_down(self, page: QWidget) -> None:
        """A page in the window; the one before goes."""
        before = self.front.currentWidget()
        self.front.setCurrentIndex(self.front.addWidget(page))
        if before is not None:
            self.front.removeWidget(before)
            before.deleteLater()
        self.qtbot.waitExposed(self.front)
        QApplication.processEvents()

    def sits_down(self, name: str) -> None:
        """Somebody works here from now on."""
        self.session.work_as(self.play.people[name])

    def card(self, deal: int) -> CardPage:
        """The card of the deal, on the screen."""
        page = CardPage(self.session, self.navigator, Ref("deal", deal), parts=CARD_PARTS)
        self.lay_down(page)
        self.qtbot.waitUntil(lambda: bool(page.findChildren(StageRibbon)))
        self.qtbot.waitUntil(lambda: page.actions_row.talk.isVisible())
        return page

    def wants_to_move(self, page: CardPage, stage: int) -> StageForm:
        """Clicks a stage of the ribbon; the form that asks for what is missing."""
        ribbon = page.findChildren(StageRibbon)[0]
        self.qtbot.mouseClick(ribbon.arrows[stage], LEFT)
        self.qtbot.waitUntil(lambda: ribbon.moving().form is not None)
        form = ribbon.moving().form
        assert form is not None
        return form

    def says_move(self, form: StageForm) -> None:
        """Presses the button of the form."""
        assert form._move is not None
        self.qtbot.mouseClick(form._move, LEFT)

    def types(self, editor: QWidget, text: str) -> None:
        """Types into an editor by keys."""
        editor.setFocus()
        where = editor.window().focusWidget()
        assert where is editor or (where is not None and editor.isAncestorOf(where))
        QTest.keyClicks(where, text)
        QTest.keyClick(where, KEY.Key_Tab)

    def stage_of(self, deal: int) -> str:
        """By name."""
        found = self.play.world.of(deal)["stage"]
        return next(name for name, id_ in self.play.world.stages.items() if id_ == found)


@pytest.fixture
def hands(
    tmp_path: Path, own_home: Path, qapp: QApplication, qtbot: QtBot
) -> Iterator[Hands]:  # fmt: skip
    theme.apply(qapp, "light")
    play = Play(str(tmp_path / "story.crm"), tmp_path)
    play.clock._zone = ZoneInfo("Europe/Moscow")  # where they sit
    made = Hands(play, own_home, qtbot)
    yield made
    made.session.workspace = None
    made.session.closed.emit()
    play.base.close()


def test_the_story_is_played_by_hand(
    hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = hands.play.an_enquiry_arrives()
    anna_calls(hands, deal)
    boris_books_marat(hands)
    marat_attaches_the_sheet(hands, deal, tmp_path, monkeypatch)
    anna_types_the_lines(hands, deal)
    hands.play.the_edges()
    hands.play.march_goes_on()
    kirill_opens_the_funnel(hands)


def test_kirill_is_told_once_with_client_manager_and_minutes(hands: Hands) -> None:
    hands.play.an_enquiry_arrives()
    hands.play.clock.moment = at(2, 9, 32)
    hands.sits_down("Kirill")
    reminders = ReminderDesk(hands.session, hands.navigator)
    hands.qtbot.addWidget(reminders.window)
    reminders.look()
    reminders.look()
    (row,) = reminders.window.rows
    assert row.subject.text() == "Anna is late: Call Sergey Petrov"
    assert row.about.text() == "two windows"
    assert "7 minutes late" in row.time.text()
    row.cross.click()
    reminders.look()
    assert reminders.window.rows == []
    if reminders.alarm is not None:
        reminders.alarm.stop()


def anna_calls(hands: Hands, deal: int) -> None:
    hands.play.clock.moment = at(2, 9, 40)
    hands.sits_down("Anna")
    page = hands.card(deal)
    steps = NextSteps(hands.session, hands.navigator, page)
    hands.navigator.call_wanted.connect(steps.call)
    QTest.mouseClick(page.actions_row.talk, LEFT)
    box = steps.box
    assert isinstance(box, CallBox)
    assert box.form.finishes.isVisible() and "Call Sergey Petrov" in box.form.finishes.text()
    QTest.keyClick(box.form.result, KEY.Key_Down)
    box.form.note.edit.setFocus()
    QTest.keyClicks(box.form.note.edit, f"measure Tue 11:00, {ADDRESS}")
    QTest.mouseClick(box.save, LEFT)
    (call,) = hands.play.world.linked("activity", "about", deal)
    assert (call["subject"], call["state"]) == ("Call Sergey Petrov", "done")
    assert call["body"].endswith(f"measure Tue 11:00, {ADDRESS}")

    form = hands.wants_to_move(page, 1)
    assert list(form.boxes) == ["client.address", hands.play.at]
    hands.says_move(form)
    assert form.boxes["client.address"].error() == "This has to be filled in"
    assert "Address" in form.boxes["client.address"].label.text()
    hands.types(form.editors["client.address"], ADDRESS)
    hands.says_move(form)
    assert form.boxes[hands.play.at].error()
    assert hands.stage_of(deal) == "First call"
    hands.types(form.editors[hands.play.at], "2026-03-03 11:00")
    hands.says_move(form)
    hands.qtbot.waitUntil(lambda: hands.stage_of(deal) == "Measurement")
    visit = hands.play.task(deal)
    assert (visit["author"], visit["starts"]) == (hands.play.people["Marat"], at(3, 11))
    assert (visit["place"], visit["body"].split(";")[0]) == (ADDRESS, "+7 916 555-12-34")


def boris_books_marat(hands: Hands) -> None:
    hands.play.clock.moment = at(3, 9)
    hands.sits_down("Boris")
    page = hands.page = PlannerPage(hands.session, hands.navigator)
    page.controller.show_days(1)
    hands.lay_down(page)
    page.grid.setFocus()
    marat = Ref("staff", hands.play.people["Marat"])

    hands.drag(hands.spot(marat, at(3, 12, 30)), hands.spot(marat, at(3, 11, 30)))
    popover = page.window().findChild(Popover)
    assert popover is not None
    entry = popover.findChild(NewBox)
    assert entry is not None
    QTest.keyClicks(entry.subject, "Flat of Orlov")
    said = answered("Save all the same")
    QTest.keyClick(entry.subject, KEY.Key_Return)
    assert "Marat" in said[0]
    assert "“Flat of Orlov” 3 Mar 11:30–12:30" in said[0]
    assert "“Measure: Sergey Petrov · two windows” 3 Mar 11:00–12:00" in said[0]

    made = Ref("activity", max(bar.id for bar in hands.grid.drawing.sheet.bars()))
    start = hands.middle(made)
    hands.drag(start, start + (hands.spot(marat, at(3, 14)) - hands.spot(marat, at(3, 11, 30))))
    assert hands.times(made) == (at(3, 14), at(3, 15))
    assert hands.notes[-1].undo_operation is not None


def marat_attaches_the_sheet(
    hands: Hands, deal: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands.play.clock.moment = at(3, 12, 20)
    hands.sits_down("Marat")
    page = hands.card(deal)
    form = hands.wants_to_move(page, 2)
    hands.says_move(form)
    assert form.boxes["files"].error() == "Choose at least one file"
    assert hands.stage_of(deal) == "Measurement"
    sheet = folder / SHEET
    sheet.write_text("1200 x 1400", encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_given: ([str(sheet)], ""))
    line = form.boxes["files"].editor
    assert isinstance(line, FileLine)
    QTest.mouseClick(line.button, LEFT)
    assert form.boxes["files"].error() == ""
    hands.says_move(form)
    hands.qtbot.waitUntil(lambda: hands.stage_of(deal) == "Approval")
    task = hands.play.task(deal)
    assert (task["author"], task["due"]) == (hands.play.people["Anna"], at(3, 15, 20))


def anna_types_the_lines(hands: Hands, deal: int) -> None:
    hands.sits_down("Anna")
    page = hands.card(deal)
    page.tabs.open_tab("deal_line.deal")
    hands.qtbot.waitUntil(lambda: any(tab.isVisible() for tab in page.findChildren(LinesTab)))
    tab = page.findChildren(LinesTab)[0]
    hands.front.activateWindow()
    hands.qtbot.waitUntil(hands.front.isActiveWindow)
    tab.focus_grid()
    for text in (cell for line in LINES for cell in line):
        for sign in text:
            QTest.keyClicks(focused(hands), sign)
        QTest.keyClick(focused(hands), KEY.Key_Return)
        QApplication.processEvents()
    hands.qtbot.waitUntil(lambda: "47,635.00" in tab.total.text())
    assert "7,939.16" in tab.vat.text()
    assert hands.play.world.of(deal)["amount"] == Decimal("47635.00")
    lines = hands.play.world.linked("deal_line", "deal", deal)
    assert [str(one["total"]) for one in lines] == ["35150.00", "4085.00", "8400.00"]


def focused(hands: Hands) -> QWidget:
    """Where the keys go in the window, whether or not the screen has it in front."""
    widget = hands.front.focusWidget()
    assert widget is not None
    return widget


def kirill_opens_the_funnel(hands: Hands) -> None:
    play = hands.play
    play.clock.moment = at(31, 17)
    hands.sits_down("Kirill")
    play.base.records.update("pipeline", play.world.pipeline, {"position": -1})
    page = SalesFiguresPage(hands.session, hands.navigator)
    hands.lay_down(page)
    table = page.sections[0].table
    lines = {table.text(line, 0): line for line in range(len(table.grid.lines))}
    reached = {"First call": play.deals, "Measurement": play.deals[:30],
               "Approval": [*play.deals[:25], play.deals[29]], "Payment": play.deals[:20],
               "Done": play.deals[:18]}  # fmt: skip
    for stage, deals in reached.items():
        assert table.text(lines[stage], 1) == str(len(deals))
        assert opened(hands, table, lines[stage], 1) == set(deals), stage
    assert [table.text(lines[name], 2) for name in ("Measurement", "Approval", "Payment")] == [
        f"{share}\u00a0%" for share in ("90.9", "86.7", "76.9")
    ]
    assert opened(hands, table, lines["Approval"], 3) == set(play.deals[1:3])
    assert table.text(lines["To the end"], 2) == "54.5\u00a0%"
    assert opened(hands, table, lines["To the end"], 3) == set(play.deals[1:3])


def opened(hands: Hands, table: Any, line: int, place: int) -> set[int]:
    """Clicks a number; the records of the list that is opened."""
    with hands.qtbot.waitSignal(hands.navigator.place_wanted) as asked:
        spot = table.cell_rect(line, place).center().toPoint()
        QTest.mouseClick(table, LEFT, pos=spot)
    wanted = asked.args[0]
    query = Query(wanted.entity, where=wanted.where)
    return set(hands.play.base.lists.open(query).ids())
