"""Written and changed, the index holds exactly what can be found of the current records."""

from __future__ import annotations

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.models.backend.base import Backend
from crm_desktop.services.search.document import (
    TITLE_END,
    Document,
    body_of,
    forms,
    is_vocabulary,
    postings,
)
from crm_desktop.services.search.index import SearchIndex
from tests.search_base import SearchBase


@pytest.fixture
def base(backend: Backend) -> SearchBase:
    return SearchBase(backend)


def expected(documents: dict[int, Document | None]) -> set[tuple[int, str, int]]:
    alive = {id_: one for id_, one in documents.items() if one is not None}
    return {
        (one.ent, token, id_)
        for id_, one in alive.items()
        for token in postings(body_of(one.terms))
    }


def test_a_changed_record_is_found_by_its_new_words_only(base: SearchBase) -> None:
    base.write({7: Document(1, ["ромашка", TITLE_END, "омск", "+79162041183"])}, fresh={7})
    base.write({7: Document(1, ["василек", TITLE_END, "омск"])})
    assert base.rows("search_posting") == {
        (1, "=василек", 7), (1, "василек", 7), (1, "омск", 7),
    }  # fmt: skip
    assert base.rows("search_doc") == {(7, 1, " василек | омск")}


def test_a_deleted_record_leaves_nothing_but_its_words(base: SearchBase) -> None:
    base.write({7: Document(1, ["ромашка"]), 8: Document(1, ["омск"])}, fresh={7, 8})
    base.write({7: None, 8: None})
    assert base.rows("search_posting") == set()
    assert base.rows("search_doc") == set()
    assert (0, "ромашка", "ромашка") in base.rows("search_form")


def test_a_row_that_stands_in_the_way_gives_its_place(base: SearchBase) -> None:
    """Of one record, and of so many as an import brings."""
    ids = range(7, 307)
    spoilt: dict[str, list[tuple[object, ...]]] = {
        "search_doc": [(id_, 3, " x |") for id_ in ids],
        "search_posting": [(1, "омск", id_) for id_ in ids],
        "search_form": [(1, "мск", "омск")],
    }
    with base.backend.write() as connection:
        for name, rows in spoilt.items():
            table = base.tables.system(name)
            base.backend.insert_many(connection, table, table.c.keys(), rows)
    documents: dict[int, Document | None] = {id_: Document(1, ["омск"]) for id_ in ids}

    base.write({7: documents[7]})
    base.write(documents, fresh=set(ids))

    assert base.rows("search_doc") == {(id_, 1, " | омск") for id_ in ids}
    assert base.rows("search_posting") == expected(documents)
    assert base.rows("search_form") == {*forms("омск")}


def test_renewing_sets_apart_whatever_the_texts_say(base: SearchBase) -> None:
    kept: dict[int, Document] = {
        id_: Document(1, ["ромашка", TITLE_END, "\x1f\u2801омск"]) for id_ in range(1, 6)
    }
    base.write({id_: Document(1, ["ромашка", TITLE_END, "омск"]) for id_ in kept}, fresh=kept)
    doc = base.tables.system("search_doc")
    with base.backend.write() as connection:
        base.backend.delete_many(connection, doc, [1])
        base.backend.update_many(connection, doc, ["ent"], [(2, 9)])
        base.backend.update_many(connection, doc, ["body"], [(3, " x | y"), (4, "")])
        base.index.renew(connection, kept)

    assert base.rows("search_doc") == {(id_, 1, body_of(one.terms)) for id_, one in kept.items()}
    assert base.rows("search_posting") == expected(dict(kept))


def test_deleting_what_was_never_written_is_nothing(base: SearchBase) -> None:
    base.write({99: None})
    assert base.rows("search_doc") == set()


def test_words_are_learnt_once_whoever_writes(base: SearchBase) -> None:
    base.write({7: Document(1, ["ромашка"])}, fresh={7})
    other = SearchIndex(base.backend, base.tables)
    with base.backend.write() as connection:
        other.write(connection, {8: Document(2, ["ромашка", "лютик"])}, fresh={8})
    learnt = base.rows("search_form")
    assert learnt == {*forms("ромашка"), *forms("лютик")}


def test_a_word_that_another_seat_adds_meanwhile_does_no_harm(base: SearchBase) -> None:
    late = SearchIndex(base.backend, base.tables)

    def write_late() -> None:
        with base.backend.write() as connection:
            late.write(connection, {8: Document(1, ["ромашка", "лютик"])}, fresh={8})

    thread = threading.Thread(target=write_late)
    with base.backend.write() as connection:
        base.index.write(connection, {7: Document(1, ["ромашка"])}, fresh={7})
        thread.start()
        thread.join(0.3)  # it waits for us
    thread.join()
    assert base.rows("search_form") == {*forms("ромашка"), *forms("лютик")}
    assert {row[2] for row in base.rows("search_posting")} == {7, 8}


