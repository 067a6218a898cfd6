"""What began weeks ago and still goes on is in the planner, on both back ends."""

from __future__ import annotations

from tests.database.test_planner_question import Office, at, office

__all__ = ["office"]


def test_whatever_goes_on_for_weeks_is_found_in_its_middle(office: Office) -> None:
    fair = office.plan(office.anna, at(-20, 9), minutes=40 * 24 * 60, kind="task", subject="Fair")
    office.plan(office.anna, at(-60, 9), minutes=30 * 24 * 60, kind="task", subject="Over")
    office.plan(office.boris, at(-16, 9), minutes=30 * 24 * 60, state="cancelled")
    office.make("participation", activity=fair.id, staff=office.boris.id, role="participant")

    found = [(bar.subject, bar.row) for bar in office.bars()]

    assert sorted(found) == [("Fair", office.anna), ("Fair", office.boris)]
    assert office.bars(at(25, 0)) == []
