"""States of leads that are set by hand: a rejection says why, converted is what was converted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.services.writing.staging import Update
from tests.database.sales_office import Office
from tests.import_desk import bring_in


@pytest.fixture
def office(base_url: str) -> Iterator[Office]:
    made = Office(base_url)
    yield made
    made.base.close()


def test_a_new_lead_is_not_rejected_without_a_reason(office: Office) -> None:
    with pytest.raises(InvalidInput) as refused:
        office.add("lead", name="Petrov", state="rejected")
    assert (refused.value.field, office.ids("lead")) == ("reject_reason", [])


def test_converted_is_never_set_by_hand(office: Office) -> None:
    client = office.add("client", name="Petrov")
    lead = office.add("lead", name="Petrov", client=client)
    with pytest.raises(InvalidInput, match="Convert the lead") as refused:
        office.base.records.update("lead", lead, {"state": "converted"})
    assert refused.value.field == "state"
    with pytest.raises(InvalidInput, match="Convert the lead"):
        office.add("lead", name="Olga", state="converted", client=client)
    assert office.base.leads.convert(lead).client == client
    assert office.row("lead", lead)["state"] == "converted"


def test_a_change_of_many_converts_nothing_either(office: Office) -> None:
    client = office.add("client", name="Petrov")
    lead = office.add("lead", name="Petrov", client=client)
    operation = office.base.operations.start(
        office.base.operations.last(1)[0].title, office.clock.now(), "bulk"
    )
    with pytest.raises(InvalidInput, match="Convert the lead"):
        office.base.records.apply(
            [Update("lead", lead, {"state": "converted"})], operation=operation
        )


def test_decided_leads_of_a_file_come_as_they_are(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text("Name,State\nOlga,Rejected\nSergey,Converted\n", encoding="utf-8")
    result = bring_in(office.base, file, "lead")
    assert (result.created, result.rejected) == (2, 0)
    states = sorted(office.row("lead", one)["state"] for one in office.ids("lead"))
    assert states == ["converted", "rejected"]
