"""The holidays of one country are read without the other two hundred, and are the same."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from holidays import list_supported_countries

from crm_desktop.models.worktime.holidays import countries

TOLD = """
import json, sys
{first}
from crm_desktop.models.worktime.holidays import countries, holidays_of

russia = len(holidays_of("RU", 2026).names)
imported = [name for name in sys.modules if name.startswith("holidays.countries.")]
days = {{
    code: [sorted((str(day), name) for day, name in year.names.items()),
           sorted(map(str, year.worked))]
    for code in sorted(countries()) for year in [holidays_of(code, 2026)]
}}
print(json.dumps({{"russia": russia, "imported": imported, "days": days}}))
"""


def _told(first: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", TOLD.format(first=first)],
        stdout=subprocess.PIPE, text=True, check=True, timeout=120,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def alone() -> dict[str, Any]:
    return _told("")


def test_one_country_brings_no_other(alone: dict[str, Any]) -> None:
    assert alone["russia"] > 10 and alone["imported"] == ["holidays.countries.russia"]


def test_every_country_of_the_library_is_known() -> None:
    assert countries() == set(list_supported_countries(include_aliases=False))


def test_every_country_has_the_days_that_the_whole_library_says(alone: dict[str, Any]) -> None:
    whole = _told("import holidays.countries")

    assert len(whole["imported"]) > 200 and len(alone["days"]) > 200
    assert alone["days"] == whole["days"]
