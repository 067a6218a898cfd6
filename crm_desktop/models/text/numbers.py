"""Numbers and sums of money as people write them, and back. Always exact, always `Decimal`."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import NamedTuple

from crm_desktop.models.text.currencies import SYMBOLS, currency_of, minor_digits
from crm_desktop.models.text.normalise import norm
from crm_desktop.models.text.problems import Unreadable

LONGEST_NUMBER = 28  # digits before and after the point together
NO_BREAK_SPACE = "\u00a0"

_EXACT = Context(prec=2 * LONGEST_NUMBER + 8, rounding=ROUND_HALF_UP)
_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2019": "'", "\u02bc": "'"})
_SHAPE = re.compile(r"[0-9]+(?:[ .,'][0-9]+)*[.,]?|[.,][0-9]+")
_EXPONENT = re.compile(r"[0-9](?:[.,][0-9]+)?e[+-]?[0-9]{1,3}")
_SEPARATOR = re.compile(r"[ .,']")
_MINOR = re.compile(
    r"(.*[0-9].*?)??(?<![0-9])([0-9]{1,2})\s*(?:коп(?:еек|ейки|ейка)?|cents?|ц|¢)\.?"
)
_MULTIPLIER = re.compile(r"(.*[0-9])\s*(тыс|т|млн|млрд|к|k|mln|m|bn)(?:\.|\b)\s*(.*)")
_MULTIPLIERS = {
    "тыс": 3, "т": 3, "к": 3, "k": 3, "млн": 6, "mln": 6, "m": 6, "млрд": 9, "bn": 9,
}  # fmt: skip
_MONEY = re.compile(
    r"([-+(]*)\s*([^0-9\s()+-]*?)\s*([-+(]*[0-9.,][0-9 .,']*\)?-?)\s*([^0-9()]*)(\)?)"
)


class NumberStyle(NamedTuple):
    """How a language writes numbers."""

    group: str
    point: str
    symbol_first: bool


# Unicode CLDR 45, ru and en.
_STYLES = {
    "ru": NumberStyle(NO_BREAK_SPACE, ",", symbol_first=False),
    "en": NumberStyle(",", ".", symbol_first=True),
}


def parse_decimal(text: str, *, decimal: str | None = None) -> Decimal:
    """The number in the text; raises Unreadable: empty, not_a_number, grouping, too_long.

    `decimal` is the sign before the fraction (`,` or `.`). Without it the last of two different
    signs is it, and a single comma or full stop is it too: `1,234` is a little more than one. A
    percent sign is dropped: `12 %` is 12. Brackets and a trailing minus mean less than nothing.
    """
    bare = _bare(text)
    negative, bare = _take_sign(bare)
    if _EXPONENT.fullmatch(bare):
        value = Decimal(bare.replace(",", "."))
    elif _SHAPE.fullmatch(bare):
        value = Decimal(_without_groups(bare, decimal))
    else:
        raise Unreadable("not_a_number")
    if len(value.as_tuple().digits) > LONGEST_NUMBER or abs(value.adjusted()) > LONGEST_NUMBER:
        raise Unreadable("too_long")
    return -value if negative and value else value


def _bare(text: str) -> str:
    """One kind of blank, minus and apostrophe; no percent sign."""
    if len(text) > 4 * LONGEST_NUMBER:
        raise Unreadable("too_long")
    bare = norm(text).translate(_SIGNS).removesuffix("%").strip()
    if not bare:
        raise Unreadable("empty")
    return bare


def _take_sign(bare: str) -> tuple[bool, str]:
    """Is it negative, and the rest."""
    if bare.startswith("(") and bare.endswith(")"):
        return True, bare[1:-1].strip()
    if bare.endswith("-"):
        return True, bare[:-1].strip()
    if bare[0] in "+-":
        return bare[0] == "-", bare[1:].strip()
    return False, bare


def _without_groups(bare: str, decimal: str | None) -> str:
    """The same number with nothing but digits and one full stop."""
    signs = _SEPARATOR.findall(bare)
    point = _point(bare, signs, decimal)
    whole, _sep, fraction = bare.rpartition(point) if point else (bare, "", "")
    if not fraction.isdecimal() and fraction:
        raise Unreadable("grouping")
    groups = _SEPARATOR.split(whole)
    if len(groups) > 1:
        kinds = set(_SEPARATOR.findall(whole))
        even = all(len(group) == 3 for group in groups[1:]) and 1 <= len(groups[0]) <= 3
        if not even or len(kinds) > 1:
            raise Unreadable("grouping")
    return f"{''.join(groups) or '0'}.{fraction or '0'}"


def _point(bare: str, signs: list[str], decimal: str | None) -> str:
    """The sign that stands before the fraction, or nothing."""
    last = signs[-1] if signs else ""
    if last not in (",", ".") or signs.count(last) > 1:
        return ""
    if decimal is None or last == decimal:
        return last
    # The other sign: a group when it can be one, or else the fraction after all, as in 1.5.
    tail = bare.rpartition(last)[2]
    return "" if len(tail) == 3 and decimal not in signs else last


def parse_int(text: str) -> int:
    """A whole number; raises Unreadable as `parse_decimal` does, and not_whole."""
    value = parse_decimal(text)
    if value != value.to_integral_value():
        raise Unreadable("not_whole")
    return int(value)


def parse_money(text: str, *, decimal: str | None = None) -> tuple[Decimal, str | None]:
    """A sum and its currency (ISO 4217), None when none was written.

    Understands signs, codes and words on either side, `50 коп.` after the roubles, and thousands
    and millions in words. Raises Unreadable as `parse_decimal` does, and currency.
    """
    bare = _bare(text).rstrip("=")
    minor, bare = _take_minor(bare)
    power, bare = _take_multiplier(bare)
    match = _MONEY.fullmatch(bare.removesuffix(",-").removesuffix(".-").strip())
    if not match:
        raise Unreadable("not_a_number")
    sign, before, number, after, close = match.groups()
    mark = (before or after).strip(" .,;")
    currency = currency_of(mark) if mark else None
    if (mark and not currency) or (before and after.strip(" .,;")):
        raise Unreadable("currency")
    value = parse_decimal((sign + number.strip(" ,.") + close).strip(), decimal=decimal)
    exact = _EXACT.multiply(value, Decimal(1).scaleb(power))
    return (exact + minor.copy_sign(exact) if minor else exact), currency


def _take_minor(bare: str) -> tuple[Decimal, str]:
    match = _MINOR.fullmatch(bare)
    if not match:
        return Decimal(0), bare
    return Decimal(match[2]) / 100, (match[1] or "0").strip()


def _take_multiplier(bare: str) -> tuple[int, str]:
    """The power of ten of a word such as `тыс.`, and the text without the word."""
    match = _MULTIPLIER.fullmatch(bare)
    if not match:
        return 0, bare
    return _MULTIPLIERS[match[2]], f"{match[1]} {match[3]}".strip()


def round_half_up(value: Decimal, places: int) -> Decimal:
    """The value with so many digits after the point; a half goes away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), context=_EXACT)


