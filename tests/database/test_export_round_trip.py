"""What we export we bring in again, without a loss: every object, every format, both back ends."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_desktop import i18n
from crm_desktop.models.catalogue.builtin import BUILTIN
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField
from crm_desktop.models.query import Query, Sort
from crm_desktop.services.exporting.export import export_object, export_query
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.catalogue.samples import add_tender, facing, full, make, sample, with_every_type
from tests.import_desk import bring_in, one, records

WRITTEN = [e for e in BUILTIN if not any(f.required and f.readonly for f in e.fields)]
"""The others are notes of the program, such as the way of a deal: nobody brings them in."""
KEYS = [*(entity.key for entity in WRITTEN), "x_tender", "x_bid"]
HARD = {"name": "=1+1 «Ёлка»; \"quoted\", 'x'", "note": 'Первая\nвторая;"третья"\n' + "д" * 3000}


NewBase = Callable[..., Workspace]
# A base on a server takes seconds to make: there a few objects stand for all.
ON_SERVER = [("firebird", "json", "en", key) for key in ("client", "person", "x_tender")]
# A CSV is the workbook's table of texts in Russian: objects with every type of field stand for all.
IN_RUSSIAN = [*with_every_type(WRITTEN), "x_tender", "x_bid"]
IN_FILES = [
    ("sqlite", suffix, language, key)
    for suffix, language, keys in (
        ("xlsx", "en", KEYS), ("csv", "ru", IN_RUSSIAN), ("json", "en", KEYS),
    )
    for key in keys
]  # fmt: skip


@pytest.fixture
def new_base(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewBase]:
    """Makes bases of one back end or the other; they go when the test is done."""
    made: list[Workspace] = []
    names: list[str] = []

    def new(kind: str = "sqlite") -> Workspace:
        address = str(tmp_path / f"base{len(made)}.crm")
        if kind == "firebird":
            names.append(f"trip_{secrets.token_hex(4)}")
            address = request.getfixturevalue("firebird").empty_base(names[-1])
        made.append(ready_base(address, language="en", more=add_tender))
        return made[-1]

    yield new
    for workspace in made:
        workspace.close()
    for name in names:
        request.getfixturevalue("firebird").remove(name)


def told(workspace: Workspace, entity: EntityDef, id_: int) -> dict[str, Any]:
    """The values of a record, links by the names of what they lead to."""
    record = workspace.reader.get(entity.key, id_)
    assert record is not None
    found = dict(record.values)
    for f in entity.fields:
        value = found[f.key]
        if value is not None and isinstance(f, LinkField | RecordField):
            ref = Ref(f.target, value) if isinstance(f, LinkField) else value
            found[f.key] = (ref.entity, workspace.titles.of([ref])[ref].text)
    return found


def by_hand(workspace: Workspace, entity: EntityDef, which: int) -> dict[str, Any]:
    """Values of the fields that a person may fill: the others are no business of an import."""
    values = full(workspace, entity, which)
    return {f.key: values[f.key] for f in entity.fields if f.key in values and not f.readonly}


def prepare(workspace: Workspace, entity: EntityDef) -> None:
    """What the import is not allowed to make: records that others may only point to, each once."""
    made: set[tuple[str, int]] = set()
    owned = any(isinstance(f, LinkField) and f.parent and f.required for f in entity.fields)
    links = [f for f in entity.fields if isinstance(f, LinkField) and not f.readonly]
    with_it = {g.target for f in links for g in workspace.catalogue[f.target].fields
               if f.target != entity.key
               and isinstance(g, LinkField) and g.parent and g.required}  # fmt: skip
    for which in (0, 1):
        for f in entity.fields:
            if f.readonly:
                continue  # the program's own business
            if isinstance(f, LinkField) and f.target == entity.key and owned:
                continue  # a record of the same file, which comes first in it
            if isinstance(f, LinkField) and f.target in with_it:
                continue  # made with the one that belongs to it, as a pipeline with its stage
            if isinstance(f, RecordField):
                called = (f.ability, facing(entity, f, which))
            elif isinstance(f, LinkField) and not f.create:
                called = (f"{f.target} {f.book}", which)
            else:
                continue
            if called not in made:
                made.add(called)
                sample(workspace, entity, f, which)


@pytest.mark.parametrize(("kind", "suffix", "language", "key"), [*IN_FILES, *ON_SERVER])
def test_every_object_comes_back_from_its_own_export(
    new_base: NewBase, tmp_path: Path, kind: str, suffix: str, language: str, key: str
) -> None:
    here, there = new_base(kind), new_base(kind)
    i18n.set_language(language)
    entity = here.catalogue[key]
    ids = [here.records.create(key, by_hand(here, entity, which)).ids[0] for which in (0, 1)]
    path = tmp_path / f"all.{suffix}"
    prepare(there, entity)
    before = {row["id"] for row in records(there, key)}

    export_object(here, Query(key, sort=(Sort("id"),)), path)
    given = [told(here, entity, row["id"]) for row in records(here, key)]
    result = bring_in(there, path, key)

    assert result.rejected == 0, result.rejects
    new = [row["id"] for row in records(there, key) if row["id"] not in before]
    assert len(new) == result.created == len(given) >= len(ids)
    assert [told(there, entity, id_) for id_ in new] == given


@pytest.mark.parametrize("suffix", ["xlsx", "csv", "tsv", "json"])
def test_hard_texts_come_back(new_base: NewBase, tmp_path: Path, suffix: str) -> None:
    here, there = new_base(), new_base()
    name = f"{HARD['name']} {suffix}"
    id_ = here.records.create("client", {**HARD, "name": name}).ids[0]
    query = Query("client", where=None, sort=(Sort("id"),))
    path = tmp_path / f"hard.{suffix}"

    export_object(here, query, path)
    bring_in(there, path, "client")

    found = [row for row in records(there, "client") if row["name"] == name]
    assert told(there, there.catalogue["client"], found[0]["id"]) == told(
        here, here.catalogue["client"], id_
    )


def test_names_that_are_not_unique_are_told_apart_by_their_numbers(
    new_base: NewBase, tmp_path: Path
) -> None:
    base = new_base()
    twins = [base.records.create("client", {"name": "Twin"}).ids[0] for _i in range(2)]
    base.records.create("person", {"name": "Ann", "client": twins[1]})
    path = tmp_path / "people.xlsx"
    export_object(base, Query("person"), path)
    base.records.delete("person", [one(base, "person", name="Ann")["id"]])

    bring_in(base, path, "person")

    assert one(base, "person", name="Ann")["client"] == twins[1]


def test_records_of_one_file_name_each_other_by_number(new_base: NewBase, tmp_path: Path) -> None:
    here, there = new_base(), new_base()
    ids = [here.records.create("activity", {"subject": "Call"}).ids[0] for _i in range(3)]
    here.records.update("activity", ids[2], {"quotes": ids[1]})
    for number in range(7):  # so that numbers differ here and there
        there.records.create("client", {"name": f"Before {number}"})
    path = tmp_path / "calls.csv"

    export_object(here, Query("activity", sort=(Sort("id"),)), path)
    bring_in(there, path, "activity")

    calls = sorted(records(there, "activity"), key=lambda row: row["id"])
    assert [row["quotes"] for row in calls] == [None, None, calls[1]["id"]]


def test_days_of_the_year_are_shown_as_days(new_base: NewBase, tmp_path: Path) -> None:
    here = new_base()
    client = here.records.create("client", {"name": "Acme"}).ids[0]
    for day in (4240000, 2291988):
        given = {"occasion": f"Day {day}", "day": day, "owner": Ref("client", client)}
        here.records.create("annual_date", given)
    path = tmp_path / "days.csv"

    export_query(here, Query("annual_date", ("day",), sort=(Sort("id"),)), path)

    with open_source(path) as source:
        assert [row.cells[0] for row in source.sheet(0).rows()][1:] == [
            "24 April", "29 February 1988",
        ]  # fmt: skip


def test_an_export_corrected_by_hand_updates_by_number(new_base: NewBase, tmp_path: Path) -> None:
    base = new_base()
    for name in ("One", "Two"):
        base.records.create("client", {"name": name, "city": "Omsk"})
    path = tmp_path / "clients.csv"
    export_object(base, Query("client"), path)
    path.write_text(path.read_text("utf-8-sig").replace("Two;", "Second;"), "utf-8-sig")

    columns = [{"from": "Record number", "to": "id"}, {"from": "Name", "to": "name"}]
    result = bring_in(base, path, "client",
                      {"columns": columns, "match": ["id"], "on_match": "update"})  # fmt: skip

    assert (result.created, result.updated, result.skipped) == (0, 1, 1)
    assert {row["name"] for row in records(base, "client")} == {"One", "Second"}


@pytest.mark.parametrize("kind", ["sqlite", "firebird"])
def test_a_list_is_exported_as_it_is_seen(new_base: NewBase, tmp_path: Path, kind: str) -> None:
    here = new_base(kind)
    boss = make(here, here.catalogue["staff"], 0)
    here.records.create("client", {"name": "Seen", "phone": "+79162041183", "responsible": boss,
                                   "kind": "sole_trader", "note": "x" * 500})  # fmt: skip
    columns = ("name", "phone", "kind", "responsible", "responsible.name", "note")
    query = Query("client", columns, sort=(Sort("name"),))
    path = tmp_path / "list.csv"

    count = export_query(here, query, path)

    with open_source(path) as source:
        rows = [row.cells for row in source.sheet(0).rows()]
    assert len(rows) == count + 1
    assert rows[0] == (
        "Name", "Telephone", "Kind", "Responsible", "Responsible: Full name", "Note",
    )  # fmt: skip
    seen = next(row for row in rows if row[0] == "Seen")
    assert seen == ("Seen", "+7 916 204-11-83", "Sole trader", "Ёлка Первая", "Ёлка Первая",
                    "x" * 500)  # fmt: skip


def test_people_come_back_from_cards_with_all_their_numbers(
    new_base: NewBase, tmp_path: Path
) -> None:
    here, there = new_base(), new_base()
    client = here.records.create("client", {"name": "Acme"}).ids[0]
    given = {"name": "Lee Ann", "first_name": "Ann", "last_name": "Lee", "job_title": "Head",
             "phone": "+79162041183", "email": "a@b.ru", "client": client,
             "note": "One\ntwo; three"}  # fmt: skip
    id_ = here.records.create("person", given).ids[0]
    for value, kind in (("+74951234567", "phone"), ("c@d.ru", "email")):
        here.records.create("channel", {"owner": Ref("person", id_), "value": value, "kind": kind})
    path = tmp_path / "people.vcf"

    export_object(here, Query("person"), path)
    result = bring_in(there, path, "person")

    assert result.rejected == 0, result.rejects
    person = one(there, "person", name="Lee Ann")
    expected = told(here, here.catalogue["person"], id_)
    assert told(there, there.catalogue["person"], person["id"]) == expected
    assert {row["value"] for row in records(there, "channel")} == {
        "+79162041183", "+74951234567", "a@b.ru", "c@d.ru",
    }  # fmt: skip


def test_clients_come_back_from_cards(new_base: NewBase, tmp_path: Path) -> None:
    here, there = new_base(), new_base()
    given = {"name": "ООО «Ромашка»", "phone": "+79162041183", "web": "https://a.ru",
             "city": "Омск", "address": "Мира, 5", "note": "x"}  # fmt: skip
    here.records.create("client", given)
    path = tmp_path / "clients.vcf"

    export_object(here, Query("client"), path)
    bring_in(there, path, "client")

    assert given.items() <= one(there, "client", name="ООО «Ромашка»").items()
