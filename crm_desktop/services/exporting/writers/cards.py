"""vCard 3.0 (RFC 2426) and 4.0 (RFC 6350) from typed cards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from crm_desktop.services.exporting.writers.common import Progress, Written, replacing, told
from crm_desktop.services.importing.readers.card import (
    EMAIL,
    MESSENGER,
    PHONE,
    URL,
    Card,
    CardValue,
)

_LINE_BYTES = 75  # RFC 6350 3.2
_NAMES = {PHONE: "TEL", EMAIL: "EMAIL", URL: "URL", MESSENGER: "IMPP"}


def write_cards(
    path: Path,
    cards: Iterable[Card],
    *,
    version: str = "4.0",
    progress: Progress | None = None,
) -> Written:
    """One file with all cards. `version`: 3.0 for old telephones and mail programs, or 4.0."""
    count = 0
    with replacing(path) as beside, beside.open("wb") as file:
        for card in told(cards, progress):
            for line in _lines(card, version):
                file.write(_folded(line))
            count += 1
    return Written(count)


def _lines(card: Card, version: str) -> Iterator[str]:
    yield "BEGIN:VCARD"
    yield f"VERSION:{version}"
    yield f"FN:{_escaped(_display_name(card))}"
    name = (card.last_name, card.first_name, card.middle_name, card.prefix, card.suffix)
    yield f"N:{_structured(name)}"
    if card.organisation or card.department:
        yield f"ORG:{_structured(filter(None, (card.organisation, card.department)))}"
    texts = {
        "NICKNAME": card.nickname, "TITLE": card.job_title, "ROLE": card.role,
        "NOTE": card.note, "UID": card.uid,
    }  # fmt: skip
    yield from (f"{key}:{_escaped(text)}" for key, text in texts.items() if text)
    yield from (_value(value, version) for value in card.values)
    for address in card.addresses:
        yield f"ADR{_types(address.types, version)}:{_structured(address.parts)}"
    yield from _birthday(card.birthday, version)
    if card.categories:
        yield f"CATEGORIES:{','.join(map(_escaped, card.categories))}"
    yield "END:VCARD"


def _display_name(card: Card) -> str:
    """A card must have one: the name, the organisation, or any address."""
    return card.name or card.organisation or next((value.value for value in card.values), "")


def _value(value: CardValue, version: str) -> str:
    # Addresses of the net are no text: nothing in them is escaped but line ends, which they lack.
    text = _escaped(value.value)
    if value.kind in (URL, MESSENGER):
        text = value.value.replace("\r", "").replace("\n", "").replace("\\", "\\\\")
    return f"{_NAMES[value.kind]}{_types(value.types, version)}:{text}"


def _types(types: Sequence[str], version: str) -> str:
    names = [_token(name) for name in types if version != "4.0" or name != "pref"]
    listed = ",".join(name for name in names if name)
    preferred = ";PREF=1" if version == "4.0" and "pref" in types else ""
    return (f";TYPE={listed}" if listed else "") + preferred


def _token(name: str) -> str:
    return "".join(letter for letter in name if letter.isalnum() or letter in "-_")


def _birthday(day: date | str, version: str) -> Iterator[str]:
    if isinstance(day, date):
        yield f"BDAY:{day:%Y%m%d}" if version == "4.0" else f"BDAY:{day.isoformat()}"
    elif day:
        yield f"BDAY;VALUE=text:{_escaped(day)}"


def _structured(items: Iterable[str]) -> str:
    return ";".join(map(_escaped, items))


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return text.replace("\r\n", "\\n").replace("\r", "\\n").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """Lines of 75 bytes at most, divided between characters."""
    content = line.encode("utf-8", "replace")
    pieces = []
    room = _LINE_BYTES
    while len(content) > room:
        cut = room
        while content[cut] & 0xC0 == 0x80:  # within a character
            cut -= 1
        pieces.append(content[:cut])
        content = content[cut:]
        room = _LINE_BYTES - 1
    return b"\r\n ".join([*pieces, content]) + b"\r\n"
