"""Countries as a person chooses one: the name in a language, and how its phone numbers begin.

Names and calling codes are those of the package `phonenumbers`; reading them takes its time, so
ask in a worker.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, NamedTuple

from crm_desktop.models.text.normalise import norm


class PhoneRegion(NamedTuple):
    """A country: its code of two letters (ISO 3166), its name, its calling code such as `+7`."""

    code: str
    name: str
    prefix: str


def phone_regions(language: str) -> list[PhoneRegion]:
    """Every country with phone numbers of its own, by name in `language` (`ru` or `en`)."""
    import phonenumbers

    found, all_names = [], _names()
    for code in phonenumbers.SUPPORTED_REGIONS:
        names = all_names.get(code, {})
        name = names.get(language, "")
        if name.startswith("*"):  # "*en": the same as in English
            name = names.get(name[1:], "")
        prefix = f"+{phonenumbers.country_code_for_region(code)}"
        found.append(PhoneRegion(code, name or names.get("en") or code, prefix))
    return sorted(found, key=lambda region: region.name)


@lru_cache(maxsize=200)
def country_code(text: str | None) -> str:
    """The code (ISO 3166) of a country given by it or by its Russian or English name; else ''."""
    wanted = norm(text or "")
    if len(wanted) == 2 and wanted.isascii() and wanted.isalpha():
        return wanted.upper()
    if not wanted:
        return ""
    names = _names().items()
    return next((code for code, known in names if wanted in _in_words(known)), "")


def _in_words(known: dict[str, str]) -> list[str]:
    """The names in Russian and English; `*be` means: as in Belarusian."""
    names = [known.get(language, "") for language in ("ru", "en")]
    return [norm(known.get(n[1:], "") if n.startswith("*") else n) for n in names]


def _names() -> dict[str, dict[str, str]]:
    """Names by country and language, read and let go again.

    The module is loaded by its file: its package would load the towns of all numbers of the world
    with it, 100 MB that stay.
    """
    import phonenumbers

    file = Path(phonenumbers.__file__).parent / "geodata" / "locale.py"
    spec = spec_from_file_location("phonenumbers.geodata.country_names", file)
    if spec is None or spec.loader is None:
        return {}
    module: Any = module_from_spec(spec)
    spec.loader.exec_module(module)
    names: dict[str, dict[str, str]] = module.LOCALE_DATA
    return names
