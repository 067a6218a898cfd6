"""What is said about a value: right or not, how it is kept, and why not."""

from __future__ import annotations

import re
from typing import NamedTuple

from crm_desktop.i18n import _
from crm_desktop.models.text.normalise import tidy

LONGEST = 200
_FILLING = re.compile(r"[\s\u00a0\u2007\u202f\-\u2010-\u2015.]+")
_FROM_FLOAT = re.compile(r"([0-9]{4,20})[.,]0+")


class Verdict(NamedTuple):
    """`normalised`: the value as it is kept, '' for a wrong one. `reason`: a sentence for people;
    of a right value what could not be looked into, mostly ''."""

    valid: bool
    normalised: str = ""
    reason: str = ""


class Asked(NamedTuple):
    """What a verdict may depend on beside the value: the BIK of an account's bank; the country
    (ISO 3166, two letters) of a telephone written without one, or of a tax number."""

    bik: str = ""
    country: str = ""


def right(normalised: str, remark: str = "") -> Verdict:
    """The verdict on a right value."""
    return Verdict(True, normalised, remark)


def wrong(reason: str) -> Verdict:
    """The verdict on a wrong value."""
    return Verdict(False, "", reason)


def compact(text: str) -> str:
    """The text without blanks, hyphens, full stops and the `.0` of a spreadsheet."""
    bare = tidy(text[:LONGEST])
    match = _FROM_FLOAT.fullmatch(bare)
    return match[1] if match else _FILLING.sub("", bare)


def are_digits(text: str) -> bool:
    """Whether there is nothing but the digits 0 to 9, of no other script."""
    return text.isascii() and text.isdigit()


def digits_problem(number: str, *lengths: int) -> str:
    """Why the number cannot be one of that many digits; '' if it can."""
    if not number:
        return _("Nothing is given")
    if not are_digits(number):
        return _("There may be nothing but the digits 0 to 9")
    if len(number) not in lengths:
        wanted = _(" or ").join(map(str, lengths))
        return _("{wanted} digits are needed, here are {count}").format(
            wanted=wanted, count=len(number)
        )
    return "" if number.strip("0") else _("It cannot be all zeros")


def check_digit_problem() -> str:
    """The sentence for a number of the right form whose check digit does not fit."""
    return _("The check digit does not fit: a digit is mistyped")
