"""Files of enquiries: JSON, plain text, letters (eml), with limits on all of it.

Whatever a file says, it is data: nothing in it is executed, no name in it becomes a path.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.services.importing.readers.encoding import detect
from crm_desktop.services.intake.labels import field_of
from crm_desktop.services.intake.mail import letter_key, read_mail
from crm_desktop.services.intake.text import Words, arrival_of, read_text
from crm_desktop.services.leads.arrival import Arrival

MEGABYTE = 1024 * 1024
LARGEST = {".json": MEGABYTE, ".txt": MEGABYTE, ".eml": 25 * MEGABYTE}
"""Bytes of a file by its ending; others are left alone."""
MOST_ENQUIRIES = 100
MOST_VALUES = 1_000
DEEPEST = 8
_NO_SIGN = re.compile("[\\x00\\ud800-\\udfff]")
"""What JSON can write by \\\\u and no base keeps: NUL, halves of a pair."""


@dataclass(frozen=True)
class Found:
    """An enquiry of a file; `attached`: names and contents of files that came with it."""

    arrival: Arrival
    attached: tuple[tuple[str, bytes], ...] = ()


def read_file(
    name: str, content: bytes, *, now: datetime, region: str = "RU"
) -> list[Found]:  # fmt: skip
    """The enquiries of a file, each with its digest; `InvalidInput` says why there are none. A
    letter is the same in whatever mailbox it lies, though each adds lines of its own to it."""
    ending = "." + name.rpartition(".")[2].lower()
    reader = _READERS.get(ending)
    if reader is None:
        raise InvalidInput(_("Only files of the kinds json, txt and eml are taken in"))
    if len(content) > LARGEST[ending]:
        raise InvalidInput(
            _("The file is too large: at most {limit} MB").format(limit=LARGEST[ending] // MEGABYTE)
        )
    if not content.strip():
        raise InvalidInput(_("The file is empty"))
    found = reader(content, now, region)
    key = letter_key(content) if ending == ".eml" else ""
    whole = hashlib.sha256(f"letter\n{key}".encode() if key else content).hexdigest()
    return [
        replace(one, arrival=replace(one.arrival, origin=name[:300], digest=_digest(whole, number)))
        for number, one in enumerate(found)
    ]


def _digest(whole: str, number: int) -> str:
    """Of the file; of further enquiries in it one that follows from it."""
    return hashlib.sha256(f"{whole}/{number}".encode()).hexdigest() if number else whole


def decoded(content: bytes) -> str:
    """The text of a file in whatever encoding; `InvalidInput` for bytes that are no text."""
    name = detect(content[:100_000], whole=len(content) <= 100_000).name
    text = content.decode(name, errors="replace")
    odd = sum(
        1 for sign in text[:20_000] if sign == "\ufffd" or (sign < " " and sign not in "\t\r\n\f")
    )
    if odd > max(3, len(text[:20_000]) // 50):
        raise InvalidInput(_("The file is no text"))
    return text


def _read_txt(content: bytes, now: datetime, region: str) -> list[Found]:
    return [Found(read_text(decoded(content), now=now, region=region))]


def _read_eml(content: bytes, now: datetime, region: str) -> list[Found]:
    text, attached = read_mail(content)
    arrival = read_text(text, now=now, region=region)
    return [Found(replace(arrival, channel=arrival.channel or "email"), attached)]


# --- JSON -----------------------------------------------------------------------------------------


def _read_json(content: bytes, now: datetime, region: str) -> list[Found]:
    try:
        whole = json.loads(decoded(content))
    except (ValueError, RecursionError) as error:
        place = (
            f" ({error.lineno}:{error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        )
        raise InvalidInput(_("The file is no valid JSON") + place) from None
    rows = whole if isinstance(whole, list) else [whole]
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise InvalidInput(_("The JSON holds no enquiry: an object with named values is expected"))
    if len(rows) > MOST_ENQUIRIES:
        raise InvalidInput(_("At most {limit} enquiries in one file").format(limit=MOST_ENQUIRIES))
    return [Found(_of_object(row, now, region)) for row in rows]


def _of_object(row: dict[str, Any], now: datetime, region: str) -> Arrival:
    words, lines = Words(), list[str]()
    for number, (label, value) in enumerate(_leaves(row)):
        if number >= MOST_VALUES:
            raise InvalidInput(
                _("One enquiry has at most {limit} values").format(limit=MOST_VALUES)
            )
        key, line = field_of(label), f"{label}: {value}"
        lines.append(line)
        if key:
            words.said[key].append(value)
        else:
            words.rest.append(line)
    return arrival_of(words, "\n".join(lines), now=now, region=region)


def _leaves(value: Any, label: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """The values of an object with the key that each stands under, those inside others, too."""
    if depth > DEEPEST:
        raise InvalidInput(_("The JSON is nested too deep"))
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, _NO_SIGN.sub("", str(key))[:100], depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, label, depth + 1)
    elif value is not None and (text := _NO_SIGN.sub("\ufffd", str(value)).strip()):
        yield label, text[:50_000]


_Reader = Callable[[bytes, datetime, str], list[Found]]
_READERS: dict[str, _Reader] = {".json": _read_json, ".txt": _read_txt, ".eml": _read_eml}
