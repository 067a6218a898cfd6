"""Countries by their code or their name, as people write them."""

from __future__ import annotations

import pytest

from crm_desktop.models.text.regions import country_code


@pytest.mark.parametrize(
    ("written", "code"),
    [("Germany", "DE"), ("германия", "DE"), ("Беларусь", "BY"), ("belarus", "BY"), ("de", "DE"),
     ("", ""), (None, ""), ("Nowhere", "")],
)  # fmt: skip
def test_a_country_is_known_by_code_and_name(written: str | None, code: str) -> None:
    assert country_code(written) == code
