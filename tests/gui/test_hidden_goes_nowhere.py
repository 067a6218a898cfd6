"""What an employee takes out by the window: the clipboard and paper lack what a role hides, many
rows are an export, and who may not print gets no sheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from crm_desktop.models.catalogue.holding import MASK
from crm_desktop.services.audit import service as audit
from crm_desktop.services.audit.service import Wanted
from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace
from crm_desktop.ui.navigation import Note
from crm_desktop.ui.operations import Job
from crm_desktop.ui.planner.page import PlannerPage
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.record_list.printing import PrintPreview, read_rows
from tests.firebird_server import FirebirdServer
from tests.gui.office_desk import Office, office
from tests.strict_office import TwoSellers, two_sellers

__all__ = ["office"]
DIGITS = "4951234567"


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    """Sellers see no telephones; Boris prints nothing either."""
    with two_sellers(firebird) as made:
        boss = made.office.sign_in(made.office.boss)
        client, roles = boss.catalogue["client"], Roles(boss)
        seller = roles.named("seller")
        roles.show(seller, client, "phone", words.HIDDEN)
        quiet = roles.add("Prints nothing", like=seller)
        for entity in boss.catalogue:
            roles.set(quiet, entity, {words.PRINT: words.NONE})
        roles.take(seller, made.persons[made.boris])
        roles.give(quiet, made.persons[made.boris])
        yield made


@pytest.fixture
def boss(sellers: TwoSellers) -> Workspace:
    return sellers.office.sign_in(sellers.office.boss)


def at_work(office: Office, sellers: TwoSellers, login: str) -> RecordListPage:
    """The list of clients with their telephones."""
    office.start(sellers.office.of(login))
    page = office.page(RecordListPage)
    page.controller.change(columns=("name", "phone"))
    office.wait(lambda: page.view.model.cell(0, 1) is not None)
    return page


def digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def test_the_clipboard_and_paper_lack_it(office: Office, sellers: TwoSellers) -> None:
    page = at_work(office, sellers, sellers.anna)
    QGuiApplication.clipboard().setText("")

    page.view.model.ticks.tick_all()
    page.rows.copy()
    office.wait(lambda: "Daisyhers" in QGuiApplication.clipboard().text())
    assert DIGITS not in digits(QGuiApplication.clipboard().text())
    assert MASK in QGuiApplication.clipboard().text()

    source = page.controller.loader.source
    assert source is not None
    lines = read_rows(Job("print", lambda act: act()), source, [0, 1])
    assert [line.texts for line in lines] == [("Daisyhers", MASK)]
    page.run("print")
    office.wait(lambda: isinstance(QApplication.activeModalWidget(), PrintPreview))
    preview = QApplication.activeModalWidget()
    assert isinstance(preview, PrintPreview)
    preview.reject()


def planner_of(office: Office, sellers: TwoSellers, login: str) -> PlannerPage:
    program = office.start(sellers.office.of(login))
    office.page(RecordListPage)
    program.window.navigator.open_page("planner")
    page = office.page(PlannerPage)
    office.wait(lambda: page.controller.grid.drawing is not None)
    return page


def test_who_may_not_print_gets_no_sheet_of_the_planner(
    office: Office, sellers: TwoSellers, boss: Workspace
) -> None:
    page = planner_of(office, sellers, sellers.boris)
    printed: list[str] = []
    before = audit.counted(boss, Wanted(what=audit.PRINTED))

    notes: list[Note] = []
    page.controller.navigator.noted.connect(notes.append)

    page.printing.allowed(lambda: printed.append("sheet"))
    office.wait(lambda: bool(notes))

    assert "Print" in notes[0].text and printed == []
    assert audit.counted(boss, Wanted(what=audit.PRINTED)) == before


def test_who_may_print_the_planner_is_noted(
    office: Office, sellers: TwoSellers, boss: Workspace
) -> None:
    base = sellers.work()
    now = base.clock.now()
    base.records.create("activity", {
        "kind": "meeting", "subject": "Visit", "state": "planned", "author": base.user_id,
        "starts": now, "ends": now + timedelta(hours=1),
    })  # fmt: skip
    page = planner_of(office, sellers, sellers.anna)
    office.wait(lambda: any(page.controller.grid.drawing.sheet.bars()))
    printed: list[str] = []

    notes: list[Note] = []
    page.controller.navigator.noted.connect(notes.append)

    page.printing.allowed(lambda: printed.append("sheet"))

    office.wait(lambda: bool(printed or notes))
    assert printed == ["sheet"], notes
    (noted,) = audit.last(boss, 5, Wanted(what=audit.PRINTED, login=sellers.anna))[:1]
    assert noted.login == sellers.anna and noted.detail == "Planner"
