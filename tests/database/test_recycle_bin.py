"""The recycle bin and cards of a former day, on both back ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from crm_desktop.errors import NotFound
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.upgrading.departures_fill import fill_departures
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create, Delete
from tests.bases import ready_base


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def client(workspace: Workspace, name: str = "Alpha", **more: object) -> int:
    return workspace.records.create("client", {"name": name, **more}).ids[0]


def now(workspace: Workspace) -> datetime:
    """A moment between what was done before and what is done after."""
    moment = workspace.clock.now()
    while workspace.clock.now() <= moment + timedelta(milliseconds=2):
        pass
    return moment + timedelta(milliseconds=1)


# --- the bin --------------------------------------------------------------------------------------


def test_a_client_comes_back_with_children_and_links(workspace: Workspace) -> None:
    id_ = client(workspace, phone="+74950000001")
    person = workspace.records.create("person", {"name": "B", "client": id_}).ids[0]
    workspace.records.create("activity", {"kind": "call", "about": Ref("client", id_)})
    before = workspace.reader.get("client", id_)
    workspace.records.delete("client", [id_])
    [found] = workspace.recycle_bin.page()
    assert (found.title, found.ref) == ("Alpha", Ref("client", id_))
    workspace.recycle_bin.restore([found.ref])
    after = workspace.reader.get("client", id_)
    assert before and after and after.values == before.values
    assert workspace.reader.get("person", person).values["client"] == id_  # type: ignore[union-attr]
    assert workspace.recycle_bin.page() == []
    assert check_base(workspace).problems == []


def test_parts_of_parts_are_counted_too(workspace: Workspace) -> None:
    id_ = client(workspace)
    details = workspace.records.create(
        "legal_details", {"preset": "foreign", "short_name": "Alpha", "owner": Ref("client", id_)}
    ).ids[0]
    workspace.records.create(
        "bank_account", {"details": details, "account": "40702810700000000005"}
    )
    workspace.records.delete("client", [id_])

    [found] = workspace.recycle_bin.page()

    assert found.parts == 2


def test_one_of_many_deleted_together_comes_back_alone(workspace: Workspace) -> None:
    first, second = client(workspace, "A"), client(workspace, "B")
    person = workspace.records.create("person", {"name": "P", "client": first}).ids[0]
    workspace.records.apply(
        [Delete("client", first), Delete("client", second), Delete("person", person)]
    )
    workspace.recycle_bin.restore([Ref("person", person)])
    alone = workspace.reader.get("person", person)
    assert alone is not None and alone.values["client"] is None
    assert {d.title for d in workspace.recycle_bin.page("client")} == {"A", "B"}
    assert check_base(workspace).problems == []


def test_what_lost_its_owner_stays_and_is_named(workspace: Workspace) -> None:
    id_ = client(workspace)
    note = workspace.records.create("activity", {"body": "Hello", "about": Ref("client", id_)})
    workspace.records.delete("activity", note.ids)
    workspace.records.delete("client", [id_])
    result = workspace.recycle_bin.restore([Ref("activity", note.ids[0])])
    assert result.restored == 0
    assert [(b.name, b.reason) for b in result.blocked] == [
        ("Hello", "what it belonged to is gone")
    ]


def test_a_restored_telephone_is_the_clients_again(workspace: Workspace) -> None:
    id_ = client(workspace, phone="+74950000001")
    [channel] = workspace.reader.linked("channel", "owner", [id_])
    workspace.records.delete("channel", [channel])
    assert workspace.reader.get("client", id_).values["phone"] is None  # type: ignore[union-attr]
    workspace.recycle_bin.restore([Ref("channel", channel)])
    assert workspace.reader.get("client", id_).values["phone"] == "+74950000001"  # type: ignore[union-attr]


def test_a_restoring_is_undone_and_done_again(workspace: Workspace) -> None:
    id_ = client(workspace)
    workspace.records.delete("client", [id_])
    back = workspace.recycle_bin.restore([Ref("client", id_)])
    undone = workspace.undo.undo(back.operation)
    assert [d.title for d in workspace.recycle_bin.page()] == ["Alpha"]
    workspace.undo.undo(undone.operation)
    assert workspace.recycle_bin.page() == []


def test_what_was_never_more_than_made_is_not_in_the_bin(workspace: Workspace) -> None:
    made = workspace.records.create("client", {"name": "A"})
    workspace.undo.undo(made.operation)
    assert workspace.recycle_bin.page() == []


def test_the_bin_is_searched_filtered_and_paged(workspace: Workspace) -> None:
    made = workspace.records.apply([Create("client", {"name": f"Client {n}"}) for n in range(30)])
    workspace.records.delete("client", made.ids)
    bin_ = workspace.recycle_bin
    first = bin_.page(limit=20)
    rest = bin_.page(limit=20, before=first[-1].place)
    assert (len(first), len(rest), bin_.count()) == (20, 10, 30)
    assert len({d.ref for d in (*first, *rest)}) == 30
    assert [d.title for d in bin_.page(text="client 17")] == ["Client 17"]
    assert bin_.page("person") == []
    assert bin_.objects() == ["client"]
    assert bin_.values(first[0].ref)["name"] == first[0].title


def test_what_is_not_in_the_bin_is_not_restored(workspace: Workspace) -> None:
    with pytest.raises(NotFound):
        workspace.recycle_bin.restore([Ref("client", client(workspace))])


# --- as of ----------------------------------------------------------------------------------------


def test_a_card_of_a_former_day_has_the_values_of_that_day(workspace: Workspace) -> None:
    id_ = client(workspace, city="Omsk")
    then = now(workspace)
    workspace.records.update("client", id_, {"city": "Tver", "phone": "+74950000001"})
    workspace.records.update("client", id_, {"city": "Perm"})
    past = workspace.as_of.card(workspace.catalogue["client"], id_, then).record
    assert (past.state, past.values["city"], past.values.get("phone")) == ("there", "Omsk", None)
    assert past.differs("city") and past.differs("phone") and not past.differs("name")


def test_it_says_that_a_record_was_not_there_yet_or_gone(workspace: Workspace) -> None:
    before = now(workspace)
    id_ = client(workspace)
    alive = now(workspace)
    workspace.records.delete("client", [id_])
    after = now(workspace)
    entity = workspace.catalogue["client"]
    states = [workspace.as_of.card(entity, id_, when).record for when in (before, alive, after)]
    assert [past.state for past in states] == ["not yet", "there", "gone"]
    assert states[1].now is None and states[2].values["name"] == "Alpha"
    with pytest.raises(NotFound):
        workspace.as_of.card(entity, 999_999, after)


def test_children_that_were_deleted_or_moved_since_are_there(workspace: Workspace) -> None:
    id_, other = client(workspace, phone="+74950000001"), client(workspace, "B")
    note = workspace.records.create("activity", {"body": "Moved", "about": Ref("client", id_)})
    then = now(workspace)
    [channel] = workspace.reader.linked("channel", "owner", [id_])
    workspace.records.delete("channel", [channel])
    workspace.records.update("activity", note.ids[0], {"about": Ref("client", other)})
    workspace.records.create("activity", {"body": "Later", "about": Ref("client", id_)})
    card = workspace.as_of.card(workspace.catalogue["client"], id_, then)
    assert {child.title for child in card.children} == {"Moved", "+7 495 000-00-01"}


def test_links_to_deleted_records_keep_their_names(workspace: Workspace) -> None:
    id_ = client(workspace)
    person = workspace.records.create("person", {"name": "P", "client": id_}).ids[0]
    then = now(workspace)
    workspace.records.delete("client", [id_])
    card = workspace.as_of.card(workspace.catalogue["person"], person, then)
    field = card.entity.field("client")
    assert card.shown(field, card.record.values["client"], "en") == "Alpha"
    assert card.record.differs("client")


def test_a_restored_record_was_gone_in_between(workspace: Workspace) -> None:
    id_ = client(workspace)
    workspace.records.delete("client", [id_])
    between = now(workspace)
    workspace.recycle_bin.restore([Ref("client", id_)])
    entity = workspace.catalogue["client"]
    assert workspace.as_of.card(entity, id_, between).record.state == "gone"
    assert workspace.as_of.card(entity, id_, now(workspace)).record.state == "there"


def test_deletions_of_an_older_base_are_found_in_its_log(workspace: Workspace) -> None:
    first = client(workspace, phone="+74950000001")
    second = workspace.records.create("client", {"name": "B"})
    workspace.undo.undo(second.operation)
    workspace.records.delete("client", [first])
    before = [(d.ref, d.title, d.parts) for d in workspace.recycle_bin.page()]
    table = workspace.tables.system("departed")
    with workspace.backend.write() as connection:
        connection.execute(table.delete())
    fill_departures(workspace.records)
    assert [(d.ref, d.title, d.parts) for d in workspace.recycle_bin.page()] == before
    assert workspace.recycle_bin.restore([Ref("client", first)]).restored == 2
