"""Personal fields of what hangs on a client, hidden by a role: what an employee reads, finds and
writes with a tool, and what the program still does for him."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import NamedTuple

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.holding import MASK, can_hide
from crm_desktop.models.catalogue.shared_traits import Personal
from crm_desktop.models.strict.names import closed_tables, view_name
from crm_desktop.services.customisation.service import read_tables
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace, open_base
from tests.mail_office import letters
from tests.seller_fixtures import Tool, boss, office, tool
from tests.strict_office import TwoSellers, tells_of

__all__ = ["boss", "office", "tool"]
FIELDS = (
    ("legal_details", "passport"), ("legal_details", "birthday"), ("legal_details", "main_account"),
    ("bank_account", "iban"), ("postal_address", "line"), ("postal_address", "city"),
)  # fmt: skip
ACCOUNT, BIK, IBAN = "40817810899910004312", "044525225", "DE89370400440532013000"


class Hers(NamedTuple):
    """A client of Anna's with what hangs on it."""

    client: int
    name: str
    details: int
    account: int
    address: int
    passport: str
    street: str
    town: str

    def tells(self, value: object) -> bool:
        """Whether any hidden value can be read in it."""
        told = (self.passport, self.street, self.town, ACCOUNT, IBAN.lower(), "1971-04-03")
        return tells_of(value, *told)


@pytest.fixture(scope="module")
def hiding(office: TwoSellers) -> TwoSellers:
    """The role of sellers hides them from the beginning."""
    boss = office.office.sign_in(office.office.boss)
    roles = Roles(boss)
    for entity, key in FIELDS:
        roles.show(roles.named("seller"), boss.catalogue[entity], key, words.HIDDEN)
    return office


@pytest.fixture(scope="module")
def hers(hiding: TwoSellers) -> Hers:
    add = hiding.office.sign_in(hiding.office.boss).records.create
    name, street, town = f"Daisy{letters()}", letters(), letters()
    (client,) = add("client", {"name": name, "responsible": hiding.persons[hiding.anna]}).ids
    passport = "4510987123"
    (details,) = add("legal_details", {
        "preset": "person", "owner": Ref("client", client), "passport": passport,
        "birthday": date(1971, 4, 3), "passport_code": "770-001",
    }).ids  # fmt: skip
    (account,) = add("bank_account", {
        "details": details, "account": ACCOUNT, "bik": BIK, "iban": IBAN, "main": True,
    }).ids  # fmt: skip
    (address,) = add("postal_address", {
        "owner": Ref("client", client), "line": f"{street} 5", "city": town, "country": "Nowhere",
    }).ids  # fmt: skip
    return Hers(client, name, details, account, address, passport, street, town)


@pytest.fixture
def anna(office: TwoSellers, hers: Hers) -> Iterator[Workspace]:
    with closing(open_base(office.office.of(office.anna))) as base:
        yield base


def test_no_cell_of_any_view_tells_them(boss: Workspace, hers: Hers, tool: Tool) -> None:
    boss.records.update("legal_details", hers.details, {"passport_code": "770-002"})
    for name in closed_tables(read_tables(boss.backend)):
        for row in tool(f"SELECT * FROM {view_name(name)}"):
            assert not [cell for cell in row if hers.tells(cell)], (name, row)

    seen = "SELECT passport, birthday, main_account, passport_code FROM v_legal_details WHERE id=?"
    assert tool(seen, hers.details) == [(MASK, None, MASK, "770-002")]
    seen = "SELECT account, iban, bik FROM v_bank_account WHERE id = ?"
    account = boss.reader.get("bank_account", hers.account)
    assert account is not None
    assert tool(seen, hers.account) == [(MASK, MASK, account.values["bik"])]
    seen = "SELECT line, city, country FROM v_postal_address WHERE id = ?"
    address = boss.reader.get("postal_address", hers.address)
    assert address is not None
    assert tool(seen, hers.address) == [(MASK, MASK, address.values["country"])]


def test_all_of_it_is_there_for_who_sees_it(boss: Workspace, hers: Hers) -> None:
    """What the test above looks for stands in the base, so that it can fail."""
    details = boss.reader.get("legal_details", hers.details)
    assert details is not None and details.values["main_account"] == ACCOUNT
    assert details.values["passport"] == hers.passport
    for word in (hers.street, hers.town, ACCOUNT):
        assert {hit.id for hit in boss.search.find(word, "client", 9)} == {hers.client}, word
    assert not check_base(boss).problems


def test_nothing_is_found_by_them(hers: Hers, anna: Workspace) -> None:
    for word in (hers.street, hers.town, ACCOUNT, IBAN, f"{hers.name} {hers.town}"):
        assert not anna.search.find(word, None, 9), word
    assert [hit.id for hit in anna.search.find(hers.name, "client", 9)] == [hers.client]


def test_what_is_written_over_them_leaves_them(
    boss: Workspace, hers: Hers, anna: Workspace, tool: Tool
) -> None:
    tool("UPDATE v_legal_details SET passport = 'x', birthday = NULL, main_account = '1'"
         " WHERE id = ?", hers.details)  # fmt: skip
    tool("UPDATE v_bank_account SET account = '1', iban = 'x' WHERE id = ?", hers.account)
    tool("UPDATE v_postal_address SET line = 'x', city = NULL WHERE id = ?", hers.address)
    anna.records.update("bank_account", hers.account, {"note": "by post", "bik": "044525974"})
    anna.records.update("postal_address", hers.address, {"country": "Elsewhere"})
    anna.records.update("legal_details", hers.details, {"grounds": "a letter"})

    stands = boss.reader.many("bank_account", [hers.account], ["account", "iban", "note"])
    assert stands[hers.account] == {"account": ACCOUNT, "iban": IBAN, "note": "by post"}
    stands = boss.reader.many("postal_address", [hers.address], ["line", "city", "country"])
    assert stands[hers.address] == {
        "line": f"{hers.street} 5", "city": hers.town, "country": "Elsewhere",
    }  # fmt: skip
    details = boss.reader.get("legal_details", hers.details)
    assert details is not None and str(details.values["birthday"]) == "1971-04-03"
    assert details.values["passport"] == hers.passport
    assert not check_base(boss).problems


def test_only_fields_that_nothing_goes_by_are_called_personal(boss: Workspace) -> None:
    told = 0
    for entity in boss.catalogue:
        personal = entity.trait(Personal)
        for key in personal.fields if personal is not None else ():
            f = entity.field(key)
            assert f.storage in ("text", "date")
            assert can_hide(boss.catalogue, entity, f)
            told += 1
    assert told == 20