def test_a_block_of_fresh_records_is_written_at_once(base: SearchBase) -> None:
    documents: dict[int, Document | None] = {
        id_: Document(1, [f"клиент{id_ % 50}", TITLE_END, f"+7916{id_:07}"])
        for id_ in range(1, 3001)
    }
    base.write(documents, fresh=documents.keys())
    assert base.rows("search_posting") == expected(documents)


def test_a_long_text_keeps_its_telephones_and_its_thousand_letters(base: SearchBase) -> None:
    terms = ["заметка", TITLE_END, *(f"слово{i}" for i in range(400)), "+79162041183"]
    base.write({7: Document(1, terms)}, fresh={7})
    ((_id, _ent, body),) = base.rows("search_doc")
    assert len(body) <= 1000
    assert body.startswith(" заметка | слово0") and body.endswith(" +79162041183")


WORDS = st.sampled_from(
    ["ромашка", "василек", "ооо", "иван", "иванов", "a", "12", "7712345678", "+79162041183",
     "+4930901820", "+112",
     "ivan.petrov@mail.ru", "слово" * 9, TITLE_END, "😀х", "x_y@z.ru", "+a@b.ru"]
)  # fmt: skip
STEPS = st.lists(
    st.dictionaries(
        st.integers(1, 5), st.one_of(st.none(), st.lists(WORDS, max_size=6)), max_size=4
    ),
    max_size=6,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_any_changes_leave_exactly_the_postings_of_the_current_records(
    base: SearchBase, steps: list[dict[int, list[str] | None]]
) -> None:
    current: dict[int, Document | None] = dict.fromkeys(range(1, 6))
    base.write(dict(current))
    for step in steps:
        documents = {
            id_: Document(3, terms) if terms is not None else None for id_, terms in step.items()
        }
        base.write(documents)
        current |= documents
    assert base.rows("search_posting") == expected(current)
    words = {token for _ent, token, _id in expected(current) if is_vocabulary(token)}
    assert {row for word in words for row in forms(word)} <= base.rows("search_form")


def test_the_check_names_what_is_wrong(base: SearchBase) -> None:
    base.add("client", name="Ромашка")
    lost = base.add_silently("client", name="Василёк")
    stale = base.add("person", name="Иван")
    assert lost and base.problems() != []
    base.write({stale: Document(2, ["пётр", TITLE_END]), 999: Document(4, ["никто"])})
    found = "\n".join(base.problems())
    assert "Clients: 1 record is missing" in found
    assert "People: 1 record has another text" in found
    assert "1 record that does not exist" in found


def test_the_check_sees_a_lost_posting_and_a_lost_word(base: SearchBase) -> None:
    id_ = base.add("client", name="Ромашка")
    posting, form = base.tables.system("search_posting"), base.tables.system("search_form")
    with base.backend.write() as connection:
        base.backend.delete_keys(connection, posting, ("ent", "tok", "rid"), [(1, "=ромашка", id_)])
        base.backend.delete_keys(connection, form, ("kind", "form"), [(0, "ромашка")])
    found = "\n".join(base.problems())
    assert f"the words in the search index do not suit these records: {id_}" in found
    assert "lacks 1 word" in found


def test_rebuilding_mends_everything(base: SearchBase) -> None:
    client = base.add_silently("client", name="Ромашка", tax_id="7712345678")
    base.add_contact("client", client, "+79162041183", ["чужое"])
    base.add_silently("x_tender", subject="Поставка", number="Т-17", terms="Срок " * 400)
    seen: list[tuple[int, int]] = []
    with base.backend.write() as connection:
        base.repair.rebuild(connection, lambda done, whole: seen.append((done, whole)))
    assert base.problems() == []
    assert seen[-1] == (2, 2)
    assert base.titles("204-11") == ["Ромашка"]


def test_the_vocabulary_survives_a_rollback(base: SearchBase) -> None:
    with pytest.raises(RuntimeError), base.backend.write() as connection:
        base.index.write(connection, {7: Document(1, ["ромашка"])}, fresh={7})
        base.index.write(connection, {9: Document(1, ["ромашка"])}, fresh={9})
        raise RuntimeError("the writer changed its mind")
    base.write({8: Document(1, ["ромашка"])}, fresh={8})
    assert base.rows("search_form") == set(forms("ромашка"))
