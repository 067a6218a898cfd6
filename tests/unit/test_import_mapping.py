"""The mapping of columns: its JSON form, and what is suggested for real and made-up headers."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop import i18n
from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.models.catalogue.overlay import build_catalogue
from crm_desktop.services.demo.sample import write_sample
from crm_desktop.services.importing.mapping import Mapping, Target, match_keys, signature
from crm_desktop.services.importing.places import place, places
from crm_desktop.services.importing.readers.header import guess_header
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.services.importing.suggest import suggest
from tests.foreign_files import SHARED, needs_shared

CATALOGUE = build_catalogue()
TEXTS = st.text(max_size=12)
TARGETS = st.builds(
    Target,
    columns=st.lists(TEXTS, max_size=3).map(tuple),
    fields=st.lists(TEXTS, min_size=1, max_size=3).map(tuple),
    join=st.none() | TEXTS,
    split=TEXTS,
    default=TEXTS,
    create=st.none() | st.booleans(),
    date_order=st.sampled_from(["", "dmy", "mdy", "ymd"]),
    decimal=st.sampled_from(["", ",", "."]),
)
MAPPINGS = st.builds(
    Mapping,
    targets=st.lists(TARGETS, max_size=4).map(tuple),
    match=st.lists(TEXTS, max_size=3).map(tuple),
    on_match=st.sampled_from(["skip", "update", "create"]),
    on_new=st.sampled_from(["create", "skip"]),
    empty_wipes=st.booleans(),
    unreadable=st.sampled_from(["refuse", "leave_out"]),
    name_only=st.sampled_from(["create", "refuse"]),
    date_order=st.sampled_from(["", "dmy", "mdy", "ymd"]),
    decimal=st.sampled_from(["", ",", "."]),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
)
NEAR = st.fixed_dictionaries({"columns": st.lists(st.fixed_dictionaries(
    {"from": JSON, "to": JSON}, optional={"join": JSON, "split": JSON, "create": JSON}
), max_size=2)}, optional={"match": JSON, "on_match": JSON, "empty_wipes": JSON,
                             "name_only": JSON})  # fmt: skip


@given(MAPPINGS)
def test_a_mapping_comes_back_from_its_json(mapping: Mapping) -> None:
    assert Mapping.from_json(mapping.to_json()) == mapping


@given(JSON | NEAR)
def test_any_other_json_is_refused_with_a_sentence(row: Any) -> None:
    try:
        mapping = Mapping.from_json(row)
    except InvalidInput as error:
        assert error.message
    else:
        assert Mapping.from_json(mapping.to_json()) == mapping


def test_the_short_form_is_read() -> None:
    assert Mapping.from_json({"Company": "name"}) == Mapping((Target(("Company",), ("name",)),))


def test_files_of_the_same_columns_have_one_signature() -> None:
    assert signature(["Name", "Phone"]) == signature(["phone ", "NAME"]) != signature(["Name"])


@pytest.mark.parametrize("entity", [entity.key for entity in CATALOGUE])
def test_every_place_is_found_by_its_path(entity: str) -> None:
    definition = CATALOGUE[entity]
    spots = list(places(CATALOGUE, definition))
    assert spots
    for spot in spots:
        assert place(CATALOGUE, definition, spot.path) == spot
        assert spot.label()


def test_a_path_that_leads_nowhere_is_named() -> None:
    with pytest.raises(NotFound, match="nothing"):
        place(CATALOGUE, CATALOGUE["client"], "nothing.name")
    with pytest.raises(NotFound, match="city"):
        place(CATALOGUE, CATALOGUE["client"], "city.name")


def suggested(entity: str, *names: str, rows: Any = ()) -> dict[str, str]:
    mapping = suggest(CATALOGUE, CATALOGUE[entity], names, rows)
    return {column: t.field for t in mapping.targets for column in t.columns}


def test_russian_headers_find_their_fields() -> None:
    i18n.set_language("ru")
    names = ("№", "Наименование организации", "ИНН / КПП", "Контактное лицо", "Должность",
             "Тел. (раб.)", "Моб. тел.", "Эл.почта", "Комментарий", "Дата договора",
             "Ответственный менеджер", "Статус", "Сайт")  # fmt: skip

    assert suggested("client", *names) == {
        "Наименование организации": "name", "ИНН / КПП": "tax_id", "Контактное лицо": "person.name",
        "Должность": "person.job_title", "Тел. (раб.)": "phone", "Моб. тел.": "phone",
        "Эл.почта": "email", "Комментарий": "note", "Ответственный менеджер": "responsible",
        "Статус": "status", "Сайт": "web",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["ru", "en"])
def test_people_of_the_bundled_spreadsheet_come_in_with_their_clients(
    language: str, tmp_path: Path
) -> None:
    """`Contact person` is called like the person of a deal as well, which nothing there is."""
    i18n.set_language(language)
    with closing(open_source(write_sample(tmp_path / "sample.xlsx", language))) as source:
        sheet = source.sheet(source.main_sheet)
        header = guess_header(sheet)
        rows = [row.cells for row in sheet.rows(start=header.first_data_row, limit=50)]

    found = suggested("client", *header.names, rows=rows)

    assert [found[name] for name in header.names[7:10]] == [
        "person.name", "person.job_title", "person.birthday",
    ]  # fmt: skip


def test_russian_headers_are_read_by_an_english_program() -> None:
    assert suggested("client", "Сайт", "Почта", "Город") == {
        "Сайт": "web", "Почта": "email", "Город": "city",
    }  # fmt: skip


def test_another_name_of_a_client_makes_no_deal_and_no_enquiry() -> None:
    i18n.set_language("ru")
    rows = [["Ромашка", "ООО Ромашка", "7707083893"]] * 5

    found = suggested("client", "Клиент", "Юр. название", "ИНН", rows=rows)

    assert found == {"Клиент": "name", "Юр. название": "legal_name", "ИНН": "tax_id"}


def test_a_deal_is_told_with_its_pipeline_only() -> None:
    named = suggested("client", "Client", "Deal: Name", "Deal: Pipeline")

    assert suggested("client", "Client", "Deal: Name") == {"Client": "name"}
    assert named["Deal: Pipeline"] == "deal.pipeline"


def test_columns_without_telling_names_are_judged_by_their_cells() -> None:
    rows = [("ООО «Ромашка»", "7707083893", "a@b.ru", "+7 916 204-11-83", "www.b.ru"),
            ("АО «Вектор»", "7728168971", "c@d.ru", "8 495 123 45 67", "https://d.ru")]  # fmt: skip

    assert suggested("client", "A", "B", "C", "D", "E", rows=rows) == {
        "A": "name", "B": "tax_id", "C": "email", "D": "phone", "E": "web",
    }  # fmt: skip


def test_a_telling_name_over_other_cells_is_not_believed() -> None:
    rows = [(f"user{i}@firm.ru", f"Acme {i}") for i in range(5)]

    assert suggested("client", "Client", "Company", rows=rows) == {
        "Client": "email", "Company": "name",
    }  # fmt: skip


def test_the_surest_match_keys_come_first() -> None:
    client = CATALOGUE["client"]
    mapping = suggest(CATALOGUE, client, ["Name", "Phone", "E-mail", "INN", "City"])

    assert match_keys(client, mapping) == ["tax_id", "email", "phone", "name"]


@needs_shared
@pytest.mark.parametrize(
    ("file", "entity", "expected"),
    [
        ("crm-sales/maven-crm/accounts.csv", "client", {
            "account": "name", "sector": "industry", "revenue": "revenue",
            "employees": "employees", "office_location": "region"}),
        ("crm-sales/maven-crm/sales_teams.csv", "staff", {
            "sales_agent": "name", "manager": "head", "regional_office": "unit"}),
        ("crm-sales/bik/bik.csv", "client", {"namep": "name", "nnp": "city", "adr": "address"}),
        ("crm-sales/contacts/thunderbird-csv_semicolon.csv", "person", {
            "Display Name": "name", "First Name": "first_name", "Last Name": "last_name",
            "Primary Email": "email"}),
    ],
)  # fmt: skip
def test_real_files_need_no_help(file: str, entity: str, expected: dict[str, str]) -> None:
    with open_source(SHARED / file) as source:
        sheet = source.sheet(source.main_sheet)
        header = guess_header(sheet)
        rows = [row.cells for row in sheet.rows(start=header.first_data_row, limit=200)]

    assert suggested(entity, *header.names, rows=rows) == expected
