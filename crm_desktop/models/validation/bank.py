"""Banks and accounts: BIK, the key of an account, IBAN, SWIFT."""

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

_ACCOUNT = re.compile(r"[0-9]{5}[0-9ABCEHKMPTX][0-9]{14}")
_LETTERS = {letter: str(digit) for digit, letter in enumerate("ABCEHKMPTX")}
_ANY = re.compile(r"[0-9A-Z]{4,34}")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{1,30}")


def bik(text: str, _asked: Asked) -> Verdict:
    """Bank identification code: nine digits, the first 0, 1 or 2 (kind of participant).

    Bank of Russia, regulation No. 762-P of 29.06.2021, annex 4: no checksum of its own.
    """
    number = compact(text)
    problem = digits_problem(number, 9)
    if problem:
        return wrong(problem)
    return right(number) if number[0] in "012" else wrong(_("A BIK begins with 0, 1 or 2"))


def account(text: str, asked: Asked) -> Verdict:
    """An account of 20 signs of a client or a bank; the key suits the BIK where it is given.

    Bank of Russia, order No. 515 of 08.09.1997: weights 7, 1, 3 over three digits of the BIK and
    the account, modulo 10. The three digits are the last ones; for accounts that the Bank of Russia
    itself keeps (of banks, the treasury) 0 and the fifth and sixth. A letter in the sixth place
    (clearing currencies) counts as its number in that order.
    """
    return _account(text, asked, by_centre=_is_kept_by_centre)


def any_account(text: str, _asked: Asked) -> Verdict:
    """An account of any bank of the world: 4 to 34 digits and Latin letters (ISO 13616)."""
    number = compact(text).upper()
    if not number:
        return wrong(_("Nothing is given"))
    if not _ANY.fullmatch(number):
        return wrong(_("An account is 4 to 34 digits and Latin letters"))
    return right(number) if number.strip("0") else wrong(_("It cannot be all zeros"))


def correspondent(text: str, asked: Asked) -> Verdict:
    """A correspondent account: 301..., kept by the Bank of Russia, ending as the BIK does; or the
    single treasury account 40102..."""
    number = compact(text).upper()
    found = _account(text, asked, by_centre=lambda _number, _bik: True)
    if not found.valid:
        return found
    if not number.startswith(("301", "401")):
        return wrong(_("A correspondent account begins with 301 or, of the treasury, with 401"))
    ends = bik(asked.bik, asked).normalised[-3:]
    if ends and number.startswith("301") and not number.endswith(ends):
        return wrong(_("It must end with the last three digits of the BIK"))
    return found


def _is_kept_by_centre(number: str, bank: str) -> bool:
    """The Bank of Russia keeps accounts of banks, of the treasury, and those of its own offices."""
    return number.startswith(("30101", "30103", "40102")) or bank[-3:] in ("000", "001", "002")


def _account(text: str, asked: Asked, *, by_centre: object) -> Verdict:
    number = compact(text).upper()
    problem = _account_problem(number)
    if problem:
        return wrong(problem)
    if not asked.bik:
        return right(number, _("The key was not checked: that takes the BIK of the bank"))
    bank = bik(asked.bik, asked)
    if not bank.valid:
        return wrong(_("BIK: {reason}").format(reason=bank.reason))
    if number[0] == "0":  # accounts of the treasury itself have no key (order of 01.04.2020, 15n)
        return right(number)
    centre = callable(by_centre) and by_centre(number, bank.normalised)
    counted = number[:5] + _LETTERS.get(number[5], number[5]) + number[6:]
    if tax.normalise_account(counted, bank.normalised, correspondent=bool(centre)) is None:
        return wrong(_("The key of the account does not suit this BIK: look for a mistyped digit"))
    return right(number)


def _account_problem(number: str) -> str:
    if _ACCOUNT.fullmatch(number):
        return "" if number.strip("0") else _("It cannot be all zeros")
    return digits_problem(number, 20)


def iban(text: str, _asked: Asked) -> Verdict:
    """International account number: ISO 13616, and the check digits of its country."""
    number = compact(text).upper()
    if not number:
        return wrong(_("Nothing is given"))
    if not _IBAN.fullmatch(number):
        return wrong(_("An IBAN is a country of two letters, two check digits and up to 30 signs"))
    found = tax.normalise_iban(text)
    return right(found) if found else wrong(_iban_reason(number))


def _iban_reason(number: str) -> str:
    from stdnum.exceptions import ValidationError
    from stdnum.iso7064 import mod_97_10

    try:
        mod_97_10.validate(number[4:] + number[:4])
    except ValidationError:
        return check_digit_problem()
    if number[2:4] in ("00", "01", "99"):
        return _("Check digits of an IBAN are 02 to 98")
    return _("Length or signs are not those of an IBAN of {country}").format(country=number[:2])


def swift(text: str, _asked: Asked) -> Verdict:
    """Bank code of SWIFT (ISO 9362), 8 or 11 signs with the country in the fifth and sixth."""
    code = compact(text).upper()
    if not code:
        return wrong(_("Nothing is given"))
    if len(code) not in (8, 11):
        return wrong(_("8 or 11 signs are needed, here are {count}").format(count=len(code)))
    found = tax.normalise_bic(code)
    if found is None:
        return wrong(_("Four letters, the country, two signs and perhaps three of the branch"))
    return right(found)
