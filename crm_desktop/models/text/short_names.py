"""Full names where there is no room for them."""

from __future__ import annotations

_PATRONYMICS = ("вич", "вна", "ична", "ьич", "мич", "оглы", "кызы")


def shorter_names(text: str) -> tuple[str, ...]:
    """A full name with a patronymic as it is written where there is no room: `Last First M.`, then
    `Last F. M.`; nothing for any other text."""
    words = text.split(" ")
    if len(words) != 3 or not words[2].endswith(_PATRONYMICS):
        return ()
    last, first, middle = words
    return f"{last} {first} {middle[0]}.", f"{last} {first[0]}. {middle[0]}."
