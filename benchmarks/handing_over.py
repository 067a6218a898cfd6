"""A hand-over of 20,000 cards, on both back ends, while a colleague saves others.

    python -m benchmarks.handing_over --cards 20000

Told: counting, handing over, the longest time between two looks at the button that stops it, and
what the colleague's saves take meanwhile (on a server, by another program's connection).
"""

from __future__ import annotations

import argparse
import secrets
import threading
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from crm_desktop.errors import UserError
from crm_desktop.services.handing_over.carrying import carry_out
from crm_desktop.services.handing_over.planning import Handing, draft
from crm_desktop.services.workspace import Workspace, create_base, open_base
from crm_desktop.services.writing.staging import Create, Write
from tests.firebird_server import firebird_server

_BLOCK = 4_000
_PAUSE_S = 0.1


def fill(base: Workspace, cards: int) -> tuple[int, int, int]:
    """Two of five cards are clients and as many their open tasks, one is a deal; who leaves and
    the two who take over."""
    people = [base.records.create("staff", {"name": name}).ids[0] for name in ("Anna", "Bo", "Cy")]
    clients: list[int] = []
    amount = cards * 2 // 5
    for start in range(0, amount, _BLOCK):
        size = min(_BLOCK, amount - start)
        clients += base.records.apply([
            Create("client", {"name": f"Client {start + n}", "city": "Omsk",
                              "responsible": people[0]}) for n in range(size)
        ]).ids  # fmt: skip
    more: list[Write] = [
        Create("activity", {"kind": "task", "subject": "Call", "state": "planned",
                            "author": people[0], "about": _ref(id_)})
        for id_ in clients
    ]  # fmt: skip
    more += [
        Create("deal", {"name": f"Deal {id_}", "client": id_, "responsible": people[0]})
        for id_ in clients[: cards - 2 * amount]
    ]
    for start in range(0, len(more), _BLOCK):
        base.records.apply(more[start : start + _BLOCK])
    base.backend.analyze()
    return people[0], people[1], people[2]


def _ref(id_: int) -> object:
    from crm_desktop.models.catalogue.definitions import Ref

    return Ref("client", id_)


class Colleague(threading.Thread):
    """Saves a card of his own on and on."""

    def __init__(self, base: Workspace) -> None:
        super().__init__(daemon=True)
        self._base, self.ended = base, threading.Event()
        self._card = base.records.create("client", {"name": "Another one's"}).ids[0]
        self.took: list[float] = []
        self.refused = 0

    def run(self) -> None:
        while not self.ended.is_set():
            begun = time.perf_counter()
            try:
                self._base.records.update("client", self._card, {"city": secrets.token_hex(4)})
                self.took.append(time.perf_counter() - begun)
            except UserError:
                self.refused += 1
            self.ended.wait(_PAUSE_S)


def measure(address: str, cards: int) -> None:
    """One back end, told line by line."""
    create_base(address, language="en").close()
    base = open_base(address)
    anna, *others = fill(base, cards)
    begun = time.perf_counter()
    drafted = draft(base, Handing(anna, tuple(others)))
    counted = time.perf_counter() - begun
    colleague = Colleague(base if base.backend.exclusive else open_base(address))
    colleague.start()
    looks = [begun := time.perf_counter()]
    done = carry_out(base, drafted, check=lambda: looks.append(time.perf_counter()))
    ended = time.perf_counter()
    colleague.ended.set()
    colleague.join()
    looks.append(ended)
    longest = max(later - earlier for earlier, later in zip(looks, looks[1:], strict=False))
    told = sorted(colleague.took)
    print(f"{base.backend.engine.split(',')[0]}: {done.count} cards counted in {counted:.1f} s, "
          f"handed over in {ended - begun:.1f} s; longest between two looks {longest:.2f} s; "
          f"a colleague's {len(told)} saves took {median(told):.3f} s at the median, "
          f"{told[-1]:.2f} s at most, {colleague.refused} were refused")  # fmt: skip


def main() -> None:
    """Both back ends, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cards", type=int, default=20_000)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        measure(str(Path(folder) / "handed.crm"), given.cards)
    with firebird_server() as server:
        measure(server.url("handed"), given.cards)


if __name__ == "__main__":
    main()
