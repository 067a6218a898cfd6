"""Opens many cards with all their tabs in a row and measures what stays in memory.

python -m tests.gui.card_memory [CARDS [EVERY [OBJECTS]]]
    prints widgets, objects and megabytes after every fifth card, with twelve objects of one's own
"""

from __future__ import annotations

import ctypes
import gc
import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.titles import Title
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.panel import RecordPanel
from crm_desktop.ui.session import Session

LEAST_TABS = 20
REMEMBERED = (Ref, Title)
"""Names of linked records are remembered on purpose, up to a fixed number of them."""
CURSORS = 200
"""Python 3.11 keeps a weak reference to each cursor of a SQLite connection, and looks only every
200 cursors for those that are dead (`pysqlite_cursor_call` in Modules/_sqlite/connection.c)."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What is in memory: widgets of Qt, objects of Python, megabytes of the process."""

    widgets: int
    objects: int
    megabytes: float


def weigh() -> Weight:
    """Now, after everything that is to die has died."""
    settle()
    gc.collect()
    settle()
    give_back()
    resident = psutil.Process().memory_info().rss / 1e6
    everything = gc.get_objects()
    objects = sum(type(o) not in REMEMBERED for o in everything) - cursors(everything)
    return Weight(len(QApplication.allWidgets()), objects, resident)


def give_back() -> None:
    """Lets glibc return freed memory, which it otherwise keeps for whatever comes next."""
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)


def cursors(objects: list[object]) -> int:
    """How many of these are references to cursors that SQLite's connections hold for a while."""
    # by type: `isinstance` asks a weak proxy for the class of what may be dead
    connections = [o for o in objects if issubclass(type(o), sqlite3.Connection)]
    held = [o for o in gc.get_referents(*connections) if isinstance(o, list)]
    return sum(min(len(references), CURSORS) for references in held)


def settle() -> None:
    """Lets the event loop run dry."""
    for _turn in range(5):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def fill(base: Workspace, clients: int, objects: int = 12) -> list[Ref]:
    """Clients with a record behind each of their tabs, user-made ones among them."""
    for number in range(objects):
        base.constructor.add_object(
            {"key": f"own{number}", "label": f"Own {number}", "plural": f"Own {number}",
             "selections": False, "files": False,
             "fields": [{"key": "name", "type": "text", "label": "Name", "required": True},
                        {"key": "client", "type": "link", "label": "Client", "target": "client",
                         "parent": True, "indexed": True}]}
        )  # fmt: skip
    made = base.records.apply([Create("client", {"name": f"Client {n}"}) for n in range(clients)])
    own = [entity.key for entity in base.catalogue if entity.custom]
    writes = [
        Create(key, {"name": f"{key} of {id_}", "client": id_})
        for id_ in made.ids for key in own
    ]  # fmt: skip
    base.records.apply(writes)
    return [Ref("client", id_) for id_ in made.ids]


def visit_every_tab(page: CardPage | RecordPanel) -> int:
    """Looks at every tab of the card; how many there are."""
    keys = [key for key, _title in page.tabs.every()]
    for key in keys:
        page.tabs.open_tab(key)
        settle()
    page.tabs.open_tab("details")
    return len(keys)


def open_and_close(session: Session, refs: list[Ref]) -> Iterator[int]:
    """A page for each record, all its tabs, closed again; gives the number of tabs."""
    for ref in refs:
        page = CardPage(session, Navigator(), ref, parts=CARD_PARTS)
        page.resize(1000, 700)
        page.show()
        settle()
        tabs = visit_every_tab(page)
        page.hide()
        page.deleteLater()
        del page
        yield tabs


def follow(session: Session, refs: list[Ref]) -> Iterator[int]:
    """One panel that is pointed at each record in turn."""
    panel = RecordPanel(session, Navigator(), CARD_PARTS)
    panel.resize(432, 700)
    panel.show()
    for ref in refs:
        panel._wanted = ref
        panel._load()
        settle()
        yield visit_every_tab(panel)
    panel.deleteLater()


def weights(cards: Iterator[int], every: int) -> Iterator[tuple[int, int, Weight]]:
    """(number of cards, fewest tabs of one, weight) after every fifth card or so."""
    fewest = sys.maxsize
    for number, tabs in enumerate(cards, start=1):
        fewest = min(fewest, tabs)
        if number % every == 0:
            yield number, fewest, weigh()


def main(clients: int = 30, every: int = 5, objects: int = 12) -> None:
    """Prints a line of JSON for each weight; the test reads them."""
    from crm_desktop.services.workspace import create_base
    from crm_desktop.settings import open_settings
    from crm_desktop.ui import theme
    from crm_desktop.ui.operations import Operations

    app = QApplication(sys.argv)
    theme.apply(app, "light")
    with tempfile.TemporaryDirectory() as folder:
        base = create_base(Path(folder) / "base.crm", language="en")
        session = Session(open_settings(Path(folder)), Operations(now=True))
        refs = fill(base, clients, objects)
        session.workspace = base
        ways: tuple[Callable[[Session, list[Ref]], Iterator[int]], ...] = (open_and_close, follow)
        for way in ways:
            for number, tabs, weight in weights(way(session, refs), every):
                told = {"way": way.__name__, "cards": number, "tabs": tabs, **asdict(weight)}
                print(json.dumps(told), flush=True)  # noqa: T201
        base.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
