"""Names of files that may come from anybody, made safe to be shown and to be written anywhere.

Sources: Microsoft, "Naming Files, Paths, and Namespaces" (forbidden signs, reserved names, dots at
the end); Unicode Technical Report 36, 3.5 (invisible and direction-changing letters).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

LONGEST = 150  # letters
MOST_BYTES = 240  # a name of 255 bytes is the most that Linux file systems keep
LONGEST_ENDING = 20  # "settingcontent-ms", which starts programs, has 17
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)


def safe_name(text: str, instead: str = "file") -> str:
    """A name for one file: no path, nothing unseen, nothing Windows refuses, not too long.

    A safe name stays as it is. `instead`: when nothing of it is left.
    """
    spaced = unicodedata.normalize("NFC", re.sub(r"[\t\n\r\u2028\u2029]", " ", text))
    seen = "".join(c for c in spaced if unicodedata.category(c) not in _UNSEEN)
    name = _trimmed(_FORBIDDEN.sub("_", seen)) or instead
    if _RESERVED.fullmatch(name.partition(".")[0].rstrip()):
        name = "_" + name
    return _shortened(name)


def _trimmed(name: str) -> str:
    """Windows drops dots and spaces at the end; a dot in front would hide the file on Linux."""
    return " ".join(name.split()).strip(". ")


def _shortened(name: str) -> str:
    if len(name) <= LONGEST and len(name.encode()) <= MOST_BYTES:
        return name
    stem, ending = split_ending(name)
    while len(stem) + len(ending) > LONGEST or len((stem + ending).encode()) > MOST_BYTES:
        stem = stem[:-1]
    return _trimmed(stem) + ending


def split_ending(name: str) -> tuple[str, str]:
    """The name and its ending with the dot; an overlong "ending" belongs to the name."""
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or not ending or len(ending) > LONGEST_ENDING or " " in ending:
        return name, ""
    return stem, "." + ending


def ending_of(name: str) -> str:
    """The ending without its dot in small letters; '' for none."""
    return split_ending(name)[1][1:].lower()


def free_name(name: str, taken: Collection[str]) -> str:
    """The name, or with a number behind it the first that is not `taken` (in any case)."""
    known = {one.casefold() for one in taken}
    stem, ending = split_ending(name)
    found, number = name, 1
    while found.casefold() in known:
        number += 1
        found = safe_name(f"{stem[: LONGEST - len(ending) - 8]} ({number}){ending}")
    return found
