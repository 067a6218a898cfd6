"""Texts of properties that the library does not know (RFC 5545, 3.3.11)."""

from __future__ import annotations

import re


def plain_text(written: str) -> str:
    """The text without its escapes."""
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], written)
