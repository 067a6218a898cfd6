"""Town, legal name and tax number, by which duplicates are told, hidden by a role: what an employee
reads, finds and tries with a tool, and what the program still does for him and for others."""

from __future__ import annotations

import hashlib
import json
import secrets
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from crm_desktop.errors import NotAllowed
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.holding import MASK
from crm_desktop.models.catalogue.telling import SAME_NAME
from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.models.strict.names import closed_tables, view_name
from crm_desktop.services.customisation.service import read_tables
from crm_desktop.services.importing.command import run_import_command
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace, open_base
from tests.mail_office import letters
from tests.seller_fixtures import Tool, boss, office, tool
from tests.strict_office import TwoSellers, tells_of

__all__ = ["boss", "office", "tool"]
FIELDS = ("city", "legal_name", "tax_id")


def tax_number() -> str:
    """A right number of a company (ten digits, the last of which checks the others)."""
    nine = [secrets.randbelow(9) + 1, *(secrets.randbelow(10) for _ in range(8))]
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    last = sum(a * b for a, b in zip(nine, weights, strict=True)) % 11 % 10
    return "".join(map(str, [*nine, last]))


class Hers(NamedTuple):
    """A client of Anna's whose legal details the boss wrote down."""

    client: int
    details: int
    name: str
    town: str
    firm: str
    number: str

    def tells(self, value: object) -> bool:
        """Whether any hidden value can be read in it."""
        return tells_of(value, self.town, self.firm, self.number)


@pytest.fixture(scope="module")
def hiding(office: TwoSellers) -> TwoSellers:
    """The role of sellers hides all three from the beginning."""
    boss = office.office.sign_in(office.office.boss)
    roles = Roles(boss)
    for key in FIELDS:
        roles.show(roles.named("seller"), boss.catalogue["client"], key, words.HIDDEN)
    return office


@pytest.fixture
def hers(hiding: TwoSellers, boss: Workspace) -> Hers:
    one = Hers(0, 0, f"Daisy{letters()}", letters(), letters(), tax_number())
    (client,) = boss.records.create("client", {
        "name": one.name, "city": one.town, "tax_id": one.number,
        "legal_name": f"{one.firm} works", "responsible": hiding.persons[hiding.anna],
    }).ids  # fmt: skip
    (details,) = boss.records.create(
        "legal_details", {"preset": "ru_company", "owner": Ref("client", client)}
    ).ids
    return one._replace(client=client, details=details)


@pytest.fixture
def anna(office: TwoSellers, hers: Hers) -> Iterator[Workspace]:
    with closing(open_base(office.office.of(office.anna))) as base:
        yield base


# --- by a tool ------------------------------------------------------------------------------------


def test_no_cell_of_any_view_tells_them(boss: Workspace, hers: Hers, tool: Tool) -> None:
    boss.records.update("legal_details", hers.details, {"kpp": "770101001"})
    for name in closed_tables(read_tables(boss.backend)):
        for row in tool(f"SELECT * FROM {view_name(name)}"):
            assert not [cell for cell in row if hers.tells(cell)], (name, row)

    seen = "SELECT city, city_key, legal_name, tax_id, tax_id_key, name FROM v_client WHERE id = ?"
    assert tool(seen, hers.client) == [(MASK, "", MASK, MASK, "", hers.name)]
    seen = "SELECT inn, full_name, short_name, kpp FROM v_legal_details WHERE id = ?"
    assert tool(seen, hers.details) == [(MASK, MASK, MASK, "770101001")]


def test_all_of_it_is_there_for_who_sees_it(boss: Workspace, hers: Hers) -> None:
    """What the test above looks for stands in the base, so that it can fail."""
    details = boss.reader.get("legal_details", hers.details)
    assert details is not None and details.values["inn"] == hers.number
    assert hers.firm in str(details.values["short_name"]).lower()
    for word in (hers.town, hers.firm, hers.number, hers.number[:6]):
        assert {hit.id for hit in boss.search.find(word, "client", 9)} == {hers.client}, word
    assert not check_base(boss).problems


