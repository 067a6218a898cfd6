"""The reporting tree in the window: dragged, moved by keys, searched, live, with many people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.writing.staging import Create
from crm_desktop.settings import Settings
from crm_desktop.ui.hierarchy.page import HierarchyPage
from crm_desktop.ui.navigation import Navigator, Note
from crm_desktop.ui.operations import Operations
from crm_desktop.ui.session import Session
from tests.firebird_server import FirebirdServer
from tests.gui.card_desk import Desk, desk
from tests.gui.conftest import NoStall
from tests.server_office import Office, office_on

__all__ = ["desk"]
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def people(desk: Desk) -> dict[str, Ref]:
    """Anna and Boris at the top, Carl below Boris, Dora, who has left, below Carl."""
    made = {name: desk.make("staff", name=name) for name in ("Anna", "Boris")}
    made["Carl"] = desk.make("staff", name="Carl", head=made["Boris"].id, job_title="Seller")
    made["Dora"] = desk.make("staff", name="Dora", head=made["Carl"].id, gone=True)
    return made


@pytest.fixture
def page(desk: Desk, people: dict[str, Ref], qtbot: QtBot) -> HierarchyPage:
    made = HierarchyPage(desk.session, desk.navigator, "staff")
    desk.show(qtbot, made, 1100)
    return made


def head(desk: Desk, ref: Ref) -> int | None:
    return desk.values(ref)["head"]  # type: ignore[no-any-return]


def drop(page: HierarchyPage, place: QPoint, *, source: bool = True) -> QDropEvent:
    """Lets go of what is chosen there, as a drag would."""
    event = QDropEvent(
        QPointF(place), Qt.DropAction.MoveAction, QMimeData(), Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    page.view.dropEvent(event)
    return event


def shown(page: HierarchyPage) -> set[str]:
    return {item.text(0).partition(",")[0] for item in page.view._items.values()}


def test_somebody_is_dropped_onto_another_head_and_it_is_undone(
    desk: Desk, page: HierarchyPage, people: dict[str, Ref]
) -> None:
    page.view.choose(people["Carl"])
    onto = page.view.visualItemRect(page.view.item_of(people["Anna"])).center()

    drop(page, onto)

    assert head(desk, people["Carl"]) == people["Anna"].id
    assert page.view.item_of(people["Carl"]).parent() is page.view.item_of(people["Anna"])
    operation = desk.notes[-1].undo_operation
    assert operation is not None
    desk.base.undo.undo(operation)
    assert head(desk, people["Carl"]) == people["Boris"].id


def test_dropped_on_the_ground_somebody_stands_at_the_top(
    desk: Desk, page: HierarchyPage, people: dict[str, Ref]
) -> None:
    page.view.choose(people["Carl"])

    drop(page, QPoint(20, page.view.viewport().height() - 5))

    assert head(desk, people["Carl"]) is None


def test_in_a_narrow_window_nothing_in_the_bar_is_cut(page: HierarchyPage, qtbot: QtBot) -> None:
    page.resize(760, 600)
    qtbot.waitUntil(lambda: page.width() == 760)
    parts = (page.search, page.hidden, page.move, page.top, page.open, page.fold)
    for part in parts:
        assert part.width() >= part.sizeHint().width() or part is page.search
    assert page.fold.geometry().right() <= page.width() and page.fold.y() > page.search.y()


def test_a_ring_is_refused_in_words(
    desk: Desk, page: HierarchyPage, people: dict[str, Ref]
) -> None:
    page.view.choose(people["Boris"])

    drop(page, page.view.visualItemRect(page.view.item_of(people["Carl"])).center())

    assert head(desk, people["Boris"]) is None
    assert "stands below “Boris” already" in desk.notes[-1].text


def test_keys_cut_paste_and_step(
    desk: Desk, page: HierarchyPage, people: dict[str, Ref], qtbot: QtBot
) -> None:
    page.view.choose(people["Carl"])
    qtbot.keyClick(page.view, Qt.Key.Key_X, CTRL)
    assert page.view.cut == {people["Carl"]}
    page.view.choose(people["Anna"])
    qtbot.keyClick(page.view, Qt.Key.Key_V, CTRL)
    assert head(desk, people["Carl"]) == people["Anna"].id and not page.view.cut

    page.view.choose(people["Carl"])
    qtbot.keyClick(page.view, Qt.Key.Key_Left, ALT)
    assert head(desk, people["Carl"]) is None
    page.view.choose(people["Boris"])
    qtbot.keyClick(page.view, Qt.Key.Key_Right, ALT)
    assert head(desk, people["Boris"]) == people["Anna"].id


def test_move_below_offers_who_suits_and_no_one_else(
    desk: Desk, page: HierarchyPage, people: dict[str, Ref], qtbot: QtBot
) -> None:
    page.view.choose(people["Boris"])
    qtbot.keyClick(page.view, Qt.Key.Key_F6)
    picker = page.picker
    assert picker is not None
    offered = [item.text for item in picker._items]
    assert "Anna" in offered and not {"Boris", "Carl", "Dora"} & set(offered)

    QTest.keyClicks(picker.line, "anna")
    qtbot.waitUntil(lambda: len(picker._lines.lines) == 1)
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)

    assert head(desk, people["Boris"]) == people["Anna"].id


def test_who_left_is_shown_only_when_asked_for(page: HierarchyPage, people: dict[str, Ref]) -> None:
    assert "Dora" not in shown(page)

    page.hidden.setChecked(True)

    assert "Dora" in shown(page)


def test_the_search_shows_the_way_to_what_it_finds(
    page: HierarchyPage, people: dict[str, Ref], qtbot: QtBot
) -> None:
    page.view.fold_all(True)
    QTest.keyClicks(page.search, "seller")

    qtbot.waitUntil(lambda: shown(page) == {"Boris", "Carl"})
    assert page.view.item_of(people["Boris"]).isExpanded()
    page.search.clear()
    qtbot.waitUntil(lambda: "Anna" in shown(page))
    assert not page.view.item_of(people["Boris"]).isExpanded()


def test_what_a_colleague_changes_is_seen_and_what_is_folded_stays_so(
    desk: Desk, page: HierarchyPage, people: dict[str, Ref], qtbot: QtBot
) -> None:
    page.view.item_of(people["Boris"]).setExpanded(False)
    page.view.choose(people["Anna"])

    desk.base.records.create("staff", {"name": "Ella", "head": people["Boris"].id})

    qtbot.waitUntil(lambda: "Ella" in shown(page))
    assert not page.view.item_of(people["Boris"]).isExpanded()
    assert [node.name for node in page.view.chosen()] == ["Anna"]


def test_people_are_dropped_into_departments(
    desk: Desk, page: HierarchyPage, people: dict[str, Ref]
) -> None:
    sales = desk.make("reference", name="Sales", book="department")
    page.ways.chosen.emit(True)
    page.view.choose(people["Anna"], people["Boris"])

    drop(page, page.view.visualItemRect(page.view.item_of(sales)).center())

    assert {desk.values(people[name])["unit"] for name in ("Anna", "Boris")} == {sales.id}


def test_two_thousand_people_do_not_hold_the_window(
    desk: Desk, people: dict[str, Ref], qtbot: QtBot, no_stall: NoStall
) -> None:
    heads = desk.base.records.apply(
        [Create("staff", {"name": f"Head {n}"}) for n in range(100)]
    ).ids
    desk.base.records.apply(
        [Create("staff", {"name": f"Person {n}", "head": heads[n % 100]}) for n in range(1900)]
    )
    operations = Operations()
    desk.session.operations = operations
    made = HierarchyPage(desk.session, desk.navigator, "staff")
    desk.show(qtbot, made, 1100)
    qtbot.waitUntil(lambda: len(made.view._items) > 2000)

    with no_stall():
        made.view.choose(Ref("staff", heads[7]))
        made.put(made.view.chosen(), made._nodes[0])
        qtbot.waitUntil(lambda: made.view.item_of(Ref("staff", heads[7])).parent() is not None)
    assert operations.close(20)


@pytest.fixture
def office(firebird: FirebirdServer) -> Iterator[Office]:
    with office_on(firebird, "hierarchy") as made:
        yield made


def test_rights_over_subordinates_follow_a_move_at_once_and_staff_move_nobody(
    office: Office, qapp: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    from crm_desktop.services.rights.roles import Roles

    boss = office.sign_in(office.boss)
    head, seller = office.let_in("Hanna Head"), office.let_in("Sid Seller")
    ids = {name: boss.titles.find("staff", name)[0] for name in ("Hanna Head", "Sid Seller")}
    roles = Roles(boss)
    role = roles.add("Head of few")
    roles.set(role, boss.catalogue["client"], {"see": "subordinates"})
    roles.give(roles.named("Head of few"), ids["Hanna Head"])
    client = office.sign_in(seller).records.create("client", {"name": "Vector"}).ids[0]
    assert office.sign_in(head).reader.get("client", client) is None

    page, notes = _page(boss, tmp_path, qtbot)
    page.view.choose(Ref("staff", ids["Sid Seller"]))
    known = {node.name: node for node in page._nodes}
    page.put(page.view.chosen(), known["Hanna Head"])

    assert notes[-1].undo_operation is not None
    assert office.sign_in(head).reader.get("client", client) is not None
    theirs, refused = _page(office.sign_in(seller), tmp_path, qtbot)
    theirs.view.choose(Ref("staff", ids["Hanna Head"]))
    assert not theirs.move.isEnabled()
    theirs.put(theirs.view.chosen(), None)
    assert "administrator" in refused[-1].text


def _page(base: object, tmp_path: Path, qtbot: QtBot) -> tuple[HierarchyPage, list[Note]]:
    session = Session(Settings(tmp_path / "settings.json"), Operations(now=True))
    session.workspace = base  # type: ignore[assignment]
    navigator, notes = Navigator(), []  # type: tuple[Navigator, list[Note]]
    navigator.noted.connect(notes.append)
    made = HierarchyPage(session, navigator, "staff")
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made, notes
