"""Amounts that know their currency, and totals that add no two currencies up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

_ADDED = "x_"


class Amount(Decimal):
    """An amount of money in `currency` (ISO 4217). It equals the plain number, and arithmetic on
    it gives plain numbers."""

    __slots__ = ("currency",)
    currency: str

    def __new__(cls, value: Decimal, currency: str) -> Amount:
        made = super().__new__(cls, value)
        made.currency = currency
        return made

    def __reduce__(self) -> Any:
        return (type(self), (Decimal(self), self.currency))

    def __copy__(self) -> Amount:
        return self

    def __deepcopy__(self, memo: object) -> Amount:
        return self


class WrittenAmount(Amount):
    """An amount with its currency as somebody wrote it; whoever keeps it looks whether it fits."""

    __slots__ = ()


class Amounts(tuple[Amount, ...]):
    """One amount for each of several currencies, which are never added up."""

    __slots__ = ()
    between: ClassVar[str] = " + "


class Extremes(Amounts):
    """What stands beside one another and is no sum: the least, the greatest, the average."""

    __slots__ = ()
    between: ClassVar[str] = "; "


def code_of(named: str) -> str:
    """The ISO code of a value of a choice of currencies; those that people added have a prefix."""
    return named.removeprefix(_ADDED).upper()


def gathered(found: Mapping[str, Decimal], own: str, *, added: bool) -> Decimal | Amounts | None:
    """What was reckoned for each currency as one value: `own` (the base's) stands first, the
    others by their codes. A single one is an amount; None where there is none."""
    codes = sorted(found, key=lambda code: (code != own, code))
    amounts = [found[code] if code == own else Amount(found[code], code) for code in codes]
    if len(amounts) < 2:
        return amounts[0] if amounts else None
    whole = (Amount(found[code], code) for code in codes)
    return Amounts(whole) if added else Extremes(whole)