def test_nothing_is_found_filtered_ordered_or_matched_by_them(
    hers: Hers, anna: Workspace, tool: Tool
) -> None:
    for word in (hers.town, hers.firm, hers.number, hers.number[:6], f"{hers.name} {hers.town}"):
        assert not anna.search.find(word, None, 9), word
    assert [hit.id for hit in anna.search.find(hers.name, "client", 9)] == [hers.client]
    for column, value in (("city_key", hers.town), ("tax_id_key", hers.number)):
        asked = f"SELECT COUNT(*) FROM v_client WHERE {column} STARTING WITH ?"
        assert tool(asked, value[:3]) == [(0,)]
    for key in FIELDS:
        for query in (
            Query("client", ("name",), Condition(key, "filled")),
            Query("client", ("name",), sort=(Sort(key),)),
        ):
            with pytest.raises(NotAllowed):
                anna.lists.open(query)


def test_what_is_written_over_them_leaves_them(boss: Workspace, hers: Hers, tool: Tool) -> None:
    before = check_base(boss).problems
    tool("UPDATE v_client SET city = 'x', city_key = 'x', tax_id = '1', legal_name = 'x'"
         " WHERE id = ?", hers.client)  # fmt: skip
    tool("UPDATE v_legal_details SET inn = '1', full_name = 'x', short_name = 'x', owner_ent = 2"
         " WHERE id = ?", hers.details)  # fmt: skip

    stands = boss.reader.many("client", [hers.client], FIELDS)[hers.client]
    assert stands == {
        "city": hers.town, "tax_id": hers.number, "legal_name": f"{hers.firm} works"
    }  # fmt: skip
    details = boss.reader.get("legal_details", hers.details)
    assert details is not None and details.values["inn"] == hers.number
    assert details.values["owner"] == Ref("client", hers.client)
    assert check_base(boss).problems == before


# --- duplicates -----------------------------------------------------------------------------------


def test_a_question_for_duplicates_answers_by_what_is_seen(
    boss: Workspace, hers: Hers, anna: Workspace
) -> None:
    """No value that is tried makes a difference to who does not see it."""
    client = boss.catalogue["client"]
    typed = {"city": hers.town, "tax_id": hers.number, "legal_name": f"{hers.firm} works"}
    assert [one.id for one in boss.duplicates.like(client, {"name": "Other", **typed})] == [
        hers.client
    ]

    assert not anna.duplicates.like(client, {"name": "Other", **typed})
    told = [
        anna.duplicates.like(client, {"name": hers.name, **tried})
        for tried in (typed, {"city": letters(), "tax_id": tax_number()}, {})
    ]
    assert told[0] == told[1] == told[2] and told[0][0].reasons == (SAME_NAME,)


def test_an_import_matches_by_what_is_seen(
    boss: Workspace, hers: Hers, anna: Workspace, tmp_path: Path
) -> None:
    """A row with the right number is taken as one with a wrong one is."""
    file, names = tmp_path / "clients.csv", [letters(), letters()]
    numbers = zip(names, (hers.number, tax_number()), strict=True)
    rows = [f"{name},{number}" for name, number in numbers]
    file.write_text("\n".join(["name,tax_id", *rows]), encoding="utf-8")
    wanted = dict.fromkeys(("sheet", "header_row", "map", "encoding", "delimiter", "rejects"))

    value = run_import_command(anna, Namespace(
        file=str(file), into="client", test=False, progress=False, match="tax_id",
        on_match="update", **wanted,
    ))  # fmt: skip

    assert (value["created"], value["updated"]) == (2, 0)
    stands = boss.reader.many("client", [hers.client], ["name"])
    assert stands[hers.client]["name"] == hers.name


def test_kept_groups_tell_nothing_of_them(
    boss: Workspace, hers: Hers, anna: Workspace, tool: Tool
) -> None:
    """Not even to who makes a client of each value that he tries, and waits for the sweep."""
    client = boss.catalogue["client"]
    pairs = {}
    for key, value in (("city", letters()), ("legal_name", letters()), ("tax_id", tax_number()),
                       ("note", "seen")):  # fmt: skip
        name = letters()
        values = {key: value, "responsible": anna.user_id}
        (theirs,) = boss.records.create("client", {"name": name, **values}).ids
        other = name if key in ("city", "note") else letters()  # a town tells only beside a name
        (tried,) = anna.records.create("client", {"name": other, **values}).ids
        pairs[key] = {theirs, tried}

    boss.duplicates.sweep(client, minimum=0.5)

    for key, pair in pairs.items():
        assert [set(one.ids) for one in boss.duplicates.groups_of(client, [*pair])] == [pair], key
        asked = "SELECT COUNT(*) FROM v_duplicate_member WHERE rid IN (?, ?)"
        assert tool(asked, *pair) == [(2 if key == "note" else 0,)], key
    told = {text for (text,) in tool("SELECT reasons FROM v_duplicate_group")}
    assert told == {json.dumps([SAME_NAME])}


