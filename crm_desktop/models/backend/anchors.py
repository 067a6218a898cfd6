"""Known places along the order of a long list."""

from __future__ import annotations

from typing import Any, NamedTuple


class Anchors(NamedTuple):
    """Places along an order; `whole`: its end was reached behind the last of them."""

    places: list[tuple[Any, int]]
    whole: bool
