"""A story unlike that of the windows: a wholesaler of feed far in the east of Moscow, Tuesday to
Saturday, leads that join before they become deals, VAT of 10 %, of 20 % on top and none, stages
passed over by the head alone, losses, a win by another hand. All numbers were reckoned by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.errors import StageRefused
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query
from crm_desktop.services.activities.next_steps import Said, log_call
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.question import FunnelQuestion
from crm_desktop.services.intake.text import read_text
from crm_desktop.services.leads.arrival import FURTHER, KNOWN, NEW
from crm_desktop.services.reminders.escalation import tell_heads
from crm_desktop.services.sales_figures.asking import CURRENCY
from crm_desktop.services.sales_figures.channels import channel_table
from crm_desktop.services.sales_figures.forecast import forecast
from crm_desktop.services.sales_figures.managers import manager_table
from tests.bases import ready_base
from tests.database.deal_world import DealWorld

EAST = timedelta(hours=5)
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
HOURS = "10:00-14:00 14:30-19:00"
WEEK = ("tuesday", "wednesday", "thursday", "friday", "saturday")
STAGES: Mapping[str, Mapping[str, Any]] = {
    "New": {"probability": 10},
    "Sample": {"probability": 30, "skip": "head"},
    "Contract": {"probability": 60, "back": "none", "to_enter": "expected"},
    "Shipped": {"outcome": "won"},
    "Refused": {"outcome": "lost"},
}
ZARYA = (
    '{"name": "Zarya Farm", "phone": "8 343 222-33-44", "text": "twenty sacks", "source": "Fair"}'
)
CHAT = "And five sacks of bran, please. +7 (343) 222-33-44"
LINES = (
    ("Feed", "7", "1234.50", "3", "10", True),
    ("Delivery", "1", "1500", None, None, False),
    ("Advice", "3", "333.33", None, "20", False),
    ("Salt", "0.125", "99.99", None, "10", False),
)
RECKONED = [
    ("8382.26", "762.02"), ("1500.00", "None"), ("999.99", "200.00"), ("12.50", "1.25"),
]  # fmt: skip


def at(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    """A moment of 2026 on the clock of the wholesaler."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - EAST