def test_the_chain_of_the_log_is_no_way_to_try_a_value(
    boss: Workspace, hers: Hers, anna: Workspace, tool: Tool
) -> None:
    """The digest of a change of which all is known but the value would tell when it is guessed."""
    before = check_base(boss).problems
    rows = tool("SELECT r.author, c.digest, c.ties FROM v_chain c"
                " JOIN v_change_row r ON r.seq = c.first_seq")  # fmt: skip
    assert {author for author, *_rest in rows} >= {boss.user_id, anna.user_id}
    assert all(not ties and bool(digest) == (author == anna.user_id)
               for author, digest, ties in rows)  # fmt: skip

    anna.records.update("client", hers.client, {"note": "her link follows from her last one"})
    assert check_base(boss).problems == before


def test_ties_are_filled_in_by_the_server(boss: Workspace, hers: Hers, tool: Tool) -> None:
    """A hundredth link names the last ones of all, whose digests its writer does not see."""
    id_, nothing = -secrets.randbelow(10**9) - 1, hashlib.sha256().hexdigest()
    tool("INSERT INTO v_chain (id, seat, place, first_seq, last_seq, amount, digest, ties)"
         " VALUES (?, ?, 1, 0, -1, 0, ?, '[]')", id_, letters(), nothing)  # fmt: skip

    with boss.backend.read() as connection:
        chain = boss.tables.system("chain").c
        rows = connection.execute(sa.select(chain.id, chain.digest)).all()
        ties = connection.execute(sa.select(chain.ties).where(chain.id == id_)).scalar_one()
    digests = {row.id: row.digest for row in rows}
    newest = sorted(digests, reverse=True)[:8]
    assert json.loads(ties) == [[one, digests[one][:16]] for one in newest]
    assert not check_base(boss).problems


# --- by the program -------------------------------------------------------------------------------


def test_her_day(boss: Workspace, hers: Hers, anna: Workspace) -> None:
    before = check_base(boss).problems
    anna.records.update("client", hers.client, {"name": f"{hers.name} Ltd", "note": "hello"})
    anna.records.update("legal_details", hers.details, {"director": "Jane Roe"})
    (mine,) = anna.records.create("client", {
        "name": letters(), "city": "Omsk", "tax_id": tax_number(), "responsible": anna.user_id,
    }).ids  # fmt: skip
    anna.records.create(
        "legal_details", {"preset": "ru_company", "owner": Ref("client", mine), "kpp": "770101001"}
    )

    stands = boss.reader.many("client", [hers.client, mine], FIELDS)
    assert stands[hers.client]["city"] == hers.town and stands[mine]["city"] == "Omsk"
    for word in (hers.town, hers.firm, hers.number):
        assert {hit.id for hit in boss.search.find(word, "client", 9)} == {hers.client}
    assert check_base(boss).problems == before
    past = anna.record_history.of(anna.catalogue["client"], hers.client)
    assert len(past) >= 2 and not hers.tells(past)


def test_legal_details_are_not_written_past_a_number_that_is_not_seen(
    hers: Hers, anna: Workspace
) -> None:
    for write in (
        lambda: anna.records.update("legal_details", hers.details, {"inn": tax_number()}),
        lambda: anna.records.update("legal_details", hers.details, {"short_name": "Mine"}),
        lambda: anna.records.delete("legal_details", [hers.details]),
        lambda: anna.records.update("client", hers.client, {"tax_id": None}),
        lambda: anna.records.create("legal_details", {
            "preset": "ru_company", "short_name": "Mine", "inn": tax_number(),
            "owner": Ref("client", hers.client), "for_printing": True}),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            write()


def test_a_lead_becomes_a_client_without_what_she_does_not_see(
    hiding: TwoSellers, boss: Workspace, anna: Workspace
) -> None:
    roles = Roles(boss)
    roles.show(roles.named("seller"), boss.catalogue["lead"], "city", words.HIDDEN)
    town = letters()
    (lead,) = boss.records.create(
        "lead", {"name": letters(), "city": town, "responsible": anna.user_id}
    ).ids

    made = anna.leads.convert(lead)

    stands = boss.reader.many("client", [made.client], ["city"])
    assert stands[made.client]["city"] is None
    assert boss.reader.many("lead", [lead], ["city"])[lead]["city"] == town
