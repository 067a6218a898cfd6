"""Values that people add to lists of values: kept by the base, used like the built-in ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.models.query import Condition, Query
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def add(workspace: Workspace, label: str, field: str = "kind", **more: str) -> str:
    return workspace.constructor.add_choice(workspace.catalogue["activity"], field, label, **more)


def test_a_kind_of_ones_own_is_written_listed_and_named(workspace: Workspace) -> None:
    key = add(workspace, "Inspection", tone="ok", icon="star")
    one = workspace.records.create("activity", {"subject": "Roof", "kind": key}).ids[0]
    where = Condition("kind", "in", [key])
    assert list(workspace.lists.open(Query("activity", ("subject",), where)).ids()) == [one]
    field = workspace.catalogue["activity"].field("kind")
    assert isinstance(field, ChoiceField)
    choice = field.choice(key)
    assert choice is not None and (choice.label, choice.tone, choice.icon) == (
        "Inspection", "ok", "star",
    )  # fmt: skip


def test_it_is_there_when_the_base_is_opened_again(base_url: str) -> None:
    base = ready_base(base_url, language="ru")
    key = add(base, "Осмотр крыши и чердака на даче летом")
    base.close()
    again = open_base(base_url)
    field = again.catalogue["activity"].field("kind")
    again.close()
    assert isinstance(field, ChoiceField) and field.choice(key) is not None and len(key) <= 30


@pytest.mark.parametrize(
    ("field", "label"), [("kind", "  "), ("kind", "call"), ("subject", "x"), ("kind", "y" * 200)]
)
def test_what_does_not_fit_is_refused(workspace: Workspace, field: str, label: str) -> None:
    with pytest.raises(InvalidInput):
        add(workspace, label, field)


def test_the_same_value_is_not_added_twice(workspace: Workspace) -> None:
    add(workspace, "Inspection")
    with pytest.raises(InvalidInput, match="already"):
        add(workspace, "inspection")


def test_a_field_can_still_be_added_after_a_value(workspace: Workspace) -> None:
    add(workspace, "Inspection")
    entity = workspace.catalogue["activity"]
    workspace.constructor.add_field(entity, {"key": "floor", "type": "integer", "label": "Floor"})
    assert workspace.catalogue["activity"].has("x_floor")
