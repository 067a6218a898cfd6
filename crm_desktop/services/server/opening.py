"""What opening a base on a server asks, joined to one trip (`Backend.ask_first`).

No question here waits for the answer of another one. Each is the same, to the letter, as that of
the service that asks it afterwards, which finds it answered; if it were not, it would be asked once
more and nothing else would come of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.catalogue.overlay import build_catalogue
from crm_desktop.models.strict.names import view_name
from crm_desktop.services.customisation.service import asked_first, base_facts
from crm_desktop.services.operations import COLUMNS, asked_running
from crm_desktop.services.server.whose import asking

Question = Callable[[sa.Connection], object]


def ask_ahead(backend: Backend, *facts: str) -> None:
    """Asks the shape of the base, who works here, what was left half done, and these facts."""
    questions: list[Question] = [*asked_first(), _running(backend), *map(_fact, facts)]
    if backend.login:
        questions.append(asking(build_catalogue(), backend.login))
    backend.ask_first(partial(_asked, backend, question) for question in questions)


def _asked(backend: Backend, question: Question) -> object:
    with backend.read() as connection:
        return question(connection)


def _fact(name: str) -> Question:
    known = base_facts().c
    return partial(_executed, sa.select(known.content).where(known.name == name))


def _running(backend: Backend) -> Question:
    table = base_facts().metadata.tables["operation_log"]
    name = view_name(table.name) if backend.behind_views else table.name
    columns = (sa.column(key, table.c[key].type) for key in COLUMNS)
    return partial(_executed, asked_running(sa.table(name, *columns)))


def _executed(wanted: sa.Select[Any], connection: sa.Connection) -> object:
    return connection.execute(wanted)
