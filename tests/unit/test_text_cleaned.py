"""What a text field keeps of a pasted text."""

from __future__ import annotations

import pytest

from crm_desktop.models.catalogue.fieldtypes import LongTextField, TextField


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("\u200bAlder\u00a0", "Alder"), ("\ufeffОльха\u2060", "Ольха"), ("A\x00lder", "Alder"),
        ("Al\udc00der", "Alder"), ("नमस्\u200dते", "नमस्\u200dते"), ("\u200b", None), (" \t ", None),
    ],
)  # fmt: skip
def test_nothing_unseen_stands_around_it(pasted: str, kept: str | None) -> None:
    assert TextField("name", "Name").check(pasted) == kept
    assert LongTextField("note", "Note").check(pasted) == kept
