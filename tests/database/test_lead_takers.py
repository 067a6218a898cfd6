"""Leads taken on and first responses stay with whoever was responsible then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.sales_figures.managers import ManagerLine, manager_table
from tests.database.sales_office import Office

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def office(base_url: str) -> Iterator[Office]:
    made = Office(base_url)
    made.base.work_as(made.anna)
    yield made
    made.base.close()


def line(office: Office, name: str) -> ManagerLine | None:
    found = [one for one in manager_table(office.base, MARCH) if one.name == name]
    for one in found:
        for number in (one.leads, one.calls):
            assert office.base.lists.count(number.query) == number.count
    return found[0] if found else None


def test_a_lead_taken_on_stays_with_who_took_it(office: Office) -> None:
    lead = office.add("lead", name="Petrov")
    office.base.leads.take_on(lead)
    office.clock.move(minutes=7)
    call = {"kind": "call", "direction": "out", "subject": "Rang", "author": office.anna}
    office.add("activity", about=Ref("lead", lead), **call)
    office.base.records.update("lead", lead, {"responsible": office.boris})
    row = office.row("lead", lead)
    assert (row["taken_by"], row["responded_by"]) == (office.anna, office.anna)
    anna = line(office, "Anna")
    assert anna is not None and (anna.leads.count, anna.response) == (1, 7)
    assert office.base.lists.count(anna.response_query) == 1
    assert line(office, "Boris") is None


def test_the_response_is_whose_the_lead_was(office: Office) -> None:
    lead = office.add("lead", name="Petrov", responsible=office.boris)
    office.clock.move(minutes=20)
    office.add("activity", about=Ref("lead", lead), kind="call", subject="Rang",
               direction="out", author=office.anna)  # fmt: skip
    row = office.row("lead", lead)
    assert (row["taken_by"], row["responded_by"]) == (office.boris, office.boris)
    boris = line(office, "Boris")
    assert boris is not None and (boris.leads.count, boris.response) == (1, 20)


def test_what_was_taken_on_before_is_whose_it_is(office: Office) -> None:
    lead = office.add("lead", name="Petrov", responsible=office.boris)
    office.base.records.update("lead", lead, {"state": "working"})
    table = office.base.tables.main["lead"]
    with office.base.backend.write() as connection:
        connection.execute(table.update().values(taken_by=None))
    boris = line(office, "Boris")
    assert boris is not None and boris.leads.count == 1
