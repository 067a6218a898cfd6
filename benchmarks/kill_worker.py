"""The victim of `benchmarks.kill`: works on a base without end until somebody kills it.

Clients are made in batches that carry the batch's name in `city`; whatever is done is done to a
whole batch, so that a batch found in part is an operation found in part. Each line of the journal
says what was begun and what was reported as done.
"""

from __future__ import annotations

import csv
import json
import os
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import Conflict, UserError
from crm_desktop.services.importing.command import run_import_command
from crm_desktop.services.workspace import Workspace, open_base
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create, Delete, Update, Write

LONG_TITLE = Title("Long work")
BLOCK = 25
BATCHES = (1, 1, 7, 40)
LONG_BATCH = 150
MOST_OBJECTS = 6
MOST_FIELDS = 4


def work(address: str, journal: Path, seed: int) -> None:
    """Opens the base and does random things to it for ever."""
    with journal.open("ab", buffering=0) as lines:
        victim = _Victim(open_base(address), Random(seed), lines.write)
        victim.run(journal.with_suffix(".csv"))


class _Victim:
    def __init__(
        self, workspace: Workspace, chance: Random, write: Callable[[bytes], object]
    ) -> None:
        self._workspace = workspace
        self._chance = chance
        self._write = write
        self._number = 0

    def run(self, spreadsheet: Path) -> None:
        """`spreadsheet` is where the file of an import may be."""
        self._spreadsheet = spreadsheet
        self._say("ready", process=os.getpid())
        tasks = (
            (6, self._add), (4, self._edit), (2, self._delete), (4, self._undo),
            (3, self._write_long), (4, self._import), (2, self._edit_long),
            (1, self._add_object), (1, self._add_field),
        )  # fmt: skip
        weights = [weight for weight, _task in tasks]
        while True:
            task = self._chance.choices(tasks, weights)[0][1]
            self._number += 1
            self._say("begun", task=task.__name__)
            try:
                operation = task()
            except UserError as refused:
                self._say("refused", reason=str(refused))
            else:
                self._say("done", operation=operation)

    def _say(self, what: str, **more: Any) -> None:
        """One write a line: a line is there as a whole or not at all."""
        line = json.dumps({"what": what, "number": self._number, **more}) + "\n"
        self._write(line.encode())

    # --- tasks: each gives back its operation, or None where there was nothing to do --------------

    def _clients(self, amount: int) -> list[Write]:
        name = f"{os.getpid()}-{self._number}-{self._chance.randrange(10**6)}:{amount}"
        return [
            Create("client", {
                "name": f"Client {place} of {name}", "city": name, "address": "first",
                "phone": f"+7495{self._chance.randrange(1_000_000, 9_999_999)}",
                "note": "word " * self._chance.choice((0, 3, 400)),
            })
            for place in range(amount)
        ]  # fmt: skip

    def _add(self) -> int:
        writes = self._clients(self._chance.choice(BATCHES))
        return self._workspace.records.apply(writes).operation

    def _write_long(self) -> int:
        return self._long(self._clients(LONG_BATCH))

    def _import(self) -> int:
        """The same as a file, through the service of the import."""
        keys = ("name", "city", "address", "phone")
        rows = [write.values for write in self._clients(LONG_BATCH) if isinstance(write, Create)]
        with self._spreadsheet.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(("Name", "City", "Address", "Telephone"))
            table.writerows([row[key] for key in keys] for row in rows)
        order = Namespace(file=str(self._spreadsheet), into="client", match="name",
                          on_match="create")  # fmt: skip
        return int(run_import_command(self._workspace, order)["operation"])

    def _long(self, writes: list[Write]) -> int:
        """One operation of several transactions, as imports are."""
        workspace = self._workspace
        now = workspace.clock.now()
        operation = workspace.operations.start(LONG_TITLE, now, "import")
        for start in range(0, len(writes), BLOCK):
            workspace.records.apply(writes[start : start + BLOCK], operation=operation)
        workspace.operations.end(operation, workspace.clock.now())
        return operation.id

    def _batch(self) -> list[int]:
        """The clients of some batch."""
        table = self._workspace.tables.main["client"]
        with self._workspace.backend.read() as connection:
            names = connection.scalars(
                sa.select(table.c.city).where(table.c.city.is_not(None)).distinct()
            ).all()
            if not names:
                return []
            chosen = self._chance.choice(sorted(names))
            return list(connection.scalars(sa.select(table.c.id).where(table.c.city == chosen)))

    def _edits(self) -> list[Write]:
        street = f"street {self._chance.randrange(10**6)}"
        values = {"address": street, "phone": f"+7495{self._chance.randrange(10**6, 10**7)}"}
        return [Update("client", id_, values) for id_ in self._batch()]

    def _edit(self) -> int | None:
        writes = self._edits()
        return self._workspace.records.apply(writes).operation if writes else None

    def _edit_long(self) -> int | None:
        writes = self._edits()
        return self._long(writes) if writes else None

    def _delete(self) -> int | None:
        writes: list[Write] = [Delete("client", id_) for id_ in self._batch()]
        return self._workspace.records.apply(writes).operation if writes else None

    def _undo(self) -> int | None:
        """Something of late, an undo or a long operation perhaps."""
        found = [o for o in self._workspace.operations.last(12) if o.state == "done"]
        if not found:
            return None
        chosen = self._chance.choice(found)
        if chosen.title.message == "New base":
            return None
        try:
            return self._workspace.undo.undo(chosen.id).operation
        except Conflict:
            return None

    def _add_object(self) -> None:
        """A user-made object with a child, then a record of it."""
        made = [entity for entity in self._workspace.catalogue if entity.custom]
        if len(made) < MOST_OBJECTS:
            made = self._workspace.constructor.add_object(_definition(self._chance))
        title = made[0].title_field
        self._workspace.records.create(made[0].key, {title: f"Record {self._number}"})

    def _add_field(self) -> None:
        """A user-made field of clients, and a value in it."""
        entity = self._workspace.catalogue["client"]
        if sum(f.extra for f in entity.fields) < MOST_FIELDS:
            kind = self._chance.choice(("text", "integer", "date"))
            key = f"own{self._chance.randrange(10**6)}"
            self._workspace.constructor.add_field(entity, {"key": key, "type": kind, "label": key})
        texts = [f for f in self._workspace.catalogue["client"].fields
                 if f.extra and f.type_name == "text"]  # fmt: skip
        if texts:
            values = {"name": "Odd one", texts[0].key: f"value {self._number}"}
            self._workspace.records.create("client", values)


def _definition(chance: Random) -> dict[str, Any]:
    """Never twice the same fields: a table left behind by a killed try does not fit by chance."""
    name = f"thing{chance.randrange(10**6)}"
    subject = {"key": "subject", "type": "text", "label": "Subject", "search": True}
    types = chance.sample(("money", "integer", "date", "bool", "text", "long_text"), 3)
    more = [
        {"key": f"x{place}", "type": kind, "label": f"Field {place}"}
        for place, kind in enumerate(types[: chance.randrange(4)])
    ]
    buyer = {"key": "buyer", "type": "link", "label": "Buyer", "target": "client"}
    return {
        "key": name, "label": name, "plural": f"{name}s", "title": "subject",
        "fields": [*more, subject, buyer],
        "children": [{"key": f"{name}part", "label": f"{name} part", "plural": f"{name} parts",
                      "title": "subject", "fields": [subject]}],
    }  # fmt: skip
