"""OGRNIP whose remainder has two digits: its last digit is the check digit."""

from __future__ import annotations

import pytest

from crm_desktop.models.text.tax import normalise_ogrn


@pytest.mark.parametrize("remainder", [9, 10, 11, 12])
def test_the_last_digit_of_the_remainder_counts(remainder: int) -> None:
    body = next(n for n in range(31577460000000, 31577460000100) if n % 13 == remainder)
    assert normalise_ogrn(f"{body}{remainder % 10}") == f"{body}{remainder % 10}"
    assert normalise_ogrn(f"{body}{(remainder + 1) % 10}") is None
