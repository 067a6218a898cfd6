"""What the planner narrows its entries by, and its saved views, on both back ends."""

from __future__ import annotations

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query
from crm_desktop.services.planner.filtering import Asked, offers, segments_of, suitable
from crm_desktop.services.planner.saved import planner_views, save_planner_view
from crm_desktop.services.selections.writes import make_selection
from tests.database.test_planner_question import Office, at, office

__all__ = ["office"]


def shown(office: Office, asked: Asked) -> list[str]:
    return [bar.subject for bar in suitable(office.base, office.bars(), asked)]


def clients(office: Office) -> tuple[Ref, Ref]:
    """Two clients with a visit each, and a task about nobody."""
    north = office.make("client", name="North", kind="company", tags=["Fair"])
    south = office.make("client", name="South", kind="company")
    office.plan(office.anna, at(1, 9), subject="To north", about=north)
    office.plan(office.anna, at(1, 11), subject="To south", about=south, kind="meeting")
    office.plan(office.anna, at(1, 13), subject="Alone", kind="task", state="working")
    return north, south


def test_kinds_and_states_narrow(office: Office) -> None:
    clients(office)

    assert shown(office, Asked(kinds=("meeting", "task"))) == ["To south", "Alone"]
    assert shown(office, Asked(kinds=("task",), states=("planned",))) == []
    assert len(shown(office, Asked())) == 3


def test_a_segment_of_clients_narrows_live_and_frozen(office: Office) -> None:
    _north, south = clients(office)
    client = office.base.catalogue["client"]
    north_only = Query("client", where=Condition("name", "starts", "No"))
    make_selection(office.base, "Northern", client, query=north_only)
    make_selection(office.base, "Southern", client, ids=[south.id])
    segments = {one.name: one.id for one in offers(office.base)[0]}
    numbers = [segments["Northern"], segments["Southern"]]

    assert shown(office, Asked(segments=(numbers[0],))) == ["To north"]
    assert shown(office, Asked(segments=tuple(numbers))) == ["To north", "To south"]
    places, names = segments_of(office.base, [south])
    assert [names[place] for place in places.values()] == ["Southern"]


def test_a_tag_narrows(office: Office) -> None:
    clients(office)
    _segments, tags = offers(office.base)

    fair = next(one.id for one in tags if one.name == "Fair")

    assert shown(office, Asked(tags=(fair,))) == ["To north"]


def test_rows_are_narrowed_by_name_and_department(office: Office) -> None:
    rows = {row.ref: row._replace(group="Sales") for row in office.planner.rows()}
    anna = rows[office.anna]

    assert Asked(rows=(f"staff:{office.anna.id}",)).wants_row(anna)
    assert not Asked(rows=(f"staff:{office.boris.id}",)).wants_row(anna)
    assert Asked(groups=("Sales",)).wants_row(anna)
    assert not Asked(groups=("Stores",)).wants_row(anna)


def test_a_view_is_kept_for_oneself_or_for_everybody(office: Office) -> None:
    office.base.work_as(office.anna.id)
    asked = Asked(kinds=("call",), segments=(7,))
    save_planner_view(office.base, "activity", "Calls", {"asked": asked.to_json()}, shared=False)
    save_planner_view(office.base, "activity", "Team", {}, shared=True)
    assert [view.name for view in planner_views(office.base, "activity")] == ["Calls", "Team"]

    save_planner_view(office.base, "activity", "calls", {"days": 7}, shared=False)
    office.base.work_as(office.boris.id)

    assert [view.name for view in planner_views(office.base, "activity")] == ["Team"]
    assert office.base.views.of("activity", office.anna.id) == []
    with pytest.raises(InvalidInput):
        save_planner_view(office.base, "activity", " ", {}, shared=False)


def test_what_was_kept_by_another_program_is_read_as_far_as_it_goes() -> None:
    kept = {"kinds": ["call", 7], "tags": ["x", 3], "moons": [1], "rows": "all"}

    assert Asked.from_json(kept) == Asked(kinds=("call",), tags=(3,))
    assert Asked.from_json(None) == Asked()
