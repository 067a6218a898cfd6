"""A sheet whose rows another process reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from crm_desktop.services.importing.readers.base import Cell, Sheet


class Elsewhere(Sheet):
    """A sheet that this process does not read; `twins` as it says."""

    def __init__(self, name: str, twins: Mapping[str, str]) -> None:
        super().__init__(name)
        self._twins = twins

    @property
    def twins(self) -> Mapping[str, str]:
        return self._twins

    def records(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        raise RuntimeError("the rows are read by another process")
