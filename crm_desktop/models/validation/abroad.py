"""Tax numbers of other countries, all by python-stdnum, and the check sum of Luhn."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from crm_desktop.i18n import _
from crm_desktop.models.validation.verdict import (
    LONGEST,
    Asked,
    Verdict,
    check_digit_problem,
    compact,
    right,
    wrong,
)


def numbers(name: str) -> Callable[[str, Asked], Verdict]:
    """A judge of the numbers that a module of python-stdnum knows."""

    def judge(text: str, _asked: Asked) -> Verdict:
        from importlib import import_module

        return _judged(import_module(f"stdnum.{name}"), text)

    return judge


def eu_vat(text: str, _asked: Asked) -> Verdict:
    """VAT number of a member of the European Union, with its country in front."""
    from stdnum.eu import vat

    return _judged(vat, text)


def vat(text: str, asked: Asked) -> Verdict:
    """VAT number; of the country given, or of the one its first two letters name."""
    if asked.country:
        return tax_number(text, asked)
    named = compact(text)[:2].upper()
    if named and not named.isalpha():
        return wrong(_("Name the country: two letters in front, as in DE136695976"))
    module = None if named in _OF_THE_UNION else _known(named)
    return eu_vat(text, asked) if module is None else _judged(module, text)


def tax_number(text: str, asked: Asked) -> Verdict:
    """Tax number of any country; one that nobody has described is taken as it is."""
    shown = " ".join(text[:LONGEST].split())
    if len(shown) < 3 or not any(map(str.isdigit, shown)):
        return wrong(_("A tax number holds digits"))
    module = _known(asked.country.strip().upper())
    if module is None:
        return right(shown, _("Nothing is known about the numbers of this country"))
    return _judged(module, text)


_OF_THE_UNION = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split()
)
_FURTHER = {"UA": "ua.edrpou", "US": "", "KZ": "", "EL": "gr.vat"}


def _known(country: str) -> ModuleType | None:
    from importlib import import_module

    from stdnum import get_cc_module

    if country in _FURTHER:
        name = _FURTHER[country]
        return import_module(f"stdnum.{name}") if name else None
    if len(country) != 2 or not (country.isascii() and country.isalpha()):
        return None
    found: Any = get_cc_module(country, "vat")
    return found if isinstance(found, ModuleType) else None


def _judged(module: ModuleType, text: str) -> Verdict:
    from stdnum import exceptions as said

    if not compact(text):
        return wrong(_("Nothing is given"))
    try:
        return right(str(module.validate(text[:LONGEST])))
    except said.InvalidLength:
        return wrong(_("The number of signs is not right"))
    except said.InvalidFormat:
        return wrong(_("There are signs that do not belong here"))
    except said.InvalidChecksum:
        return wrong(check_digit_problem())
    except said.ValidationError:
        return wrong(_("A part of it is never used: look for a mistyped sign"))
