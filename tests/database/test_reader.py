"""Whole records by id: values as they were written, long texts in full, links both ways."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.reader import Reader
from crm_desktop.services.titles import Title, Titles, tone_field
from tests.database.list_world import TENDER, lively_catalogue
from tests.filling import MADE, fill, make_tables

VALUES = {
    "name": "Ёлка 🎄", "place": -7, "share": Decimal("0.25"), "price": Decimal("1234.50"),
    "urgent": True, "due": datetime(2026, 11, 20, tzinfo=UTC).date(),
    "opened": datetime(2026, 11, 20, 10, 0, 0, 123000, tzinfo=UTC), "kind": "late",
    "tags": ("open", "late"), "client": None, "author": None, "about": None,
    "body": "слово " * 1000, "title2": None,
}  # fmt: skip


@pytest.fixture
def reader(backend: Backend) -> Reader:
    return Reader(backend, make_tables(backend, lively_catalogue()))


def put(reader: Reader, entity: str, **values: object) -> int:
    return fill(reader.backend, reader.tables, entity, [values])[0]


def test_a_record_comes_back_as_it_was_written(reader: Reader) -> None:
    number = put(reader, TENDER, version=4, updated_by=77, **VALUES)

    record = reader.get(TENDER, number)

    assert record is not None and record.values == VALUES
    assert (record.entity, record.id, record.version) == (TENDER, number, 4)
    assert (record.created_at, record.created_by, record.updated_by) == (MADE, None, 77)
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.version = 5  # type: ignore[misc]


def test_a_text_of_exactly_the_column_is_whole(reader: Reader) -> None:
    number = put(reader, TENDER, name="x", body="я" * 1000)

    record = reader.get(TENDER, number)

    assert record is not None and record.values["body"] == "я" * 1000


def test_what_is_not_there_is_left_out(reader: Reader) -> None:
    number = put(reader, "client", name="Один")

    assert reader.get("client", number + 1) is None
    assert reader.load("client", [number, number + 1]).keys() == {number}
    assert reader.exists("client", [number, number + 1]) == {number}
    assert reader.exists("staff", [number]) == set()
    assert reader.many("client", []) == {}


def test_user_made_fields_of_a_record_that_never_had_any(reader: Reader) -> None:
    without, with_ = (
        put(reader, "client", name="Один"),
        put(reader, "client", name="Два", x_rating=3),
    )

    found = reader.load("client", [without, with_])

    assert [found[n].values["x_rating"] for n in (without, with_)] == [None, 3]
    assert reader.side_rows("client", [without, with_]) == {with_}


def test_some_fields_of_more_records_than_one_statement_takes(reader: Reader) -> None:
    rows = [{"name": f"Имя {n}", "x_rating": n} for n in range(1500)]
    ids = fill(reader.backend, reader.tables, "client", rows)

    found = reader.many("client", ids, ["x_rating", "version", "name"])

    assert len(found) == 1500
    assert found[ids[-1]] == {"x_rating": 1499, "version": 1, "name": "Имя 1499"}


def test_who_points_to_a_record(reader: Reader) -> None:
    client = put(reader, "client", name="Один")
    person = put(reader, "person", name="Анна", client=client)
    note = put(reader, "activity", subject="Звонок", about=Ref("client", client))

    assert reader.linked("person", "client", [client])[person].values["name"] == "Анна"
    about = reader.linked("activity", "about", [client])[note]
    assert about.values["about"] == Ref("client", client)
    assert reader.pointing("person", "client", [client, 5]) == {person: client}


def test_reading_inside_a_transaction_sees_what_it_wrote(reader: Reader) -> None:
    number = put(reader, "client", name="Один")

    with reader.backend.write() as connection:
        reader.backend.delete_many(connection, reader.tables.main["client"], [number])

        assert reader.load("client", [number], connection) == {}
        assert reader.exists("client", [number], connection=connection) == set()


# --- titles ---------------------------------------------------------------------------------------


@pytest.fixture
def titles(reader: Reader) -> Titles:
    return Titles(reader.backend, reader.tables, most=3)


def test_titles_with_their_colour(reader: Reader, titles: Titles) -> None:
    status = put(reader, "reference", name="Новый", book="client_status", tone="ok")
    work = put(reader, "employment", job_title=None)
    phone = put(reader, "channel", value="+79162041130")

    found = titles.of([Ref("reference", status), Ref("employment", work), Ref("client", 5),
                       Ref("channel", phone)])  # fmt: skip

    assert found[Ref("reference", status)] == Title("Новый", "ok")
    assert found[Ref("employment", work)] == Title(f"Place of work {work}")
    assert found[Ref("channel", phone)].text == "+7 916 204-11-30"
    assert Ref("client", 5) not in found


def test_only_an_object_with_a_choice_of_tones_has_a_colour(reader: Reader) -> None:
    coloured = {e.key for e in reader.tables.catalogue if tone_field(e)}

    assert coloured == {"reference", "resource", "selection", "stage", "tag"}


def test_a_forgotten_title_is_read_again(reader: Reader, titles: Titles) -> None:
    number = put(reader, "client", name="Старое")
    ref = Ref("client", number)
    assert titles.of([ref])[ref].text == "Старое"
    with reader.backend.write() as connection:
        table = reader.tables.main["client"]
        reader.backend.update_many(connection, table, ["name"], [(number, "Новое")])

    assert titles.of([ref])[ref].text == "Старое"
    titles.forget("client", [number])
    assert titles.of([ref])[ref].text == "Новое"


def test_only_so_many_titles_are_kept(reader: Reader, titles: Titles) -> None:
    rows = [{"name": f"Имя {n}"} for n in range(5)]
    refs = [Ref("client", n) for n in fill(reader.backend, reader.tables, "client", rows)]

    assert [title.text for title in titles.of(refs).values()] == [r["name"] for r in rows]
    assert len(titles._kept) == 3


def test_records_found_by_their_name(reader: Reader, titles: Titles) -> None:
    long = "очень " * 20
    new = put(reader, "reference", name="Новый", book="client_status")
    other = put(reader, "reference", name="новый ", book="source")
    put(reader, "client", name=long + "один")
    second = put(reader, "client", name=long + "два")

    assert titles.find("reference", "НОВЫЙ") == [new, other]
    assert titles.find("reference", "новый", "source") == [other]
    assert titles.find("client", long + "Два") == [second]
    assert titles.find("client", "") == []


def test_suggestions_by_the_beginning(reader: Reader, titles: Titles) -> None:
    names = ("Елена", "Ёлка", "Елисей", "Анна")
    fill(reader.backend, reader.tables, "client", [{"name": name} for name in names])

    found = titles.suggest("client", "ел", limit=2)

    assert [title.text for _ref, title in found] == ["Елена", "Елисей"]
    assert [title.text for _ref, title in titles.suggest("client", "fyy")] == ["Анна"]
    assert len(titles.suggest("client", "")) == 4