class Farm(DealWorld):
    """The wholesaler's June."""

    intake: int
    folder: Path

    def found(self, folder: Path) -> None:
        """People, calendar, pipeline, queue, folder and the rule of the first call."""
        (company,) = self.base.lists.open(Query("working_calendar")).ids()
        days = dict.fromkeys(("monday", "sunday")) | dict.fromkeys(WEEK, HOURS)
        zone = {"zone": "Asia/Yekaterinburg", "country": "-"}
        self.base.records.update("working_calendar", company, {**zone, **days})
        galina = self.make("staff", name="Galina", job_title="Director")
        self.people = {"Galina": galina} | {
            name: self.make("staff", name=name, head=galina) for name in ("Timur", "Zoya")
        }
        self.pipeline = self.make("pipeline", name="Feed")
        for place, (name, values) in enumerate(STAGES.items()):
            given = {"pipeline": self.pipeline, "position": place, **values}
            self.stages[name] = self.make("stage", name=name, **given)
        queue = self.make("queue", name="Sales", way="least")
        for name in ("Timur", "Zoya"):
            self.make("queue_member", queue=queue, staff=self.people[name])
        self.folder = folder
        self.intake = self.make("intake", name="Fair", folder=str(folder), queue=queue)
        self.make("automation", name="Call", event="made", of="Lead", kind="call", minutes=30,
                  subject="Call {name}", escalates=True)  # fmt: skip
        self.fair, self.site = (self.book("source", name) for name in ("Fair", "Our page"))
        self.dear, self.slow = (self.book("loss_reason", name) for name in ("Dear", "Slow"))
        self.clock.moment = at(29, 12, month=5)
        self.old = self.deal(name="Old", responsible=self.people["Timur"], amount=70,
                             expected=date(2026, 5, 30))  # fmt: skip
        self.zarya = self.make("client", name="Zarya Ltd")

    def book(self, name: str, value: str) -> int:
        """A value of a reference book, there or new."""
        found = self.base.titles.find("reference", value, name)
        return found[0] if found else self.make("reference", name=value, book=name)

    def drop(self, name: str, text: str) -> Any:
        """A file lies in the folder and is taken in."""
        (self.folder / name).write_text(text, encoding="utf-8")
        (taken,) = self.base.intake.take(self.folder)
        (arrived,) = taken.arrived
        return arrived

    def as_(self, name: str) -> None:
        """Somebody works here from now on."""
        self.base.work_as(self.people[name])

    # --- from the lead to the deal ----------------------------------------------------------------

    def leads_join(self) -> int:
        self.clock.moment = at(13, 18, 50)  # Saturday, ten minutes before the end
        first = self.drop("order.json", ZARYA)
        again = self.drop("same.json", ZARYA)
        assert (first.what, first.deal, again.what, again.lead) == (NEW, None, KNOWN, first.lead)
        self.clock.moment = at(13, 18, 55)
        chat = self.base.leads.take_in(read_text(CHAT, now=self.clock.local()))
        assert (chat.what, chat.lead) == (FURTHER, first.lead)
        lead = self.of(first.lead, "lead")
        assert (lead["responsible"], lead["source"]) == (self.people["Zoya"], self.fair)
        assert len(self.linked("enquiry", "lead", first.lead)) == 2
        (task,) = self.linked("activity", "about", first.lead)
        assert task["due"] == at(16, 10, 20)  # Tuesday: ten minutes are gone, Monday is free
        return int(first.lead)

    def the_first_call(self, lead: int) -> None:
        self.clock.moment = at(16, 10, 19)
        assert tell_heads(self.base) == 0
        self.clock.moment = at(16, 10, 20)
        assert tell_heads(self.base) == 1
        (told,) = self.base.reminders.look(self.people["Galina"], "desk").fresh
        assert (told.subject, told.who) == ("Call Zarya Farm", self.people["Zoya"])
        self.clock.moment = at(16, 10, 40)
        self.as_("Zoya")
        log_call(self.base, Ref("lead", lead), Said(note="wants a sample"))
        values = self.of(lead, "lead")
        assert (values["response"], values["state"]) == (50, "working")

    def it_becomes_a_deal(self, lead: int) -> int:
        self.clock.moment = at(16, 10, 45)
        convert = self.base.leads.convert
        made = convert(lead, client=self.zarya, pipeline=self.pipeline)
        self.base.undo.undo(made.operation)
        assert self.base.lists.count(Query("deal")) == 1
        assert self.of(lead, "lead")["state"] == "working"
        made = convert(lead, client=self.zarya, pipeline=self.pipeline)
        assert made.deal is not None
        deal = self.of(made.deal)
        assert (deal["client"], deal["source"], deal["lead"]) == (self.zarya, self.fair, lead)
        assert deal["responsible"] == self.people["Zoya"]
        assert self.of(self.zarya, "client")["phone"] == "+73432223344"
        said = [one["body"] for one in self.linked("activity", "about", made.deal)]
        assert "wants a sample" in said
        return made.deal

    def another_lead_joins_the_deal(self, deal: int) -> None:
        self.clock.moment = at(19, 11)
        other = self.drop("boss.txt", "Boss Zaryan, boss@zarya.example, when is it shipped?")
        assert other.what == NEW
        assert self.of(other.lead, "lead")["responsible"] == self.people["Zoya"]
        made = self.base.leads.convert(other.lead, deal=deal)
        assert (made.client, made.deal) == (self.zarya, deal)
        assert self.of(self.zarya, "client")["email"] == "boss@zarya.example"
        assert self.base.lists.count(Query("deal")) == 2

    # --- the way ----------------------------------------------------------------------------------

    def forth_and_back(self, deal: int) -> None:
        self.clock.moment = at(17, 14, 15)
        self.move(deal, "Sample")
        self.clock.moment = at(18, 11)
        self.base.records.update("deal", deal, {"responsible": self.people["Timur"]})
        self.clock.moment = at(19, 10, 30)
        self.as_("Timur")
        self.move(deal, "New")
        self.another_lead_joins_the_deal(deal)
        self.clock.moment = at(19, 12)
        with pytest.raises(StageRefused):  # the head alone passes over a sample
            self.move(deal, "Contract", expected=date(2026, 6, 25))
        self.as_("Galina")
        with pytest.raises(StageRefused) as refused:
            self.move(deal, "Contract")
        assert refused.value.field == "expected"
        self.move(deal, "Contract", expected=date(2026, 6, 25))
        with pytest.raises(StageRefused):
            self.move(deal, "New")
        self.enter_the_lines(deal)
        self.clock.moment = at(20, 15)
        self.as_("Timur")
        self.move(deal, "Shipped")
        zoya, timur = self.people["Zoya"], self.people["Timur"]
        way = [(one.name, one.minutes, one.responsible) for one in self.base.pipelines.way(deal)]
        assert way == [
            ("New", 705, zoya), ("Sample", 810, zoya), ("New", 90, timur),
            ("Contract", 660, timur), ("Shipped", 0, timur),
        ]  # fmt: skip

    def enter_the_lines(self, deal: int) -> None:
        for name, quantity, price, discount, rate, included in LINES:
            self.make(
                "deal_line", name=name, deal=deal, quantity=Decimal(quantity),
                price=Decimal(price), discount=discount and Decimal(discount),
                vat_rate=rate and Decimal(rate), vat_included=included,
            )  # fmt: skip
        lines = self.linked("deal_line", "deal", deal)
        assert [(str(one["total"]), str(one["vat"])) for one in lines] == RECKONED
        assert str(self.of(deal)["amount"]) == "11096.00"

    def others_come_and_go(self) -> dict[str, int]:
        """Seven more, each by another way."""
        self.as_("Galina")
        self.clock.moment = at(23, 12)
        zoya, timur, made = self.people["Zoya"], self.people["Timur"], dict[str, int]()
        for name, who, source, amount in (
            ("won", zoya, self.site, "5000"), ("dear", zoya, self.fair, "1000.50"),
            ("sampled", timur, self.site, "2000"), ("slow", timur, None, "300.25"),
            ("open", zoya, self.site, "1000"), ("signed", timur, self.site, "333.33"),
            ("fresh", zoya, None, None),
        ):  # fmt: skip
            made[name] = self.deal(name=name, responsible=who, source=source,
                                   amount=amount and Decimal(amount))  # fmt: skip
        self.clock.moment = at(24, 12)
        july = date(2026, 7, 10)
        for name in ("won", "sampled", "open"):
            self.move(made[name], "Sample")
        for name in ("won", "slow", "signed"):
            self.move(made[name], "Contract", expected=july.replace(day=31))
        self.base.records.update("deal", made["open"], {"expected": july})
        self.lose(made["dear"], self.dear)
        self.lose(made["sampled"], self.dear)
        self.lose(made["slow"], self.slow)
        self.as_("Timur")
        self.move(made["won"], "Shipped")  # Zoya's, by another hand
        return made

    def lose(self, deal: int, reason: int) -> None:
        with pytest.raises(StageRefused):
            self.move(deal, "Refused", loss_comment="no money")
        self.move(deal, "Refused", loss_reason=reason, loss_comment="no money")

    # --- the figures ------------------------------------------------------------------------------

    def figure(self, by: str = "", *, closing: bool = False) -> Any:
        """The funnel of June."""
        return self.base.funnels.figure(FunnelQuestion(self.pipeline, JUNE, closing, by))

    def rows(self, query: Query) -> int:
        """How many records a number opens."""
        return len(list(self.base.lists.open(query).ids()))


