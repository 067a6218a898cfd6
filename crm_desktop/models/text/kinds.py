"""Whether a client is a company, a sole trader or a private person, where what is known of it says
so. Unlike `firms.client_kind`, which always guesses, this one keeps silent where nothing speaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from crm_desktop.models.text.firms import SOLE_TRADERS, ClientKind, client_kind, legal_form
from crm_desktop.models.text.normalise import norm
from crm_desktop.models.text.persons import is_patronymic
from crm_desktop.models.text.tax import normalise_inn

_WORD = r"[^\W\d_]+(?:-[^\W\d_]+)?"
_INITIALS = re.compile(rf"(?:{_WORD}\s+(?:[^\W\d_]\.\s?){{1,2}}|(?:[^\W\d_]\.\s?){{1,2}}{_WORD})")
_NAMES = re.compile(rf"{_WORD}(?:\s+{_WORD}){{2,3}}")
_FIRM_DIGITS, _PERSON_DIGITS = 10, 12
_LONGEST_NAME = 3
_LONGEST = 500  # letters; a longer text is no name, and looking for forms in it takes long
# Forms in Latin letters that are no part of a name's form elsewhere (`firms`).
_TRADER = re.compile(
    r"(?:individual (?:entrepreneur|businessm[ae]n)|sole (?:proprietor(?:ship)?|trader))\b.*|"
    r".*[\s,(]+(?:individual entrepreneur|sole (?:proprietor(?:ship)?|trader))\)?",
    re.IGNORECASE,
)
_COMPANY = re.compile(r"(?:P|O|C)?JSC\b.*|.*[\s,]+(?:P|O|C)?JSC|.*\bCo\.", re.IGNORECASE)
_IP = re.compile(r"(?:I\.?P|I\.?E|CHP|PE)\.?\s+(.+)|(.+?)[\s,(]+(?:IP|IE)\)?")
_SURNAME = re.compile(
    r"[A-Z][a-z'’-]*(?:ov|ova|ev|eva|yov|in|ina|yn|yna|k[iy]y?|aya|enko|uk|yuk|ich|[iy]an|dze|shvili|"
    r"[iy]kh)"
)


def told_kind(names: Iterable[str], tax: str = "") -> ClientKind | None:
    """By the legal form of a name, else by the length of a Russian tax number, else by a name with
    initials or a patronymic; None where none of them tells."""
    said = [name for name in names if name and len(name) <= _LONGEST]
    for name in said:
        form, _rest = legal_form(name)
        if form:
            return "sole_trader" if form in SOLE_TRADERS else "company"
        if (latin := _told_in_latin(name.strip())) is not None:
            return latin
    if len(tax) == _FIRM_DIGITS and tax.isdecimal():
        return "company"  # most are: not worth a look at the checksum
    number = normalise_inn(tax) if len(tax) > _FIRM_DIGITS else None
    if number is not None:
        return "person" if len(number) == _PERSON_DIGITS else "company"
    return "person" if any(map(_is_person, said)) else None


def _told_in_latin(name: str) -> ClientKind | None:
    """`IP Ivanov` is a sole trader, `IP Telephony` is not."""
    if not name.isascii():
        return None
    if _TRADER.fullmatch(name):
        return "sole_trader"
    found = _IP.fullmatch(name)
    if found is not None and _names_somebody((found[1] or found[2]).strip(" \"'")):
        return "sole_trader"
    return "company" if _COMPANY.fullmatch(name) else None


def _names_somebody(rest: str) -> bool:
    words = rest.split()
    if len(words) == 1:
        return bool(_SURNAME.fullmatch(rest))
    return len(words) <= _LONGEST_NAME and client_kind(rest) == "person"


def _is_person(name: str) -> bool:
    text = name.strip()
    if _INITIALS.fullmatch(text):
        return True
    return bool(_NAMES.fullmatch(text)) and any(map(is_patronymic, norm(text).split()[1:]))
