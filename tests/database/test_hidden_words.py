"""Fields found by words, and contacts of any kind, which roles hide: what an employee reads with a
tool and finds with the program. Telephones and e-mail addresses: `test_hidden_fields.py`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from crm_desktop.errors import Cancelled, InvalidInput, NotAllowed
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.holding import MASK
from crm_desktop.models.catalogue.own_apart import is_sign
from crm_desktop.models.query import Condition, Query
from crm_desktop.models.strict.names import closed_tables, view_name
from crm_desktop.services.customisation.service import read_tables
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.rights import words
from crm_desktop.services.rights.enforcement import hold
from crm_desktop.services.rights.hidden_fields import hidden_by_roles, number_to_call
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace, open_base
from tests.mail_office import letters
from tests.seller_fixtures import Tool, boss, office, tool
from tests.strict_office import TwoSellers, tells_of

__all__ = ["boss", "office", "tool"]


class Hers(NamedTuple):
    """A client of Anna's, and a person of it, whose hidden values the boss wrote down before they
    were hidden."""

    client: int
    person: int
    name: str
    street: str
    job: str
    handle: str

    def tells(self, value: object) -> bool:
        """Whether any hidden word can be read in it."""
        return tells_of(value, self.street, self.job, self.handle)


def hide(boss: Workspace, how: str) -> None:
    """From now on sellers see these fields in that way."""
    roles = Roles(boss)
    for entity, key in (("client", "address"), ("person", "job_title"), ("channel", "value")):
        roles.show(roles.named("seller"), boss.catalogue[entity], key, how)


@pytest.fixture
def hers(office: TwoSellers, boss: Workspace) -> Hers:
    one = Hers(0, 0, f"Daisy{letters()}", letters(), letters(), letters())
    (client,) = boss.records.create("client", {
        "name": one.name, "address": one.street, "responsible": office.persons[office.anna],
    }).ids  # fmt: skip
    (person,) = boss.records.create(
        "person", {"name": f"Head of {one.name}", "job_title": one.job, "client": client}
    ).ids
    boss.records.create("channel", {
        "value": f"t.me/{one.handle}", "kind": "messenger", "owner": Ref("client", client),
    })  # fmt: skip
    hide(boss, words.HIDDEN)
    return one._replace(client=client, person=person)


@pytest.fixture
def anna(office: TwoSellers, hers: Hers) -> Iterator[Workspace]:
    with closing(open_base(office.office.of(office.anna))) as base:
        yield base


def found(base: Workspace, text: str) -> set[int]:
    """What the search box brings for it."""
    return {hit.id for hit in base.search.find(text, None, 20)}


def body_of(boss: Workspace, id_: int) -> str:
    """The text that is kept of a record for the search."""
    with boss.backend.read() as connection:
        asked = "SELECT body FROM search_doc WHERE id = ?"
        return str(connection.exec_driver_sql(asked, (id_,)).scalar_one())


def test_no_cell_of_any_view_tells_them(boss: Workspace, hers: Hers, tool: Tool) -> None:
    for name in closed_tables(read_tables(boss.backend)):
        for row in tool(f"SELECT * FROM {view_name(name)}"):
            assert not [cell for cell in row if hers.tells(cell)], (name, row)

    assert tool("SELECT address, name FROM v_client WHERE id = ?", hers.client) == [
        (MASK, hers.name)
    ]
    assert tool("SELECT contact FROM v_contact_channel WHERE owner_id = ?", hers.client) == [
        (MASK,)
    ]
    ((body,),) = tool("SELECT body FROM v_search_doc WHERE id = ?", hers.client)
    assert hers.name.lower() in body and not any(map(is_sign, body.split()))


def test_all_of_it_is_there_for_who_sees_it(boss: Workspace, hers: Hers) -> None:
    """What the test above looks for stands in the base, so that it can fail."""
    body = body_of(boss, hers.client)
    assert f" {hers.street} " in body and f" {hers.handle} " in body
    for word, id_ in ((hers.street, hers.client), (hers.handle, hers.client),
                      (hers.job, hers.person), (hers.job[:5], hers.person)):  # fmt: skip
        assert found(boss, word) == {id_}
    assert found(boss, f"{hers.name} {hers.street}") == {hers.client}
    asked = Query("client", ("name",), Condition("address", "contains", hers.street))
    assert [*boss.lists.open(asked).ids()] == [hers.client]


def test_nothing_is_found_by_them(hers: Hers, anna: Workspace, tool: Tool) -> None:
    for word in (hers.street, hers.job, hers.handle, hers.street[:4], f"{hers.name} {hers.street}"):
        assert not found(anna, word), word
    assert found(anna, hers.name) == {hers.client, hers.person}
    for word in (hers.street, hers.job, hers.handle):
        begins = "SELECT COUNT(*) FROM v_search_posting WHERE tok STARTING WITH ?"
        assert tool(begins, word[:12]) == [(0,)]
    with pytest.raises(NotAllowed):
        anna.lists.open(Query("client", ("name",), Condition("address", "contains", hers.street)))


def test_the_words_of_other_fields_stay_findable(
    boss: Workspace, hers: Hers, anna: Workspace
) -> None:
    boss.records.update("client", hers.client, {"legal_name": f"Works {hers.street}"})

    assert found(anna, hers.street) == {hers.client}
    assert found(boss, hers.street) == {hers.client}


def test_what_is_not_seen_stays_when_she_writes(
    boss: Workspace, hers: Hers, anna: Workspace
) -> None:
    before = check_base(boss).problems
    anna.records.update("client", hers.client, {"name": f"{hers.name} Ltd"})
    anna.records.create("channel", {
        "value": f"t.me/{hers.handle}2", "kind": "messenger", "owner": Ref("client", hers.client),
    })  # fmt: skip

    for word in (hers.street, hers.handle, f"{hers.handle}2"):
        assert found(boss, word) == {hers.client}
    card = boss.reader.get("client", hers.client)
    assert card is not None and card.values["address"] == hers.street
    assert check_base(boss).problems == before
    assert not found(anna, f"{hers.handle}2")


def test_a_value_changed_by_the_boss_is_found_anew(
    boss: Workspace, hers: Hers, anna: Workspace
) -> None:
    other = letters()
    boss.records.update("client", hers.client, {"address": other})

    assert found(boss, other) == {hers.client} and not found(boss, hers.street)
    assert not found(anna, other)


def test_what_would_lose_them_is_refused(hers: Hers, anna: Workspace) -> None:
    only = Condition("owner", "eq", ["client", hers.client])
    (channel,) = anna.lists.open(Query("channel", ("value",), only)).ids()
    for write in (
        lambda: anna.records.update("channel", channel, {"value": "t.me/other"}),
        lambda: anna.records.update("channel", channel, {"main": True}),
        lambda: anna.records.delete("channel", [channel]),
        lambda: anna.records.update("client", hers.client, {"address": "Omsk"}),
        lambda: anna.records.delete("client", [hers.client]),
    ):
        with pytest.raises(NotAllowed):
            write()
    assert anna.reader.many("channel", [channel], ["value"])[channel] == {"value": MASK}


def test_a_messenger_is_told_to_write_there_and_noted(
    boss: Workspace, hers: Hers, anna: Workspace
) -> None:
    only = Condition("owner", "eq", ["client", hers.client])
    (channel,) = anna.lists.open(Query("channel", ("value",), only)).ids()

    assert number_to_call(anna, anna.catalogue["channel"], "value", channel) == (
        f"t.me/{hers.handle}"
    )
    with boss.backend.read() as connection:
        asked = "SELECT what FROM audit_entry WHERE ent = 7 AND rid = ?"
        assert connection.exec_driver_sql(asked, (channel,)).all() == [("letter",)]


def test_a_telephone_among_them_is_hidden_where_it_is_a_contact(
    boss: Workspace, hers: Hers, anna: Workspace, tool: Tool
) -> None:
    boss.records.update("client", hers.client, {"phone": "+7 812 400-50-61"})

    assert tool("SELECT COUNT(*) FROM v_contact_channel WHERE contact CONTAINING '4005061'") == [
        (0,)
    ]
    assert not found(anna, "4005061") and found(boss, "4005061") == {hers.client}
    with pytest.raises(NotAllowed):
        anna.records.update("client", hers.client, {"phone": "+7 812 400-50-62"})


def test_shown_again_they_are_found_again(boss: Workspace, hers: Hers, office: TwoSellers) -> None:
    hide(boss, "")

    with closing(open_base(office.office.of(office.anna))) as anna:
        assert found(anna, hers.street) == {hers.client} and found(anna, hers.job) == {hers.person}
        anna.records.update("client", hers.client, {"name": f"{hers.name} Ltd"})
    for word in (hers.street, hers.handle, hers.name):
        assert hers.client in found(boss, word)
    hide(boss, words.HIDDEN)


def test_a_mask_shows_the_end_of_a_text(boss: Workspace, hers: Hers, tool: Tool) -> None:
    hide(boss, words.MASKED)

    assert tool("SELECT address FROM v_client WHERE id = ?", hers.client) == [
        (f"{MASK} •• {hers.street[-2:]}",)
    ]
    assert tool("SELECT COUNT(*) FROM v_search_posting WHERE tok STARTING WITH ?",
                hers.street[:12]) == [(0,)]  # fmt: skip


def test_hiding_that_is_stopped_hides_nothing_and_goes_on_later(
    boss: Workspace, office: TwoSellers, tool: Tool
) -> None:
    """Nothing is held back until the words of all fields stand apart; then all of them are."""
    roles, client = Roles(boss), boss.catalogue["client"]
    town, firm = f"stop{letters()}", letters()
    (id_,) = boss.records.create("client", {
        "name": f"Daisy{letters()}", "city": town, "legal_name": firm,
        "responsible": office.persons[office.anna],
    }).ids  # fmt: skip
    both = {"city": words.HIDDEN, "legal_name": words.HIDDEN}

    def stop(done: int, total: int) -> None:
        assert 0 < done <= total
        raise Cancelled

    with pytest.raises(Cancelled):
        roles.show_all(roles.named("seller"), client, both, stop)
    seen = "SELECT city, legal_name FROM v_client WHERE id = ?"
    assert tool(seen, id_) == [(town, firm)]
    assert not any(key in both for _number, key in roles.named("seller").fields)
    assert found(boss, town) == {id_}

    told: list[tuple[int, int]] = []
    roles.show_all(roles.named("seller"), client, both, lambda *far: told.append(far))

    assert told[-1][0] == told[-1][1]
    with office.running() as later:
        assert later(seen, id_) == [(MASK, MASK)]
    assert found(boss, town) == {id_} and not check_base(boss).problems
    roles.show_all(roles.named("seller"), client, dict.fromkeys(both, ""))


def test_a_role_and_the_server_hide_a_field_together_or_not_at_all(
    boss: Workspace, office: TwoSellers
) -> None:
    """A program that is killed between the two would leave a role that says it and a server that
    does not do it."""
    roles = Roles(boss)
    seller, client = roles.named("seller"), boss.catalogue["client"]
    row = (seller.id, client.number, "web", words.HIDDEN)
    rows = boss.tables.system("right_field")
    with boss.backend.read() as connection:
        before = hidden_by_roles(connection, boss.tables)

    def killed(connection: sa.Connection) -> None:
        boss.backend.insert_many(connection, rows, ("role", "ent", "field", "shown"), [row])
        raise Cancelled

    with pytest.raises(Cancelled):
        hold(boss.backend, boss.tables, before | {("client", "web")}, killed)
    with pytest.raises(InvalidInput, match="another administrator"):
        hold(boss.backend, boss.tables, before | {("client", "web")}, lambda _connection: None)

    assert (client.number, "web") not in roles.named("seller").fields
    with office.running() as run:
        ((shown,),) = run("SELECT rdb$view_source FROM rdb$relations"
                           " WHERE rdb$relation_name = 'V_CLIENT'")  # fmt: skip
    roles.show(seller, client, "web", words.HIDDEN)
    with office.running() as run:
        ((hidden,),) = run("SELECT rdb$view_source FROM rdb$relations"
                           " WHERE rdb$relation_name = 'V_CLIENT'")  # fmt: skip
    assert shown != hidden
    roles.show(seller, client, "web", "")
