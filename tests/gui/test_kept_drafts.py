"""What is typed and not saved at a shared base is kept in the base, too: a closed window and a
lost computer lose nothing, and the head of who is dismissed reads it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.errors import DatabaseUnavailable, UserError
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.overlay import build_catalogue
from crm_desktop.services.planner.moving import NewEntry
from crm_desktop.services.server import dismissal
from crm_desktop.services.workspace import Workspace
from crm_desktop.ui.dismissal.farewell import Farewell
from crm_desktop.ui.drafts.local import Draft, Drafts, in_words
from crm_desktop.ui.drafts.on_server import KeptDrafts
from crm_desktop.ui.planner.page import PlannerPage
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.form_controller import FormController
from crm_desktop.ui.record_list.page import RecordListPage
from tests.firebird_server import FirebirdServer
from tests.gui.office_desk import Office, office, small_base
from tests.server_office import Office as Shared
from tests.server_office import office_on

__all__ = ["office", "small_base"]
HOUR = 3600
DAY = 1_792_000_000


@pytest.fixture(scope="module")
def shared(firebird: FirebirdServer) -> Iterator[Shared]:
    with office_on(firebird, "drafts", seats=50) as made:
        yield made


@pytest.fixture
def boss(shared: Shared) -> Workspace:
    return shared.sign_in(shared.boss)


@pytest.fixture
def login(shared: Shared) -> str:
    """A colleague who has chosen a password."""
    return shared.settled("Vera")


def found(shared: Shared, login: str) -> list[tuple[str, str]]:
    """What its author reads on another computer: title and text."""
    base = shared.sign_in(login)
    try:
        return [(one.title, one.text) for one in dismissal.left_texts(base, "elsewhere")]
    finally:
        base.close()


def typed(office: Office, text: str) -> FormController:
    """The form of a new client in which somebody has begun a name."""
    assert office.program is not None
    pages = office.program.window.pages
    pages.show_new("client", {})
    office.wait(lambda: bool(pages.page and pages.page.findChildren(FormController)))
    assert pages.page is not None
    form = pages.page.findChildren(FormController)[-1]
    with office.qtbot.waitSignal(form.ready):
        pass
    office.qtbot.keyClicks(form.form.editors["name"].line, text)
    form.keep_draft()
    return form


def test_a_form_is_kept_in_the_base_until_it_is_saved(
    office: Office, shared: Shared, login: str
) -> None:
    office.start(shared.of(login))
    office.page(RecordListPage)
    form = typed(office, "Half a client")
    office.wait(lambda: bool(found(shared, login)))
    ((title, text),) = found(shared, login)
    assert title == "Client" and "Name: Half a client" in text

    form.save()

    office.wait(lambda: not found(shared, login))


def test_what_a_closed_window_had_kept_goes_to_the_head(
    office: Office, shared: Shared, login: str, boss: Workspace
) -> None:
    program = office.start(shared.of(login))
    office.page(RecordListPage)
    person = program.session.base.user_id or 0
    typed(office, "Half a client")
    office.wait(lambda: bool(found(shared, login)))
    program.session.close()
    office.wait(lambda: not program.session.operations.writing)

    done = dismissal.dismiss(boss, person)

    assert done.seats == 0, "no window of hers is open"
    (left,) = [one for one in dismissal.left_texts(boss) if one.login == login]
    assert left.title == "Client" and "Name: Half a client" in left.text


def test_drafts_of_the_planner_are_kept_and_go_to_the_head_once(
    office: Office, shared: Shared, login: str, boss: Workspace
) -> None:
    program = office.start(shared.of(login))
    office.page(RecordListPage)
    person = program.session.base.user_id or 0
    program.window.navigator.open_page("planner")
    controller = office.page(PlannerPage).controller
    office.wait(lambda: controller.grid.drawing is not None)
    controller.drafting.turn(True)
    controller.drafting.create(
        NewEntry(Ref("staff", person), DAY, DAY + HOUR, "Ring Daisy up", "call")
    )
    office.wait(lambda: bool(found(shared, login)))
    ((title, text),) = found(shared, login)
    assert title == "Drafts of the planner"
    assert "Ring Daisy up" in text and "Vera" in text
    controller.drafting.create(NewEntry(Ref("staff", person), DAY, DAY + HOUR, "Rose", "call"))

    dismissal.dismiss(boss, person)

    farewell = program.window.findChild(Farewell)
    assert isinstance(farewell, Farewell)
    office.wait(lambda: farewell.box is not None)
    (left,) = [one for one in dismissal.left_texts(boss) if one.login == login]
    assert "Ring Daisy up" in left.text and "Rose" in left.text, "what was not told yet as well"
    assert farewell.box is not None and "passed on" in farewell.box.body.text()
    farewell.box.reject()


def test_what_this_computer_kept_alone_is_told_at_the_next_start(
    office: Office, shared: Shared, login: str, boss: Workspace
) -> None:
    """Of a time when the line was gone; what is no more here goes there, too."""
    drafts = Drafts(office.settings.path.parent, boss.info("guid"))
    kept = Ref("client", 4711)
    drafts.keep(kept, Draft({"city": "Typed long ago"}, 1, boss.clock.now(), login))
    program = office.start(shared.of(login))
    office.page(RecordListPage)
    office.wait(lambda: bool(found(shared, login)))
    assert found(shared, login) == [("Client 4711", "City: Typed long ago")]
    drafts.drop(kept)

    program.session.open(shared.of(login))

    office.wait(lambda: not found(shared, login))


def test_what_is_typed_in_place_is_a_draft_once_the_base_is_closed(
    office: Office, shared: Shared, login: str, boss: Workspace
) -> None:
    """By an upgrade, say: nobody is there any more who could save it."""
    ref = Ref("client", boss.records.create("client", {"name": "Alder", "city": "Rome"}).ids[0])
    program = office.start(shared.of(login))
    inline = office.page(RecordListPage).rows.inline
    office.wait(lambda: inline._c.view.model.row_of(ref.id) is not None)
    inline._table.setCurrentIndex(
        inline._c.view.model.index(inline._c.view.model.row_of(ref.id), 0)
    )
    inline.start()
    office.wait(lambda: inline.editor is not None)
    assert inline.editor is not None
    inline.editor.set_raw("Alder Ltd")

    program.session.leave(UserError("upgraded"))
    office.wait(lambda: not program.session.operations.writing)

    drafts = Drafts(office.settings.path.parent, boss.info("guid"))
    kept = drafts.read(ref)
    assert kept is not None and kept.raw == {"name": "Alder Ltd"} and kept.login == login
    program.session.open(shared.of(login))
    office.wait(lambda: program.session.workspace is not None)
    program.window.navigator.open_record(ref)
    card = office.page(CardPage)
    office.wait(lambda: any(row.fact for row in card.overview.facts._rows))
    facts = card.overview.facts
    facts.edit(next(r.fact for r in facts._rows if r.fact and r.fact.field.key == "city"))
    (line,) = facts.edited()
    line.editor.set_raw("Oslo")

    program.session.leave(UserError("upgraded"))

    kept = drafts.read(ref)
    assert kept is not None and kept.raw == {"name": "Alder Ltd", "city": "Oslo"}
    assert not office.crashed


def test_a_cell_that_waits_for_the_server_is_a_draft_until_it_is_saved(
    office: Office, shared: Shared, login: str, boss: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power may fail here as well."""
    ref = Ref("client", boss.records.create("client", {"name": "Birch"}).ids[0])
    program = office.start(shared.of(login))
    drafts = Drafts(office.settings.path.parent, boss.info("guid"))
    inline = office.page(RecordListPage).rows.inline
    office.wait(lambda: inline._c.view.model.row_of(ref.id) is not None)
    row = inline._c.view.model.row_of(ref.id)
    inline._table.setCurrentIndex(inline._c.view.model.index(row, 0))
    inline.start()
    office.wait(lambda: inline.editor is not None)
    assert inline.editor is not None
    inline.editor.set_raw("Birch Ltd")

    def lost(*given: object) -> None:
        raise DatabaseUnavailable("The line broke.")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(program.session.base.records, "_log", lost)
        inline.editor.committed.emit()
        office.wait(lambda: drafts.read(ref) is not None)
    kept = drafts.read(ref)
    assert kept is not None and kept.raw == {"name": "Birch Ltd"}

    program.session.line.back.emit()

    office.wait(lambda: drafts.read(ref) is None)
    found = boss.reader.get(*ref)
    assert found is not None and found.values["name"] == "Birch Ltd"


