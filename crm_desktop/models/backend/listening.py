"""What hears of others' writes, as services see it."""

from __future__ import annotations

from typing import Protocol


class Listening(Protocol):
    """Hears the events of a base on a connection of its own; one thread uses it."""

    def heard(self) -> frozenset[str]:
        """The names that came since it was asked last."""

    def test(self) -> None:
        """Posts an event to itself. DatabaseUnavailable if the line is gone, which an ear that
        merely waits would never tell."""

    @property
    def proved(self) -> bool:
        """Whether the event of the last `test` has come."""

    def close(self) -> None:
        """Hears nothing more."""
