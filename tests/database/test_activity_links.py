"""An activity is linked to several records of any objects, on both back ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.activities.concerns import concerned, link, unlink
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.planner.moving import Move
from crm_desktop.services.planner.service import Planner
from crm_desktop.services.series.writes import THIS, edit_writes
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


class Office:
    """A meeting about a client that concerns a deal and a tender as well."""

    def __init__(self, address: str) -> None:
        self.base: Workspace = ready_base(address, language="en", clock=MovedClock(NOON))
        name = {"key": "name", "type": "text", "label": "Name"}
        tender = {"key": "tender", "label": "Tender", "plural": "Tenders", "fields": [name]}
        self.base.constructor.add_object({**tender, "activities": True})
        self.client = self.make("client", name="Vector")
        self.deal = self.make("deal", name="Windows", client=self.make("client", name="Other").id)
        self.tender = self.make("x_tender", name="Lot 7")
        self.meeting = self.make(
            "activity", subject="Talk", kind="meeting", about=self.client, state="done",
            moment=NOON, starts=NOON, ends=NOON + timedelta(hours=1),
        )  # fmt: skip

    def make(self, entity: str, **values: Any) -> Ref:
        return Ref(entity, self.base.records.create(entity, values).ids[0])

    def link(self, *records: Ref) -> None:
        for one in records:
            link(self.base, self.meeting.id, one)

    def linked(self, event: int | None = None) -> list[Ref]:
        id_ = event or self.meeting.id
        return list(concerned(self.base, [id_]).get(id_, {}).values())

    def noted(self, ref: Ref) -> list[int]:
        page = self.base.timeline.page(self.base.catalogue[ref.entity], ref.id)
        return [one.ref.id for one in (*page.on_top, *page.found) if one.source == "noted"]


@pytest.fixture
def office(base_url: str) -> Iterator[Office]:
    made = Office(base_url)
    yield made
    made.base.close()


def test_it_stands_on_the_timelines_of_all_it_is_linked_to(office: Office) -> None:
    office.link(office.deal, office.tender)

    for ref in (office.client, office.deal, office.tender):
        assert office.noted(ref) == [office.meeting.id]
    tabs = office.base.links.tabs(office.base.catalogue["deal"], office.deal.id)
    counts = {(t.link.entity.key, t.link.field.key): t.count for t in tabs}
    assert counts["activity_link", "record"] == 1


def test_what_is_still_to_be_done_stands_on_top_there_too(office: Office) -> None:
    office.link(office.deal)
    office.base.records.update("activity", office.meeting.id, {"state": "planned"})

    page = office.base.timeline.page(office.base.catalogue["deal"], office.deal.id)

    assert [one.ref for one in page.on_top] == [office.meeting]


def test_the_same_record_twice_is_refused_and_changes_nothing(office: Office) -> None:
    office.link(office.deal)

    for one in (office.deal, office.client):
        with pytest.raises(InvalidInput):
            office.link(one)

    assert office.linked() == [office.deal]


def test_it_is_undone_named_and_found_again(office: Office) -> None:
    office.link(office.deal)
    (last,) = office.base.operations.last(1)
    assert last.title.text() == "“Talk” linked to “Windows”"
    ((id_, _ref),) = concerned(office.base, [office.meeting.id])[office.meeting.id].items()

    undone = unlink(office.base, office.meeting.id, id_).operation
    assert office.linked() == [] and undone is not None
    office.base.undo.undo(undone)

    assert office.linked() == [office.deal]
    with pytest.raises(NotFound):
        unlink(office.base, office.meeting.id, 1)


def test_it_goes_with_either_record_and_comes_back_with_it(office: Office) -> None:
    office.link(office.deal, office.tender)

    gone = office.base.records.delete("deal", [office.deal.id]).operation
    assert office.linked() == [office.tender] and gone is not None
    office.base.undo.undo(gone)

    assert set(office.linked()) == {office.deal, office.tender}


def test_one_date_of_a_series_keeps_the_links(office: Office) -> None:
    office.link(office.deal)
    values = {"state": "planned", "rule": "FREQ=WEEKLY;COUNT=3"}
    office.base.records.update("activity", office.meeting.id, values)

    later = {"starts": NOON + timedelta(days=8)}
    writes = edit_writes(office.base, office.meeting.id, NOON + timedelta(days=7), later, THIS)
    office.base.records.apply(writes)

    (made,) = (id_ for id_ in office.noted(office.deal) if id_ != office.meeting.id)
    assert office.linked(made) == [office.deal]


def test_a_copy_in_the_planner_keeps_the_links(office: Office) -> None:
    office.link(office.deal, office.tender)
    anna = office.make("staff", name="Anna")
    office.base.records.update("activity", office.meeting.id, {"author": anna.id})
    planner = Planner(office.base)
    bar = planner.bar_of(office.meeting.id)

    outcome = planner.copy([Move(bar, bar.starts + 86_400, bar.ends + 86_400, bar.row)])

    (copy,) = set(office.noted(office.deal)) - {office.meeting.id}
    assert outcome.operation and office.linked(copy) == [office.deal, office.tender]


def test_what_a_lead_becomes_is_linked_in_its_place(office: Office) -> None:
    lead = office.make("lead", name="Asks", company="Nova", phone="+7 495 000-00-01")
    office.link(lead)

    office.base.leads.convert(lead.id)

    (now,) = office.linked()
    assert now.entity != "lead" and office.noted(now) == [office.meeting.id]


def test_others_do_not_learn_of_a_closed_meeting_by_its_links(office: Office) -> None:
    office.link(office.deal)
    ann, bob = office.make("staff", name="Ann"), office.make("staff", name="Bob")
    values = {"author": ann.id, "private": "closed"}
    office.base.records.update("activity", office.meeting.id, values)

    office.base.work_as(bob.id)

    assert office.noted(office.deal) == []
    assert office.base.links.tabs(office.base.catalogue["deal"], office.deal.id)
