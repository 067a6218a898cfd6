"""The server is killed while the window is open: it stays of use, loses nothing and goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.live import feed as live
from crm_desktop.services.planner.bars import Bar
from crm_desktop.services.planner.moving import Move
from crm_desktop.services.workspace import create_base, open_base
from crm_desktop.ui import theme
from crm_desktop.ui.board.page import BoardPage
from crm_desktop.ui.page import Page
from crm_desktop.ui.planner.page import PlannerPage
from crm_desktop.ui.record_card.card import CardPage
from tests.bases import copied
from tests.firebird_server import ServerMissing
from tests.gui.shell_desk import Shell, fill_clients
from tests.gui.test_cells_waiting import waiting_cells
from tests.gui.test_live_window import card, client, editing, forms, type_in
from tests.memory_disk import memory_disk
from tests.restarting import MortalServer, mortal_server

COUNT = 40
PageOf = TypeVar("PageOf", bound=Page)


@pytest.fixture
def mortal() -> Iterator[MortalServer]:
    try:
        with mortal_server(memory_disk()) as server:
            yield server
    except ServerMissing as missing:
        pytest.skip(f"Firebird half left out: {missing}")


@pytest.fixture
def shell(
    mortal: MortalServer, own_home: Path, qapp: QApplication, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Shell]:  # fmt: skip
    monkeypatch.setattr(live, "PAUSES_S", (0.2,))
    monkeypatch.setattr(live, "KNOCKS_S", (0.1, 0.2))
    theme.apply(qapp, "light")
    address = mortal.server.url("line")

    def make() -> None:
        base = create_base(address, language="en")
        fill_clients(base, COUNT)
        base.close()

    copied(("clients on a server", COUNT), mortal.server.path("line"), make)
    opened = Shell(qtbot, own_home)
    opened.open(address)
    yield opened
    mortal.kill()
    mortal.start()
    opened.close()


def lose(shell: Shell, mortal: MortalServer) -> None:
    mortal.kill()
    shell.session.line.doubt()
    shell.wait(shell.window.line_strip.isVisible)


def test_what_is_shown_stays_while_a_strip_says_that_the_line_is_lost(
    shell: Shell, mortal: MortalServer
) -> None:
    page = shell.list()
    before = shell.rows(page, COUNT)

    lose(shell, mortal)

    assert shell.texts(page, 20) == before
    state = shell.window.view.navigation._state
    assert state.text == "The server does not answer"
    mortal.start()
    shell.window.line_strip.button.click()
    shell.wait(lambda: not shell.window.line_strip.isVisible())
    assert shell.session.line.holds and state.text == "Everything is saved"


def test_a_save_without_a_server_goes_on_when_it_is_back(
    shell: Shell, mortal: MortalServer
) -> None:
    ref = client(shell, 3)
    page = editing(shell, ref)
    type_in(page, "city", "Typed before the cut")
    lose(shell, mortal)

    page.run("save")

    shell.wait(lambda: "saved as soon" in forms(page).panel.error_text())
    assert forms(page).form.editors["city"].value() == "Typed before the cut"
    mortal.start()
    shell.wait(lambda: page._forms is None)
    assert shell.values(ref)["city"] == "Typed before the cut"


def test_a_new_record_is_saved_once_though_the_server_died_over_it(
    shell: Shell, mortal: MortalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.navigator.new_record_wanted.emit("client", {})
    shell.wait(lambda: isinstance(shell.window.pages.page, CardPage))
    page = shell.window.pages.page
    assert isinstance(page, CardPage)
    shell.wait(lambda: forms(page)._drafts is not None)
    type_in(page, "name", "Only one of them")
    log, settle = shell.base.log, shell.base.log.settle

    def dies(link: tuple[int, str]) -> None:
        """The commit is made, and nobody hears of it."""
        monkeypatch.setattr(log, "settle", settle)
        mortal.kill()
        with shell.base.backend.read() as connection:
            connection.exec_driver_sql("SELECT 1 FROM base_info").first()
        raise AssertionError("the server is dead")

    monkeypatch.setattr(log, "settle", dies)
    page.run("save")
    shell.wait(lambda: not shell.session.line.holds)

    mortal.start()

    shell.wait(lambda: shell.session.line.holds and not forms_open(page))
    assert len(shell.base.titles.find("client", "Only one of them")) == 1


def forms_open(page: CardPage) -> bool:
    return page._forms is not None


def test_what_a_colleague_saved_meanwhile_is_asked_for(shell: Shell, mortal: MortalServer) -> None:
    ref = client(shell, 4)
    page = editing(shell, ref)
    type_in(page, "city", "Mine")
    lose(shell, mortal)
    page.run("save")
    shell.wait(lambda: "saved as soon" in forms(page).panel.error_text())
    mortal.start()
    # The colleague is back first: until the next wait the window hears of nothing.
    colleague = open_base(mortal.server.url("line"))
    colleague.records.update(*ref, {"city": "Theirs"})
    colleague.close()

    shell.wait(forms(page).panel.conflict.isVisible)

    assert shell.values(ref)["city"] == "Theirs"


def test_what_is_typed_in_a_cell_of_a_list_is_saved_when_the_server_is_back(
    shell: Shell, mortal: MortalServer
) -> None:
    page = shell.list()
    shell.rows(page, COUNT)
    inline, ref = page.rows.inline, client(shell, 0)
    page.view.table.setCurrentIndex(page.view.model.index(0, 0))
    inline.start()
    shell.wait(lambda: inline.editor is not None)
    assert inline.editor is not None
    inline.editor.set_raw("Typed in a cell")
    lose(shell, mortal)
    inline.editor.committed.emit()
    shell.wait(lambda: waiting_cells(page) == ["Typed in a cell"])

    mortal.start()

    shell.wait(lambda: shell.session.line.holds and not waiting_cells(page))
    shell.wait(lambda: shell.values(ref)["name"] == "Typed in a cell")


def test_what_is_typed_in_place_on_a_card_is_saved_when_the_server_is_back(
    shell: Shell, mortal: MortalServer
) -> None:
    ref = client(shell, 7)
    facts = card(shell, ref).overview.facts
    row = next(row for row in facts._rows if row.fact and row.fact.field.key == "city")
    assert row.fact is not None
    facts.edit(row.fact)
    assert row.editor is not None
    row.editor.set_raw("Typed in place")
    lose(shell, mortal)
    facts.give_all()
    shell.wait(lambda: row._error is not None and "saved as soon" in row._error.text())

    mortal.start()

    shell.wait(lambda: shell.session.line.holds and row.editor is None)
    shell.wait(lambda: shell.values(ref)["city"] == "Typed in place")


def test_a_card_opened_before_can_be_read_while_the_server_is_away(
    shell: Shell, mortal: MortalServer
) -> None:
    page = card(shell, client(shell, 5))

    lose(shell, mortal)

    assert page.title() == "Client 005" and not page.is_changed()
    assert isinstance(page.ref(), Ref)
    mortal.start()


def test_what_is_dragged_while_the_server_is_away_goes_back_to_where_it_stands(
    shell: Shell, mortal: MortalServer
) -> None:
    """Planner and board went on showing it in its new place, also when the server was back."""
    base, starts = shell.base, shell.base.clock.now()
    who = base.records.create("staff", {"name": "Ann Lee"}).ids[0]
    base.records.create("activity", {
        "kind": "meeting", "state": "planned", "subject": "Meet", "author": who,
        "starts": starts, "ends": starts + timedelta(hours=1)})  # fmt: skip
    pipeline = base.pipelines.all()[0]
    base.records.create(
        "deal", {"name": "Oak", "pipeline": pipeline.id, "client": client(shell, 1).id}
    )
    board = opened(shell, "board", BoardPage).controller
    shell.wait(lambda: bool(board.columns and board.columns[0].cards))
    planner = opened(shell, "planner", PlannerPage)
    shell.wait(lambda: bool(bars(planner)))
    bar, card_ = bars(planner)[0], board.columns[0].cards[0]
    lose(shell, mortal)

    planner.controller.move([Move(bar, bar.starts + 3600, bar.ends + 3600, bar.row)])
    board.move([card_], pipeline.stages[1].id)

    shell.wait(lambda: not planner.controller._pending and not board._pending)
    assert [one.starts for one in bars(planner)] == [bar.starts]
    assert [one.id for one in board.columns[0].cards] == [card_.id]
    mortal.start()
    colleague = open_base(mortal.server.url("line"))
    colleague.records.update("activity", bar.id, {"subject": "Meet later"})
    colleague.close()
    shell.wait(lambda: [one.subject for one in bars(planner)] == ["Meet later"])


def opened(shell: Shell, name: str, kind: type[PageOf]) -> PageOf:
    shell.navigator.open_page(name)
    shell.wait(lambda: isinstance(shell.window.pages.page, kind))
    page = shell.window.pages.page
    assert isinstance(page, kind)
    return page


def bars(page: PlannerPage) -> list[Bar]:
    return list(page.grid.drawing.sheet.bars()) if page.grid.drawing is not None else []


def test_a_list_asked_for_while_the_server_is_away_comes_with_it(
    shell: Shell, mortal: MortalServer
) -> None:
    page = shell.list()
    lose(shell, mortal)
    told = len(shell.notes)
    page.controller.change(text="Client 011")
    shell.wait(lambda: page.controller.unread)

    mortal.start()

    shell.wait(lambda: page.controller.total == 1)
    assert len(shell.notes) == told, "the strip says it once"


def test_a_card_asked_for_while_the_server_is_away_comes_with_it(
    shell: Shell, mortal: MortalServer
) -> None:
    ref = client(shell, 6)
    lose(shell, mortal)
    shell.navigator.open_record(ref)
    shell.wait(lambda: isinstance(shell.window.pages.page, CardPage))
    page = shell.window.pages.page
    assert isinstance(page, CardPage)
    shell.wait(lambda: page.controller._unread)

    mortal.start()

    shell.wait(lambda: page.title() == "Client 006")
