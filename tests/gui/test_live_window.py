"""Two windows over one base on a server: what one saves, the other shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.errors import DatabaseUnavailable
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.live import reading
from crm_desktop.services.planner.bars import Bar
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create, Update
from crm_desktop.ui import theme
from crm_desktop.ui.board.page import BoardPage
from crm_desktop.ui.language import switch_language
from crm_desktop.ui.planner.page import PlannerPage
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.conflict import THEIRS
from crm_desktop.ui.record_card.form_controller import FormController
from crm_desktop.ui.widgets.labels import ElidedLabel
from tests.bases import ready_base
from tests.gui.shell_desk import Shell, fill_clients

COUNT = 60


def _clients(base: Workspace) -> None:
    fill_clients(base, COUNT)


@pytest.fixture
def address(firebird_url: str) -> str:
    ready_base(firebird_url, more=_clients).close()
    return firebird_url


@pytest.fixture
def two(
    address: str, own_home: Path, qapp: QApplication, qtbot: QtBot
) -> Iterator[tuple[Shell, Shell]]:
    """Ann's window and Ben's."""
    theme.apply(qapp, "light")
    shells = []
    for name in ("ann", "ben"):
        home = own_home / name
        home.mkdir()
        shell = Shell(qtbot, home)
        shell.open(address)
        shells.append(shell)
    yield shells[0], shells[1]
    for shell in shells:
        shell.close()


def client(shell: Shell, number: int) -> Ref:
    found = shell.base.titles.find("client", f"Client {number:03}")
    return Ref("client", found[0])


def card(shell: Shell, ref: Ref) -> CardPage:
    shell.navigator.open_record(ref)
    shell.wait(lambda: isinstance(shell.window.pages.page, CardPage))
    page = shell.window.pages.page
    assert isinstance(page, CardPage)
    shell.wait(lambda: page.controller.contents is not None)
    return page


def forms(page: CardPage) -> FormController:
    assert page._forms is not None
    return page._forms


def editing(shell: Shell, ref: Ref) -> CardPage:
    page = card(shell, ref)
    page.edit()
    shell.wait(lambda: forms(page).version > 0)
    return page


def type_in(page: CardPage, key: str, text: str) -> None:
    forms(page).form.editors[key].set_raw(text)
    forms(page).form.changed.emit()


def test_a_list_shows_what_a_colleague_saves_and_stays_where_it_is(
    two: tuple[Shell, Shell],
) -> None:
    ann, ben = two
    page = ann.list()
    ann.rows(page, COUNT)
    table = page.view.table
    table.setCurrentIndex(page.view.model.index(40, 0))
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
    ann.wait(lambda: page.view.model.id_of(40) is not None)
    scrolled = table.verticalScrollBar().value()
    pointed = page.view.model.id_of(table.currentIndex().row())
    ref = client(ben, 58)

    ben.base.records.update(*ref, {"name": "Client 058 renamed"})

    ann.wait(lambda: "Client 058 renamed" in ann.texts(page, 59)[58])
    assert table.verticalScrollBar().value() == scrolled
    assert page.view.model.id_of(table.currentIndex().row()) == pointed != ref.id


def test_a_new_record_of_a_colleague_comes_into_the_list(two: tuple[Shell, Shell]) -> None:
    ann, ben = two
    page = ann.list()

    ben.base.records.create("client", {"name": "Client 999"})

    ann.wait(lambda: page.controller.total == COUNT + 1)


@pytest.fixture
def few_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """As of more than two thousand rows."""
    monkeypatch.setattr(reading, "_SMALL", 2)
    monkeypatch.setattr(reading, "MOST_NAMED", 3)


def test_a_list_shows_what_a_large_transaction_has_changed_last(
    few_named: None, two: tuple[Shell, Shell]
) -> None:
    """Not all of it is named to others: lists showed what was."""
    ann, ben = two
    page = ann.list()
    ann.rows(page, COUNT)
    ref = client(ben, 3)

    ben.base.records.apply([
        *(Create("person", {"name": f"Somebody {number}"}) for number in range(4)),
        Update(*ref, {"name": "Client 003 renamed"}),
    ])  # fmt: skip

    ann.wait(lambda: any("Client 003 renamed" in text for text in ann.texts(page, 8)))


def test_an_open_card_follows(two: tuple[Shell, Shell]) -> None:
    ann, ben = two
    page = card(ann, client(ann, 3))

    ben.base.records.update(*client(ben, 3), {"name": "Client 003 renamed"})

    ann.wait(lambda: page.title() == "Client 003 renamed")


def test_a_form_keeps_what_is_typed_and_follows_in_the_rest(two: tuple[Shell, Shell]) -> None:
    ann, ben = two
    ref = client(ann, 5)
    page = editing(ann, ref)
    form = forms(page).form
    type_in(page, "city", "Mine")

    ben.base.records.update(*ref, {"note": "Theirs"})

    ann.wait(lambda: form.editors["note"].value() == "Theirs")
    assert form.editors["city"].value() == "Mine"
    page.run("save")
    ann.wait(lambda: page._forms is None)
    assert (ann.values(ref)["city"], ann.values(ref)["note"]) == ("Mine", "Theirs")


def test_the_header_says_who_is_editing(two: tuple[Shell, Shell]) -> None:
    ann, ben = two
    ben.session.work_as(ben.base.records.create("staff", {"name": "Ben Fox"}).ids[0])
    ref = client(ann, 7)
    page, his = card(ann, ref), editing(ben, ref)

    type_in(his, "city", "Typing")

    ann.wait(lambda: "Ben Fox" in page.head.editing.text())
    assert page.head.editing.isVisibleTo(page) and not his.head.editing.text()
    forms(his).discard()
    ann.wait(lambda: not page.head.editing.text())


def test_the_mark_of_somebody_who_comes_moves_no_form(two: tuple[Shell, Shell]) -> None:
    ann, ben = two
    ref = client(ann, 7)
    page, his = editing(ann, ref), editing(ben, ref)
    editor, note = forms(page).form.editors["city"], page.head.editing
    before = editor.mapTo(page, QPoint(0, 0))

    type_in(his, "city", "Typing")

    ann.wait(lambda: note.isVisibleTo(page) and note.height() > 0 and note.x() > 0)
    assert editor.mapTo(page, QPoint(0, 0)) == before


def test_a_save_of_which_only_the_writing_was_cut_off_goes_on(
    two: tuple[Shell, Shell], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, _ben = two
    ref = client(ann, 8)
    page = editing(ann, ref)
    type_in(page, "city", "Typed")
    records, update = ann.base.records, ann.base.records.update

    def cut_off(*_values: object) -> None:
        monkeypatch.setattr(records, "update", update)
        raise DatabaseUnavailable("The line broke")

    monkeypatch.setattr(records, "update", cut_off)
    page.run("save")

    ann.wait(lambda: page._forms is None)
    assert ann.session.line.holds and ann.values(ref)["city"] == "Typed"


def test_two_sellers_one_order(two: tuple[Shell, Shell]) -> None:
    """Both change the amount: the second one sees whose it is, what it was, and chooses."""
    ann, ben = two
    ben.session.work_as(ben.base.records.create("staff", {"name": "Ben Fox"}).ids[0])
    ref = Ref("client", ann.base.records.create("client", {"name": "Order", "city": "Omsk"}).ids[0])
    hers, his = editing(ann, ref), editing(ben, ref)
    type_in(hers, "city", "Kazan")
    type_in(hers, "note", "Hers alone")
    type_in(his, "city", "Perm")

    his.run("save")
    ben.wait(lambda: his._forms is None)
    ann.wait(lambda: ann.values(ref)["city"] == "Perm")
    hers.run("save")

    box = forms(hers).panel.conflict
    ann.wait(box.isVisible)
    said = [label.text() for label in box.findChildren(ElidedLabel)]
    assert {"Kazan", "Perm", "Omsk"} <= set(said) and any("Ben Fox" in text for text in said)
    assert ann.values(ref)["city"] == "Perm"
    switch_language(QApplication.instance(), "ru")
    ann.wait(lambda: [head.text() for head in box._heads] == ["Моё", "Чужое", "Было"])
    switch_language(QApplication.instance(), "en")
    box.choose("city", THEIRS)
    box._save.click()
    ann.wait(lambda: hers._forms is None)
    assert (ann.values(ref)["city"], ann.values(ref)["note"]) == ("Perm", "Hers alone")


def test_a_third_save_while_the_choice_is_open_is_asked_for_again(two: tuple[Shell, Shell]) -> None:
    ann, ben = two
    ref = client(ann, 9)
    page = editing(ann, ref)
    type_in(page, "city", "Mine")
    ben.base.records.update(*ref, {"city": "First"})
    page.run("save")
    box = forms(page).panel.conflict
    ann.wait(box.isVisible)
    ben.base.records.update(*ref, {"city": "Second"})

    box._save.click()

    ann.wait(lambda: "Second" in [label.text() for label in box.findChildren(ElidedLabel)])
    assert ann.values(ref)["city"] == "Second"


def test_a_form_of_a_record_that_a_colleague_deletes_says_by_whom_and_saves_what_comes_back(
    two: tuple[Shell, Shell],
) -> None:
    ann, ben = two
    ben.session.work_as(ben.base.records.create("staff", {"name": "Ben Fox"}).ids[0])
    ref = client(ann, 20)
    page = editing(ann, ref)
    type_in(page, "city", "Typed")
    gone = ben.base.records.delete(ref.entity, [ref.id]).operation

    page.run("save")
    ann.wait(lambda: "deleted meanwhile (Ben Fox, " in forms(page).panel.error_text())
    assert forms(page).form.editors["city"].raw() == "Typed"
    ben.base.undo.undo(gone)
    page.run("save")

    ann.wait(lambda: ref in ann.base.titles.of([ref]) and ann.values(ref)["city"] == "Typed")


def test_what_is_typed_in_a_record_that_is_merged_meanwhile_goes_where_it_stands_now(
    two: tuple[Shell, Shell],
) -> None:
    ann, ben = two
    ref, other = client(ann, 21), client(ann, 22)
    ben.base.records.update(*other, {"city": "Pskov", "note": "Theirs"})
    page = editing(ann, ref)
    type_in(page, "city", "Kazan")
    type_in(page, "web", "https://kazan.example")
    ben.base.merging.merge(ben.base.catalogue["client"], [other.id, ref.id])

    page.run("save")

    box = forms(page).panel.conflict
    ann.wait(box.isVisible)
    assert "merged with “Client 022”" in forms(page).panel.error_text()
    said = [label.text() for label in box.findChildren(ElidedLabel)]
    assert {"Kazan", "Pskov"} <= set(said)
    box._save.click()
    ann.wait(lambda: ann.values(other)["city"] == "Kazan")
    kept = ann.values(other)
    assert (kept["web"], kept["note"]) == ("https://kazan.example", "Theirs")


def test_what_is_typed_in_a_cell_of_a_record_that_is_deleted_is_told(
    two: tuple[Shell, Shell],
) -> None:
    ann, ben = two
    page = ann.list()
    ann.rows(page, COUNT)
    inline, ref = page.rows.inline, client(ann, 0)
    page.view.table.setCurrentIndex(page.view.model.index(0, 0))
    inline.start()
    ann.wait(lambda: inline.editor is not None)
    assert inline.editor is not None
    inline.editor.set_raw("Typed in a cell")
    ben.base.records.delete(ref.entity, [ref.id])
    ann.wait(lambda: "no longer stands here" in inline.note())

    inline.editor.committed.emit()

    stack = ann.window.news._stack
    ann.wait(lambda: any("Typed in a cell" in toast.text for toast in stack.toasts))


def test_the_board_shows_a_deal_that_a_colleague_makes_and_moves(two: tuple[Shell, Shell]) -> None:
    ann, ben = two
    pipeline = ben.base.pipelines.all()[0]
    ann.navigator.open_page("board")
    ann.wait(lambda: isinstance(ann.window.pages.page, BoardPage))
    page = ann.window.pages.page
    assert isinstance(page, BoardPage)
    ann.wait(lambda: page.controller.found is not None)
    values = {"name": "Their deal", "pipeline": pipeline.id, "client": client(ben, 1).id}
    id_ = ben.base.records.create("deal", values).ids[0]
    ann.wait(lambda: id_ in shown_in(page, 0))

    ben.base.pipelines.move([id_], pipeline.stages[1].id)

    ann.wait(lambda: id_ in shown_in(page, 1))


def shown_in(page: BoardPage, place: int) -> set[int]:
    columns = page.controller.columns
    return {card.id for card in columns[place].cards} if place < len(columns) else set()


def test_the_planner_shows_what_a_colleague_plans(two: tuple[Shell, Shell]) -> None:
    ann, ben = two
    who = ben.base.records.create("staff", {"name": "Ben Fox"}).ids[0]
    ann.navigator.open_page("planner")
    ann.wait(lambda: isinstance(ann.window.pages.page, PlannerPage))
    page = ann.window.pages.page
    assert isinstance(page, PlannerPage)
    ann.wait(lambda: page.grid.drawing is not None)
    starts = ben.base.clock.now()
    times = {"starts": starts, "ends": starts + timedelta(hours=1)}

    meeting = {"kind": "meeting", "state": "planned", "subject": "Theirs", "author": who}
    id_ = ben.base.records.create("activity", {**meeting, **times}).ids[0]

    ann.wait(lambda: id_ in {bar.id for bar in page.grid.drawing.sheet.bars()})


def test_the_planner_stays_where_it_is_while_colleagues_plan(two: tuple[Shell, Shell]) -> None:
    ann, ben = two
    staff = ben.base.records.apply(
        [Create("staff", {"name": f"Colleague {n:02}"}) for n in range(40)]
    ).ids
    starts = ben.base.clock.now()
    times = {"starts": starts, "ends": starts + timedelta(hours=1)}
    meeting = {"kind": "meeting", "state": "planned", **times}
    hers, theirs = (
        ben.base.records.create("activity", {**meeting, "subject": "Hers", "author": who}).ids[0]
        for who in staff[-2:]
    )
    ann.navigator.open_page("planner")
    ann.wait(lambda: isinstance(ann.window.pages.page, PlannerPage))
    page = ann.window.pages.page
    assert isinstance(page, PlannerPage)
    ann.wait(lambda: hers in {bar.id for bar in bars(page)})
    scroll = page.grid.verticalScrollBar()
    ann.wait(lambda: scroll.maximum() > 0)
    scroll.setValue(scroll.maximum())
    chosen = next(bar for bar in bars(page) if bar.id == hers)
    page.grid.choose([chosen])

    ben.base.records.update("activity", theirs, {"subject": "Theirs"})

    ann.wait(lambda: "Theirs" in {bar.subject for bar in bars(page)})
    assert scroll.value() == scroll.maximum() > 0
    assert list(page.grid.chosen) == [chosen.key]


def bars(page: PlannerPage) -> list[Bar]:
    drawing = page.grid.drawing
    return [] if drawing is None else list(drawing.sheet.bars())
