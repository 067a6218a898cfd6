"""The countries a person chooses from."""

from __future__ import annotations

import subprocess
import sys

from crm_desktop.models.text.regions import PhoneRegion, phone_regions


def test_countries_are_named_in_the_language() -> None:
    russian = {region.code: region for region in phone_regions("ru")}
    english = {region.code: region for region in phone_regions("en")}

    assert russian["DE"] == PhoneRegion("DE", "Германия", "+49")
    assert english["KZ"] == PhoneRegion("KZ", "Kazakhstan", "+7")


def test_no_country_is_without_a_name() -> None:
    for language in ("ru", "en"):
        regions = phone_regions(language)

        assert len(regions) > 200
        assert all(r.name and not r.name.startswith("*") for r in regions)
        assert [r.name for r in regions] == sorted(r.name for r in regions)


def test_towns_of_all_numbers_are_not_loaded() -> None:
    code = (
        "import sys; from crm_desktop.models.text.regions import phone_regions; "
        "phone_regions('ru'); sys.exit('phonenumbers.geodata.data0' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
