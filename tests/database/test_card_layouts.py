"""Layouts of cards on both back ends: own before the office's, and true after any change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.services.customisation.layouts import (
    EMPTY,
    CardLayout,
    LayoutSection,
    full_sections,
    with_section,
)
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base

BORIS = 77


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def test_an_own_layout_comes_before_that_of_the_office(workspace: Workspace) -> None:
    office, own = CardLayout(("history", "details")), CardLayout(("details",))
    workspace.layouts.save("client", office)
    assert workspace.layouts.of("client", BORIS) == office
    workspace.layouts.save("client", own, BORIS)
    assert workspace.layouts.of("client", BORIS) == own
    assert workspace.layouts.of("client") == office
    workspace.layouts.reset("client", BORIS)
    assert workspace.layouts.of("client", BORIS) == office
    workspace.layouts.reset("client")
    assert workspace.layouts.of("client", BORIS) == EMPTY


def test_a_layout_is_there_when_the_base_is_opened_again(
    workspace: Workspace, base_url: str
) -> None:
    layout = CardLayout(
        ("a", "b"), frozenset({"c"}), (LayoutSection("Мой раздел", ("city",)),),
        frozenset({"web"}),
    )  # fmt: skip
    workspace.layouts.save("client", layout, BORIS)
    workspace.close()
    again = open_base(base_url)
    assert again.layouts.of("client", BORIS) == layout
    again.close()


def test_tabs_that_are_gone_are_passed_over_and_new_ones_follow_their_neighbour() -> None:
    layout = CardLayout(("history", "gone", "details"), frozenset({"hidden"}))
    assert layout.order(["details", "new", "hidden", "history"]) == ["history", "details", "new"]


def test_a_new_section_takes_its_fields_from_where_they_were(workspace: Workspace) -> None:
    client = workspace.catalogue["client"]
    layout = with_section(EMPTY, client, "  Delivery ", ["city", "address"])
    groups = dict(layout.grouped(client.fields))
    assert [f.key for f in groups["Delivery"]] == ["city", "address"]
    assert all("city" not in [f.key for f in fields] for title, fields in groups.items()
               if title != "Delivery")  # fmt: skip
    assert sum(map(len, groups.values())) == len(client.fields)


@pytest.mark.parametrize("title", ["", "   ", "x" * 61, "address", "Address"])
def test_a_section_needs_a_name_of_its_own(workspace: Workspace, title: str) -> None:
    with pytest.raises(InvalidInput):
        with_section(EMPTY, workspace.catalogue["client"], title, [])


def test_an_empty_section_waits_for_fields(workspace: Workspace) -> None:
    client = workspace.catalogue["client"]
    layout = with_section(EMPTY, client, "Later", [])
    assert "Later" in [s.title for s in full_sections(layout, client)]
    assert "Later" not in dict(layout.grouped(client.fields))


def test_a_field_that_is_made_later_is_seen(workspace: Workspace) -> None:
    layout = with_section(EMPTY, workspace.catalogue["client"], "Delivery", ["city"])
    workspace.constructor.add_field(
        workspace.catalogue["client"], {"key": "gate", "type": "text", "label": "Gate code"}
    )
    fields = workspace.catalogue["client"].fields
    assert "x_gate" in [f.key for _title, group in layout.grouped(fields) for f in group]


@pytest.mark.parametrize("row", [None, 3, {"tabs": 5, "sections": [["a"], 7, ["b", "c"]]}, []])
def test_a_broken_layout_changes_nothing(row: object) -> None:
    layout = CardLayout.from_json(row)
    assert layout.order(["a", "b"]) == ["a", "b"]
