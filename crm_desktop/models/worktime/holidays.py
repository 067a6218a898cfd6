"""Public holidays by the library `holidays`: names, moved days, working Saturdays.

The library is imported when the first calendar asks.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.util import find_spec, module_from_spec

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _

# Days on whose eve one works an hour less: Labour Code of the Russian Federation, articles 95, 112.
_SHORT_EVES = {"RU": frozenset(((1, 1), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)))}
SHORTER_BY = 60
"""Minutes by which an eve is shorter (article 95)."""


@dataclass(frozen=True)
class YearOfHolidays:
    """The holidays of one year: named days off, and days of the weekend that are worked."""

    names: dict[date, str] = field(default_factory=dict)
    worked: frozenset[date] = frozenset()


def holidays_of(country: str, year: int, language: str = "en") -> YearOfHolidays:
    """The holidays of a country by its code of ISO 3166-1; none for ''."""
    return _year(country.upper(), year, language) if country else YearOfHolidays()


def is_short_eve(country: str, day: date) -> bool:
    """Whether the next day is a holiday on whose eve one works an hour less."""
    following = day + timedelta(days=1)
    return (following.month, following.day) in _SHORT_EVES.get(country.upper(), ())


@cache
def countries() -> frozenset[str]:
    """The codes of the countries whose holidays are known."""
    from holidays.registry import EntityLoader

    return frozenset(EntityLoader.get_country_codes(include_aliases=False))


def check_country(code: str) -> str:
    """The code in capitals; `InvalidInput` if no holidays are known of it. '' is none at all."""
    given = code.strip().upper()
    if given and given not in countries():
        raise InvalidInput(
            _("No holidays are known of “{code}”: use two letters such as RU").format(
                code=code.strip()[:20]
            )
        )
    return given


@cache
def _year(country: str, year: int, language: str) -> YearOfHolidays:
    from holidays import country_holidays

    if country not in countries():
        return YearOfHolidays()
    _spare_other_countries()
    made = country_holidays(country, years=year)
    wanted = next((one for one in made.supported_languages if one[:2] == language[:2]), None)
    if wanted and wanted != made.language:
        made = country_holidays(country, years=year, language=wanted)
    worked = frozenset(day for day in made.weekend_workdays if day.year == year)
    return YearOfHolidays({day: name for day, name in made.items() if day.year == year}, worked)


def _spare_other_countries() -> None:
    """The package `holidays.countries` would import each of its 250 countries (8 MiB, a tenth of a
    second) before the one that is asked for; so it is known as a package without its own code."""
    name = "holidays.countries"
    spec = find_spec(name)
    if name not in sys.modules and spec is not None:
        sys.modules.setdefault(name, module_from_spec(spec))
