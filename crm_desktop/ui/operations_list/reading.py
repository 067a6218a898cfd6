"""What the list of operations asks of the base, in the worker; plain values for the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.history.service import RecordChange
from crm_desktop.services.operations import Operation
from crm_desktop.services.undo.service import Blocked, UndoBlocked

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

FIRST_CHANGES = 200


@dataclass(frozen=True)
class Wish:
    """Which operations are wanted."""

    text: str = ""
    kind: str = ""
    author: int | None = None

    @property
    def narrows(self) -> bool:
        """Whether it leaves any out."""
        return bool(self.text.strip() or self.kind) or self.author is not None


@dataclass(frozen=True)
class Named:
    """Operations with the names of the people who did them."""

    operations: tuple[Operation, ...]
    people: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Details:
    """One operation and its first changes. `final`: it cannot be undone or done again."""

    operation: Operation
    person: str
    changes: tuple[RecordChange, ...]
    more: bool
    final: bool = False


@dataclass(frozen=True)
class Refusal:
    """Why an undo was not made: what was changed since.

    `labels` names the fields by object and field key, `alive` the records that are there.
    """

    blocked: tuple[Blocked, ...]
    total: int
    labels: dict[tuple[str, str], str]
    alive: frozenset[Ref]


def refusal(base: Workspace, error: UndoBlocked) -> Refusal:
    """What the pane shows of the error."""
    labels = {
        (one.entity, one.field): _(base.catalogue[one.entity].field(one.field).label)
        for one in error.blocked
        if one.field and base.catalogue[one.entity].has(one.field)
    }
    alive = base.titles.of(Ref(one.entity, one.id) for one in error.blocked)
    return Refusal(tuple(error.blocked), error.blocked_total, labels, frozenset(alive))


def find(base: Workspace, wish: Wish, check: Callable[[], None]) -> list[int]:
    """The ids, the newest first."""
    return base.operations.find(wish.text, kind=wish.kind, author=wish.author, check=check)


def read(base: Workspace, ids: Sequence[int]) -> Named:
    """The operations of these ids."""
    operations = tuple(base.operations.several(ids))
    return Named(operations, names(base, [o.author for o in operations]))


def names(base: Workspace, authors: Sequence[int | None]) -> dict[int, str]:
    """The names of colleagues by their id."""
    staff = base.catalogue.staff().key
    refs = {Ref(staff, id_) for id_ in authors if id_ is not None}
    return {ref.id: title.text for ref, title in base.titles.of(refs).items()}


def people(base: Workspace) -> list[tuple[str, int]]:
    """(name, id) of everybody who did anything, by name."""
    found = names(base, base.operations.authors())
    return sorted((name, id_) for id_, name in found.items())


def details(base: Workspace, id_: int, limit: int) -> Details:
    """An operation and its first `limit` changes."""
    operation = base.operations.get(id_)
    changes = base.history.of_operation(id_, limit=limit + 1, language=i18n.language())
    person = names(base, [operation.author]).get(operation.author or 0, "")
    final = base.undo.is_final(operation)
    return Details(operation, person, tuple(changes[:limit]), len(changes) > limit, final)
