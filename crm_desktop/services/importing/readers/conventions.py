"""How dates and numbers are written as text in a file: found from its cells, never assumed."""

from __future__ import annotations

import locale
import os
import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from crm_desktop.i18n import language

_DATE = re.compile(r"\s*(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[ T]\s*\d{1,2}:\d.*)?\s*")
_NUMBER = re.compile(r"\s*[-+(]?\d{1,3}(?:[ \u00a0\u202f'.,]?\d{3})*(?:[.,]\d+)?\)?\s*%?\s*")
_GROUPED = re.compile(r"\D*\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*\D*")
_CLEAR_POINT = re.compile(
    r"\d([.,])\d{1,2}\D*$|\d([.,])\d{4,}\D*$|^\D*0([.,])\d+"
    r"|(?:\d{4}|\d[ \u00a0\u202f']\d{3})([.,])\d+\D*$"  # what is before it is grouped in its way
)


class DateOrder(NamedTuple):
    """`order`: dmy, mdy or ymd. `sure`: some date can be read in this order only.

    `seen`: dates as text were there at all; `example`: one that could be read otherwise.
    """

    order: str
    sure: bool
    seen: bool
    example: str = ""


def local_date_order() -> str:
    """What people of the program's language write; Americans put the month first."""
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_TIME", "LANG")]
    try:
        names.append(locale.getlocale()[0] or "")
    except ValueError:  # an odd LANG
        names.append("")
    place = next(filter(None, names), "")
    american = place.startswith("en_US") or "United States" in place
    return "mdy" if language() == "en" and american else "dmy"


def date_order(texts: Iterable[str]) -> DateOrder:
    """The order of day, month and year in which most of the dates can be read."""
    votes: Counter[str] = Counter()
    example = ""
    for text in texts:
        match = _DATE.fullmatch(text)
        if match:
            vote = _vote(match)
            votes[vote] += 1
            example = example or (text.strip() if not vote else "")
    certain = [(count, order) for order, count in votes.items() if order]
    if certain:
        return DateOrder(max(certain)[1], sure=True, seen=True)
    return DateOrder(local_date_order(), sure=False, seen=bool(votes), example=example)


def is_date(cell: object) -> bool:
    """Whether it is a date in figures, as text."""
    return isinstance(cell, str) and bool(_DATE.fullmatch(cell))


def _vote(match: re.Match[str]) -> str:
    """The only order in which this date makes sense; '' if there are two."""
    first, sign, middle, last = match[1], match[2], int(match[3]), match[4]
    if len(first) > 2:
        return "ymd"
    if int(first) > 12:
        return "dmy" if middle <= 12 else ""
    if middle > 12:
        return "mdy"
    return "dmy" if sign == "." and len(last) in (2, 4) else ""


class DecimalSign(NamedTuple):
    """`sign`: `,` or `.`, before the fraction. `sure`: most of the numbers can be read in this way
    only. `example`: one that could be read otherwise, '' if there is none."""

    sign: str
    sure: bool
    example: str = ""


def decimal_sign(texts: Iterable[str], *, delimiter: str | None = None) -> DecimalSign:
    """The sign before the fraction in most of the numbers."""
    votes: Counter[str] = Counter()
    example = ""
    for text in texts:
        if _may_have_fraction(text):
            vote = _point(text)
            votes[vote] += 1
            example = example or ("" if vote else text.strip())
    if votes["."] == votes[","]:
        return DecimalSign("," if delimiter == ";" else ".", sure=False, example=example)
    return DecimalSign("." if votes["."] > votes[","] else ",", sure=True, example=example)


def is_doubtful(text: str) -> bool:
    """Whether it is a thousand and more, or a number with three digits behind the sign: `1,250`."""
    return _may_have_fraction(text) and not _point(text)


def _may_have_fraction(text: str) -> bool:
    signs = text.count(",") + text.count(".")
    if not signs or len(text) >= 40 or not _NUMBER.fullmatch(text):
        return False
    alike = signs > 1 and not ("," in text and "." in text)
    return not alike or bool(_GROUPED.fullmatch(text))  # 802.555.0164 is a telephone


def _point(text: str) -> str:
    """The sign before the fraction of one number; '' if that cannot be told."""
    signs = [sign for sign in text if sign in ".,"]
    if len(set(signs)) == 2:
        return signs[-1]
    if len(signs) > 1:
        return "," if signs[0] == "." else "."  # 200.000.000: full stops divide thousands
    match = _CLEAR_POINT.search(text)
    return next(filter(None, match.groups()), "") if match else ""
