"""The story of issue 5, section 3: an enquiry of a window installer from the intake folder to the
payment, on both back ends and by a moved clock. Another story is another `Story`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.errors import StageRefused
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.files.files import Files
from crm_desktop.services.files.sources import FileSource
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.question import FunnelQuestion
from crm_desktop.services.planner.double_booking import typed_clashes
from crm_desktop.services.planner.service import Planner
from crm_desktop.services.reminders.escalation import tell_heads
from crm_desktop.services.sales_figures.service import Funnels
from crm_desktop.services.writing.staging import Create
from tests.database.deal_world import MONDAY, deal_world, own_field

MEASURE = datetime(2026, 3, 3, 8, tzinfo=UTC)  # Tue 11:00 in Moscow


@dataclass(frozen=True)
class Story:
    """The numbers of one story: the enquiry, how soon it is called, lines as (name, quantity,
    price, discount, total, VAT), their sums, how many deals come how far, how many return."""

    enquiry: str
    client: str
    phone: str
    minutes: int
    lines: tuple[tuple[str, str, str, str, str, str], ...]
    amount: str
    vat: str
    reached: tuple[int, ...]
    total: str
    returned: int = 2
    remind: int = 5
    approval: int = 120


WINDOWS = Story(
    "Sergey Petrov, 8 (916) 555-12-34, two windows, source: site", "Sergey Petrov", "+79165551234",
    15,
    (("Window", "2", "18500", "5", "35150.00", "5858.33"),
     ("Sill", "2", "2150", "5", "4085.00", "680.83"),
     ("Installation", "2", "4200", "0", "8400.00", "1400.00")),
    "47635.00", "7939.16", (33, 30, 26, 20, 18), "54.5",
)  # fmt: skip
DOORS = Story(
    "Olga Orlova, 8 (921) 555-77-01, one door, source: site", "Olga Orlova", "+79215557701", 30,
    (("Door", "1", "33333.33", "0", "33333.33", "5555.56"),
     ("Handle", "3", "999.99", "10", "2699.97", "450.00")),
    "36033.30", "6005.56", (12, 9, 7, 4, 3), "25.0", returned=1, remind=10, approval=60,
)  # fmt: skip
STORIES = pytest.mark.parametrize("story", [WINDOWS, DOORS], ids=["windows", "doors"])
REACHED = ("First call", "Measurement", "Approval", "Payment", "Done")


class Office:
    """The installer's base with rules, queue and intake folder, and what people do in it."""

    def __init__(self, address: str, folder: Path) -> None:
        self.world = deal_world(
            address,
            Measurement={"to_enter": "client.address"}, Approval={"to_enter": "files"},
        )  # fmt: skip
        self.base, self.clock, self.people = self.world.base, self.world.clock, self.world.people
        self.folder = folder / "intake"
        self.folder.mkdir()
        self.at = own_field(self.world, "datetime", "Measured at")
        needs = {"to_enter": "client.address, Measured at"}
        self.base.records.update("stage", self.world.stages["Measurement"], needs)
        queue = self.world.make("queue", name="Managers", way="turn")
        for place, name in enumerate(("Anna", "Boris"), start=1):
            values = {"queue": queue, "staff": self.people[name], "position": place}
            self.world.make("queue_member", **values)
        self.base.records.update("pipeline", self.world.pipeline, {"queue": queue})
        self.world.make("intake", name="Site", folder=str(self.folder), channel="site",
                        pipeline=self.world.pipeline)  # fmt: skip

    def settle(self, story: Story) -> None:
        """The rules of the pipeline."""
        make, stages = self.world.make, self.world.stages
        make(
            "automation",
            name="Call",
            stage=stages["First call"],
            kind="call",
            remind=story.remind,
            subject="Call {client}",
            body="{phone}",
            minutes=story.minutes,
            escalates=True,
        )
        make("automation", name="Measure", stage=stages["Measurement"], kind="visit", whom="job",
             job="Measurer", at="Measured at", length=60, place="Address",
             subject="Measure: {client}", body="{phone}; {wishes}")  # fmt: skip
        make("automation", name="Approve", stage=stages["Approval"], minutes=story.approval,
             subject="Agree the offer with {client}")  # fmt: skip

    def arrives(self, text: str, name: str = "order.txt") -> int:
        """An enquiry lies in the folder and is taken in; the deal."""
        (self.folder / name).write_text(text, encoding="utf-8")
        (taken,) = self.base.intake.take(self.folder)
        (arrived,) = taken.arrived
        assert arrived.deal is not None
        return arrived.deal

    def tasks(self, deal: int) -> dict[int, dict[str, Any]]:
        """What is planned for a deal, by number."""
        rows = self.base.reader.linked("activity", "about", [deal])
        return {id_: row.values for id_, row in sorted(rows.items())
                if row.values["state"] == "planned"}  # fmt: skip


