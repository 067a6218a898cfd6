"""Tax, registration and bank numbers: the number without blanks if it is a right one, else None.

INN, OGRN, IBAN and BIC by python-stdnum; it has no KPP, OKPO, BIK and account keys, so these are
here, each with the source of its rule. All but a test of the checksum is left to the registers.
"""

from __future__ import annotations

import re

_FILLING = re.compile(r"[\s\u00a0\-.]+")
_FROM_FLOAT = re.compile(r"([0-9]{4,20})[.,]0+")
_BIK = re.compile(r"[0-9]{9}")
_ACCOUNT_WEIGHTS = (7, 1, 3)

# Length of the whole number; list of partial and experimental use of ISO 13616.
_UNREGISTERED_IBANS = {
    "AO": 25, "BF": 28, "BJ": 28, "CF": 27, "CG": 27, "CI": 28, "CM": 27, "CV": 25, "DZ": 26,
    "GA": 27, "GQ": 27, "GW": 25, "HN": 28, "IR": 26, "KM": 27, "MA": 28, "MG": 27, "ML": 28,
    "MZ": 25, "NE": 28, "SN": 28, "TD": 27, "TG": 28,
}  # fmt: skip


def _compact(text: str) -> str:
    """Without blanks, hyphens and the `.0` of a spreadsheet."""
    if len(text) > 60:
        return ""
    bare = text.strip()
    match = _FROM_FLOAT.fullmatch(bare)
    return match[1] if match else _FILLING.sub("", bare)


def _ascii_digits(text: str, *lengths: int) -> bool:
    return len(text) in lengths and text.isascii() and text.isdigit()


def normalise_inn(text: str, *, from_number: bool = False) -> str | None:
    """Taxpayer number of 10 (firm) or 12 digits (person), with its leading zeros.

    `from_number`: the text was a number in a spreadsheet and may have lost its one leading zero.
    """
    number = _compact(text)
    if from_number and len(number) in (9, 11):
        number = "0" + number
    if not _ascii_digits(number, 10, 12) or not number.strip("0"):
        return None
    from stdnum.ru import inn

    return number if inn.is_valid(number) else None


def normalise_ogrn(text: str) -> str | None:
    """State registration number, 13 digits (firm), or OGRNIP, 15 digits (sole trader).

    The check digit is the last digit of the remainder (Order of the Ministry of Finance of
    30.10.2017, No. 165n); python-stdnum 2 refuses an OGRNIP whose remainder has two digits.
    """
    number = _compact(text)
    if not _ascii_digits(number, 13, 15):
        return None
    firm = len(number) == 13
    first_fits = number[0] != "0" if firm else number[0] in "34"
    key = int(number[:-1]) % (11 if firm else 13) % 10
    return number if first_fits and key == int(number[-1]) else None


def normalise_okpo(text: str) -> str | None:
    """Code of the classifier of enterprises: 8 digits (firm) or 10 (sole trader).

    Checksum by PR 50.1.024-2005, annex B: weights 1, 2 ... 10, 1 ...; modulo 11, and when that
    gives 10 once more with weights 3, 4 ...; a second 10 counts as 0.
    """
    number = _compact(text)
    if not _ascii_digits(number, 8, 10) or not number.strip("0"):
        return None
    for shift in (0, 2):
        key = sum(((i + shift) % 10 + 1) * int(n) for i, n in enumerate(number[:-1])) % 11
        if key < 10:
            break
    return number if key % 10 == int(number[-1]) else None


def normalise_bik(text: str) -> str | None:
    """Bank identification code: nine digits; the first is 0, 1 or 2 (kind of participant).

    Bank of Russia, regulation No. 762-P of 29.06.2021 and directive No. 579-P before it: no
    checksum of its own.
    """
    number = _compact(text)
    fits = _BIK.fullmatch(number) and number[0] in "012" and number.strip("0")
    return number if fits else None


def normalise_account(text: str, bik: str, *, correspondent: bool = False) -> str | None:
    """A bank account of 20 digits whose key suits the bank.

    Bank of Russia, order No. 515 of 08.09.1997: weights 7, 1, 3 over three digits of the BIK (the
    last three; for a correspondent account 0 and the fifth and sixth) and the account; modulo 10.
    """
    number, bank = _compact(text), normalise_bik(bik)
    if not bank or not _ascii_digits(number, 20):
        return None
    run = ("0" + bank[4:6] if correspondent else bank[-3:]) + number
    total = sum(_ACCOUNT_WEIGHTS[i % 3] * int(n) % 10 for i, n in enumerate(run))
    return number if total % 10 == 0 else None


def normalise_iban(text: str) -> str | None:
    """International account number by ISO 13616 and the check digits of its country.

    A bank that the library's lists do not know is no error: lists of banks grow old.
    """
    if len(text) > 60:
        return None
    from stdnum import iban
    from stdnum.exceptions import InvalidComponent, ValidationError

    number = str(iban.compact(text))
    if not _has_check_digits(number):
        return None
    try:
        iban.validate(number)
    except InvalidComponent:
        known = iban.is_valid(number, check_country=False)
        return number if known or _is_unregistered_iban(number) else None
    except ValidationError:
        return None
    return number


def _has_check_digits(number: str) -> bool:
    """ISO 7064 gives check digits from 02 to 98."""
    return _ascii_digits(number[2:4], 2) and 2 <= int(number[2:4]) <= 98


def _is_unregistered_iban(number: str) -> bool:
    """Is it an IBAN of a country that uses them without being in the registry of SWIFT?"""
    if _UNREGISTERED_IBANS.get(number[:2]) != len(number):
        return False
    from stdnum.iso7064 import mod_97_10

    return bool(mod_97_10.is_valid(number[4:] + number[:4]))


def normalise_bic(text: str) -> str | None:
    """Bank code of SWIFT (ISO 9362), 8 or 11 signs."""
    if len(text) > 60:
        return None
    from stdnum import bic
    from stdnum.exceptions import ValidationError

    try:
        return str(bic.validate(text))
    except ValidationError:
        return None
