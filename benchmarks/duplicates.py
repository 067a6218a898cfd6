"""`python -m benchmarks.duplicates`: how many known duplicates are found, and how fast.

python -m benchmarks.duplicates [--clients 20000] [--back-end sqlite|firebird] [--min 0.8]

Makes a base of clients of which it knows which are the same (`doubles`), sweeps it in a process of
its own as the window does, and prints precision and recall over pairs of records.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import combinations, islice
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.doubles import Client, clients
from benchmarks.whole_rows import whole_columns, whole_rows
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.rowcodec import RowCodec
from crm_desktop.services.duplicates.worker import sweep_apart
from crm_desktop.services.workspace import Workspace, create_base
from tests.firebird_server import firebird_server

RECALL, PRECISION, SECONDS_PER_MILLION = 0.95, 0.98, 600
BLOCK = 5000
Pair = tuple[int, int]


class Measured(NamedTuple):
    """One run."""

    clients: int
    known: int
    precision: float
    recall: float
    seconds: float

    @property
    def kept(self) -> bool:
        """Whether the promises are kept, the time in proportion to a million."""
        slow = self.seconds > max(30.0, SECONDS_PER_MILLION * self.clients / 1_000_000)
        return self.precision >= PRECISION and self.recall >= RECALL and not slow

    def line(self) -> str:
        """The figures for a person."""
        return (
            f"{self.clients:,} clients, {self.known:,} known pairs: "
            f"precision {self.precision:.4f} (>= {PRECISION}), recall {self.recall:.4f} "
            f"(>= {RECALL}), {self.seconds:.1f} s: {'kept' if self.kept else 'NOT KEPT'}"
        )


def measure(address: str, amount: int, minimum: float) -> Measured:
    """Fills a new base at the address, sweeps it, compares."""
    workspace = create_base(address, language="ru")
    try:
        entity = workspace.catalogue["client"]
        known = _fill(workspace, clients(amount))
        limits = workspace.duplicates.limits()
        workspace.duplicates.set_limits(type(limits)(minimum, max(minimum, limits.certain)))
        started = time.perf_counter()
        sweep_apart(workspace, address, entity, progress=_told_by_tens(), check=lambda: None)
        seconds = time.perf_counter() - started
        found = _found(workspace)
        right = len(found & known)
        return Measured(
            amount, len(known), right / max(1, len(found)), right / max(1, len(known)), seconds
        )
    finally:
        workspace.close()


def _found(workspace: Workspace) -> set[Pair]:
    kept, entity = workspace.duplicates.kept, workspace.catalogue["client"]
    found: set[Pair] = set()
    after = None
    while groups := kept.read(entity, 0.0, BLOCK, after):
        for group in groups:
            found.update(combinations(sorted(group.ids), 2))
        after = (round(groups[-1].likelihood * 1000), groups[-1].id)
    return found


def _fill(workspace: Workspace, rows: Iterable[tuple[int, Client]]) -> set[Pair]:
    """Writes straight into the tables, since only the sweep is measured; the known pairs."""
    who: dict[int, list[int]] = defaultdict(list)
    for block in _blocks(rows):
        with workspace.backend.write() as connection:
            ids = list(workspace.backend.ids(connection, len(block)))
            _insert(workspace, connection, "client", ids, [
                {"kind": "company", **{k: v or None for k, v in row.items()}} for _w, row in block
            ])  # fmt: skip
            contacts = [
                {"value": row[key], "kind": key, "main": True, "state": "valid",
                 "owner": Ref("client", id_)}
                for id_, (_who, row) in zip(ids, block, strict=True)
                for key in ("phone", "email")
                if row[key]
            ]  # fmt: skip
            more = list(workspace.backend.ids(connection, len(contacts)))
            _insert(workspace, connection, "channel", more, contacts)
        for id_, (number, _row) in zip(ids, block, strict=True):
            who[number].append(id_)
    workspace.backend.analyze()
    return {pair for ids in who.values() for pair in combinations(sorted(ids), 2)}


def _insert(
    workspace: Workspace, connection: Any, key: str, ids: list[int], rows: list[dict[str, Any]]
) -> None:
    codec = RowCodec(workspace.tables, workspace.catalogue[key])
    made = whole_rows(codec, ids, rows, workspace.clock.now())
    workspace.backend.insert_many(connection, codec.main, whole_columns(codec), made)


def _blocks(rows: Iterable[tuple[int, Client]]) -> Iterator[list[tuple[int, Client]]]:
    walk = iter(rows)
    while block := list(islice(walk, BLOCK)):
        yield block


def _told_by_tens() -> Callable[[int, int], None]:
    told: set[int] = set()

    def far(done: int, whole: int) -> None:
        tens = done * 10 // whole
        if tens not in told:
            told.add(tens)
            print(f"{tens * 10} %", file=sys.stderr, flush=True)

    return far


def main() -> int:
    """Exit status 0: the promises are kept."""
    parser = argparse.ArgumentParser(description="Measures how duplicates are found.")
    parser.add_argument("--clients", type=int, default=20_000)
    parser.add_argument("--back-end", choices=["sqlite", "firebird"], default="sqlite")
    parser.add_argument("--min", type=float, default=0.8, help="likelihood")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        if given.back_end == "firebird":
            server = stack.enter_context(firebird_server())
            address = server.empty_base("bench_duplicates")
        else:
            address = str(Path(folder) / "duplicates.crm")
        measured = measure(address, given.clients, given.min)
    print(measured.line())
    return 0 if measured.kept else 1


if __name__ == "__main__":
    sys.exit(main())
