"""Who is editing which record: marks that are taken when typing begins and given back at its end.

A mark says something to colleagues and keeps nobody out. It is alive as long as its program says
so every `BEAT_S` seconds by the server's clock; that of a crashed one is dead after `DEAD_S`.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.types import UtcDateTime
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.traits import Staff
from crm_desktop.services.workspace import Workspace

BEAT_S = 20.0
DEAD_S = 75.0


class Editor(NamedTuple):
    """Who is editing: the name, and which colleague that is, if any."""

    name: str
    colleague: Ref | None = None


Marked = Mapping[Ref, tuple[Editor, ...]]
"""Those who are editing a record."""


class EditMarks:
    """The marks of one open base; safe from several threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._base = workspace
        self._table = workspace.tables.system("edit_mark")
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        """One after another: what is given back must not be overtaken by its own taking."""
        self._held: Counter[Ref] = Counter()
        """How often each is held: in a form and in a cell of a list."""

    def take(self, ref: Ref) -> None:
        """The person here has begun to change the record."""
        with self._lock:
            self._held[ref] += 1
            if self._held[ref] > 1:
                return
        marks, base = self._table.c, self._base
        number = base.catalogue[ref.entity].number
        with self._turn, base.backend.write() as connection:
            now = self._now(connection)
            dead = marks.beat_at < now - timedelta(seconds=DEAD_S)
            own = (marks.rid == ref.id) & (marks.seat == base.seat)
            connection.execute(sa.delete(self._table).where(marks.ent == number, own))
            connection.execute(sa.delete(self._table).where(marks.rid == ref.id, dead))
            connection.execute(sa.insert(self._table).values(
                ent=number, rid=ref.id, seat=base.seat, who=base.user_id, since=now, beat_at=now
            ))  # fmt: skip

    def give_back(self, ref: Ref) -> None:
        """Saved, given up or closed."""
        with self._lock:
            if ref not in self._held:
                return
            self._held[ref] -= 1
            if self._held[ref] > 0:
                return
            del self._held[ref]
        marks, number = self._table.c, self._base.catalogue[ref.entity].number
        own = (marks.ent == number) & (marks.rid == ref.id) & (marks.seat == self._base.seat)
        with self._turn, self._base.backend.write() as connection:
            connection.execute(sa.delete(self._table).where(own))

    def beat(self) -> None:
        """Says that the program is still there; nothing where no mark is held."""
        with self._lock:
            held = bool(self._held)
        if held:
            with self._base.backend.write() as connection:
                connection.execute(
                    sa.update(self._table)
                    .where(self._table.c.seat == self._base.seat)
                    .values(beat_at=self._now(connection))
                )

    def end(self) -> None:
        """The program leaves the base: none of its marks stays."""
        with self._lock:
            held, self._held = bool(self._held), Counter()
        if held:
            with self._base.backend.write() as connection:
                own = self._table.c.seat == self._base.seat
                connection.execute(sa.delete(self._table).where(own))

    def others(self) -> Marked:
        """What colleagues are editing now."""
        marks, base = self._table.c, self._base
        with base.backend.read() as connection:
            alive = marks.beat_at >= self._now(connection) - timedelta(seconds=DEAD_S)
            select = sa.select(marks.ent, marks.rid, marks.seat, marks.who)
            found = connection.execute(select.where(marks.seat != base.seat, alive)).all()
        staff = base.catalogue.with_trait(Staff)[0].key
        people = base.titles.of({Ref(staff, row[3]) for row in found if row[3] is not None})
        named: dict[Ref, list[Editor]] = defaultdict(list)
        for number, id_, seat, who in found:
            if base.catalogue.has_number(number):
                colleague = Ref(staff, who) if who is not None else None
                title = people.get(colleague) if colleague is not None else None
                one = Editor(title.text, colleague) if title is not None else Editor(_account(seat))
                named[Ref(base.catalogue.numbered(number).key, id_)].append(one)
        return {ref: tuple(dict.fromkeys(some)) for ref, some in named.items()}

    def _now(self, connection: sa.Connection) -> datetime:
        """By the server's clock: no client's decides what is dead."""
        found = connection.execute(sa.select(sa.func.current_timestamp(type_=UtcDateTime())))
        moment: datetime = found.scalar_one()
        return moment


def _account(seat: str) -> str:
    """The name at the computer, of a program in which nobody has said who works there."""
    parts = seat.split(":")
    return parts[2] if len(parts) > 2 else seat
