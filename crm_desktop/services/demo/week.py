"""The time of the demo office: meetings, visits, calls, leave and rooms of three weeks around now.

Made last and by a chance of its own, so that nothing else of the company changes with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.demo.clients import Client
from crm_desktop.services.demo.history import Event
from crm_desktop.services.demo.people import Seat, Stage
from crm_desktop.services.writing.staging import Create, Write

SEED = 24
FIRST_DAY, LAST_DAY = -4, 15
FREE = 0.25  # the share of half-days without anything
_SLOTS = ((9, 12), (13, 17))
_FRIDAY = 4


class Words(NamedTuple):
    """What the office writes into its calendar; by duty: (kind, subject, hours)."""

    resources: tuple[tuple[str, str, int, str], ...]
    work: dict[str, tuple[tuple[str, str, float], ...]]
    weekly: str
    review: str
    leave: str
    undated: tuple[str, ...]
    today: tuple[tuple[str, str, int], ...]
    waiting: tuple[tuple[str, str], ...]
    checklist: tuple[str, ...]


RUSSIAN = Words(
    (("Переговорная «Большая»", "room", 12, "info"), ("Переговорная «Малая»", "room", 4, "info"),
     ("Фургон", "car", 3, "accent"), ("Лазерный уровень", "tool", 1, "warn"),
     ("Монтажная бригада", "crew", 4, "ok")),
    {"sales": (("call", "Обсудить смету", 0.5), ("meeting", "Показать образцы", 1),
               ("meeting", "Согласовать договор", 1), ("visit", "Выезд на объект", 2),
               ("call", "Уточнить сроки поставки", 0.5)),
     "measure": (("visit", "Замер", 1.5), ("visit", "Контрольный замер", 1),
                 ("task", "Подготовить чертежи", 2)),
     "install": (("visit", "Монтаж", 3), ("visit", "Монтаж, второй день", 3)),
     "service": (("visit", "Осмотр по гарантии", 1.5), ("call", "Узнать, всё ли исправно", 0.5)),
     "office": (("task", "Сверить оплаты", 1), ("meeting", "Разобрать отчёт", 1))},
    "Планёрка", "Итоги недели", "Отпуск",
    ("Обновить презентацию", "Собрать отзывы клиентов", "Разобрать старые коммерческие"),
    (("call", "Перезвонить по заявке с сайта", 10), ("task", "Отправить коммерческое", 12),
     ("meeting", "Встреча с поставщиком", 15), ("task", "Проверить оплату счёта", 17)),
    (("task", "Ответ банка по рассрочке"), ("letter", "Согласование от архитектора")),
    ("Подготовить образцы", "Распечатать смету", "Подтвердить пропуск", "Взять рулетку"),
)  # fmt: skip
ENGLISH = Words(
    (("Large meeting room", "room", 12, "info"), ("Small meeting room", "room", 4, "info"),
     ("Van", "car", 3, "accent"), ("Laser level", "tool", 1, "warn"),
     ("Fitting crew", "crew", 4, "ok")),
    {"sales": (("call", "Talk through the estimate", 0.5), ("meeting", "Show samples", 1),
               ("meeting", "Agree on the contract", 1), ("visit", "Visit to the site", 2),
               ("call", "Ask about the delivery dates", 0.5)),
     "measure": (("visit", "Measuring", 1.5), ("visit", "Second measuring", 1),
                 ("task", "Prepare the drawings", 2)),
     "install": (("visit", "Fitting", 3), ("visit", "Fitting, second day", 3)),
     "service": (("visit", "Warranty inspection", 1.5), ("call", "Ask whether all is well", 0.5)),
     "office": (("task", "Check the payments", 1), ("meeting", "Go through the report", 1))},
    "Monday meeting", "Review of the week", "Annual leave",
    ("Renew the presentation", "Collect references", "Go through old offers"),
    (("call", "Call back about the website request", 10), ("task", "Send the offer", 12),
     ("meeting", "Meeting with the supplier", 15), ("task", "Check the payment of the bill", 17)),
    (("task", "The bank’s answer about the loan"), ("letter", "The architect’s approval")),
    ("Prepare the samples", "Print the estimate", "Confirm the pass", "Take the tape measure"),
)  # fmt: skip


class Week:
    """Fills the calendars of everybody who is here."""

    def __init__(self, stage: Stage, clients: Sequence[Client]) -> None:
        self._stage, self._chance = stage, Random(SEED)
        self._words = RUSSIAN if stage.country.language == "ru" else ENGLISH
        self._clients = [c for c in clients if c.status in ("talks", "active", "new")] or clients
        self._seats = [seat for seat in stage.seats if not seat.gone]
        self._resources: dict[str, list[int]] = {}

    def events(self) -> Iterator[Event]:
        """The resources, then all that is planned, written in the last days."""
        yield Event(1.0, tuple(self._bookable()))
        away = self._seats[-2]
        yield Event(0.9, tuple(self._together()))
        yield Event(0.8, tuple(self._leave(away)))
        for number, seat in enumerate(self._seats):
            yield Event(0.7 - number / 100, tuple(self._days(seat, away)))
        seller = next(seat for seat in self._seats if seat.duty == "sales")
        yield Event(0.3, tuple(self._own(seller)))

    # --- parts ------------------------------------------------------------------------------------

    def _bookable(self) -> Iterator[Write]:
        for name, kind, capacity, colour in self._words.resources:
            id_ = self._stage.new_id()
            self._resources.setdefault(kind, []).append(id_)
            yield Create("resource", {"name": name, "kind": kind, "capacity": capacity,
                                      "colour": colour}, id=id_)  # fmt: skip

    def _activity(self, seat: Seat, **values: Any) -> tuple[int, Create]:
        id_ = self._stage.new_id()
        return id_, Create("activity", {"author": seat.id, **values}, id=id_)

    def _at(self, days: int, hour: float) -> datetime:
        day = self._stage.now + timedelta(days=days)
        minutes = round(hour * 60)
        return day.replace(hour=minutes // 60, minute=minutes % 60, second=0, microsecond=0)

    def _joined(self, activity: int, seats: Sequence[Seat]) -> Iterator[Write]:
        answers = ("accepted", "accepted", "accepted", "none", "tentative")
        for seat in seats:
            yield Create("participation", {"activity": activity, "staff": seat.id,
                                           "answer": self._chance.choice(answers)})  # fmt: skip

    def _taken(self, activity: int, kind: str) -> Iterator[Write]:
        yield Create(
            "participation",
            {
                "activity": activity,
                "role": "resource",
                "resource": self._chance.choice(self._resources[kind]),
            },
        )

    def _together(self) -> Iterator[Write]:
        """A meeting every Monday and one every Friday, with everybody, in a room."""
        head, rest = self._seats[0], self._seats[1:]
        for weekday, hour, subject, rule in (
            (0, 9.0, self._words.weekly, "FREQ=WEEKLY;BYDAY=MO"),
            (_FRIDAY, 16.5, self._words.review, "FREQ=WEEKLY;BYDAY=FR"),
        ):
            starts = self._at((weekday - self._stage.now.weekday()) % 7 - 7, hour)
            id_, made = self._activity(
                head, kind="meeting", subject=subject, state="planned", starts=starts,
                ends=starts + timedelta(minutes=30), rule=rule,
            )  # fmt: skip
            yield made
            yield from self._joined(id_, rest)
            yield from self._taken(id_, "room")

    def _leave(self, seat: Seat) -> Iterator[Write]:
        first = self._at(3, 0)
        _id, made = self._activity(
            seat, kind="leave", subject=self._words.leave, state="planned", all_day=True,
            starts=first, ends=first + timedelta(days=7),
        )  # fmt: skip
        yield made

    def _days(self, seat: Seat, away: Seat) -> Iterator[Write]:
        last = 3 if seat is away else LAST_DAY
        for day in range(FIRST_DAY, last):
            if (self._stage.now + timedelta(days=day)).weekday() > _FRIDAY:
                continue
            for begins, ends in _SLOTS:
                if self._chance.random() >= FREE:
                    yield from self._slot(seat, day, begins, ends)

    def _slot(self, seat: Seat, day: int, begins: int, ends: int) -> Iterator[Write]:
        """One or two things of half a day, one after the other."""
        chance, hour = self._chance, begins + self._chance.choice((0, 0.5, 1))
        choices = self._words.work.get(seat.duty, self._words.work["office"])
        for kind, subject, hours in chance.sample(choices, min(2, len(choices))):
            if hour + hours > ends:
                return
            client = chance.choice(self._clients)
            about = None if seat.duty == "office" else Ref("client", client.id)
            starts = self._at(day, hour)
            past = starts < self._stage.now
            id_, made = self._activity(
                seat, kind=kind, subject=subject, about=about, starts=starts,
                ends=starts + timedelta(hours=hours), state="done" if past else "planned",
                place=client.street if kind == "visit" else None,
            )  # fmt: skip
            yield made
            yield from self._needs(id_, seat, kind)
            hour += hours + chance.choice((0, 0.5))

    def _needs(self, activity: int, seat: Seat, kind: str) -> Iterator[Write]:
        if kind == "meeting":
            yield from self._taken(activity, "room")
        elif kind == "visit":
            crew = seat.duty == "install"
            yield from self._taken(activity, "crew" if crew else "car")
            if crew or seat.duty != "measure":
                return
            yield from self._taken(activity, "tool")

    def _own(self, seat: Seat) -> Iterator[Write]:
        """What whoever tries the program has to do today, waits for, and will do some day."""
        words, chance = self._words, self._chance
        late = self._at(-1, 16)
        for number, (kind, subject, hour) in enumerate(words.today):
            due = late if number == 0 else self._at(0, hour)
            takes_place = kind == "meeting"
            times = {"starts": due, "ends": due + timedelta(hours=1)} if takes_place else {}
            id_, made = self._activity(
                seat, kind=kind, subject=subject, state="planned", due=due, **times,
                about=Ref("client", chance.choice(self._clients).id),
                priority="high" if number == 1 else None, attempt=2 if number == 0 else None,
            )  # fmt: skip
            yield made
            if number == 1:
                for place, text in enumerate(words.checklist, start=1):
                    yield Create(
                        "checklist_item",
                        {"activity": id_, "text": text, "position": place, "done": place < 3},
                    )
        for kind, subject in words.waiting:
            yield self._activity(
                seat,
                kind=kind,
                subject=subject,
                state="waiting",
                due=self._at(2, 18),
                about=Ref("client", chance.choice(self._clients).id),
            )[1]
        for subject in words.undated:
            yield self._activity(seat, kind="task", subject=subject, state="planned")[1]
