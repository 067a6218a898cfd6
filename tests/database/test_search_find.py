"""One box finds any record: by beginnings, digits, parts, the other layout, and with a typo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_desktop.errors import Cancelled
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.search import service as search
from crm_desktop.services.search.document import Document, own_terms
from tests.firebird_server import FirebirdServer
from tests.search_base import MOMENT, SearchBase


def stock(made: SearchBase) -> SearchBase:
    """A handful of records, one with a telephone, one with an address."""
    ids = {
        name: made.add("client", name=name, tax_id=tax_id, city=city)
        for name, tax_id, city in (
            ("ООО «Ромашка»", "7712345678", "Омск"),
            ("ООО «Ромашка Плюс»", "5501999999", "Омск"),
            ("АО «Звёздный Вектор»", "7701112223", "Томск"),
            ("ИП Соколов Пётр", "550111222333", "Орёл"),
        )
    }
    client = made.catalogue["client"]
    own = own_terms(client, {"name": "ООО «Ромашка»", "tax_id": "7712345678", "city": "Омск"})
    made.add_contact("client", ids["ООО «Ромашка»"], "+79162041183", own)
    own = own_terms(client, {"name": "ИП Соколов Пётр", "tax_id": "550111222333", "city": "Орёл"})
    made.add_contact("client", ids["ИП Соколов Пётр"], "p.sokolov@mail.ru", own)
    made.add("person", name="Иванов Иван Петрович", client=ids["ООО «Ромашка»"])
    made.add("x_tender", subject="Поставка ромашек", number="Т-2026/17", terms="Оплата в Омске")
    return made


@pytest.fixture
def base(backend: Backend) -> SearchBase:
    """The records in a base of the test's own."""
    return stock(SearchBase(backend))


@pytest.fixture(scope="module", params=["sqlite", "firebird"])
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchBase]:
    """The same, one a back end for all tests that only ask."""
    if request.param == "sqlite":
        backend = open_backend(tmp_path_factory.mktemp("search") / "base.crm", create=True)
        yield stock(SearchBase(backend))
        backend.close()
        return
    server: FirebirdServer = request.getfixturevalue("firebird")
    backend = open_backend(server.empty_base("search_find"), create=True)
    yield stock(SearchBase(backend))
    backend.close()
    server.remove("search_find")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("звез", "АО «Звёздный Вектор»"),
        ("ЗВЁЗДНЫЙ", "АО «Звёздный Вектор»"),
        ("век зв", "АО «Звёздный Вектор»"),
        ("томск вектор", "АО «Звёздный Вектор»"),
        ("ао звездный", "АО «Звёздный Вектор»"),
        ("7701112", "АО «Звёздный Вектор»"),
        ("1183", "ООО «Ромашка»"),
        ("204-11", "ООО «Ромашка»"),
        ("6204", "ООО «Ромашка»"),
        ("8 (916) 204", "ООО «Ромашка»"),
        ("8916204", "ООО «Ромашка»"),
        ("+7916", "ООО «Ромашка»"),
        ("89162041183", "ООО «Ромашка»"),
        ("ромашка 8 916 204-11-83", "ООО «Ромашка»"),
        ("p.sokolov@ma", "ИП Соколов Пётр"),
        ("p.sokolov", "ИП Соколов Пётр"),
        ("sokolov", "ИП Соколов Пётр"),
        ("@mail.ru", "ИП Соколов Пётр"),
        ("mail.ru", "ИП Соколов Пётр"),
        ("Петр орел", "ИП Соколов Пётр"),
        ("вёздны", "АО «Звёздный Вектор»"),
        ("ектор омс", "АО «Звёздный Вектор»"),
        ("pdtplysq", "АО «Звёздный Вектор»"),
        ("ЯФСЕЩК", ""),
        ("звездый", "АО «Звёздный Вектор»"),
        ("зведзный", "АО «Звёздный Вектор»"),
        ("томск звездгый", "АО «Звёздный Вектор»"),
        ("ооо", "ООО «Ромашка»"),
        ("OOO", "ООО «Ромашка»"),
        ("ип", "ИП Соколов Пётр"),
        ("т-2026", "Поставка ромашек"),
        ("оплата омске", "Поставка ромашек"),
    ],
)
def test_a_record_is_found_however_it_is_typed(shared: SearchBase, text: str, title: str) -> None:
    assert shared.titles(text)[:1] == ([title] if title else [])


