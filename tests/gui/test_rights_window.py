"""The page of roles and rights: the matrix, who has a role, what somebody may do, the audit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace
from crm_desktop.settings import Settings
from crm_desktop.ui.navigation import Navigator, Place
from crm_desktop.ui.operations import Operations
from crm_desktop.ui.rights.line_box import Chosen
from crm_desktop.ui.rights.page import AUDIT, PERSON, ROLES, RightsPage
from crm_desktop.ui.session import Session
from tests.bases import ready_base
from tests.firebird_server import FirebirdServer
from tests.gui.held_operations import HeldOperations
from tests.server_office import Office, office_on


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[Office]:
    with office_on(firebird, "rights_window") as made:
        made.let_in("Anna Seller")
        yield made


def page_on(base: Workspace, tmp_path: Path, qtbot: QtBot) -> RightsPage:
    """The page over an open base; everything at once."""
    session = Session(Settings(tmp_path / "settings.json"), Operations(now=True))
    session.workspace = base
    made = RightsPage(session, Navigator())
    qtbot.addWidget(made)
    made.resize(1300, 800)
    made.show()
    return made


@pytest.fixture
def page(office: Office, qapp: QApplication, tmp_path: Path, qtbot: QtBot) -> RightsPage:
    return page_on(office.sign_in(office.boss), tmp_path, qtbot)


def choose(page: RightsPage, built_in: str) -> None:
    assert page.roles.seen is not None
    (role,) = [one for one in page.roles.seen.roles if one.built_in == built_in]
    page.roles.role.set_value(role.id)
    page.roles.role.activated.emit(0)


def texts(page: RightsPage, place: int) -> list[str]:
    return [page.roles.table.cell(place, n).text for n in range(12)]  # type: ignore[union-attr]


def test_the_matrix_shows_what_a_role_allows(page: RightsPage) -> None:
    choose(page, "seller")

    assert page.roles.seen is not None
    names = [entity.key if entity else "" for entity, _ in page.roles.seen.objects]
    row = texts(page, names.index("client"))
    assert row[0] == "Clients" and row[1] == "Own" and row[5] == "—"
    assert not page.roles.drop.isEnabled()


def test_every_action_is_in_sight_or_scrolled_to(page: RightsPage) -> None:
    """The right to book taken time stood outside of the window, and nothing led there."""
    page.resize(1150, 800)
    table = page.roles.table
    widths = [table.columnWidth(place) for place in range(table.model().columnCount())]
    assert len(widths) == 12 and sum(widths) <= table.viewport().width()

    page.resize(800, 800)

    assert table.horizontalScrollBar().isVisible()


def test_the_audit_is_found_by_its_name(page: RightsPage) -> None:
    wanted: list[Place] = []
    page.roles._navigator.place_wanted.connect(lambda place, _new: wanted.append(place))
    page.roles._navigator.open_audit()

    page.show_place(wanted[0])

    assert wanted[0].name == page.place().name and page.bar.current() == AUDIT


def test_a_scope_is_changed_in_the_box_of_an_object(page: RightsPage, office: Office) -> None:
    choose(page, "reader")
    assert page.roles.seen is not None
    names = [entity.key if entity else "" for entity, _ in page.roles.seen.objects]

    box = page.roles.open_line(names.index("deal"), 2)
    assert box is not None
    box.scopes[words.EXPORT].set_value(words.ALL)
    box.field.set_value("amount")
    box.how.set_value(words.READ_ONLY)
    box.how.activated.emit(0)
    box.go.click()

    base = office.sign_in(office.boss)
    reader, deal = Roles(base).named("reader"), base.catalogue["deal"]
    assert reader.scope(deal.number, words.EXPORT) == words.ALL
    assert reader.scope(deal.number, words.SEE) == words.ALL  # what it had before
    assert reader.fields == {(deal.number, "amount"): words.READ_ONLY}
    assert texts(page, names.index("deal"))[0].endswith("*")


def test_contacts_of_any_kind_are_hidden_in_a_line_without_actions(
    page: RightsPage, office: Office, qtbot: QtBot
) -> None:
    choose(page, "seller")
    seen = page.roles.seen
    assert seen is not None
    names = [entity.key if entity else "" for entity, _possible in seen.objects]
    place = names.index("channel")
    assert set(texts(page, place)[1:]) == {""}
    box = page.roles.open_line(place)
    assert box is not None and not box.scopes
    box.field.set_value("value")
    box.how.set_value(words.HIDDEN)
    box.how.activated.emit(box.how.currentIndex())
    box.go.click()

    qtbot.waitUntil(lambda: texts(page, place)[0] == "Contacts *", timeout=20_000)
    boss = office.sign_in(office.boss)
    roles, channel = Roles(boss), boss.catalogue["channel"]
    seller = roles.named("seller")
    assert seller.fields == {(channel.number, "value"): words.HIDDEN}
    assert channel.field("value").apart
    roles.show(seller, channel, "value", "")


def test_a_role_is_given_and_taken(page: RightsPage, office: Office) -> None:
    choose(page, "head")
    (anna,) = office.sign_in(office.boss).titles.find("staff", "Anna Seller")

    page.roles.person.set_value(anna)
    page.roles.give.click()
    assert page.roles.chosen().holders == [anna]  # type: ignore[union-attr]
    page.show_tab(PERSON)
    page.person.choose(anna)

    assert page.person.seen is not None and page.person.seen.roles == ("Head of department",)
    assert "Head of department" in page.person.why.text()
    page.show_tab(ROLES)
    page.roles.take(anna)
    assert not page.roles.chosen().holders  # type: ignore[union-attr]


def test_a_new_role_begins_with_what_another_one_allows(page: RightsPage) -> None:
    choose(page, "seller")

    box = page.roles.ask_name()
    assert box is not None
    box.go.click()
    assert box.isVisible()  # without a name it stays
    box.name.setText("Junior")
    box.go.click()

    assert page.roles.seen is not None
    (junior,) = [one for one in page.roles.seen.roles if one.name == "Junior"]
    assert junior.scope(1, words.SEE) == words.OWN


def test_the_audit_shows_what_was_changed(page: RightsPage, office: Office) -> None:
    choose(page, "head")
    (anna,) = office.sign_in(office.boss).titles.find("staff", "Anna Seller")
    page.roles.person.set_value(anna)
    page.roles.give.click()
    page.roles.take(anna)

    page.show_tab(AUDIT)

    page.audit.what.set_value("rights")
    page.audit.what.activated.emit(0)

    assert page.audit.shown() and {one.what for one in page.audit.shown()} == {"rights"}


def test_the_audit_is_narrowed_exported_and_opens_the_record(
    page: RightsPage, office: Office, tmp_path: Path
) -> None:
    boss = office.sign_in(office.boss)
    (client,) = boss.records.create("client", {"name": "Seen Ltd"}).ids
    boss.seen.opened(Ref("client", client))
    boss.seen.flush()
    tab, opened = page.audit, []
    tab._navigator.place_wanted.connect(lambda place, _tab: opened.append(place.ref))
    page.show_tab(AUDIT)

    for box, value in ((tab.what, "seen"), (tab.person, office.boss), (tab.object, "client"),
                       (tab.days, 7)):  # fmt: skip
        box.set_value(value)
        box.activated.emit(0)

    (one,) = tab.shown()
    assert (one.ref, one.title, one.login) == (Ref("client", client), "Seen Ltd", office.boss)
    tab.table.row_opened.emit(0, False)
    tab.export_to(tmp_path / "audit.csv")
    assert opened == [Ref("client", client)]
    assert "Seen Ltd" in (tmp_path / "audit.csv").read_text(encoding="utf-8-sig")
    tab.what.set_value("export")
    tab.object.set_value("")
    tab.read()
    assert "audit.csv" in tab.shown()[0].detail


def test_staff_see_their_own_rights_alone(
    office: Office, qapp: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    base = office.sign_in(next(one for one in office.passwords if one != office.boss))

    page = page_on(base, tmp_path, qtbot)

    assert page.bar.current() == PERSON
    assert page.person.seen is not None and page.person.seen.who == base.user_id
    assert page.person.person.count() == 1


def test_a_local_base_says_that_it_needs_none(
    sqlite_url: str, qapp: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    base = ready_base(sqlite_url)

    page = page_on(base, tmp_path, qtbot)

    assert page.local.isVisible() and not page.bar.isVisible()
    base.close()


def test_hiding_a_field_shows_how_far_it_is_and_is_stopped(
    office: Office, qapp: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    """Of 100,000 clients it takes minutes; nothing was seen of them, and nothing stopped it."""
    base, operations = office.sign_in(office.boss), HeldOperations()
    base.records.create("client", {"name": "Ash", "address": "Lime street"})
    session = Session(Settings(tmp_path / "settings.json"), operations)
    session.workspace = base
    page = RightsPage(session, Navigator())
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.roles.seen is not None)
    choose(page, "seller")
    client, roles, said = base.catalogue["client"], page.roles, list[str]()
    page.roles._navigator.noted.connect(lambda note: said.append(note.text))

    roles._keep(roles.chosen(), client, Chosen({}, {"address": words.HIDDEN}))  # type: ignore[arg-type]
    qtbot.waitUntil(roles.strip.isVisible)
    assert operations.reached.is_set() and " of " in roles.strip.detail.text()
    qtbot.mouseClick(roles.strip.button, Qt.MouseButton.LeftButton)
    operations.opened.set()

    qtbot.waitUntil(lambda: bool(said) and not roles.strip.isVisible())
    assert "Stopped" in said[0]
    assert Roles(base).named("seller").fields == {}
    operations.close(10)
