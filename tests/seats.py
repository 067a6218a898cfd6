"""What the tests of seats share: a base on the server, people at machines, moved moments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from crm_desktop.services.licensing.broker import Broker
from crm_desktop.services.licensing.standing import COUNT, keep_facts
from crm_desktop.services.workspace import Workspace


class Office:
    """Machines of one base, each with a line of its own to the server."""

    def __init__(self, workspace: Workspace, seats: int) -> None:
        self.workspace, self.seats = workspace, seats
        self._made: list[Broker] = []
        self._numbers = count(1)
        keep_facts(workspace, {COUNT: str(seats)})

    def at(self, machine: str, *, seat: str = "", workspace: Workspace | None = None) -> Broker:
        """A running program on a machine."""
        made = Broker(
            workspace or self.workspace, self.seats, machine=machine,
            seat=seat or f"{machine}:{next(self._numbers)}",
        )  # fmt: skip
        self._made.append(made)
        return made

    def employ(self, *logins: str) -> None:
        """Colleagues who sign in by these names."""
        for login in logins:
            self.workspace.records.create("staff", {"name": login.title(), "login": login})

    def fill(self, number: int) -> list[Broker]:
        """So many machines at work."""
        brokers = [self.at(f"full{place}") for place in range(number)]
        assert [broker.take().outcome for broker in brokers] == ["work"] * number
        return brokers

    def later(self, table: str, column: str, seconds: int, where: str = "1 = 1") -> None:
        """As if so many seconds had passed since that moment."""
        self.run(
            f"UPDATE {table} SET {column} = DATEADD(-{seconds} SECOND TO {column}) WHERE {where}"
        )

    def run(self, sql: str) -> None:
        """A statement by the owner of the base."""
        with self.workspace.backend.write() as connection:
            connection.exec_driver_sql(sql)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What the owner of the base sees."""
        with self.workspace.backend.read() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql)]

    def close(self) -> None:
        """Everybody goes home."""
        for broker in self._made:
            broker.close()


@contextmanager
def office(workspace: Workspace, seats: int) -> Iterator[Office]:
    """An office with so many seats."""
    made = Office(workspace, seats)
    try:
        yield made
    finally:
        made.close()
