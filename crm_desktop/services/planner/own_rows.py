"""In which order a colleague has put the rows of the planner, and which are favourites.

Kept with the base, so that both are the same at every computer: as facts of the base, one line of
text cut into pieces, for a fact holds 1000 letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.workspace import Workspace

_NAME = "planner_rows:{user}:"
_PIECE, _MOST = 1000, 5000
_DIGITS = 18


@dataclass(frozen=True)
class OwnRows:
    """The rows in their order, and the favourites."""

    order: tuple[Ref, ...] = ()
    stars: tuple[Ref, ...] = ()

    def to_text(self) -> str:
        """`staff 3 1 2;resource 9|staff 1`."""
        return "|".join(";".join(_runs(refs[:_MOST])) for refs in (self.order, self.stars))

    @staticmethod
    def from_text(text: str) -> OwnRows:
        """What of it makes sense."""
        order, _bar, stars = text.partition("|")
        return OwnRows(tuple(_refs(order)), tuple(_refs(stars)))


def own_rows(workspace: Workspace) -> OwnRows | None:
    """Those of whoever works here; None where nothing is kept yet."""
    facts, name = workspace.tables.system("base_info").c, _prefix(workspace.user_id)
    wanted = sa.select(facts.name, facts.content).where(workspace.backend.prefix(facts.name, name))
    with workspace.backend.read() as connection:
        pieces = sorted(
            (len(row.name), row.name, row.content) for row in connection.execute(wanted)
        )
    return OwnRows.from_text("".join(piece[-1] for piece in pieces)) if pieces else None


def keep_own_rows(workspace: Workspace, user: int | None, rows: OwnRows) -> None:
    """From now on the rows of this colleague."""
    facts, text = workspace.tables.system("base_info"), rows.to_text()
    name, backend = _prefix(user), workspace.backend
    pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
    with backend.write() as connection:
        wanted = sa.select(facts.c.name).where(backend.prefix(facts.c.name, name))
        old = [(found,) for found in connection.execute(wanted).scalars()]
        backend.delete_keys(connection, facts, ("name",), old)
        rows_ = [(f"{name}{number}", piece) for number, piece in enumerate(pieces)]
        backend.insert_many(connection, facts, ("name", "content"), rows_)


def _prefix(user: int | None) -> str:
    return _NAME.format(user=user or 0)


def _runs(refs: Iterable[Ref]) -> Iterator[str]:
    for entity, run in groupby(dict.fromkeys(refs), key=lambda ref: ref.entity):
        yield " ".join([entity, *(str(ref.id) for ref in run)])


def _refs(text: str) -> Iterator[Ref]:
    for run in text.split(";"):
        entity, *numbers = run.split() or [""]
        yield from (Ref(entity, int(n)) for n in numbers if n.isdigit() and len(n) <= _DIGITS)
