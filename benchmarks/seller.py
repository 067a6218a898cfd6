"""What staff with narrow rights wait for on a server: a seller who sees a twelfth of all clients,
and a head who sees the third that belongs to a department.

    python -m benchmarks.seller [--rounds 12] [--clients 100000] [--only window,lists]

The acts of `painted.py` in the window of each, held to the promises that everybody has; and lists
of what is reached by its client, too, such as people and calls, counted, ordered, filtered and
grouped as the services do it. Ends with status 1 if a promise is broken.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from benchmarks import promises as p
from benchmarks.bases import Size, base_file
from benchmarks.figures import Figure, Report
from benchmarks.kept import keeps_moved, put_to_server
from benchmarks.runs import Places, in_window
from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.services.rights.builtin import HEAD, SELLER
from crm_desktop.services.server import accounts
from crm_desktop.services.server.init import Office as Wanted
from crm_desktop.services.server.init import set_up
from crm_desktop.services.workspace import Workspace, open_base
from tests.firebird_server import FirebirdServer
from tests.server_office import Office, drop_accounts, new_login

_NAME = "bench_seller"
_DEPARTMENT = 4
"""Colleagues of the twelve to whom the clients belong."""
_PAGE = 128


class Who(NamedTuple):
    """Somebody of the staff and the address by which he signs in."""

    title: str
    address: str


def office(server: FirebirdServer, stack: ExitStack) -> Iterator[Who]:
    """Makes the moved base an office's, in which two colleagues have narrow rights."""
    url, boss = server.url(_NAME), new_login()
    done = set_up(url, Wanted("Olga Boss", login=boss))
    made = Office(url, done, ExitStack(), {boss: done.password})
    stack.callback(drop_accounts, url, made.passwords)
    stack.callback(made.close)
    base = made.sign_in(boss)
    staff = base.tables.main["staff"]
    with base.backend.read() as connection:
        wanted = sa.select(staff.c.id).where(staff.c.name.like("Colleague %"))
        ids = list(connection.scalars(wanted.order_by(staff.c.id)))
    unit = base.records.create("reference", {"name": "Sales", "book": "department"}).ids[0]
    for one in ids[-_DEPARTMENT:]:
        base.records.update("staff", one, {"unit": unit})
    for title, built_in, one in (("seller", SELLER, ids[0]), ("head", HEAD, ids[-1])):
        yield Who(title, _let_in(made, base, built_in, one))


def _let_in(made: Office, base: Workspace, built_in: str, colleague: int) -> str:
    """The address of a colleague who has that role and has chosen a password."""
    login = new_login()
    made.passwords[login] = accounts.let_in(base, login, colleague).password
    role, holder = (base.tables.system(f"right_{name}") for name in ("role", "holder"))
    reaching = base.reaching
    assert reaching is not None
    with reaching.changing() as connection:
        chosen = connection.execute(sa.select(role.c.id).where(role.c.built_in == built_in))
        row = (colleague, chosen.scalar_one())
        base.backend.insert_many(connection, holder, ("who", "role"), [row])
    password = f"own {login}"
    with closing(open_base(made.of(login))) as own:
        accounts.choose_password(own, password)
    made.passwords[login] = password
    return made.of(login)


def listed(base: Workspace) -> dict[str, Callable[[], object]]:
    """What is asked of the lists, by the name of its promise."""
    lists = base.lists

    def page(query: Query) -> Callable[[], object]:
        return lambda: lists.open(query).first(_PAGE)

    people = Query("person", ("name", "client", "job_title", "phone"))
    calls = Query("activity", ("subject", "kind", "moment", "author", "about"))
    mine = Condition("client.responsible", "me")
    return {
        p.PEOPLE: page(people),
        p.PEOPLE_ORDERED: page(people.replace(sort=(Sort("job_title"),))),
        p.PEOPLE_NARROWED: lambda: lists.count(people.replace(where=mine)),
        p.PEOPLE_GROUPED: lambda: lists.groups(people.replace(groups=("job_title",))),
        p.PEOPLE_COUNTED: lambda: lists.count(people),
        p.CALLS: page(calls.replace(sort=(Sort("moment", True),))),
        p.CALLS_COUNTED: lambda: lists.count(calls),
        p.CALLS_GROUPED: lambda: lists.groups(calls.replace(groups=("kind",))),
    }


def _in_lists(who: Who, rounds: int) -> Iterator[Figure]:
    with closing(open_base(who.address)) as base:
        for name, act in listed(base).items():
            act()
            samples = tuple(_taken(act) for _round in range(rounds))
            yield Figure(name, who.title, samples, p.NARROW[who.title][name].median)


def _taken(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1e3


def _in_window(who: Who, rounds: int) -> Iterator[Figure]:
    for name, samples in in_window(who.address, rounds)["samples"].items():
        promise = p.SERVER[name]
        yield Figure(name, who.title, tuple(samples), promise.median, target_p95=promise.p95)


def main() -> int:
    """Exit status 0: every promise kept; 1: some are not."""
    parser = argparse.ArgumentParser(description="Measures what staff with narrow rights wait for.")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--only", default="window,lists")
    given = parser.parse_args()
    report = Report()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        server = Places("firebird", Path(folder), stack, _say).server
        assert server is not None
        source = base_file(Size(given.clients), _say)
        put_to_server(source, server, _NAME, keeping=keeps_moved(), say=_say)
        stack.callback(server.remove, _NAME)
        for who in list(office(server, stack)):
            _say(f"{who.title} at work")
            if "lists" in given.only:
                report.figures += _in_lists(who, given.rounds)
            if "window" in given.only:
                report.figures += _in_window(who, given.rounds)
    print("\n".join(report.lines()))
    return 0 if all(figure.kept for figure in report.figures) else 1


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
