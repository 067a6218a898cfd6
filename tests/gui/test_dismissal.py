"""Dismissal in windows: that of the administrator and that of whoever goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.licensing.broker import Broker
from crm_desktop.services.server import dismissal
from crm_desktop.ui.dismissal.desk import DismissalDesk
from crm_desktop.ui.dismissal.farewell import Farewell
from crm_desktop.ui.drafts.local import Draft, Drafts
from crm_desktop.ui.handing_over.desk import HandingOverDesk
from crm_desktop.ui.navigation import RECORD, Place
from crm_desktop.ui.record_card.form_controller import FormController
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.welcome.page import WelcomePage
from crm_desktop.ui.widgets.toasts import Toast
from tests.bases import ready_base
from tests.firebird_server import FirebirdServer
from tests.gui.office_desk import Office, office, small_base
from tests.server_office import Office as Shared
from tests.server_office import office_on

__all__ = ["office", "small_base"]


@pytest.fixture(scope="module")
def shared(firebird: FirebirdServer) -> Iterator[Shared]:
    """An office whose people are those of all tests here."""
    with office_on(firebird, "farewell", seats=50) as made:
        yield made


def desk(office: Office) -> DismissalDesk:
    assert office.program is not None
    found = office.program.window.findChild(DismissalDesk)
    assert isinstance(found, DismissalDesk)
    return found


def test_the_window_of_who_is_dismissed_leaves_what_was_typed_and_closes(
    office: Office, shared: Shared
) -> None:
    login = shared.settled("Anna")
    program = office.start(shared.of(login))
    office.page(RecordListPage)
    person = program.session.base.user_id or 0
    program.window.pages.show_new("client", {})
    office.wait(lambda: _form(office) is not None)
    form = _form(office)
    assert form is not None
    with office.qtbot.waitSignal(form.ready):
        pass
    office.qtbot.keyClicks(form.form.editors["name"].line, "Half a client")
    assert form.is_changed()
    boss = shared.sign_in(shared.boss)
    program.window.navigator.toast("The server does not accept you", tone="bad")

    done = dismissal.dismiss(boss, person)

    farewell = program.window.findChild(Farewell)
    assert isinstance(farewell, Farewell)
    office.wait(lambda: farewell.box is not None)
    assert program.session.workspace is None
    office.page(WelcomePage)
    assert "closed your account" in farewell.box.body.text()
    assert not any(toast.isVisible() for toast in program.window.view.findChildren(Toast))
    office.wait(lambda: dismissal.lines_left(boss, login) == 0)
    (left,) = [one for one in dismissal.left_texts(boss) if one.login == done.login]
    assert "Half a client" in left.text and left.ref.entity == "client"
    farewell.box.reject()


def test_drafts_of_closed_forms_go_to_the_head_as_well(office: Office, shared: Shared) -> None:
    login, other = shared.settled("Dora"), shared.settled("Emil")
    program = office.start(shared.of(login))
    office.page(RecordListPage)
    base = program.session.base
    drafts = Drafts(program.session.settings.path.parent, base.info("guid"))
    now = base.clock.now()
    drafts.keep(Ref("client", 4711), Draft({"city": "Typed long ago"}, 1, now, login))
    drafts.keep(Ref("client", 4712), Draft({"city": "Somebody else's"}, 1, now, other))
    boss = shared.sign_in(shared.boss)

    dismissal.dismiss(boss, base.user_id or 0)

    farewell = program.window.findChild(Farewell)
    assert isinstance(farewell, Farewell)
    office.wait(lambda: farewell.box is not None)
    (left,) = [one for one in dismissal.left_texts(boss) if one.login == login]
    assert left.ref == Ref("client", 4711) and "Typed long ago" in left.text
    assert drafts.read(Ref("client", 4711)) is None
    assert drafts.read(Ref("client", 4712)) is not None, "another person's on the same computer"
    assert farewell.box is not None and "passed on" in farewell.box.body.text()
    farewell.box.reject()


def _form(office: Office) -> FormController | None:
    """The form of the page in front."""
    assert office.program is not None
    found = office.program.window.pages.page.findChildren(FormController)
    return found[-1] if found else None


def test_the_administrator_dismisses_and_is_offered_the_hand_over(
    office: Office, shared: Shared, qapp: QApplication
) -> None:
    login = shared.settled("Boris")
    person = shared.sign_in(login).user_id or 0
    program = office.start(shared.of(shared.boss))
    office.page(RecordListPage)
    program.window.pages.show(Place(RECORD, "staff", person))
    office.wait(lambda: program.window.actions.get("dismiss").enabled())

    program.window.actions.run("dismiss")
    office.wait(lambda: desk(office).box is not None)
    box = desk(office).box
    assert box is not None and box.successor.count() > 1
    box.go.click()

    over = program.window.findChild(HandingOverDesk)
    assert isinstance(over, HandingOverDesk)
    office.wait(lambda: over.box is not None)
    assert desk(office).box is None
    boss = shared.sign_in(shared.boss)
    assert boss.reader.get("staff", person).values["gone"] is True  # type: ignore[union-attr]
    assert over.box is not None
    over.box.reject()

    program.window.actions.run("take-back")
    office.wait(lambda: not program.session.operations.writing)
    assert boss.reader.get("staff", person).values["gone"] is False  # type: ignore[union-attr]
    shared.sign_in(login)


def test_the_head_reads_what_was_left_and_takes_it_away(office: Office, shared: Shared) -> None:
    login, boss = shared.settled("Clara"), shared.sign_in(shared.boss)
    base = shared.sign_in(login)
    seat = Broker(base, 50, machine="pc-clara")
    assert seat.take().is_inside
    dismissal.dismiss(boss, base.user_id or 0)
    seat.leave_text(1, 0, "Client: Rose", ["Name: Rose\nCity: Omsk"])
    seat.close()
    program = office.start(shared.of(shared.boss))
    office.page(RecordListPage)

    program.window.actions.run("left-texts")
    office.wait(lambda: desk(office).texts is not None)
    box = desk(office).texts
    assert box is not None
    office.wait(lambda: box.which.count() > 0)
    assert box.text.text()  # one is chosen already
    place = next(n for n in range(box.which.count()) if "Rose" in box.which.itemText(n))
    box.which.setCurrentIndex(place)
    box.which.activated.emit(place)
    assert "City: Omsk" in box.text.text()
    count = box.which.count()
    box.away.click()

    office.wait(lambda: box.which.count() == count - 1)
    assert login not in {one.login for one in dismissal.left_texts(boss)}
    box.reject()


def test_in_a_local_base_a_colleague_is_marked_as_gone(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "one.crm"
    base = ready_base(path, language="en")
    (one,) = base.records.create("staff", {"name": "Anna"}).ids
    base.close()
    program = office.start(path)
    office.page(RecordListPage)
    program.window.pages.show(Place(RECORD, "staff", one))
    office.wait(lambda: program.window.actions.get("dismiss").enabled())

    program.window.actions.run("dismiss")
    office.wait(lambda: desk(office).box is not None)
    box = desk(office).box
    assert box is not None
    box.go.click()

    reader = program.session.base.reader
    office.wait(lambda: bool(reader.get("staff", one).values["gone"]))  # type: ignore[union-attr]
    office.wait(lambda: desk(office).box is None)