@pytest.fixture
def farm(base_url: str, tmp_path: Path) -> Iterator[Farm]:
    clock = MovedClock(at(29, 12, month=5))
    made = Farm(ready_base(base_url, clock=clock), clock, 0, {})
    folder = tmp_path / "fair"
    folder.mkdir()
    made.base.set_info(CURRENCY, "rub")
    made.found(folder)
    yield made
    made.base.close()


def test_another_trade_plays_by_its_own_numbers(farm: Farm) -> None:
    lead = farm.leads_join()
    farm.the_first_call(lead)
    deal = farm.it_becomes_a_deal(lead)
    farm.forth_and_back(deal)
    made = farm.others_come_and_go()
    check_funnel(farm, deal)
    check_groups(farm)
    check_managers(farm)
    check_channels(farm)
    check_forecast(farm, made)


def check_funnel(farm: Farm, deal: int) -> None:
    figure = farm.figure()
    assert [line.count for line in figure.lines] == [8, 6, 4, 2]
    assert [str(line.share) for line in figure.lines[1:]] == ["75.0", "66.7", "50.0"]
    assert [farm.rows(line.query) for line in figure.lines] == [8, 6, 4, 2]
    assert (str(figure.total), figure.returned) == ("25.0", 1)
    assert list(farm.base.lists.open(figure.returned_query).ids()) == [deal]
    losses = [(one.name, one.count, str(one.sums["RUB"])) for one in figure.losses]
    assert losses == [("Dear", 2, "3000.50"), ("Slow", 1, "300.25")]
    assert [farm.rows(one.query) for one in figure.losses] == [2, 1]
    assert figure.previous.counts == (1, 0, 0, 0)
    closed = farm.figure(closing=True)
    assert [line.count for line in closed.lines] == [5, 4, 3, 2]
    assert str(closed.total) == "40.0"


