"""Shares, medians and percentiles as figures print them: exact, rounded half up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

_TENTH, _WHOLE = Decimal("0.1"), Decimal(1)


def percent(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    """`part` of `whole` in percent with one decimal, half up; None of nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(_TENTH, ROUND_HALF_UP)


def median(ordered: Sequence[int]) -> int | None:
    """The middle of sorted numbers, of two in the middle the mean, half up; None of none."""
    if not ordered:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    mean = Decimal(ordered[middle - 1] + ordered[middle]) / 2
    return int(mean.quantize(_WHOLE, ROUND_HALF_UP))


def percentile(ordered: Sequence[int], percents: int) -> int | None:
    """The smallest of sorted numbers that `percents` of them do not exceed (nearest rank)."""
    if not ordered:
        return None
    return ordered[max(0, -(-percents * len(ordered) // 100) - 1)]
