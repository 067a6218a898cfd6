"""Legal details, accounts, addresses and banks, on both back ends, through the one writer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.bank_keys import unsuited
from crm_desktop.services.search.repair import SearchRepair
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.filling import suggested
from tests.bases import ready_base

SBERBANK = {"name": "ПАО Сбербанк", "bik": "044525225", "city": "Москва", "swift": "SABRRUMM012",
            "correspondent": "30101810400000000225"}  # fmt: skip
ACCOUNT, SECOND = "40702810938000000001", "40702810238000000002"
INN, OTHER_INN, OF_PERSON = "7707083893", "0279111370", "500100732259"


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def client(base: Workspace, **values: Any) -> Ref:
    return Ref("client", base.records.create("client", {"name": "Ёлка", **values}).ids[0])


def details(base: Workspace, owner: Ref, **values: Any) -> int:
    return base.records.create("legal_details", {"owner": owner, **values}).ids[0]


def account(base: Workspace, owner: int, **values: Any) -> int:
    return base.records.create("bank_account", {"details": owner, **values}).ids[0]


def stands(base: Workspace, entity: str, id_: int) -> dict[str, Any]:
    record = base.reader.get(entity, id_)
    assert record is not None
    return record.values


def test_the_first_set_is_printed_and_then_the_last_chosen(base: Workspace) -> None:
    owner = client(base)
    first, second = details(base, owner, inn=INN), details(base, owner, inn=OTHER_INN)
    assert stands(base, "legal_details", first)["for_printing"]
    assert not stands(base, "legal_details", second)["for_printing"]

    base.records.update("legal_details", second, {"for_printing": True})

    assert not stands(base, "legal_details", first)["for_printing"]
    assert stands(base, "client", owner.id)["tax_id"] == OTHER_INN


def test_another_set_is_printed_when_the_chosen_one_goes(base: Workspace) -> None:
    owner = client(base)
    first, second = details(base, owner, inn=INN), details(base, owner, inn=OTHER_INN)

    gone = base.records.delete("legal_details", [first]).operation
    assert stands(base, "legal_details", second)["for_printing"]
    base.undo.undo(gone)

    assert stands(base, "legal_details", first)["for_printing"]
    assert not stands(base, "legal_details", second)["for_printing"]


def test_the_plain_fields_of_the_owner_keep_in_step(base: Workspace) -> None:
    owner = client(base, tax_id=INN, legal_name="Ёлка и Ко")
    set_ = details(base, owner)
    taken = stands(base, "legal_details", set_)
    assert (taken["inn"], taken["full_name"], taken["short_name"]) == (
        INN,
        "Ёлка и Ко",
        "Ёлка и Ко",
    )

    base.records.update("client", owner.id, {"tax_id": OTHER_INN})
    assert stands(base, "legal_details", set_)["inn"] == OTHER_INN
    base.records.update("legal_details", set_, {"inn": INN, "full_name": "Ёлка"})

    owned = stands(base, "client", owner.id)
    assert (owned["tax_id"], owned["legal_name"]) == (INN, "Ёлка")


def test_a_client_without_details_gets_none(base: Workspace) -> None:
    owner = client(base, tax_id="123 any text", legal_name="Any")
    base.records.update("client", owner.id, {"tax_id": INN})

    assert base.lists.count(_all("legal_details")) == 0
    assert stands(base, "client", owner.id)["tax_id"] == INN


def _all(entity: str) -> Any:
    from crm_desktop.models.query import Query

    return Query(entity)


def test_a_wrong_number_in_the_plain_field_is_refused_where_a_set_stands(base: Workspace) -> None:
    owner = client(base)
    details(base, owner, inn=INN)

    with pytest.raises(InvalidInput) as refused:
        base.records.update("client", owner.id, {"tax_id": "7707083894"})

    assert refused.value.field == "tax_id"
    assert stands(base, "client", owner.id)["tax_id"] == INN


@pytest.mark.parametrize(
    ("values", "field"),
    [({"inn": "7707083894"}, "inn"), ({"inn": OF_PERSON, "preset": "ru_company"}, "inn"),
     ({"inn": INN, "preset": "ru_sole_trader"}, "inn"), ({"kpp": "12"}, "kpp"),
     ({"ogrn": "1027700132196"}, "ogrn"), ({"okpo": "00032538"}, "okpo"),
     ({"snils": "11223344596"}, "snils"),
     ({"preset": "foreign", "country": "Germany", "tax_id": "136695978"}, "tax_id")],
)  # fmt: skip
def test_numbers_are_checked_by_the_kind_of_entity(
    base: Workspace, values: dict[str, Any], field: str
) -> None:
    owner = client(base)

    with pytest.raises(InvalidInput) as refused:
        details(base, owner, **values)

    assert refused.value.field == field
    assert base.lists.count(_all("legal_details")) == 0


def test_the_kind_of_entity_follows_from_the_numbers(base: Workspace) -> None:
    owner = client(base)
    trader = details(base, owner, inn="5001 0073 2259")
    abroad = details(base, owner, country="Germany", tax_id="DE136695976")
    full = details(base, owner, full_name="Общество с ограниченной ответственностью «Ель»")

    assert stands(base, "legal_details", trader)["preset"] == "ru_sole_trader"
    assert stands(base, "legal_details", trader)["inn"] == OF_PERSON
    assert stands(base, "legal_details", abroad)["preset"] == "foreign"
    assert stands(base, "legal_details", full)["short_name"] == "ООО «Ель»"


def test_a_bik_fills_in_what_was_left_empty(base: Workspace) -> None:
    base.records.create("bank", SBERBANK)
    set_ = details(base, client(base))
    made = stands(base, "bank_account", account(base, set_, bik="044525225", account=ACCOUNT))

    assert (made["bank_name"], made["correspondent"], made["swift"], made["currency"]) == (
        "ПАО Сбербанк", "30101810400000000225", "SABRRUMM012", "rub",
    )  # fmt: skip
    own = account(base, set_, bik="044525225", account=SECOND, bank_name="Наш банк")
    assert stands(base, "bank_account", own)["bank_name"] == "Наш банк"


def test_another_bik_takes_the_former_bank_away(base: Workspace) -> None:
    base.records.create("bank", SBERBANK)
    base.records.create("bank", {"name": "Другой", "bik": "048025225"})
    id_ = account(base, details(base, client(base)), bik="044525225", account=ACCOUNT)

    base.records.update("bank_account", id_, {"bik": "048025225"})

    values = stands(base, "bank_account", id_)
    assert (values["bank_name"], values["correspondent"]) == ("Другой", None)


def test_the_form_asks_for_the_same(base: Workspace) -> None:
    base.records.create("bank", SBERBANK)
    entity = base.catalogue["bank_account"]

    assert suggested(base.reader, entity, "bik", "044525225")["bank_name"] == "ПАО Сбербанк"
    assert suggested(base.reader, entity, "bik", "044525226") == {}
    assert suggested(base.reader, entity, "bank_name", "044525225") == {}


def test_a_key_that_does_not_suit_the_bank_is_refused(base: Workspace) -> None:
    set_ = details(base, client(base))

    with pytest.raises(InvalidInput) as refused:
        account(base, set_, bik="044525225", account="40702810838000000001")
    with pytest.raises(InvalidInput) as other:
        account(base, set_, bik="044525974", account="40702810400000000001",
                correspondent="30101810400000000225")  # fmt: skip

    assert refused.value.field == "account"
    assert other.value.field in ("account", "correspondent")


def test_an_account_abroad_is_known_by_its_iban(base: Workspace) -> None:
    set_ = details(base, client(base), country="DE")
    id_ = account(base, set_, iban="DE89 3704 0044 0532 0130 00", currency="eur")

    assert stands(base, "bank_account", id_)["account"] == "DE89370400440532013000"


def test_one_account_of_a_set_is_the_main_one(base: Workspace) -> None:
    set_ = details(base, client(base))
    first, second = account(base, set_, account=ACCOUNT), account(base, set_, account=SECOND)

    base.records.update("bank_account", second, {"main": True})

    assert not stands(base, "bank_account", first)["main"]
    assert stands(base, "bank_account", second)["main"]


def test_each_kind_of_address_has_a_main_one(base: Workspace) -> None:
    owner = client(base)

    def address(kind: str, line: str) -> int:
        values = {"owner": owner, "kind": kind, "line": line}
        return base.records.create("postal_address", values).ids[0]

    office, stock, second = address("office", "А"), address("delivery", "Б"), address("office", "В")
    base.records.update("postal_address", second, {"kind": "delivery"})

    assert stands(base, "postal_address", office)["main"]
    assert stands(base, "postal_address", stock)["main"]
    assert not stands(base, "postal_address", second)["main"]


def test_a_client_is_found_by_its_second_name_and_goes_with_everything(base: Workspace) -> None:
    owner = client(base)
    set_ = details(base, owner, inn=INN, short_name="ООО «Можжевельник»")
    kept = account(base, set_, account=ACCOUNT)
    assert base.search.matching("client", "можжев") == [owner.id]

    gone = base.records.delete("client", [owner.id]).operation
    assert base.reader.get("bank_account", kept) is None
    base.undo.undo(gone)

    assert stands(base, "bank_account", kept)["details"] == set_
    assert base.search.matching("client", ACCOUNT[:12]) == [owner.id]
    assert base.search.matching("client", INN[:6]) == [owner.id]


def test_a_merge_keeps_both_sets_and_the_chosen_number(base: Workspace) -> None:
    one, two = client(base), client(base)
    details(base, one, inn=INN)
    kept = details(base, two, inn=OTHER_INN)

    base.merging.merge(base.catalogue["client"], [one.id, two.id], keep={"tax_id": two.id})

    sets = base.reader.linked("legal_details", "owner", [one.id])
    assert sorted(row.values["inn"] for row in sets.values()) == sorted([INN, OTHER_INN])
    assert [id_ for id_, row in sets.items() if row.values["for_printing"]] == [kept]
    assert stands(base, "client", one.id)["tax_id"] == OTHER_INN


def test_a_merge_loses_no_number_of_a_client_without_a_set(base: Workspace) -> None:
    one, two = client(base, tax_id=INN), client(base)
    set_ = details(base, two, inn=OTHER_INN)

    base.merging.merge(base.catalogue["client"], [one.id, two.id], keep={"tax_id": one.id})

    assert stands(base, "client", one.id)["tax_id"] == INN
    assert stands(base, "legal_details", set_)["inn"] == OTHER_INN


def test_a_client_is_found_by_its_main_account_until_it_goes(base: Workspace) -> None:
    owner = client(base)
    set_ = details(base, owner)
    id_ = account(base, set_, account=ACCOUNT)
    assert base.search.matching("client", ACCOUNT) == [owner.id]

    base.records.delete("bank_account", [id_])

    assert base.search.matching("client", ACCOUNT) == []
    assert stands(base, "legal_details", set_)["main_account"] is None


def test_a_client_is_found_by_every_account_of_every_set(base: Workspace) -> None:
    owner = client(base)
    sets = [details(base, owner, inn=INN), details(base, owner, inn=OTHER_INN)]
    for number in (ACCOUNT, SECOND):
        account(base, sets[1], account=number)
    abroad = account(base, sets[0], iban="DE89370400440532013000")

    def found(text: str) -> list[int]:
        return [hit.id for hit in base.search.find(text)]

    texts = (ACCOUNT, SECOND, "DE8937040044", INN)
    assert [found(text) for text in texts] == [[owner.id]] * 4
    assert base.search.find_anywhere(SECOND[:12])[0].id == owner.id
    assert index_problems(base) == []
    base.records.update("bank_account", abroad, {"details": sets[1]})
    base.records.delete("legal_details", [sets[1]])
    assert [found(text) for text in texts] == [[], [], [], [owner.id]]
    assert index_problems(base) == []


def index_problems(base: Workspace) -> list[str]:
    repair = SearchRepair(base.backend, base.tables, base.index)
    with base.backend.read() as connection:
        return repair.problems(connection)


def test_form_and_writer_say_the_same_of_a_key(base: Workspace) -> None:
    entity, wrong = base.catalogue["bank_account"], ACCOUNT[:-1] + "2"
    said = unsuited(entity, {"bik": SBERBANK["bik"], "account": wrong})
    owner = details(base, client(base), inn=INN)

    with pytest.raises(InvalidInput) as refused:
        account(base, owner, account=wrong, bik=SBERBANK["bik"])

    assert said == {"account": refused.value.message}
    assert unsuited(entity, {"bik": "", "account": wrong}) == {}
