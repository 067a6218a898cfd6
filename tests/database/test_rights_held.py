"""What somebody with a narrowed role may do and may not, and what a refusal says."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from crm_desktop.errors import InvalidInput, NotAllowed, NotFound
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query
from crm_desktop.services.audit import service as audit
from crm_desktop.services.bulk.service import update_all
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.exporting.export import export_query
from crm_desktop.services.planner.double_booking import may_double_book, said_clashes
from crm_desktop.services.planner.service import Planner
from crm_desktop.services.rights import words
from crm_desktop.services.rights.allowed import may
from crm_desktop.services.rights.result import result, why
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.firebird_server import FirebirdServer
from tests.server_office import Office, office_on

UNREACHED = (NotAllowed, NotFound, InvalidInput)
"""The server shows nothing of what is not reached, so it is not there rather than forbidden."""


class People(NamedTuple):
    """A seller, a colleague without a role, and the administrator of one office."""

    office: Office
    anna: str
    boris: str


@pytest.fixture(scope="module")
def people(firebird: FirebirdServer) -> Iterator[People]:
    with office_on(firebird, "held") as office:
        anna, boris = office.let_in("Anna Seller"), office.let_in("Boris Free")
        yield People(office, anna, boris)


@pytest.fixture
def boss(people: People) -> Workspace:
    return people.office.sign_in(people.office.boss)


@pytest.fixture
def anna(people: People, boss: Workspace) -> Workspace:
    """The base as a seller has it; what changes of her rights is seen at once."""
    opened = people.office.sign_in(people.anna)
    roles = Roles(boss)
    for role in roles.all():
        if opened.user_id in role.holders:
            roles.take(role, opened.user_id or 0)
    roles.give(roles.named("seller"), opened.user_id or 0)
    assert opened.rights is not None
    opened.rights.look_every_s = 0.0
    return opened


@pytest.fixture
def boris(people: People) -> Workspace:
    return people.office.sign_in(people.boris)


def client_of(base: Workspace, who: int | None) -> int:
    name = f"Client {secrets.token_hex(4)}"
    return base.records.create("client", {"name": name, "responsible": who}).ids[0]


def test_whoever_has_no_role_works_as_before(boris: Workspace, anna: Workspace) -> None:
    client = client_of(boris, anna.user_id)

    boris.records.update("client", client, {"city": "Omsk"})
    boris.records.delete("client", [client])

    assert boris.rights is not None and boris.rights.mine().is_free


def test_a_seller_changes_own_records_and_what_hangs_on_them(anna: Workspace) -> None:
    client = client_of(anna, anna.user_id)

    anna.records.update("client", client, {"city": "Omsk"})
    owner = Ref("client", client)
    (phone,) = anna.records.create(
        "channel", {"owner": owner, "kind": "phone", "value": "+7 495 123-45-67"}
    ).ids
    anna.records.delete("channel", [phone])

    assert anna.reader.get("client", client).values["city"] == "Omsk"  # type: ignore[union-attr]


def test_a_record_of_another_is_refused_and_nothing_is_changed(
    anna: Workspace, boris: Workspace
) -> None:
    client = client_of(boris, boris.user_id)
    owner = Ref("client", client)

    with pytest.raises(UNREACHED):
        anna.records.update("client", client, {"city": "Omsk"})
    with pytest.raises(UNREACHED):
        anna.records.create("channel", {"owner": owner, "kind": "phone", "value": "+74951234567"})

    assert not boris.reader.get("client", client).values["city"]  # type: ignore[union-attr]


def test_a_refusal_says_by_which_role_and_whom_to_ask_for_which(anna: Workspace) -> None:
    client = client_of(anna, anna.user_id)

    with pytest.raises(NotAllowed) as refused:
        anna.records.delete("client", [client])

    said = refused.value.message
    assert "Deleting" in said and "Roles: Seller" in said
    assert "Head of department" in said and "Olga Boss" in said


def test_a_record_in_another_ones_name_is_not_made(anna: Workspace, boris: Workspace) -> None:
    with pytest.raises(NotAllowed):
        client_of(anna, boris.user_id)

    task = {"subject": "Call", "author": boris.user_id}
    assert anna.records.create("activity", task).ids  # tasks are given to anybody


def test_ones_own_work_is_taken_back_though_deleting_is_not_allowed(anna: Workspace) -> None:
    made = anna.records.create("client", {"name": "Daisy"})

    anna.undo.undo(made.operation)

    assert anna.reader.get("client", made.ids[0]) is None


def test_reference_books_and_staff_are_seen_and_not_changed(
    anna: Workspace, boris: Workspace
) -> None:
    with pytest.raises(NotAllowed):
        anna.records.create("reference", {"book": "region", "name": "North"})
    with pytest.raises(NotAllowed):
        anna.records.update("staff", boris.user_id or 0, {"head": anna.user_id})


def test_a_book_follows_a_role_that_is_given_while_one_works(
    anna: Workspace, boss: Workspace
) -> None:
    roles = Roles(boss)

    roles.give(roles.named("staff"), anna.user_id or 0)

    assert anna.records.create("reference", {"book": "region", "name": "North"}).ids


def test_an_export_is_refused_and_one_that_is_allowed_is_noted(
    anna: Workspace, boss: Workspace, boris: Workspace, tmp_path: Path
) -> None:
    client_of(boris, boris.user_id)
    query = Query("client", ("name",))

    with pytest.raises(NotAllowed, match="Exporting"):
        export_query(anna, query, tmp_path / "anna.csv")
    count = export_query(boris, query, tmp_path / "boris.csv")

    assert not (tmp_path / "anna.csv").exists()
    (noted,) = [one for one in audit.last(boss) if one.what == audit.EXPORTED][:1]
    assert (noted.login, noted.amount) == (boris.login, count)
    assert "boris.csv" in noted.detail


def test_many_at_once_are_refused_if_one_is_anothers(
    anna: Workspace, boris: Workspace, boss: Workspace
) -> None:
    own, other = client_of(anna, anna.user_id), client_of(boris, boris.user_id)
    entity = anna.catalogue["client"]

    def change(base: Workspace, *ids: int) -> None:
        update_all(
            base.records, entity, ids, {"city": "Omsk"},
            progress=lambda _done, _whole: None, check=lambda: None,
        )  # fmt: skip

    with pytest.raises(UNREACHED):
        change(anna, own, other)
    change(anna, own, client_of(anna, anna.user_id))

    assert audit.last(boss, 1)[0].what == audit.MANY and audit.last(boss, 1)[0].amount == 2


def test_own_records_are_merged_and_others_are_not(anna: Workspace, boris: Workspace) -> None:
    entity, one = anna.catalogue["client"], client_of(anna, anna.user_id)
    other, others = client_of(anna, anna.user_id), client_of(boris, boris.user_id)

    with pytest.raises(UNREACHED):
        anna.merging.merge(entity, [one, others])
    anna.merging.merge(entity, [one, other])

    assert anna.reader.get("client", other) is None


def test_handing_over_is_a_right_of_its_own(
    anna: Workspace, boris: Workspace, boss: Workspace
) -> None:
    client, roles = client_of(anna, anna.user_id), Roles(boss)
    mine = roles.add(f"Keeper {secrets.token_hex(3)}", like=roles.named("seller"))
    roles.set(mine, boss.catalogue["client"], {words.REASSIGN: words.NONE})
    roles.take(roles.named("seller"), anna.user_id or 0)
    roles.give(mine, anna.user_id or 0)

    with pytest.raises(NotAllowed, match="Handing over"):
        anna.records.update("client", client, {"responsible": boris.user_id})

    anna.records.update("client", client, {"city": "Omsk"})


def test_a_field_that_is_closed_is_not_written(anna: Workspace, boss: Workspace) -> None:
    client, roles = client_of(anna, anna.user_id), Roles(boss)
    closed = roles.add(f"Closed {secrets.token_hex(3)}", like=roles.named("seller"))
    roles.show(closed, boss.catalogue["client"], "revenue", words.READ_ONLY)
    roles.take(roles.named("seller"), anna.user_id or 0)
    roles.give(closed, anna.user_id or 0)

    with pytest.raises(NotAllowed, match="Annual revenue") as refused:
        anna.records.update("client", client, {"revenue": 5})

    assert refused.value.field == "revenue"


def test_a_planner_shows_only_calendars_that_are_ones_business(
    anna: Workspace, boris: Workspace, boss: Workspace
) -> None:
    roles = Roles(boss)
    alone = roles.add(f"Alone {secrets.token_hex(3)}", like=roles.named("seller"))
    roles.set(alone, boss.catalogue["activity"], {
        words.CALENDARS: words.OWN, words.CLASH: words.NONE,
    })  # fmt: skip
    roles.take(roles.named("seller"), anna.user_id or 0)
    roles.give(alone, anna.user_id or 0)

    people = {row.ref.id for row in Planner(anna).rows() if row.ref.entity == "staff"}

    assert people == {anna.user_id}
    assert not may_double_book(anna) and may_double_book(boris)
    said = said_clashes(Planner(anna), []).message
    assert "Booking taken time" in said and "Ask for the role" in said and "nobody" not in said


def test_who_stands_in_changes_the_records_of_the_absent(
    anna: Workspace, boris: Workspace, boss: Workspace
) -> None:
    client, now = client_of(boris, boris.user_id), boss.clock.now()
    roles = Roles(boss)
    roles.give(roles.named("seller"), boris.user_id or 0)

    roles.stand_in(boris.user_id or 0, anna.user_id or 0, now, now + timedelta(days=2))
    anna.records.update("client", client, {"city": "Omsk"})
    roles.end_stand_in(roles.stand_ins()[0].id)

    with pytest.raises(UNREACHED):
        anna.records.update("client", client, {"city": "Tomsk"})
    roles.take(roles.named("seller"), boris.user_id or 0)


def test_a_substitution_of_later_begins_by_itself(
    anna: Workspace, boris: Workspace, boss: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, now = client_of(boris, boris.user_id), boss.clock.now()
    roles = Roles(boss)
    roles.give(roles.named("seller"), boris.user_id or 0)
    begins = now + timedelta(hours=1)
    roles.stand_in(boris.user_id or 0, anna.user_id or 0, begins, begins + timedelta(days=2))
    with pytest.raises(NotAllowed):
        anna.records.update("client", client, {"city": "Omsk"})

    monkeypatch.setattr(anna, "clock", MovedClock(begins + timedelta(minutes=1)))
    anna.records.update("client", client, {"city": "Omsk"})

    roles.end_stand_in(roles.stand_ins()[0].id)
    roles.take(roles.named("seller"), boris.user_id or 0)


def test_the_server_itself_grants_nothing_days_before_a_substitution(
    anna: Workspace, boris: Workspace, boss: Workspace
) -> None:
    client, now = client_of(boris, boris.user_id), boss.clock.now()
    roles = Roles(boss)
    roles.give(roles.named("seller"), boris.user_id or 0)

    later = now + timedelta(days=2)
    roles.stand_in(boris.user_id or 0, anna.user_id or 0, later, later + timedelta(days=2))
    assert anna.reader.get("client", client) is None

    roles.end_stand_in(roles.stand_ins()[0].id)
    roles.take(roles.named("seller"), boris.user_id or 0)


def test_whoever_left_may_do_nothing_from_that_moment(people: People, boss: Workspace) -> None:
    login = people.office.let_in(f"Leaver {secrets.token_hex(3)}")
    base = people.office.sign_in(login)

    boss.records.update("staff", base.user_id or 0, {"gone": True})

    with pytest.raises(NotAllowed):
        base.records.create("client", {"name": "Daisy"})
    with pytest.raises(NotAllowed):
        export_query(base, Query("client", ("name",)), Path("never.csv"))


def test_the_result_for_a_person_names_the_roles(anna: Workspace, boss: Workspace) -> None:
    found = result(boss, anna.user_id or 0)

    lines = {line.entity.key: line for line in found.lines}
    assert found.roles == ("Seller",)
    assert lines["client"].given[words.SEE].scope == words.OWN
    assert lines["client"].given[words.SEE].roles == ("Seller",)
    assert lines["lead"].given[words.CREATE].scope == words.ALL
    assert lines["client"].given[words.EXPORT].scope == words.NONE


def test_why_answers_with_the_role_to_ask_for(anna: Workspace, boris: Workspace) -> None:
    client, entity = client_of(boris, boris.user_id), anna.catalogue["client"]

    found = why(anna, anna.user_id or 0, words.EDIT, entity, client)

    assert not found.allowed and found.role
    assert why(anna, anna.user_id or 0, words.CREATE, entity).allowed
    with pytest.raises(NotAllowed):
        why(anna, boris.user_id or 0, words.EDIT, entity)


def test_staff_change_no_roles(anna: Workspace) -> None:
    roles = Roles(anna)

    with pytest.raises(NotAllowed, match="administrator"):
        roles.give(roles.named("staff"), anna.user_id or 0)


def test_roles_refuse_what_makes_no_sense(boss: Workspace) -> None:
    roles = Roles(boss)
    seller, now = roles.named("seller"), boss.clock.now()

    with pytest.raises(InvalidInput):
        roles.add("Seller")
    with pytest.raises(InvalidInput):
        roles.set(seller, None, {"fly": "all"})
    with pytest.raises(InvalidInput):
        roles.show(seller, boss.catalogue["client"], "status", "hidden")
    with pytest.raises(InvalidInput):
        roles.drop(seller)
    with pytest.raises(InvalidInput):
        roles.stand_in(boss.user_id or 0, boss.user_id or 0, now, now)


def test_changes_of_roles_stand_in_the_audit(boss: Workspace) -> None:
    roles = Roles(boss)
    made = roles.add(f"Noted {secrets.token_hex(3)}")

    roles.set(made, boss.catalogue["client"], {words.SEE: words.OWN})

    noted = audit.last(boss, 1)[0]
    assert noted.what == audit.RIGHTS and "see: none → own" in noted.detail
    assert noted.login == boss.login


def test_a_local_base_asks_nothing(sqlite_url: str, tmp_path: Path) -> None:
    """No object of rights is made there, so nothing can be asked of the base for them."""
    base = ready_base(sqlite_url)
    made = base.records.create("client", {"name": "Daisy"})

    assert base.rights is None and base.records.guard is None
    assert may(base, words.DELETE, base.catalogue["client"], Ref("client", made.ids[0])).yes
    assert export_query(base, Query("client", ("name",)), tmp_path / "all.csv") == 1
    assert "rights" not in base.late and "reaching" not in base.late
    base.close()
