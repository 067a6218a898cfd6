"""Words of a field that a role hides stand apart in the search: on both back ends, from then on and
for what was there before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.base_tables import FINISHED
from crm_desktop.services.customisation.constructor import Constructor
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.rights import words
from crm_desktop.services.rights.hidden_fields import set_apart
from crm_desktop.services.search.renew import renew_documents, repair_search
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url)
    yield made
    made.close()


def made(base: Workspace) -> int:
    """A client with an address and a messenger."""
    (id_,) = base.records.create("client", {"name": "Sunrise", "address": "Lake Road"}).ids
    base.records.create("channel", {
        "value": "t.me/sunny", "kind": "messenger", "owner": Ref("client", id_),
    })  # fmt: skip
    return int(id_)


def body(base: Workspace, id_: int) -> str:
    """The text that is kept of it."""
    doc = base.tables.system("search_doc").c
    with base.backend.read() as connection:
        return str(connection.scalar(sa.select(doc.body).where(doc.id == id_)))


def apart(base: Workspace) -> None:
    """Both fields, as roles that hide them would have it."""
    for entity, key in (("client", "address"), ("channel", "value")):
        set_apart(base, base.catalogue[entity], [base.catalogue[entity].field(key)])


def test_what_was_there_before_is_written_anew(base: Workspace) -> None:
    id_ = made(base)
    assert body(base, id_) == " sunrise | lake me road sunny t"

    apart(base)

    assert body(base, id_) == " sunrise | \u2801 lake road \u2801 \u2802 me sunny t \u2802"
    assert check_base(base).problems == []


def test_everything_is_still_found_by_who_sees_it(base: Workspace) -> None:
    id_ = made(base)
    apart(base)

    for typed in ("lake", "roa", "sunny", "sunrise lake", "lake road sunny", "t.me/sunny"):
        assert [hit.id for hit in base.search.find(typed, None, 5)] == [id_], typed
    base.records.update("client", id_, {"address": "Hill Lane"})
    assert [hit.id for hit in base.search.find("hill", None, 5)] == [id_]
    assert not base.search.find("lake", None, 5)
    assert check_base(base).problems == []


def rows(base: Workspace, name: str) -> set[tuple[object, ...]]:
    """What stands in a table of the search."""
    with base.backend.read() as connection:
        return {tuple(row) for row in connection.execute(sa.select(base.tables.system(name)))}


def hide(base: Workspace, *fields: tuple[str, str]) -> None:
    """Roles that hide them, as every base keeps them."""
    given = [(1, base.catalogue[key].number, field, words.HIDDEN) for key, field in fields]
    with base.backend.write() as connection:
        table = base.tables.system("right_field")
        base.backend.insert_many(connection, table, ("role", "ent", "field", "shown"), given)


def test_they_lie_in_a_table_of_their_own(base: Workspace) -> None:
    id_ = made(base)
    apart(base)
    kept = {row for row in rows(base, "search_posting") if row[2] == id_}

    assert rows(base, "search_hidden") == {
        (1, "\u2801", "lake", id_), (1, "\u2801", "road", id_), (1, "\u2802", "sunny", id_),
    }  # fmt: skip
    assert kept == {(1, "sunrise", id_), (1, "=sunrise", id_)}
    gone = base.records.delete("client", [id_])
    assert not rows(base, "search_hidden")
    base.undo.undo(gone.operation)
    assert len(rows(base, "search_hidden")) == 3 and check_base(base).problems == []


def test_telephones_and_addresses_go_there_with_a_role_that_hides_them(base: Workspace) -> None:
    base.records.create("client", {"name": "Sunrise", "phone": "+79161041183"})
    before = rows(base, "search_posting")
    client = base.catalogue["client"]

    set_apart(base, client, [client.field("phone")])

    moved = before - rows(base, "search_posting")
    assert len(moved) == 8 and {(ent, tok, id_) for ent, _sign, tok, id_ in
                                rows(base, "search_hidden")} == moved  # fmt: skip
    (id_,) = base.records.create(
        "client", {"name": "Sunset", "phone": "+79167654321", "email": "a.sun@mail.example"}
    ).ids
    for typed in ("7654321", "sunset 7654", "a.sun@mail", "mail.example"):
        assert [hit.id for hit in base.search.find(typed, None, 5)] == [id_], typed
    assert base.search.matching("client", "7654321") == [id_]
    assert {row[2][0] for row in rows(base, "search_hidden") if row[3] == id_} == {"+"}
    assert check_base(base).problems == []


def test_words_in_the_wrong_table_are_named_and_set_right(base: Workspace) -> None:
    id_ = made(base)
    apart(base)
    there, posting, hidden, blind = rows(base, "search_hidden"), *(
        base.tables.system(f"search_{name}") for name in ("posting", "hidden", "hidden_added")
    )  # fmt: skip
    backend = base.backend
    with backend.write() as connection:
        backend.delete_keys(connection, hidden, ("tok",), [("lake",), ("road",)])
        backend.insert_many(connection, posting, ("ent", "tok", "rid"), [(1, "lake\u2801", id_)])
        backend.insert_many(connection, hidden, ("ent", "sign", "tok", "rid"), [(1, "x", "a", id_)])
        backend.insert_many(
            connection, blind, ("nr", "ent", "sign", "tok", "rid"),
            [(1, 1, "\u2802", "sunny", id_), (2, 1, "\u2801", "road", id_)],
        )  # fmt: skip

    (said,) = check_base(base).problems
    assert str(id_) in said
    repair_search(backend, base.tables, base.index)

    assert rows(base, "search_hidden") == there and not rows(base, "search_hidden_added")
    assert check_base(base).problems == []


def test_an_older_base_has_them_moved(base: Workspace, base_url: str) -> None:
    """As a program of version 11 left it: words of a hidden address and telephone among others."""
    made(base)
    base.records.create("client", {"name": "Sunset", "phone": "+79161041183"})
    client, backend = base.catalogue["client"], base.backend
    set_apart(base, client, [client.field("address")])
    hide(base, ("client", "address"), ("client", "phone"))
    hidden, posting = (base.tables.system(f"search_{name}") for name in ("hidden", "posting"))
    there = sorted(rows(base, "search_hidden"))
    before = [(ent, tok + sign, id_) for ent, sign, tok, id_ in there]
    with backend.write() as connection:
        backend.delete_keys(connection, hidden, ("ent",), [(1,)])
        backend.insert_many(connection, posting, ("ent", "tok", "rid"), before)
    base.set_info(FINISHED, "11")
    base.close()

    with closing(open_base(base_url)) as later:
        now = rows(later, "search_hidden")
        assert set(there) < now and {row[1] for row in now - set(there)} == {"+"}
        assert check_base(later).problems == []
        assert [hit.id for hit in later.search.find("lake", None, 5)]
        assert [hit.id for hit in later.search.find("1041183", None, 5)]


def test_a_later_program_and_another_window_go_on_so(base: Workspace, base_url: str) -> None:
    other = open_base(base_url) if not base.backend.exclusive else None
    apart(base)
    if other is None:
        base.close()
        other = open_base(base_url)
    else:
        assert other.catalogue_is_old()
        other.reload()

    id_ = made(other)

    assert body(other, id_) == " sunrise | \u2801 lake road \u2801 \u2802 me sunny t \u2802"
    other.close()


def test_a_second_time_costs_a_look_and_writes_nothing(base: Workspace) -> None:
    id_ = made(base)
    apart(base)
    before = body(base, id_)
    fields = base.catalogue.version
    told: list[tuple[int, int]] = []

    done = renew_documents(
        base.backend, base.tables, base.index, [base.catalogue["client"]],
        lambda done, whole: told.append((done, whole)),
    )  # fmt: skip

    assert done == 1 and told == [(1, 1)] and body(base, id_) == before
    client = base.catalogue["client"]
    set_apart(base, client, [client.field("address")])
    assert base.catalogue.version == fields


def test_a_role_for_the_first_time_and_nothing_else_sets_apart(base: Workspace) -> None:
    made(base)
    assert not any(f.apart for entity in base.catalogue for f in entity.fields)

    Constructor(base.backend, base.reload).set_apart(base.catalogue["person"], "job_title")

    signs = {f.key: f.apart for e in base.catalogue for f in e.fields if f.apart}
    assert signs == {"job_title": "\u2801"}
