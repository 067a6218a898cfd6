"""What the blocks of an import hand on to one another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from crm_desktop.services.importing.links import LinkNames
from crm_desktop.services.importing.lookup import Lookup
from crm_desktop.services.importing.matching import MatchKey


class Last(NamedTuple):
    """The record of the last row that named one, 0 for one that was passed over; the next rows
    may go on with it."""

    row: int
    id: int
    is_new: bool


@dataclass
class Memory:
    """What an import remembers from block to block. `seen`: only a test run, which writes nothing,
    has to remember by what its records would be found."""

    links: LinkNames
    lookup: Lookup
    is_test: bool = False
    seen: dict[MatchKey, int] = field(default_factory=dict)
    last: Last | None = None
