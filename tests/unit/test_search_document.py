"""The text kept of a record, its postings, and the rows of the vocabulary."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.models.catalogue.overlay import build_catalogue
from crm_desktop.models.catalogue.own_apart import is_sign, with_words_apart
from crm_desktop.models.system.tables import DOCUMENT, TOKEN
from crm_desktop.services.search.document import (
    TITLE_END,
    body_of,
    field_terms,
    forms,
    own_terms,
    postings,
)
from crm_desktop.services.search.reading import readings

CLIENT = build_catalogue()["client"]


def test_the_title_stands_first_and_telephones_last() -> None:
    body = body_of(["ромашка", "плюс", TITLE_END, "омск", "+79162041183", "ромашка", "азия"])
    assert body == " ромашка плюс | азия омск +79162041183"


def test_a_record_without_terms_has_no_text() -> None:
    assert body_of([]) == ""
    assert body_of([TITLE_END]) == ""


def test_a_telephone_is_found_by_every_run_of_four_digits() -> None:
    found = postings(body_of([TITLE_END, "+79162041183"]))
    for start in range(8):
        run = "79162041183"[start : start + 4]
        assert any(token.startswith("+" + run) for token in found)
    assert "+183" not in found


def test_a_short_number_is_a_word() -> None:
    assert postings(body_of([TITLE_END, "+112"])) == {"112"}


def test_an_address_is_found_whole_by_its_words_and_by_its_domain() -> None:
    found = postings(body_of([TITLE_END, "ivan.petrov@mail.ru"]))
    assert found == {"ivan.petrov@mail.ru~", "petrov~", "mail.ru~"}


def test_addresses_stand_apart_whatever_else_has_the_same_words() -> None:
    body = body_of(["ромашка", TITLE_END, "petrov", "ivan.petrov@mail.ru", "омск", "+79162041183"])
    assert body == " ромашка | petrov омск @ ivan.petrov@mail.ru mail.ru petrov +79162041183"
    assert {"petrov", "petrov~"} <= postings(body)
    assert body_of([TITLE_END, "@", "+7916@mail.ru"]) == " | @ 7916@mail.ru mail.ru"


def test_a_long_address_is_found_by_what_is_typed_of_it() -> None:
    (token,) = postings(body_of([TITLE_END, "abcdefghijklmnopqrstuvwxyz@x.ru"])) - {"x.ru~"}
    for typed in ("abcdefghijklmnopqrs", "abcdefghijklmnopqrst", "abcdefghijklmnopqrstuvwxyz@x"):
        ((term,),) = (reading.terms for reading in readings(typed)[:1])
        assert any(token.startswith(prefix) for prefix in term.prefixes)
        assert term.cut == (len(typed) > len(token) - 1)


def test_legal_forms_and_very_short_words_are_found_in_titles_only() -> None:
    assert postings(body_of(["ооо", "я", TITLE_END])) == {"ооо", "я", "=ооо я"}
    assert postings(body_of([TITLE_END, "ооо", "ул", "ленина"])) == {"ленина"}


def test_a_bar_in_an_address_does_not_end_the_title() -> None:
    body = body_of(["ромашка", TITLE_END, "a|b@mail.ru", "омск"])
    assert body.count(TITLE_END) == 1 and " ab@mail.ru " in body


def test_a_long_text_gives_what_stands_in_its_column() -> None:
    catalogue = build_catalogue()
    activity = catalogue["activity"]
    assert own_terms(activity, {"subject": "Звонок"}) == ["звонок", TITLE_END]
    assert own_terms(CLIENT, {"name": "ООО «Ёж»", "city": "Омск"}) == ["еж", TITLE_END, "омск"]


def test_the_vocabulary_holds_ends_and_beginnings_less_a_letter() -> None:
    found = set(forms("ромашка"))
    assert (0, "ромашка", "ромашка") in found
    assert (1, "машка", "ромашка") in found and (1, "ка", "ромашка") not in found
    assert (2, "ромшка", "ромашка") in found
    assert len(found) == len(list(forms("ромашка")))


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"]), max_size=30), max_size=30))
def test_any_terms_fit_the_columns(raw: list[str]) -> None:
    terms = [term for text in raw for term in text.split()]
    body = body_of(terms)
    assert len(body) <= DOCUMENT
    assert all(0 < len(token) <= TOKEN for token in postings(body))


@given(st.lists(st.sampled_from(["слово" * 9, "+79162041183", "a@b.ru", "x", TITLE_END])))
def test_the_postings_of_a_text_do_not_depend_on_how_it_was_made(terms: list[str]) -> None:
    body = body_of(terms)
    assert postings(body) == postings(body_of(terms))


def test_words_of_a_field_that_is_set_apart_stand_between_its_signs() -> None:
    hidden = with_words_apart(CLIENT, {"apart": "address", "sign": 3})
    values = {"name": "Ромашка", "city": "Омск", "address": "Мира 5, Омск"}

    body = body_of(own_terms(hidden, values))

    assert body == " ромашка | омск \u2803 5 мира омск \u2803"
    assert postings(body) == {"ромашка", "=ромашка", "омск", "мира\u2803", "омск\u2803"}


def test_a_telephone_and_an_address_set_apart_stay_with_their_like() -> None:
    channel = with_words_apart(build_catalogue()["channel"], {"apart": "value", "sign": 1})
    term = [TITLE_END]
    for value in ("+79162041183", "ann@mail.ru", "t.me/ann", "@ann"):
        term += field_terms(channel.field("value"), value)

    assert body_of(term) == " | \u2801 ann me t \u2801 @ ann@mail.ru mail.ru +79162041183"


@given(st.lists(st.text(alphabet="абв 1", min_size=1, max_size=30), max_size=60))
def test_what_stands_apart_is_closed_however_long_it_is(found: list[str]) -> None:
    terms = [TITLE_END]
    for place, text in enumerate(found):
        entity = with_words_apart(CLIENT, {"apart": "address", "sign": place % 3 + 1})
        terms += field_terms(entity.field("address"), text)

    body = body_of(terms)

    assert len(body) <= DOCUMENT
    signs = [word for word in body.split() if is_sign(word)]
    assert signs == [sign for one in sorted(set(signs)) for sign in (one, one)]


def test_a_definition_that_fits_no_field_sets_nothing_apart() -> None:
    for text in ({"apart": "nothing", "sign": 1}, {"apart": "city", "sign": 256},
                 {"apart": "city", "sign": "x"}, {"apart": "city"}):  # fmt: skip
        assert with_words_apart(CLIENT, text) == CLIENT
