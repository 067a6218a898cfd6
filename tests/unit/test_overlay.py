"""User-made objects as JSON: a valid definition or a sentence that says what does not fit."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.builtin import BUILTIN
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import (
    FIELD_TYPES,
    ChoiceField,
    LinkField,
    PictureField,
)
from crm_desktop.models.catalogue.overlay import (
    CustomRows,
    build_catalogue,
    choice_to_json,
    entity_from_json,
    field_from_json,
)
from crm_desktop.models.catalogue.traits import Activities, Channels, Mirror, Selections
from crm_desktop.models.schema import Tables
from tests.catalogue.samples import TENDER

PLAIN: dict[str, Any] = {"key": "lot", "fields": [{"key": "name"}]}
OURS = ("column", "extra", "derived", "kept", "then", "counted_by", "apart")
"""Settings of a field that no person can give."""


def lot(**changes: Any) -> dict[str, Any]:
    return {**PLAIN, **changes}


def lot_with(**field: Any) -> dict[str, Any]:
    return lot(fields=[{"key": "name", **field}])


def written(f: Field) -> dict[str, Any]:
    """The JSON that makes the same field."""
    row: dict[str, Any] = {"key": f.key, "type": f.type_name, "label": f.label}
    for setting in dataclasses.fields(f):
        value = getattr(f, setting.name)
        if setting.name in ("key", "label", *OURS) or value == setting.default:
            continue
        if setting.name == "choices":
            value = [choice_to_json(choice) for choice in value]
        row[setting.name] = list(value) if isinstance(value, tuple) else value
    return row


def test_a_whole_definition_becomes_an_object() -> None:
    own = {key: value for key, value in TENDER.items() if key != "children"}

    made = entity_from_json(own, 107)

    assert (made.key, made.number, made.table_name, made.custom) == ("x_tender", 107, "u_107", True)
    assert [f.name for f in made.fields] == [f"f_{i}" for i in range(1, 13)]
    assert made.title.key == "name"
    assert made.trait(Activities)


def test_little_is_needed() -> None:
    made = entity_from_json({"key": "lot", "fields": [{"key": "name"}], "activities": False,
                             "channels": True}, 100)  # fmt: skip

    assert (made.label, made.plural, made.title_field) == ("lot", "lot", "name")
    assert made.trait(Channels)
    assert not made.trait(Activities)


@pytest.mark.parametrize("word", ["segments", "selections"])
def test_object_stays_out_of_segments_by_the_word_of_today_and_of_before(word: str) -> None:
    assert entity_from_json(lot(), 100).trait(Selections)
    assert not entity_from_json(lot(**{word: False}), 100).trait(Selections)


@pytest.mark.parametrize(
    ("definition", "word"),
    [
        ([], "JSON object"),
        ({}, "key"),
        (lot(key="Лот"), "key"),
        (lot(key="1st"), "key"),
        (lot(key="a" * 25), "24"),
        (lot(label=5), "label"),
        (lot(label="x" * 81), "80"),
        (lot(label="two\nlines"), "label"),
        (lot(plural=["lots"]), "plural"),
        (lot(icon=3), "icon"),
        (lot(fields=None), "field"),
        (lot(fields=[]), "field"),
        (lot(fields={"key": "name"}), "field"),
        (lot(fields=["name"]), "field"),
        (lot(fields=[{"key": f"f{i}"} for i in range(51)]), "50"),
        (lot(fields=[{"key": "name"}, {"key": "name"}]), "twice"),
        (lot(title="horn"), "horn"),
        (lot(colour="red"), "colour"),
        (lot(mirrors=5), "mirrors"),
        (lot(mirrors=[{"field": "name"}]), "mirror"),
        (lot(mirrors=[{"field": 1, "child": 2, "owner": 3, "value": 4}]), "mirror"),
        (lot_with(type="horn"), "horn"),
        (lot_with(type=["text"]), "type"),
        (lot_with(horn=1), "horn"),
        (lot_with(column="id"), "column"),
        (lot_with(required="yes"), "required"),
        (lot_with(required=1), "required"),
        (lot_with(length=0), "length"),
        (lot_with(length=1001), "length"),
        (lot_with(length="long"), "length"),
        (lot_with(type="decimal", places=7), "places"),
        (lot_with(type="decimal", places=-1), "places"),
        (lot_with(help="x" * 301), "help"),
        (lot_with(synonyms="Nummer"), "synonyms"),
        (lot_with(synonyms=[1]), "synonyms"),
        (lot_with(synonyms=["\ud800"]), "synonyms"),
        (lot_with(type="choice", choices=[]), "list"),
        (lot_with(type="choice", choices="a,b"), "list"),
        (lot_with(type="choice", choices=[5]), "list"),
        (lot_with(type="choice", choices=[{"key": "A"}]), "key"),
        (lot_with(type="choice", choices=["a", "a"]), "twice"),
        (lot_with(type="choice", choices=[{"key": "a", "label": 3}]), "label"),
    ],
)
def test_every_mistake_is_told_in_a_sentence(definition: Any, word: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        entity_from_json(definition, 100)

    assert word in refused.value.message


def test_values_of_a_choice_may_be_plain_words() -> None:
    words = ["In work", "Переговоры идут", "Переговоры начаты", {"key": "x", "tone": "ok"}]

    field = field_from_json({"key": "state", "type": "choice", "choices": words})

    assert isinstance(field, ChoiceField)
    assert [c.label for c in field.choices] == [*words[:3], "x"]
    assert field.choices[0].key == "in_work"
    assert len({c.key for c in field.choices}) == 4


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=15,
)
SETTINGS = sorted({f.name for kind in FIELD_TYPES.values() for f in dataclasses.fields(kind)})
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True) | st.text(max_size=4)
FIELD_ROWS = st.builds(
    lambda row, key, kind: {**row, "key": key, "type": kind},
    st.dictionaries(st.sampled_from(SETTINGS), JSON | st.text(max_size=8), max_size=3),
    KEYS,
    st.sampled_from([*FIELD_TYPES, "horn"]),
)
OBJECT_ROWS = st.builds(
    lambda row, key, fields: {**row, "key": key, "fields": fields},
    st.dictionaries(
        st.sampled_from(["label", "plural", "title", "icon", "mirrors", "navigation", "x"]),
        JSON, max_size=2,
    ),
    KEYS,
    st.lists(FIELD_ROWS, max_size=4) | JSON,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=300)
@given(JSON | OBJECT_ROWS)
def test_any_json_is_an_object_or_refused_in_words(row: Any) -> None:
    try:
        made = entity_from_json(row, 100)
        catalogue = build_catalogue(CustomRows(((100, row),)))
    except InvalidInput as refused:
        assert refused.message
    else:
        assert isinstance(made, EntityDef)
        assert catalogue[made.key].fields == made.fields
        assert made.table_name in {t.name for t in Tables(catalogue).metadata.sorted_tables}


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(FIELD_ROWS)
def test_a_field_is_read_back_as_it_was_written(row: Any) -> None:
    try:
        field = field_from_json(row)
    except InvalidInput:
        return

    assert field_from_json(json.loads(json.dumps(written(field)))) == field


@pytest.mark.parametrize("entity", BUILTIN, ids=lambda entity: str(entity.key))
def test_every_built_in_field_goes_through_json(entity: EntityDef) -> None:
    for field in entity.fields:
        if isinstance(field, PictureField):  # shown by a trait that own objects have not
            continue
        ours: dict[str, Any] = {  # never a person's
            "column": "", "extra": False, "kept": False, "counted_by": (),
        }  # fmt: skip
        if hasattr(field, "then"):
            ours["then"] = ""
        plain = dataclasses.replace(field, **ours)
        assert field_from_json(json.loads(json.dumps(written(plain)))) == plain


def test_the_overlay_puts_objects_and_fields_behind_the_built_in_ones() -> None:
    rows = CustomRows(
        objects=((100, PLAIN),),
        fields=((1001, "client", {"key": "pets", "type": "integer"}),
                (1002, "x_lot", {"key": "size", "type": "integer"}),
                (1003, "gone", {"key": "size"})),
        version=4,
    )  # fmt: skip

    catalogue = build_catalogue(rows)

    assert [e.key for e in catalogue] == [*(e.key for e in BUILTIN), "x_lot"]
    pets, size = catalogue["client"].field("x_pets"), catalogue["x_lot"].field("x_size")
    assert (pets.extra, pets.name) == (True, "f_1001")
    assert (size.extra, size.name) == (False, "f_1002")
    assert catalogue.version == 4


@pytest.mark.parametrize(
    ("custom", "word"),
    [
        (CustomRows(((100, PLAIN), (101, PLAIN))), "x_lot"),
        (CustomRows(((1, PLAIN),)), "1"),
        (CustomRows(((100, lot_with(type="link", target="unicorn")),)), "unicorn"),
        (CustomRows(((100, lot_with(type="choice")),)), "list"),
        (CustomRows(((100, lot(fields=[{"key": "id"}], title="id")),)), "id"),
        (
            CustomRows(fields=((1001, "client", {"key": "a"}), (1001, "client", {"key": "a"}))),
            "x_a",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(custom: CustomRows, word: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        build_catalogue(custom)

    assert word in refused.value.message


def test_mirrors_must_fit_their_children() -> None:
    row = {"field": "name", "child": "unicorn", "owner": "lot", "value": "horn"}

    assert entity_from_json(lot(mirrors=[row]), 100).trait(Mirror)
    with pytest.raises(InvalidInput, match="mirror"):
        build_catalogue(CustomRows(((100, lot(mirrors=[row])),)))


def test_the_built_in_catalogue_is_sound() -> None:
    catalogue = build_catalogue()

    assert isinstance(catalogue, Catalogue)
    for entity in catalogue:
        for field in entity.fields:
            assert not isinstance(field, LinkField) or catalogue.has(field.target)