def format_number(value: Decimal | int, places: int | None, language: str) -> str:
    """The number as the language writes it; without `places` with the digits it has."""
    style = _STYLES.get(language, _STYLES["en"])
    number = Decimal(value)
    exact = _trimmed(number) if places is None else round_half_up(number, places)
    text = f"{exact:,f}" if exact else f"{abs(exact):,f}"
    whole, _sep, fraction = text.partition(".")
    whole = whole.replace(",", style.group)
    return whole + style.point + fraction if fraction else whole


def _trimmed(number: Decimal) -> Decimal:
    """Without zeros at the end of the fraction."""
    if number == number.to_integral_value():
        return round_half_up(number, 0)
    return number.normalize(_EXACT)


def format_money(
    amount: Decimal, currency: str | None, language: str, *, places: int | None = None
) -> str:
    """`128 000 ₽`, `$1,200.50`: whole sums without a fraction, others with all its digits.

    `places` forces so many digits. Breaks no line.
    """
    if places is None:
        digits_after = minor_digits(currency or "")
        rounded = round_half_up(amount, digits_after)
        places = 0 if rounded == rounded.to_integral_value() else digits_after
    number = format_number(amount, places, language)
    if not currency:
        return number
    symbol = SYMBOLS.get(currency, currency)
    if not _STYLES.get(language, _STYLES["en"]).symbol_first:
        return f"{number}{NO_BREAK_SPACE}{symbol}"
    minus, number = ("-", number[1:]) if number.startswith("-") else ("", number)
    return f"{minus}{symbol}{NO_BREAK_SPACE if symbol.isalpha() else ''}{number}"
