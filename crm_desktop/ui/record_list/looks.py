"""What a list looks like beyond its query: the marks that colour it, which groups are folded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crm_desktop.services.lists.marks import Mark

OPEN_AT_FIRST = 30
"""Groups up to this number are open when a list is grouped; more of them would be a long list."""


class Folding:
    """Which groups the person has folded or opened; they are named by their trail of values."""

    def __init__(self) -> None:
        self._turned: set[tuple[Any, ...]] = set()
        self._all: bool | None = None

    def is_open(self, trail: tuple[Any, ...], groups: int) -> bool:
        """Whether the rows of the group are shown; `groups`: how many there are."""
        usual = groups <= OPEN_AT_FIRST if self._all is None else self._all
        return usual != (trail in self._turned)

    def turn(self, trail: tuple[Any, ...]) -> None:
        """Opens what is folded, folds what is open."""
        self._turned = self._turned ^ {trail}

    def turn_all(self, opened: bool) -> None:
        """Opens or folds all groups."""
        self._turned, self._all = set(), opened


@dataclass(frozen=True)
class Looks:
    """Marks and folding of one list."""

    marks: tuple[Mark, ...] = ()
    folding: Folding = field(default_factory=Folding)
