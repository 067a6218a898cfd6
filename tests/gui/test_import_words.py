"""Words of a file that mean nothing here get a meaning where the test run tells of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from crm_desktop.services.importing.mapping import Mapping
from crm_desktop.ui.import_wizard.page import ImportPage
from crm_desktop.ui.import_wizard.state import COLUMNS, RUN, SHEET, TRIAL, UnknownWord
from crm_desktop.ui.import_wizard.words import EVERY, LEAVE, MAKE, MEANT, REFUSE, WordPlan
from tests.gui.import_desk import ImportDesk, desk
from tests.import_desk import write_csv

__all__ = ["desk"]


def tried(desk: ImportDesk, file: Path) -> ImportPage:
    """The wizard for deals, once the test run is over."""
    desk.navigator.open_import("deal", str(file), None)
    page = desk.window.pages.page
    assert isinstance(page, ImportPage)
    desk.wizard = page
    desk.at(SHEET).go_on()
    desk.at(COLUMNS).go_on()
    desk.at(TRIAL)
    desk.wait(lambda: page.view.trial.outcome is not None)
    return page


def again(desk: ImportDesk, page: ImportPage) -> None:
    """The test run once more, by the button that says so."""
    assert page.view.next.text() == "Try again"
    page.view.next.click()
    desk.wait(lambda: page.view.trial.outcome is not None)


@pytest.fixture
def page(desk: ImportDesk, tmp_path: Path) -> ImportPage:
    """Three stages that are not there, one of them in two rows."""
    file = write_csv(
        tmp_path / "deals.csv", ["Deal", "Stage"], ["A", "Qualify"], ["B", "Closed"],
        ["C", "QUALIFY"], ["D", "Trial"],
    )  # fmt: skip
    return tried(desk, file)


def test_a_word_is_given_a_meaning_by_keyboard(desk: ImportDesk, page: ImportPage) -> None:
    """Enter opens the choice, typing finds a stage, Enter takes it; then all is tried again."""
    words = page.view.trial.words
    told = [(one.word, one.rows, one.verb) for one in words.lines]
    assert told == [
        (EVERY, 4, REFUSE), ("QUALIFY", 2, REFUSE), ("Closed", 1, REFUSE), ("Trial", 1, REFUSE),
    ]  # fmt: skip
    words.table.go_to(2)
    QTest.keyClick(words.table, Qt.Key.Key_Return)
    popover = page.words.popover
    assert popover is not None
    choice = popover.content.list
    QTest.keyClicks(choice.line, "wo")
    desk.wait(lambda: (MEANT, "Won") in [item.key for item in choice._lines.lines][:2])
    QTest.keyClick(choice.line, Qt.Key.Key_Return)
    cell = words.table.paged_model.cell(2, 3)
    assert cell is not None and cell.text == "It means “Won”"

    again(desk, page)

    outcome = page.view.trial.outcome
    assert outcome is not None and (outcome.created, outcome.rejected) == (1, 3)
    assert words.lines[2].meaning == "Won"


def test_the_others_are_made_or_left(desk: ImportDesk, page: ImportPage) -> None:
    """One word is left out, the others are made; all of it is offered again the next time."""
    asked = page.words
    for word, verb in (("Closed", LEAVE), (EVERY, MAKE)):
        lines = page.view.trial.words.lines
        asked.ask([one.word for one in lines].index(word), page.view.trial.rect())
        assert asked.popover is not None
        asked.popover.content.settled.emit(verb, "")
    again(desk, page)
    page.view.next.click()
    desk.at(RUN)
    desk.wait(lambda: page.view.run.outcome is not None)

    assert page.view.run.outcome is not None and page.view.run.outcome.created == 4
    assert page.plan is not None
    kept = page.plan.mapping.target_of("stage")
    assert kept is not None and kept.create and kept.values == (("Closed", ""),)
    assert Mapping.from_json(page.plan.mapping.to_json()) == page.plan.mapping


def test_nothing_is_offered_to_be_made_that_the_person_may_not_make(desk: ImportDesk) -> None:
    catalogue = desk.session.base.catalogue
    mapping = Mapping.from_json({"columns": [{"from": "Region", "to": "region"}]})
    plan = WordPlan(catalogue, catalogue["client"], lambda entity: entity != "reference")
    plan.take(mapping, [UnknownWord("region", "Atlantis", 3)])
    (line,) = plan.lines(mapping)

    assert not plan.choices(mapping, line).may_make


def test_a_choice_has_its_values_to_mean(desk: ImportDesk) -> None:
    """Words that are in no list are taken for one that is, or for nothing; nothing is made."""
    catalogue = desk.session.base.catalogue
    plan, mapping = (
        WordPlan(catalogue, catalogue["client"]),
        Mapping.from_json({"columns": [{"from": "Kind", "to": "kind"}]}),
    )
    plan.take(mapping, [UnknownWord("kind", "Shop", 3)])
    (line,) = plan.lines(mapping)
    choices = plan.choices(mapping, line)

    meant = plan.settle(mapping, line, MEANT, "company")

    assert not choices.may_make and ("company", "Company") in choices.values
    assert plan.lines(meant)[0].meaning == "Company"
    assert plan.settle(meant, line, REFUSE) == mapping