@pytest.fixture
def office(base_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(base_url, tmp_path)
    yield made
    made.base.close()


@STORIES
def test_an_enquiry_becomes_a_deal_with_a_task_in_time(office: Office, story: Story) -> None:
    office.settle(story)
    deal = office.arrives(story.enquiry)
    values = office.world.of(deal)
    client = office.world.of(values["client"], "client")
    assert (client["name"], client["phone"]) == (story.client, story.phone)
    assert values["stage"] == office.world.stages["First call"]
    assert values["responsible"] == office.people["Anna"]
    ((task, planned),) = office.tasks(deal).items()
    assert planned["due"] == MONDAY + timedelta(minutes=story.minutes)
    (reminder,) = office.world.linked("reminder", "activity", task)
    assert reminder["due"] == planned["due"] - timedelta(minutes=story.remind)
    assert planned["subject"] == f"Call {story.client}"


@STORIES
def test_a_missed_call_is_told_to_the_head_once(office: Office, story: Story) -> None:
    office.settle(story)
    deal = office.arrives(story.enquiry)
    (task,) = office.tasks(deal)
    office.clock.move(minutes=story.minutes)
    assert tell_heads(office.base) == 1
    (told,) = office.base.reminders.look(office.people["Kirill"], "here").fresh
    assert (told.event.id, told.who, told.level) == (task, office.people["Anna"], 0)
    assert tell_heads(office.base) == 0
    assert office.base.reminders.look(office.people["Kirill"], "here").fresh == ()


def measured(office: Office, story: Story) -> int:
    """A deal whose measurement is agreed."""
    deal = office.arrives(story.enquiry)
    given = {"client.address": "Lenina 5-12", office.at: MEASURE}
    office.world.move(deal, "Measurement", **given)
    return deal


@STORIES
def test_measuring_asks_for_address_and_time_and_books_the_measurer(
    office: Office, story: Story
) -> None:
    office.settle(story)
    deal = office.arrives(story.enquiry)
    client = office.world.of(deal)["client"]
    office.world.make("wish", text="Wear overshoes", owner=Ref("client", client))
    office.clock.move(minutes=30)
    with pytest.raises(StageRefused, match="Address") as refused:
        office.world.move(deal, "Measurement")
    assert refused.value.field == "client.address"
    with pytest.raises(StageRefused, match="Measured at"):
        office.world.move(deal, "Measurement", **{"client.address": "Lenina 5-12"})
    office.world.move(deal, "Measurement", **{"client.address": "Lenina 5-12", office.at: MEASURE})
    visit = [one for one in office.tasks(deal).values() if one["kind"] == "visit"][0]
    assert (visit["author"], visit["place"]) == (office.people["Marat"], "Lenina 5-12")
    assert (visit["starts"], visit["ends"]) == (MEASURE, MEASURE + timedelta(hours=1))
    assert "Wear overshoes" in visit["body"] and story.phone[-2:] in visit["body"]


@STORIES
def test_a_second_booking_of_the_measurer_is_said_before_saving(
    office: Office, story: Story
) -> None:
    office.settle(story)
    measured(office, story)
    starts = MEASURE + timedelta(minutes=30)
    wanted = {"subject": "Another one", "kind": "visit", "state": "planned", "starts": starts,
              "ends": starts + timedelta(hours=1), "author": office.people["Marat"]}  # fmt: skip
    said = typed_clashes(Planner(office.base), 0, wanted)
    assert f"Measure: {story.client}" in said
    free = {**wanted, "starts": MEASURE + timedelta(hours=3), "ends": MEASURE + timedelta(hours=4)}
    assert typed_clashes(Planner(office.base), 0, free) == ""


@STORIES
def test_approval_asks_for_the_sheet_and_gives_working_time(office: Office, story: Story) -> None:
    office.settle(story)
    deal = measured(office, story)
    office.clock.moment = datetime(2026, 3, 3, 9, 20, tzinfo=UTC)  # 12:20
    with pytest.raises(StageRefused) as refused:
        office.world.move(deal, "Approval")
    assert refused.value.field == "files"
    Files(office.base).add(Ref("deal", deal), [FileSource("sheet.txt", content=b"1200 x 1400")])
    office.world.move(deal, "Approval")
    task = list(office.tasks(deal).values())[-1]
    assert task["author"] == office.people["Anna"]
    lunch = timedelta(hours=1)
    assert task["due"] == office.clock.now() + timedelta(minutes=story.approval) + lunch


@STORIES
def test_lines_are_reckoned_to_the_kopeck(office: Office, story: Story) -> None:
    deal = office.arrives(story.enquiry)
    for name, quantity, price, discount, _total, _vat in story.lines:
        office.world.make(
            "deal_line", name=name, deal=deal, quantity=Decimal(quantity), price=Decimal(price),
            discount=Decimal(discount), vat_rate=Decimal(20), vat_included=True,
        )  # fmt: skip
    lines = office.world.linked("deal_line", "deal", deal)
    assert [(one["total"], one["vat"]) for one in lines] == [
        (Decimal(one[4]), Decimal(one[5])) for one in story.lines
    ]
    assert office.world.of(deal)["amount"] == Decimal(story.amount)
    assert sum(one["vat"] for one in lines) == Decimal(story.vat)


@STORIES
def test_the_funnel_of_march_counts_who_came_how_far(office: Office, story: Story) -> None:
    world, count = office.world, story.reached[0]
    for stage in ("Measurement", "Approval"):
        office.base.records.update("stage", world.stages[stage], {"to_enter": None})
    made = [Create("deal", {"name": f"Enquiry {n}", "pipeline": world.pipeline})
            for n in range(count)]  # fmt: skip
    deals = office.base.records.apply(made).ids
    move = office.base.pipelines.move
    for place, (stage, reach) in enumerate(zip(REACHED[1:], story.reached[1:], strict=True)):
        office.clock.move(days=1)
        going = deals[:reach] if place else deals[1:reach]  # the first one passes over measuring
        move(going, world.stages[stage])
        if stage == "Approval":
            move(deals[1 : 1 + story.returned], world.stages["Measurement"])
            move(deals[1 : 1 + story.returned], world.stages["Approval"])
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    figure = Funnels(office.base).figure(FunnelQuestion(world.pipeline, march, False, ""))
    counts = {line.step.name: line.count for line in figure.lines}
    assert tuple(counts[stage] for stage in REACHED) == story.reached
    assert (str(figure.total), figure.returned) == (story.total, story.returned)


def test_an_enquiry_late_on_friday_is_due_on_monday(office: Office) -> None:
    office.settle(WINDOWS)
    office.clock.moment = datetime(2026, 3, 6, 14, 55, tzinfo=UTC)  # 17:55
    (task,) = office.tasks(office.arrives(WINDOWS.enquiry)).values()
    assert task["due"] == datetime(2026, 3, 9, 6, 10, tzinfo=UTC)


def test_the_same_telephone_opens_the_same_client_with_a_further_deal(office: Office) -> None:
    first = office.arrives(WINDOWS.enquiry)
    second = office.arrives("Petrov, 916-555-1234, a third window, source: site", "again.txt")
    assert first != second
    assert office.world.of(first)["client"] == office.world.of(second)["client"]


def away(office: Office, *names: str) -> None:
    for name in names:
        leave = {"subject": "Leave", "kind": "leave", "state": "planned", "all_day": True,
                 "author": office.people[name], "starts": MONDAY - timedelta(days=3),
                 "ends": MONDAY + timedelta(days=7)}  # fmt: skip
        office.world.make("activity", **leave)


def test_whoever_is_on_leave_is_passed_over(office: Office) -> None:
    away(office, "Anna")
    deal = office.arrives(WINDOWS.enquiry)
    assert office.world.of(deal)["responsible"] == office.people["Boris"]


def test_with_everybody_away_it_falls_to_the_director_with_a_note(office: Office) -> None:
    away(office, "Anna", "Boris")
    deal = office.arrives(WINDOWS.enquiry)
    assert office.world.of(deal)["responsible"] == office.people["Kirill"]
    said = [one["subject"] for one in office.world.linked("activity", "about", deal)]
    assert any("Managers" in one for one in said)
