"""The list of the staff: colleagues by their full names, and whether they are still here."""

from __future__ import annotations

import pytest

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin.staff import STAFF


@pytest.mark.parametrize(("language", "heading"), [("ru", "ФИО"), ("en", "Full name")])
def test_a_colleague_has_a_full_name_and_the_list_tells_who_has_left(
    language: str, heading: str
) -> None:
    i18n.set_language(language)

    assert _(STAFF.field(STAFF.title_field).label) == heading
    assert STAFF.field("gone").listed