@pytest.mark.parametrize(
    "text",
    ["петров вектор", "ромашка томск", "99887766", "йцукен", "204-12", "зао", "ооо ип"],
)
def test_every_word_must_be_there(shared: SearchBase, text: str) -> None:
    assert shared.titles(text) == []


def test_the_title_typed_whole_comes_first_then_its_beginning_then_its_words(
    base: SearchBase,
) -> None:
    base.add("client", name="Белая ромашка")
    base.add("person", name="Сидоров", job_title="Ромашка")
    assert base.titles("ромашка") == [
        "ООО «Ромашка»", "ООО «Ромашка Плюс»", "Белая ромашка", "Сидоров",
    ]  # fmt: skip


def test_what_was_opened_lately_comes_first_among_equals(base: SearchBase) -> None:
    last = base.add("client", name="Ромашка Юг")
    assert base.titles("ромаш")[0] == "ООО «Ромашка»"
    assert base.titles("ромаш", recent=[last])[0] == "Ромашка Юг"
    assert base.titles("ромашка", recent=[last])[:2] == ["ООО «Ромашка»", "Ромашка Юг"]


def test_the_same_question_gets_the_same_answer_in_the_same_order(base: SearchBase) -> None:
    for _number in range(30):
        base.add("client", name="Ромашка")
    assert base.search.find("ромаш", limit=20) == base.search.find("ромаш", limit=20)
    assert [hit.id for hit in base.search.find("ромашка", limit=20)] == sorted(
        hit.id for hit in base.search.find("ромашка", limit=20)
    )


def test_a_search_in_one_object_finds_nothing_else(shared: SearchBase) -> None:
    assert shared.titles("ром", "x_tender") == ["Поставка ромашек"]
    assert shared.titles("иван", "client") == []
    assert shared.titles("ромашка", "channel") == []


def test_a_hit_says_what_tells_it_from_others(base: SearchBase) -> None:
    assert base.first("иванов").detail == "ООО «Ромашка»"
    client = base.first("7701112223")
    assert (client.entity, client.detail) == ("client", "Томск · 7701112223")
    about = Ref("client", client.id)
    base.add("activity", subject="Переговоры", kind="note", moment=MOMENT, about=about)
    assert base.first("перегов").detail.endswith("АО «Звёздный Вектор»")


def test_a_hit_names_the_words_it_was_found_by(shared: SearchBase) -> None:
    assert shared.first("зве век").matched == ("зве", "век")
    assert shared.first("pdtplysq").matched == ("звездный",)
    assert shared.first("звездый").matched == ("звездный",)


def test_a_record_that_is_gone_is_no_hit(base: SearchBase) -> None:
    base.write({9999: Document(1, ["призрак"])})
    assert base.search.find("призрак") == []


