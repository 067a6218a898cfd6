"""Russian tax and registration numbers: INN, KPP, OGRN and OGRNIP, OKPO, SNILS."""

from __future__ import annotations

import re

from crm_desktop.i18n import _
from crm_desktop.models.text import tax
from crm_desktop.models.validation.verdict import (
    Asked,
    Verdict,
    check_digit_problem,
    compact,
    digits_problem,
    right,
    wrong,
)

_KPP = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}")
_SNILS_UNCHECKED = 1_001_998  # numbers up to 001-001-998 have no check digits
_INN_OF_ORGANISATION, _INN_OF_PERSON = 10, 12


def inn(text: str, _asked: Asked) -> Verdict:
    """Taxpayer number: 10 digits (organisation) or 12 (person), the last one or two checked.

    Order of the Federal Tax Service of 26.06.2025, No. ED-7-14/559@ and those before it.
    """
    return _inn(text, _INN_OF_ORGANISATION, _INN_OF_PERSON)


def inn_of_organisation(text: str, _asked: Asked) -> Verdict:
    """INN of ten digits."""
    return _inn(text, _INN_OF_ORGANISATION)


def inn_of_person(text: str, _asked: Asked) -> Verdict:
    """INN of twelve digits: of a sole trader or a private person."""
    return _inn(text, _INN_OF_PERSON)


def _inn(text: str, *lengths: int) -> Verdict:
    number = compact(text)
    problem = digits_problem(number, *lengths)
    if problem:
        return wrong(problem)
    return right(number) if tax.normalise_inn(number) else wrong(check_digit_problem())


def kpp(text: str, _asked: Asked) -> Verdict:
    """Code of the reason for registration: NNNNPPXXX, PP digits or capital Latin letters.

    Order of the Federal Tax Service of 29.06.2012, No. MMV-7-6/435@, annex 1, II.5; no checksum.
    """
    number = compact(text).upper()
    if not number:
        return wrong(_("Nothing is given"))
    if len(number) != 9:
        return wrong(_("9 signs are needed, here are {count}").format(count=len(number)))
    if not _KPP.fullmatch(number):
        return wrong(_("Digits are needed; only the fifth and the sixth sign may be Latin letters"))
    return right(number) if number[:4].strip("0") else wrong(_("It cannot begin with four zeros"))


def ogrn(text: str, _asked: Asked) -> Verdict:
    """State registration number: 13 digits (OGRN) or 15 (OGRNIP), the last one checked.

    Order of the Ministry of Finance of 30.10.2017, No. 165n, points 5 and 6: the number without
    its last digit modulo 11 (OGRN) or 13 (OGRNIP), the last digit of the remainder.
    """
    return _ogrn(text, 13, 15)


def ogrn_of_organisation(text: str, _asked: Asked) -> Verdict:
    """OGRN of thirteen digits."""
    return _ogrn(text, 13)


def ogrnip(text: str, _asked: Asked) -> Verdict:
    """OGRNIP, the number of a sole trader, of fifteen digits."""
    return _ogrn(text, 15)


def _ogrn(text: str, *lengths: int) -> Verdict:
    number = compact(text)
    problem = digits_problem(number, *lengths)
    if problem:
        return wrong(problem)
    modulus = 11 if len(number) == 13 else 13
    if int(number[:-1]) % modulus % 10 != int(number[-1]):
        return wrong(check_digit_problem())
    if not tax.normalise_ogrn(number):
        return wrong(_("No number in the register begins with {digit}").format(digit=number[0]))
    return right(number)


def okpo(text: str, _asked: Asked) -> Verdict:
    """Code of the classifier of enterprises: 8 digits (organisation), 10 (sole trader), or 14
    (branch: the code of the organisation and four digits of its own, PR 50.1.024-2005, 5.3)."""
    number = compact(text)
    problem = digits_problem(number, 8, 10, 14)
    if problem:
        return wrong(problem)
    head = number[:8] if len(number) == 14 else number
    return right(number) if tax.normalise_okpo(head) else wrong(check_digit_problem())


def snils(text: str, _asked: Asked) -> Verdict:
    """Insurance number of a person: 11 digits, shown as 112-233-445 95.

    Resolution of the Board of the Pension Fund of 31.07.2006, No. 192p, and its successors: the
    nine digits weighted 9 to 1; the sum modulo 101, where 100 gives 00. Not for numbers up to
    001-001-998.
    """
    number = compact(text)
    problem = digits_problem(number, 11)
    if problem:
        return wrong(problem)
    body, key = number[:9], int(number[9:])
    total = sum(weight * int(digit) for weight, digit in zip(range(9, 0, -1), body, strict=True))
    if int(body) > _SNILS_UNCHECKED and total % 101 % 100 != key:
        return wrong(check_digit_problem())
    if not body.strip("0"):
        return wrong(_("It cannot be all zeros"))
    return right(number)
