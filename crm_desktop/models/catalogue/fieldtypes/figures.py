"""Numbers and money."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, ClassVar

from crm_desktop.i18n import _
from crm_desktop.models.amounts import Amount, Amounts, WrittenAmount, code_of
from crm_desktop.models.catalogue.definitions import Field, ParseContext
from crm_desktop.models.catalogue.fieldtypes.common import COMPARE, SUMS, refuse
from crm_desktop.models.text import normalise, numbers


@dataclass(frozen=True)
class IntegerField(Field):
    """A whole number within 64 bits, and within `least` and `most`."""

    least: int = -(2**63) + 1
    most: int = 2**63 - 1

    type_name: ClassVar[str] = "integer"
    storage: ClassVar[str] = "integer"
    operators: ClassVar[tuple[str, ...]] = COMPARE
    aggregates: ClassVar[tuple[str, ...]] = SUMS
    kind: ClassVar[str] = "number"

    def parse(self, text: str, context: ParseContext) -> int | None:
        if not text.strip():
            return None
        try:
            return self.check(numbers.parse_int(text))
        except ValueError:
            raise refuse(self, _("{field}: “{value}” is not a whole number"), text) from None

    def check(self, value: Any) -> int | None:
        if value is None or isinstance(value, bool):
            return None if value is None else int(value)
        try:
            whole = int(value)
            exact = whole == value or isinstance(value, str)
        except (TypeError, ValueError, OverflowError):
            exact, whole = False, 0
        if not exact:
            raise refuse(self, _("{field}: “{value}” is not a whole number"), value)
        if abs(whole) >= 2**63:
            raise refuse(self, _("{field}: the number {value} is too large"), value)
        if not self.least <= whole <= self.most:
            sentence = _("{field}: a number from {least} to {most} is expected, not {value}")
            raise refuse(self, sentence, value, least=self.least, most=self.most)
        return whole

    def format(self, value: Any, language: str) -> str:
        return "" if value is None else numbers.format_number(Decimal(value), 0, language)


@dataclass(frozen=True)
class DecimalField(Field):
    """An exact number with `places` digits after the point."""

    places: int = 2

    type_name: ClassVar[str] = "decimal"
    storage: ClassVar[str] = "decimal"
    operators: ClassVar[tuple[str, ...]] = COMPARE
    aggregates: ClassVar[tuple[str, ...]] = SUMS
    kind: ClassVar[str] = "number"

    def parse(self, text: str, context: ParseContext) -> Decimal | None:
        if not text.strip():
            return None
        try:
            return self.check(numbers.parse_decimal(text, decimal=context.decimal))
        except ValueError:
            raise refuse(self, _("{field}: “{value}” is not a number"), text) from None

    def check(self, value: Any) -> Decimal | None:
        if value is None:
            return None
        try:
            number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
            number = number.quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)
        except (InvalidOperation, TypeError, ValueError):
            raise refuse(self, _("{field}: “{value}” is not a number"), value) from None
        if not number.is_finite() or abs(number) >= Decimal(9 * 10**18).scaleb(-self.places):
            raise refuse(self, _("{field}: the number {value} is too large"), value)
        return number

    def total(self, value: Any) -> Any:
        return self.check(value)

    def format(self, value: Any, language: str) -> str:
        return "" if value is None else numbers.format_number(value, self.places, language)

    def plain(self, value: Any) -> Any:
        return None if value is None else str(value)

    def unplain(self, value: Any) -> Any:
        return None if value is None else Decimal(str(value))


@dataclass(frozen=True)
class MoneyField(DecimalField):
    """An amount in whole kopecks or cents of `currency` (ISO 4217); the base's own if empty.

    Where records name their own currency (`currency_field`), values in another one are `Amount`s.
    """

    currency: str = ""

    type_name: ClassVar[str] = "money"
    kind: ClassVar[str] = "money"

    def parse(self, text: str, context: ParseContext) -> Decimal | None:
        if not text.strip():
            return None
        try:
            amount, currency = numbers.parse_money(text, decimal=context.decimal)
        except ValueError:
            raise refuse(self, _("{field}: “{value}” is not an amount of money"), text) from None
        if self.currency and not self.currency_field and currency not in (None, self.currency):
            sentence = _("{field}: the amount is kept in {currency}, not in {other}")
            raise refuse(self, sentence, text, currency=self.currency, other=currency)
        if self.currency_field and currency is not None:
            return WrittenAmount(self._checked(amount), currency)
        return self.check(amount)

    def check(self, value: Any) -> Decimal | None:
        if value is None:
            return None
        checked = self._checked(value)
        written = isinstance(value, WrittenAmount)
        return WrittenAmount(checked, value.currency) if written else checked

    def _checked(self, value: Any) -> Decimal:
        checked = super().check(value)
        assert checked is not None
        return checked

    def format(self, value: Any, language: str) -> str:
        if value is None:
            return ""
        if isinstance(value, Amounts):
            return value.between.join(self.format(one, language) for one in value)
        return numbers.format_money(value, self.currency_of(value), language)

    def currency_of(self, value: Any) -> str:
        """The currency of a value of this field."""
        return value.currency if isinstance(value, Amount) else self.currency

    def plain(self, value: Any) -> Any:
        if isinstance(value, Amounts):
            return {one.currency: str(one) for one in value}
        return super().plain(value)

    def unplain(self, value: Any) -> Any:
        return value if isinstance(value, Amount) else super().unplain(value)

    def in_currency(self, value: Any, named: str | None) -> Any:
        """A value of a record whose `currency_field` holds `named`."""
        code = code_of(named) if named else self.currency
        if value is not None and code != self.currency:
            return Amount(value, code)
        return Decimal(value) if isinstance(value, Amount) else value

    def total(self, value: Any) -> Any:
        if isinstance(value, Amounts):
            return type(value)(Amount(self._checked(one), one.currency) for one in value)
        checked = self._checked(value)
        return Amount(checked, value.currency) if isinstance(value, Amount) else checked


@dataclass(frozen=True)
class BoolField(Field):
    """Yes or no; empty means no."""

    type_name: ClassVar[str] = "bool"
    storage: ClassVar[str] = "bool"
    operators: ClassVar[tuple[str, ...]] = ("eq",)
    kind: ClassVar[str] = "check"
    YES: ClassVar[frozenset[str]] = frozenset("yes y true 1 x + да д истина v ✓ on вкл".split())
    NO: ClassVar[frozenset[str]] = frozenset("no n false 0 - нет н ложь off выкл".split())

    def parse(self, text: str, context: ParseContext) -> bool | None:
        word = normalise.norm(text)
        if not word:
            return None
        if word in self.YES:
            return True
        if word in self.NO:
            return False
        raise refuse(self, _("{field}: write yes or no instead of “{value}”"), text)

    def check(self, value: Any) -> bool:
        return bool(value)

    def format(self, value: Any, language: str) -> str:
        return _("Yes") if value else _("No")
