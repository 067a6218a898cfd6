"""What is noted and planned about a deal stands on the card of its client, too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


class Office:
    """A client with one deal."""

    def __init__(self, address: str) -> None:
        self.base: Workspace = ready_base(address, language="en", clock=MovedClock(NOON))
        self.client = self.base.records.create("client", {"name": "Vector"}).ids[0]
        deal = {"name": "Windows", "client": self.client}
        self.deal = self.base.records.create("deal", deal).ids[0]

    def note(self, **values: Any) -> int:
        about = {"about": Ref("deal", self.deal), "kind": "call", "subject": "Call", **values}
        return self.base.records.create("activity", about).ids[0]

    def of_client(self, key: str) -> Any:
        row = self.base.reader.get("client", self.client)
        assert row is not None
        return row.values[key]


@pytest.fixture
def office(base_url: str) -> Iterator[Office]:
    made = Office(base_url)
    yield made
    made.base.close()


def test_a_call_about_a_deal_is_on_the_timeline_of_the_client(office: Office) -> None:
    call = office.note(moment=NOON - timedelta(hours=1), state="done")

    page = office.base.timeline.page(office.base.catalogue["client"], office.client)

    noted = [one for one in page.found if one.source == "noted"]
    assert [(one.ref.id, one.owner) for one in noted] == [(call, Ref("deal", office.deal))]


def test_what_is_planned_with_a_deal_is_the_next_step_of_the_client(office: Office) -> None:
    due = NOON + timedelta(days=1)
    step = office.note(due=due, state="planned", subject="Send the offer")
    assert office.of_client("next_step_at") == due
    assert office.of_client("next_step") == "Send the offer"

    office.base.records.update("activity", step, {"state": "done"})

    assert office.of_client("next_step_at") is None
    assert office.of_client("last_contact") is not None
    assert check_base(office.base).problems == []
