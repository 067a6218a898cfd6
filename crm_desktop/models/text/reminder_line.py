"""Several reminders in one line: `15 min before, window; 1 day before, e-mail`.

Russian and English are read in every language, since people paste lines into one another's bases.
"""

from __future__ import annotations

import re

WINDOW, MAIL, SMS = "window", "mail", "sms"
_UNITS = (("min", 1), ("мин", 1), ("m", 1), ("м", 1), ("h", 60), ("ч", 60), ("d", 1440),
          ("д", 1440), ("w", 10080), ("н", 10080))  # fmt: skip
"""How a unit begins, and its minutes."""
_CHANNELS = {
    WINDOW: ("window", "окн", "экран", "screen"),
    MAIL: ("e-mail", "email", "mail", "letter", "почт", "пис", "имейл"),
    SMS: ("sms", "смс", "text", "сообщ"),
}
_NOW = ("at the time", "at the start", "в срок", "в момент", "вовремя", "сразу")
_NONE = ("", "-", "none", "no", "нет", "не напоминать")
_SPAN = re.compile(r"(?:за\s+)?(\d{1,6})\s*([a-zа-яё]*)\.?(?:\s+(?:before|до|заранее))?")
_PARTS = re.compile(r"[;\n]")


def parse_reminders(text: str) -> tuple[tuple[int, str], ...]:
    """(minutes before, channel) of each, in the order typed; nothing, `-` or `none` for none.

    ValueError with the part that cannot be read.
    """
    if text.strip().casefold() in _NONE:
        return ()
    found = [_one(part.strip()) for part in _PARTS.split(text) if part.strip()]
    return tuple(dict.fromkeys(found))


def _one(part: str) -> tuple[int, str]:
    when, comma, how = part.partition(",")
    minutes = _minutes(" ".join(when.casefold().split()))
    channel = _channel(how.strip().casefold()) if comma else WINDOW
    if minutes is None or channel is None:
        raise ValueError(part)
    return minutes, channel


def _minutes(words: str) -> int | None:
    if words in _NOW:
        return 0
    found = _SPAN.fullmatch(words)
    if found is None:
        return None
    unit = found[2]
    scale = next((minutes for begin, minutes in _UNITS if unit.startswith(begin)), None)
    return int(found[1]) * (scale or 1) if scale or not unit else None


def _channel(word: str) -> str | None:
    begins = ((key, begin) for key, known in _CHANNELS.items() for begin in known)
    return next((key for key, begin in begins if word.startswith(begin)), None)
