"""A sheet whose rows another process reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crm_desktop.services.importing.readers.base import Cell, Sheet


class Elsewhere(Sheet):
    """A sheet that this process does not read."""

    def records(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        raise RuntimeError("the rows are read by another process")
