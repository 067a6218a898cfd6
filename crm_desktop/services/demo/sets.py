"""The activity sets of the demo company, and two clients for whom one of them was started.

Made last, so that nothing else of the company changes with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.worktime.arithmetic import WorkTime
from crm_desktop.services.activity_sets.steps import step_writes
from crm_desktop.services.demo.clients import Client
from crm_desktop.services.demo.history import Event
from crm_desktop.services.demo.people import Stage
from crm_desktop.services.writing.staging import Create, Write

AGE = 60.0
"""Days since the sets were thought out."""
STARTED = (-2, 5)
"""Days from now on which the first set hangs, a client each."""


class Step(NamedTuple):
    """`who` is a duty, '' for whoever sells to the client."""

    days: int
    kind: str
    subject: str
    time: str = ""
    minutes: int = 0
    who: str = ""


class StepSet(NamedTuple):
    """A set as the office knows it; `chained`: each step counts from the one before it."""

    name: str
    anchor: str
    steps: tuple[Step, ...]
    chained: bool = False


RUSSIAN = (
    StepSet("Монтаж под ключ", "День монтажа", (
        Step(-5, "task", "Проверить комплектность заказа", who="install"),
        Step(-2, "call", "Подтвердить день и время", "11:00", 15),
        Step(-1, "task", "Собрать инструмент и материалы", who="install"),
        Step(0, "visit", "Монтаж", "09:00", 240, "install"),
        Step(1, "call", "Узнать, всё ли в порядке", "12:00", 15),
        Step(14, "letter", "Попросить отзыв"),
    )),
    StepSet("Знакомство", "День первого разговора", (
        Step(0, "letter", "Отправить каталог и цены"),
        Step(2, "call", "Спросить, что понравилось", "10:00", 15),
        Step(7, "meeting", "Показать образцы", "15:00", 60),
    )),
    StepSet("Рекламация", "День обращения", (
        Step(0, "call", "Выслушать и записать", minutes=15, who="service"),
        Step(1, "visit", "Осмотреть на месте", "10:00", 90, "service"),
        Step(2, "letter", "Ответить письменно", who="service"),
    ), chained=True),
)  # fmt: skip
ENGLISH = (
    StepSet("Turnkey installation", "Day of the installation", (
        Step(-5, "task", "Check that the order is complete", who="install"),
        Step(-2, "call", "Confirm day and time", "11:00", 15),
        Step(-1, "task", "Pack tools and materials", who="install"),
        Step(0, "visit", "Installation", "09:00", 240, "install"),
        Step(1, "call", "Ask whether all is well", "12:00", 15),
        Step(14, "letter", "Ask for a review"),
    )),
    StepSet("First steps with a client", "Day of the first talk", (
        Step(0, "letter", "Send the catalogue and prices"),
        Step(2, "call", "Ask what they liked", "10:00", 15),
        Step(7, "meeting", "Show samples", "15:00", 60),
    )),
    StepSet("Complaint", "Day of the complaint", (
        Step(0, "call", "Listen and write it down", minutes=15, who="service"),
        Step(1, "visit", "Look at it on site", "10:00", 90, "service"),
        Step(2, "letter", "Answer in writing", who="service"),
    ), chained=True),
)  # fmt: skip


class Sets:
    """The sets of one company."""

    def __init__(self, stage: Stage, work: WorkTime) -> None:
        self._stage, self._work = stage, work
        self._sets = RUSSIAN if stage.country.language == "ru" else ENGLISH

    def events(self, known: Sequence[Client]) -> Iterator[Event]:
        """The sets, then what was started."""
        writes: list[Write] = []
        first: dict[int, dict[str, Any]] = {}
        for one in self._sets:
            made, steps = self._made(one)
            writes += made
            first = first or steps
        yield Event(AGE, tuple(writes))
        clients = [c for c in known if c.status == "active" and c.responsible and c.age > AGE]
        for client, days in zip(clients, STARTED, strict=False):
            yield Event(7.0, tuple(self._started(client, first, days)))

    def _made(self, one: StepSet) -> tuple[list[Write], dict[int, dict[str, Any]]]:
        set_, before = self._stage.new_id(), None
        writes: list[Write] = [
            Create("activity_set", {"name": one.name, "anchor": one.anchor}, id=set_)
        ]
        steps: dict[int, dict[str, Any]] = {}
        for place, step in enumerate(one.steps, start=1):
            values = {
                "position": place, "subject": step.subject, "kind": step.kind, "days": step.days,
                "time": step.time or None, "minutes": step.minutes or None, "set": set_,
                "author": self._stage.seat(step.who) if step.who else None,
                "after": before if one.chained else None,
            }  # fmt: skip
            id_ = self._stage.new_id()
            steps[id_] = {key: value for key, value in values.items() if value is not None}
            writes.append(Create("set_step", steps[id_], id=id_))
            before = id_
        return writes, steps

    def _started(
        self, client: Client, steps: Mapping[int, Mapping[str, Any]], days: int
    ) -> Iterator[Create]:
        """What lies before now was done."""
        anchor: date = (self._stage.now + timedelta(days=days)).date()
        for write in step_writes(steps, Ref("client", client.id), anchor, self._work):
            values = {"author": client.responsible, **write.values}
            if values["due"] < self._stage.now:
                values |= {"state": "done", "moment": values["due"]}
            yield Create(write.entity, values, id=self._stage.new_id())