def test_a_rare_record_among_thousands_of_alike_ones_is_found(
    base: SearchBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW_READ", 5)
    monkeypatch.setattr(search, "MANY_READ", 20)
    for number in range(60):
        base.add("client", name=f"Торговый дом {number}", city="Заречный" if number == 59 else None)
    assert base.titles("торговый заречный") == ["Торговый дом 59"]
    assert base.titles("торговый дом 59") == ["Торговый дом 59"]
    assert len(base.search.matching("client", "торговый")) == 60


def test_two_common_words_find_all_that_have_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a file: a server takes longer for what two ranges of its index share than is promised."""
    monkeypatch.setattr(search, "FEW_READ", 5)
    monkeypatch.setattr(search, "MANY_READ", 20)
    with closing(open_backend(tmp_path / "base.crm", create=True)) as backend:
        base = SearchBase(backend)
        for number in range(30):
            base.add("client", name=f"Киоск {number}", city="Заречный")
        both = [f"Торговый дом {number}" for number in range(25, 30)]
        for number in range(30):
            name = f"Торговый дом {number}"
            base.add("client", name=name, city="Заречный" if name in both else None)
        assert sorted(base.titles("торговый заречный")) == both
        assert sorted(base.titles("заречный дом торговый")) == both


def test_what_common_words_left_out_as_one_typed_is_found_afterwards(
    base: SearchBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FEW_READ", "MANY_READ", "MET_READ"):
        monkeypatch.setattr(search, name, 10)
    for number in range(30):
        base.add("client", name=f"Киоск {number}", city="Заречный", web="kiosk.example")
        base.add("client", name=f"Торговый дом {number}", city="Заречный" if number > 24 else None)
    asked: list[object] = []

    typed = base.search.as_typed("торговый заречный", "client", 20)
    found = base.search.find("торговый заречный", "client", 20, on_start=asked.append)

    assert not typed.complete and len(typed.hits) < 5
    assert sorted(hit.title for hit in found) == [f"Торговый дом {n}" for n in range(25, 30)]
    assert len(asked) == 2 and asked[1] is None
    for text in ("торговый", "торговый нигде", "торговый дом нет", "киоск заречный"):
        assert base.search.as_typed(text, "client", 5).complete, text


def test_a_list_is_filtered_by_all_that_matches(base: SearchBase) -> None:
    alike = [base.add("client", name=f"Торговый дом {n}") for n in range(300)]
    assert sorted(base.search.matching("client", "дом торг")) == alike
    assert base.search.matching("client", "торговый дом 17")[0] == alike[17]
    assert len(base.search.matching("client", "торг", cap=100)) == 100
    assert base.search.matching("client", "нет такого") == []


ODD = [
    *("", " ", "%", "_", "'", '"', "\\", "\0", "😀", "@", "+", "%%%%", "(((", "1;2;3", "№"),
    *("x" * 10_000, "9" * 10_000, "a b " * 2_500, "'; DROP TABLE client; --", "ромашка%"),
    *("ром_шка", "\ud800", "\ue000", "\uf8ff ром", "\U0010ffff", "a\U0010ffff@b"),
]


@pytest.mark.parametrize("text", ODD)
def test_any_text_is_harmless(shared: SearchBase, text: str) -> None:
    assert len(shared.search.find(text)) <= 5
    assert len(shared.search.matching("client", text)) <= 5
    assert len(shared.search.find_anywhere(text, limit=5)) <= 5


@settings(max_examples=50, deadline=None)
@given(text=st.text(max_size=40))
def test_no_text_breaks_the_search(shared: SearchBase, text: str) -> None:
    found = shared.search.find(text)
    assert len({hit.id for hit in found}) == len(found)


def test_the_second_step_reads_every_text(base: SearchBase) -> None:
    tail = "Конец письма: договорились о скидке"
    client = base.add("client", name="Кварц", web="kvarz.example", note="Б" * 1000 + tail)
    with base.backend.write() as connection:
        long = base.tables.system("long_text")
        base.backend.insert_many(
            connection, long, ("rid", "field", "body"), [(client, "note", "Б" * 1000 + tail)]
        )
    for text in ("Скидке договорились", "ARZ.EX", "о скидке кварц"):
        assert base.titles(text) == [] or base.titles(text) == ["Кварц"]
        assert [hit.id for hit in base.search.find_anywhere(text)] == [client]


def test_the_second_step_finds_a_telephone_as_its_owner(shared: SearchBase) -> None:
    found = shared.search.find_anywhere("8 (916) 204-11")
    assert [(hit.entity, hit.title) for hit in found] == [("client", "ООО «Ромашка»")]
    assert shared.search.find_anywhere("8 (916) 204-11", "person") == []


def test_the_second_step_can_be_stopped(shared: SearchBase) -> None:
    with pytest.raises(Cancelled):
        shared.search.find_anywhere("нет такого", cancelled=lambda: True)
