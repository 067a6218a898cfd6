"""Sizes of files as people read them: 1 KB is 1,024 bytes, as the desktops of Windows count."""

from __future__ import annotations

from crm_desktop.i18n import N_, _

_UNITS = (N_("{size} B"), N_("{size} KB"), N_("{size} MB"), N_("{size} GB"))


def size_text(count: int, language: str) -> str:
    """`count` bytes in the largest unit that leaves at least 1; one decimal below 10."""
    size, unit = float(count), 0
    while size >= 999.5 and unit < len(_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    words = f"{size:.1f}" if unit and size < 9.95 else f"{size:.0f}"
    words = words.removesuffix(".0")
    return _(_UNITS[unit]).format(size=words.replace(".", ",") if language == "ru" else words)
