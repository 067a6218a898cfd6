"""The files of the demo clients: the same few contents under many names, kept once each."""

from __future__ import annotations

from io import BytesIO
from random import Random
from typing import Any, NamedTuple

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.demo.clients import Client
from crm_desktop.services.demo.drawings import facade, floor_plan
from crm_desktop.services.demo.history import Event
from crm_desktop.services.files.contents import digest_of
from crm_desktop.services.files.files import Files
from crm_desktop.services.files.kinds import recognise
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create

SEED = 11


class Paper(NamedTuple):
    """A file: its name with a {number}, its content, a note or ''."""

    name: str
    content: bytes
    note: str = ""


def _papers(language: str) -> tuple[Paper, ...]:
    drawn = (
        facade((126, 170, 220), (196, 164, 132), 4), facade((150, 190, 214), (178, 188, 196), 3),
        floor_plan("A-12", 5), floor_plan("B-03", 4),
    )  # fmt: skip
    russian = language == "ru"
    prices = _PRICES_RU if russian else _PRICES_EN
    minutes = _MINUTES_RU if russian else _MINUTES_EN
    names = _NAMES_RU if russian else _NAMES_EN
    contents = (*drawn, prices.encode("utf-8-sig"), minutes.encode())
    notes = _NOTES_RU if russian else _NOTES_EN
    return tuple(Paper(*parts) for parts in zip(names, contents, notes, strict=True))


_NAMES_RU = ("Фасад.png", "Склад, вид со двора.png", "План этажа А-12.pdf",
             "План склада B-03.pdf", "Прайс-лист № {number}.csv",
             "Протокол встречи.txt")  # fmt: skip
_NAMES_EN = ("Front of the building.png", "Warehouse from the yard.png", "Floor plan A-12.pdf",
             "Warehouse plan B-03.pdf", "Price list {number}.csv",
             "Minutes of the meeting.txt")  # fmt: skip
_NOTES_RU = ("", "", "согласован с заказчиком", "", "", "")
_NOTES_EN = ("", "", "agreed with the customer", "", "", "")
_PRICES_RU = "Артикул;Наименование;Цена\n1001;Кабель ВВГнг 3×2,5;78,40\n1002;Щит на 12 мест;1640\n"
_PRICES_EN = "Code,Name,Price\n1001,Cable 3x2.5,7.84\n1002,Panel for 12 places,164.00\n"
_MINUTES_RU = (
    "Обсудили поставку на первый квартал.\n\n1. Смету пришлём до пятницы.\n"
    "2. Доступ на объект — по списку, паспорта заранее.\n"
    "3. Оплата: аванс 30 %, остальное по акту.\n"
)
_MINUTES_EN = (
    "We talked about the deliveries of the first quarter.\n\n1. The estimate comes by Friday.\n"
    "2. Entry to the site by list only.\n3. Payment: 30 % in advance, the rest on acceptance.\n"
)


class Papers:
    """Gives files to clients about whom much is known; a content is stored when it is needed."""

    def __init__(self, workspace: Workspace) -> None:
        self._files = Files(workspace)
        self._shape = self._files.shape
        self._catalogue = workspace.catalogue
        self._chance = Random(SEED)
        self._papers = _papers(workspace.info("language"))
        self._known: dict[str, dict[str, Any]] = {}

    def _stored(self, paper: Paper) -> dict[str, Any]:
        """The values that say what a content is."""
        known = self._known.get(paper.name)
        if known is not None:
            return known
        file, trait = BytesIO(paper.content), self._shape.trait
        kind = recognise(paper.name, file)
        file.seek(0)
        stored = self._files.contents.store(file, digest_of(BytesIO(paper.content)))
        values = self._known[paper.name] = {
            trait.kind: kind.kind, trait.media: kind.media, trait.size: stored.size,
            trait.digest: stored.digest, trait.note: paper.note or None,
        }  # fmt: skip
        return values

    def events(self, client: Client) -> list[Event]:
        """What was filed for a client in the course of time."""
        chance = self._chance
        if client.segment != "key":
            return []
        chosen = chance.sample(self._papers, chance.randint(2, len(self._papers)))
        return [self._filed(client, one, chance.uniform(0, client.age)) for one in chosen]

    def _filed(self, client: Client, paper: Paper, age: float) -> Event:
        values = self._stored(paper)
        link = self._shape.link(self._catalogue, self._catalogue["client"])
        name = paper.name.format(number=self._chance.randint(3, 48))
        whole = {self._shape.name: name, link.field.key: Ref("client", client.id), **values}
        return Event(age, (Create(self._shape.entity.key, whole),))