def test_a_cell_on_its_way_is_a_draft_only_if_it_is_not_saved_after_all(
    office: Office, shared: Shared, login: str, boss: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window is closed over it."""
    ref = Ref("client", boss.records.create("client", {"name": "Cedar", "city": "Rome"}).ids[0])
    program = office.start(shared.of(login))
    drafts = Drafts(office.settings.path.parent, boss.info("guid"))
    page = office.page(RecordListPage)
    page.controller.change(columns=("name", "city"))
    inline, model, goes = page.rows.inline, page.view.model, threading.Event()
    office.wait(lambda: model.columnCount() == 2 and model.row_of(ref.id) is not None)
    records, usual = program.session.base.records, program.session.base.records._log

    def held(*given: Any) -> Any:
        """The first of them does not get through."""
        goes.wait(30)
        monkeypatch.setattr(records, "_log", usual)
        raise DatabaseUnavailable("The line broke.")

    monkeypatch.setattr(records, "_log", held)
    for column, text in enumerate(("Cedar Ltd", "Oslo")):
        inline._table.setCurrentIndex(model.index(model.row_of(ref.id), column))
        inline.start()
        office.wait(lambda: inline.editor is not None)
        assert inline.editor is not None
        inline.editor.set_raw(text)
        inline.editor.committed.emit()

    program.session.leave(UserError("upgraded"))
    kept = drafts.read(ref)
    assert kept is not None and kept.raw == {"name": "Cedar Ltd", "city": "Oslo"}
    goes.set()

    office.wait(lambda: not program.session.operations.writing)
    kept = drafts.read(ref)
    assert kept is not None and kept.raw == {"name": "Cedar Ltd"}


def test_a_local_base_has_nothing_of_it(office: Office, small_base: Path) -> None:
    program = office.start(small_base)
    office.page(RecordListPage)
    typed(office, "Half a client")

    kept = program.window.findChild(KeptDrafts)
    assert isinstance(kept, KeptDrafts)
    assert not kept.is_waiting


def test_what_was_typed_is_told_by_the_names_of_choices() -> None:
    """Heads read it, who know no keys."""
    catalogue = build_catalogue()

    assert in_words(catalogue["client"], {"name": "Alder", "kind": "company", "note": None}) == (
        "Name: Alder\nKind: Company\nNote: "
    )
    assert in_words(catalogue["staff"], {"gone": True}) == "No longer works here: Yes"
