"""Whose records are: every object says it, the user-made ones too."""

from __future__ import annotations

import pytest

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.overlay import CustomRows, build_catalogue
from crm_desktop.models.catalogue.ownership import (
    hangs,
    is_shared,
    owner_field,
    parent_link,
    roots,
)
from tests.catalogue.samples import TENDER

CATALOGUE = build_catalogue()


def own(*fields: dict[str, object]) -> EntityDef:
    """A user-made object with these fields beside its name."""
    row = {"key": "trip", "fields": [{"key": "name"}, *fields]}
    return build_catalogue(CustomRows(((100, row),), (), 1)).numbered(100)


@pytest.mark.parametrize(
    ("entity", "owner", "parent"),
    [
        ("client", "responsible", None),
        ("person", "responsible", "client"),
        ("lead", "responsible", None),
        ("deal", "responsible", None),
        ("activity", "author", "about"),
        ("channel", None, "owner"),
        ("tagging", None, "record"),
        ("selection_member", None, "record"),
        ("firing", None, "about"),
        ("deal_line", None, "deal"),
        ("queue_member", None, "queue"),
    ],
)
def test_built_in_objects_say_whose_records_are(
    entity: str, owner: str | None, parent: str | None
) -> None:
    field, link = owner_field(CATALOGUE[entity]), parent_link(CATALOGUE[entity])

    assert (field and field.key, link and link.key) == (owner, parent)


def test_every_object_has_an_owner_hangs_or_is_shared() -> None:
    shared = {entity.key for entity in CATALOGUE if is_shared(CATALOGUE, entity)}

    assert {"staff", "reference", "bank", "tag", "stage", "set_step", "calendar_day"} <= shared
    assert not shared & {"client", "person", "deal", "lead", "activity", "channel", "enquiry"}
    assert all(owner_field(e) or hangs(e) or e.key in shared for e in CATALOGUE)


def test_what_hangs_on_a_part_is_judged_by_the_whole() -> None:
    found = roots(CATALOGUE, CATALOGUE["bank_account"])

    assert {"client", "person"} <= {entity.key for entity in found}
    assert roots(CATALOGUE, CATALOGUE["deal_line"]) == (CATALOGUE["deal"],)
    assert roots(CATALOGUE, CATALOGUE["client"]) == (CATALOGUE["client"],)


def test_a_user_made_object_belongs_to_its_first_colleague() -> None:
    trip = own(
        {"key": "who", "type": "user", "target": "staff"},
        {"key": "driver", "type": "user", "target": "staff"},
    )

    field = owner_field(trip)

    assert field is not None and field.key.endswith("who") and not hangs(trip)


def test_a_user_made_object_without_colleagues_belongs_to_who_made_it() -> None:
    trip = own()

    assert owner_field(trip) is None and parent_link(trip) is None
    assert not is_shared(CATALOGUE, trip)


def test_a_user_made_object_of_clients_hangs_on_them() -> None:
    rows = CustomRows(((100, {k: v for k, v in TENDER.items() if k != "children"}),), (), 1)
    catalogue = build_catalogue(rows)

    assert roots(catalogue, catalogue.numbered(100)) == (catalogue["client"],)
