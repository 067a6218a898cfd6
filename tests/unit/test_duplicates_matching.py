"""Names in other spellings, likelihoods, groups, and precision and recall over known duplicates."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import pytest

from benchmarks.doubles import clients
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.overlay import build_catalogue
from crm_desktop.models.text.sameness import fold_name
from crm_desktop.services.duplicates.features import Features, IdentityFields, pack, unpack
from crm_desktop.services.duplicates.groups import group
from crm_desktop.services.duplicates.matching import Matching
from crm_desktop.services.duplicates.score import compare_names, score
from crm_desktop.services.duplicates.wording import reasons_in_words

CATALOGUE = build_catalogue()
CLIENT: EntityDef = CATALOGUE["client"]
FIELDS = IdentityFields(CATALOGUE, CLIENT)


def likelihood(one: dict[str, str], other: dict[str, str]) -> float:
    return score(FIELDS.features(one), FIELDS.features(other)).likelihood


@pytest.mark.parametrize(
    "other",
    ["Ромашка, ООО", "Romashka LLC", "«Ромашка»", "O.O.O. Ромашка", "РОМАШКА",
     "Общество с ограниченной ответственностью «Ромашка»"],
)  # fmt: skip
def test_spellings_of_one_firm_are_one_name(other: str):
    assert fold_name(other).words == fold_name("ООО Ромашка").words


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Щукин Юрий", "Shchukin Yuriy", "exact"),
        ("Мега Строй", "Мегастрой", "exact"),
        ("Ромашка", "Ромшака", "typo"),
        ("Иванов Иван Иванович", "Иванов Иван", "subset"),
        ("Иванов Иван Иванович", "Иванов И. И.", "initials"),
        ("Школа № 12", "Школа № 13", ""),
        ("Иванова Анна", "Иванова Мария", ""),
    ],
)
def test_names_agree_in_their_ways(one: str, other: str, kind: str):
    assert compare_names(fold_name(one), fold_name(other)) == kind


def test_two_right_tax_numbers_outweigh_a_name_and_a_telephone():
    one = {"name": "Ромашка", "phone": "+79161112233", "tax_id": "7707083893"}
    assert likelihood(one, {**one, "tax_id": "7736050003"}) < 0.5
    assert likelihood(one, {**one, "tax_id": "7707083983"}) > 0.9  # a slip: no right number


def test_another_town_speaks_against_an_equal_name():
    one = {"name": "Ромашка", "city": "Омск"}
    assert likelihood(one, {**one, "city": "Тверь"}) < 0.1 < likelihood(one, one)


def test_relatives_at_one_telephone_are_two():
    one = {"name": "Петров Олег Ильич", "phone": "+79161112233"}
    assert likelihood(one, {**one, "name": "Петрова Анна Львовна"}) < 0.1


def test_features_survive_packing():
    found = FIELDS.features(
        {"name": "ИП Иванов И. И.", "legal_name": "X", "phone": "+79161112233", "city": "Омск",
         "email": "A@b.ru", "web": "https://www.acme.ru", "tax_id": "7707083893/770701001"}
    )  # fmt: skip
    assert unpack(pack(found)) == found
    assert unpack(pack(Features())) == Features()
    assert found.ids == ("7707083893",)


def test_a_chain_is_not_one_group():
    likely = {(1, 2): 0.9, (2, 3): 0.9, (3, 4): 0.9}
    pairs = [(chance, *pair) for pair, chance in likely.items()]
    found = group(pairs, lambda a, b: likely.get((min(a, b), max(a, b)), 0.0))
    assert sorted(sorted(one.ids) for one in found) == [[1, 2], [3, 4]]


def test_reasons_are_said_in_words():
    assert reasons_in_words(["same_place", "same_phone", "?"]) == ["same telephone", "same town"]


def test_known_duplicates_are_found_and_little_else():
    matching, who = Matching(), defaultdict(list)
    for id_, (number, row) in enumerate(clients(3000)):
        matching.add(id_, FIELDS.features(row))
        who[number].append(id_)
    known = {pair for ids in who.values() for pair in combinations(ids, 2)}
    groups = matching.groups(0.8, lambda _done, _whole: None)
    found = {pair for one in groups for pair in combinations(sorted(one.ids), 2)}
    assert len(found & known) >= 0.95 * len(known)
    assert len(found & known) >= 0.98 * len(found)
