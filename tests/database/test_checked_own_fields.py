"""Fields and objects of one's own use the same checks, legal details and addresses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

SUPPLIER = {
    "key": "supplier", "label": "Supplier", "legal": True, "addresses": True,
    "fields": [
        {"key": "name", "required": True},
        {"key": "kind", "type": "choice", "choices": ["firm", "person"]},
        {"key": "inn", "label": "INN", "length": 12, "valid_as": "inn",
         "only_if": ["kind", "firm"]},
    ],
}  # fmt: skip


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Workspace]:
    made = ready_base(tmp_path / "base.crm", language="en")
    made.constructor.add_object(SUPPLIER)
    yield made
    made.close()


def test_a_field_of_ones_own_takes_only_right_numbers(base: Workspace) -> None:
    id_ = base.records.create("x_supplier", {"name": "Ель", "inn": " 7707 083 893"}).ids[0]
    record = base.reader.get("x_supplier", id_)
    assert record is not None and record.values["inn"] == "7707083893"

    with pytest.raises(InvalidInput) as refused:
        base.records.update("x_supplier", id_, {"inn": "7707083894"})

    assert (refused.value.field, "mistyped" in refused.value.message) == ("inn", True)


def test_an_unknown_check_is_refused(base: Workspace) -> None:
    with pytest.raises(InvalidInput, match="valid_as"):
        base.constructor.add_field(
            base.catalogue["x_supplier"], {"key": "shoe", "valid_as": "shoe size"}
        )


def test_an_object_of_ones_own_has_legal_details_and_addresses(base: Workspace) -> None:
    owner = Ref("x_supplier", base.records.create("x_supplier", {"name": "Ель"}).ids[0])
    base.records.create("legal_details", {"owner": owner, "inn": "7707083893"})
    base.records.create("postal_address", {"owner": owner, "line": "Москва"})

    counts = {t.link.entity.key: t.count for t in base.links.tabs(base.catalogue[owner.entity],
                                                                  owner.id)}  # fmt: skip

    assert (counts["legal_details"], counts["postal_address"]) == (1, 1)
