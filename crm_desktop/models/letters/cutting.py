"""A pasted letter cut into head, own text, signature and what it quotes.

The marks are those that mail programs write: RFC 3676 for "-- ", RFC 5322 for the names of header
lines, the wording of Outlook, Gmail, Thunderbird and Mail.ru for quoted letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LONGEST = 200_000  # letters that are looked at
_HEAD_LINES = 14
_SIGNATURE_LINES = 14

HEADS = {
    "from": ("from", "от", "от кого", "sender", "отправитель"),
    "date": ("date", "sent", "дата", "отправлено"),
    "subject": ("subject", "тема"),
    "to": ("to", "кому", "cc", "копия"),
}
_NAMES = {name: key for key, names in HEADS.items() for name in names}
_HEAD = re.compile(r"\*?([A-Za-zА-Яа-яЁё -]{2,14}):\*?[ \t]+(\S.*)")
_QUOTE = re.compile(
    r"(?:>|-{2,}\s*(?:original message|исходное сообщение|пересыла\w+|forwarded)|_{8,}\s*$"
    r"|on .{6,120}wrote:\s*$|.{6,120}(?:пишет|писал\(?а?\)?|написал\(?а?\)?):\s*$)",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(r"(?:sent from my|get outlook for|отправлено (?:с|из) )", re.IGNORECASE)
_FAREWELL = re.compile(
    r"(?:с\s+(?:уважением|наилучшими|благодарностью)|best(?:\s+regards|\s+wishes)?|kind\s+regards"
    r"|warm\s+regards|regards|sincerely|yours\s+\w+|cheers|many\s+thanks|всего\s+(?:доброго"
    r"|хорошего))\b.{0,40}$",
    re.IGNORECASE,
)


@dataclass
class Parts:
    """A letter in its parts; `head` by the keys of `HEADS`."""

    head: dict[str, str] = field(default_factory=dict)
    text: str = ""
    signature: list[str] = field(default_factory=list)
    quoted: str = ""


def cut(text: str) -> Parts:
    """The parts of a letter; a text without any marks is all text."""
    lines = text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    parts = Parts()
    start = _read_head(lines, parts)
    own = lines[start:]
    end = _first_quoted(own)
    own, quoted = own[:end], own[end:]
    if not any(line.strip() for line in own):  # answered below what it quotes
        own, quoted = _below_quotes(quoted)
    parts.quoted = "\n".join(quoted).strip()
    at = _signature_at(own)
    parts.signature = [line.strip() for line in own[at:] if line.strip(" -_*\t")]
    parts.text = "\n".join(own[:at]).strip()
    return parts


def head_line(line: str) -> tuple[str, str] | None:
    """(key of `HEADS`, value) if a line is one of a letter's head."""
    match = _HEAD.fullmatch(line.strip())
    key = _NAMES.get(match[1].strip().lower()) if match else None
    return (key, match[2].strip()) if match and key else None


def _read_head(lines: list[str], parts: Parts) -> int:
    """Reads header lines from the beginning; where the text begins."""
    start, found = 0, 0
    for number, line in enumerate(lines[:_HEAD_LINES]):
        pair = head_line(line)
        if pair is not None:
            parts.head.setdefault(*pair)
            start, found = number + 1, found + 1
        elif line.strip() and found or line.strip() and number > 1:
            break
    return start if found >= 2 or "from" in parts.head else _no_head(parts)


def _no_head(parts: Parts) -> int:
    parts.head.clear()
    return 0


def _first_quoted(lines: list[str]) -> int:
    for number, line in enumerate(lines):
        if _QUOTE.match(line.strip()):
            return number
        pair = head_line(line)
        following = [head_line(other) for other in lines[number + 1 : number + 4]]
        if pair and pair[0] == "from" and any(following):
            return number
    return len(lines)


def _below_quotes(lines: list[str]) -> tuple[list[str], list[str]]:
    last = max((n for n, line in enumerate(lines) if _QUOTE.match(line.strip())), default=-1)
    return lines[last + 1 :], lines[: last + 1]


def _signature_at(lines: list[str]) -> int:
    """Where the signature begins; the end if there is none."""
    first = max(0, len(lines) - _SIGNATURE_LINES)
    for number, line in enumerate(lines):
        if line.rstrip() in ("--", "—"):
            return number
    for number in range(first, len(lines)):
        bare = lines[number].strip(" ,.!*")
        if _FAREWELL.match(bare) or _SENT_FROM.match(bare):
            return number
    return len(lines)


def is_farewell(line: str) -> bool:
    """Whether a line of a signature is a greeting or an advertisement of a mail program."""
    bare = line.strip(" ,.!*")
    return bool(_FAREWELL.fullmatch(bare) or _SENT_FROM.match(bare))
