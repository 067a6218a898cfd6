"""What one row says of one record, on its way to a write."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from crm_desktop.services.importing.rowplan import Part

Missing = tuple[str, str, str]
"""A name that no record has: the path of its field, what people call that, the name."""


@dataclass(slots=True)
class Draft:
    """One record of a row: what stands in it, and which record of the base it is, if any."""

    group: int
    part: Part
    values: dict[str, Any]
    id: int | None = None


@dataclass(frozen=True)
class Counts:
    """What became of the rows of a block, and how many records of other objects were made."""

    rows: Counter[str]
    others: Counter[str]
