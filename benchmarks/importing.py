"""The main job at full size: 100,000 rows of xlsx brought in through the command line, then undone.

A row in twenty names a client again, told by the tax number, and updates it. Measured from outside,
the start of the process included; memory is that of the process and its children.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryFile
from typing import Any, NamedTuple

import psutil

from benchmarks.bases import cache_folder
from benchmarks.content import Content
from crm_desktop.services.workspace import create_base

ROWS = 100_000
REPEATED = 20
HEADER = ("Клиент", "Юр. название", "ИНН", "Телефон", "Почта", "Город", "Адрес", "Статус")
STATUSES = ("Новый", "Переговоры", "Активный", "Спящий")
MIB = 1024 * 1024


class Imported(NamedTuple):
    """What an import and its undo took."""

    rows_per_second: float
    undone_per_second: float
    memory: float
    """The most of all processes together, in MiB."""
    flat: float
    """The most in the last quarter of the time by the most in the second one, of the import or the
    undo, whichever grew more: of what grows with the rows there is twice as much then."""


def spreadsheet(rows: int = ROWS) -> Path:
    """The file that is brought in; made if it is not there yet."""
    import xlsxwriter

    path = cache_folder() / f"clients-{rows}.xlsx"
    if path.exists():
        return path
    unready = path.with_suffix(".making")
    chance = Random(9)
    books = dict.fromkeys(
        ("client_status", "segment", "source", "industry", "region", "staff"), [0]
    )  # fmt: skip
    content = Content(books, 9, 0)
    options = {"constant_memory": True, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(unready), options) as book:
        sheet = book.add_worksheet("Клиенты")
        sheet.write_row(0, 0, HEADER)
        known: list[tuple[Any, ...]] = []
        for place in range(rows):
            row = _row(content, chance)
            if place % REPEATED == REPEATED - 1:
                row = (*chance.choice(known)[:3], *row[3:])
            elif len(known) < 5000:
                known.append(row)
            sheet.write_row(place + 1, 0, row)
    return unready.rename(path)


def _row(content: Content, chance: Random) -> tuple[Any, ...]:
    values = next(content.client()).values
    return (
        values["name"], values["legal_name"], values["tax_id"], values["phone"], values["email"],
        values["city"], values["address"], chance.choice(STATUSES),
    )  # fmt: skip


def bring_in(address: str, rows: int = ROWS) -> Imported:
    """Imports into a new base at `address` and undoes it again."""
    path = spreadsheet(rows)
    create_base(address, language="ru").close()
    arguments = ["import", str(path), "--into", "client", "--match", "tax_id",
                 "--on-match", "update"]  # fmt: skip
    said, seconds, memory = _run(address, arguments)
    if said["created"] + said["updated"] < rows * 0.99:
        raise RuntimeError(f"the import took only {said}")
    _undone, undo_seconds, undo_memory = _run(address, ["undo", str(said["operation"])])
    return Imported(
        said["read"] / seconds, said["read"] / undo_seconds, max(*memory, *undo_memory),
        max(_growth(memory), _growth(undo_memory)),
    )  # fmt: skip


def _growth(memory: Sequence[float]) -> float:
    quarter = len(memory) // 4
    return max(memory[-quarter:]) / max(memory[quarter : 2 * quarter])


def _run(address: str, arguments: list[str]) -> tuple[dict[str, Any], float, list[float]]:
    """The answer of a command, its seconds, its memory from one tenth of a second to the next."""
    command = [sys.executable, "-m", "crm_desktop", *arguments, "--json", "--base", address]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    begun, memory = time.perf_counter(), list[float]()
    with TemporaryFile() as answer:  # a pipe that nobody reads would hold up a long answer
        process = subprocess.Popen(command, env=environment, stdout=answer)
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            memory.append(_resident(watched))
            time.sleep(0.1)
        seconds = time.perf_counter() - begun
        answer.seek(0)
        output = answer.read().decode()
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}: {output}")
    return json.loads(output), seconds, memory


def _resident(process: psutil.Process) -> float:
    try:
        family = [process, *process.children(recursive=True)]
        return sum(one.memory_info().rss for one in family) / MIB
    except psutil.NoSuchProcess:
        return 0.0