def check_groups(farm: Farm) -> None:
    by_source = {one.name: (one.counts, str(one.total)) for one in farm.figure("source").groups}
    assert by_source == {
        "Our page": ((4, 4, 2, 1), "25.0"), "Fair": ((2, 1, 1, 1), "50.0"),
        "No source given": ((2, 1, 1, 0), "0.0"),
    }  # fmt: skip
    groups = farm.figure("manager").groups
    assert {one.name: one.counts for one in groups} == {
        "Zoya": (5, 3, 1, 1), "Timur": (4, 4, 3, 1),
    }  # fmt: skip
    for one in groups:
        assert tuple(farm.rows(query) for query in one.queries) == one.counts


def check_managers(farm: Farm) -> None:
    lines = {one.name: one for one in manager_table(farm.base, JUNE)}
    zoya, timur = lines["Zoya"], lines["Timur"]
    assert (zoya.leads.count, zoya.response, zoya.calls.count, zoya.overdue.count) == (2, 50, 1, 2)
    assert (zoya.won.count, zoya.sums) == (1, {"RUB": Decimal("5000.00")})
    assert (timur.leads.count, timur.response, timur.won.count) == (0, None, 1)
    assert timur.sums == {"RUB": Decimal("11096.00")}
    for one in (zoya.leads, zoya.calls, zoya.overdue, zoya.won, timur.won):
        assert farm.rows(one.query) == one.count


def check_channels(farm: Farm) -> None:
    farm.make("channel_cost", name="Stand", source=farm.fair, amount=Decimal(3000),
              since=date(2026, 5, 16), until=date(2026, 6, 14))  # fmt: skip
    lines = {one.name: one for one in channel_table(farm.base, JUNE)}
    fair, page, none = (lines[name] for name in ("Fair", "Our page", "No source given"))
    assert (fair.leads, fair.won, fair.sums) == (1, 1, {"RUB": Decimal("11096.00")})
    assert (str(fair.cost), str(fair.cost_each), str(fair.gain)) == ("1400.00", "1400.00", "692.6")
    assert (page.leads, page.won, page.cost_each, page.gain) == (0, 1, None, None)
    assert (none.leads, none.won) == (1, 0)


def check_forecast(farm: Farm, made: Mapping[str, int]) -> None:
    lines = {(one.month, one.late): one for one in forecast(farm.base).lines}
    july, late, none = (lines[key] for key in ((date(2026, 7, 1), False), (None, True),
                                               (None, False)))  # fmt: skip
    assert (july.count, july.sums["RUB"], july.weighted["RUB"]) == (
        2, Decimal("1333.33"), Decimal("500.00"),
    )  # fmt: skip
    assert (late.count, late.weighted["RUB"]) == (1, Decimal("7.00"))
    assert (none.count, none.sums) == (1, {})
    (fresh,) = farm.base.lists.open(none.query).ids()
    assert fresh == made["fresh"]
    assert farm.base.lists.count(Query("deal", where=Condition("state", "eq", "open"))) == 4
