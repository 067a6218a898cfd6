"""Countries as a person chooses one: the name in a language, and how its phone numbers begin.

Names and calling codes are those of the package `phonenumbers`; importing them takes its time, so
ask in a worker.
"""

from __future__ import annotations

from typing import NamedTuple


class PhoneRegion(NamedTuple):
    """A country: its code of two letters (ISO 3166), its name, its calling code such as `+7`."""

    code: str
    name: str
    prefix: str


def phone_regions(language: str) -> list[PhoneRegion]:
    """Every country with phone numbers of its own, by name in `language` (`ru` or `en`)."""
    import phonenumbers
    from phonenumbers.geodata.locale import LOCALE_DATA

    found = []
    for code in phonenumbers.SUPPORTED_REGIONS:
        names = LOCALE_DATA.get(code, {})
        name = names.get(language, "")
        if name.startswith("*"):  # "*en": the same as in English
            name = names.get(name[1:], "")
        prefix = f"+{phonenumbers.country_code_for_region(code)}"
        found.append(PhoneRegion(code, name or names.get("en") or code, prefix))
    return sorted(found, key=lambda region: region.name)
