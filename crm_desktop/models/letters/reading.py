"""What a pasted letter or chat says about who wrote it."""

from __future__ import annotations

import email
import email.policy
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.utils import parseaddr, parsedate_to_datetime

from crm_desktop.models.letters.cutting import LONGEST, Parts, cut, is_farewell
from crm_desktop.models.text.contacts import normalise_email, split_emails
from crm_desktop.models.text.dates import parse_datetime
from crm_desktop.models.text.firms import legal_form
from crm_desktop.models.text.phones import parse_phone
from crm_desktop.models.text.problems import Unreadable

LETTER, CHAT = "letter", "chat"
SHORTEST = 200  # letters; a shorter text is what somebody typed elsewhere
_MOST = 8  # telephones, addresses
_SOURCE = re.compile(r"(?:received|return-path|mime-version|message-id):", re.IGNORECASE)
_WORD = r"[A-ZА-ЯЁ][\w’'.-]*"
_NAME = re.compile(rf"{_WORD}(?:\s+{_WORD}){{1,3}}")
_SPOKEN = (
    re.compile(r"\[(?P<when>[\d./, :]{10,22})\]\s*(?P<who>[^:\n]{2,60}):\s*(?P<said>.*)"),
    re.compile(r"(?P<who>[^,\n\[]{2,60}),?\s*\[(?P<when>[\d./, :]{8,22})\]:?\s*(?P<said>.*)"),
    re.compile(r"(?P<when>\d{1,2}[./]\d{1,2}[./]\d{2,4},? \d{1,2}:\d{2})\s*[-–—]\s*"
               r"(?P<who>[^:\n]{2,60}):\s*(?P<said>.*)"),
)  # fmt: skip


@dataclass(frozen=True)
class Letter:
    """A letter or a chat in the words of the base. Telephones as `+digits`, addresses bare."""

    kind: str
    text: str
    subject: str = ""
    name: str = ""
    job_title: str = ""
    company: str = ""
    moment: datetime | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    quoted: str = ""


def looks_like_letter(text: str) -> bool:
    """Whether a pasted text is worth reading as a letter or a chat."""
    if len(text) < SHORTEST:
        return False
    parts = cut(text)
    return bool(parts.head or parts.signature or _is_source(text)) or bool(_speakers(text))


def read_letter(text: str, *, now: datetime, region: str = "RU", order: str = "dmy") -> Letter:
    """Reads a pasted text; one without any marks is a letter that is all text."""
    text = text[:LONGEST]
    if _is_source(text):
        text = _from_source(text)
    speakers = _speakers(text)
    if speakers:
        return _chat(text, speakers, now, region, order)
    parts = cut(text)
    name, address = parseaddr(parts.head.get("from", "").replace("[mailto:", "<").rstrip("]"))
    emails = [normalise_email(address) or "", *_addresses(parts)]
    signed = _signed(parts)
    given = "" if "@" in name else name.strip(" \"'")
    return Letter(
        LETTER, parts.text, parts.head.get("subject", ""), given or signed.name,
        signed.job_title, signed.company, _moment(parts.head.get("date", ""), now, order),
        _phones("\n".join(parts.signature) or parts.text, region),
        tuple(dict.fromkeys(one for one in emails if one))[:_MOST], parts.quoted,
    )  # fmt: skip


def _is_source(text: str) -> bool:
    """Whether it is the source of a letter as mail programs show or save it."""
    head = text.lstrip()[:4000].split("\n\n")[0].split("\r\n\r\n")[0]
    return sum(1 for line in head.splitlines() if _SOURCE.match(line)) >= 2 or (
        "content-type:" in head.lower() and "from:" in head.lower()
    )


def _from_source(text: str) -> str:
    """The source of a letter as a letter that was copied out of a window."""
    try:
        message = email.message_from_string(text.lstrip(), policy=email.policy.default)
        body = message.get_body(preferencelist=("plain", "html"))
        content = str(body.get_content()) if body is not None else ""
        if body is not None and body.get_content_type() == "text/html":
            content = re.sub(r"<[^>]{0,2000}>", " ", content)
        lines = [f"{key}: {message[key]}" for key in ("From", "Date", "Subject") if message[key]]
    except (MessageError, LookupError, ValueError, AttributeError, KeyError):
        return text
    return "\n".join([*lines, "", content])


def _addresses(parts: Parts) -> list[str]:
    return split_emails("\n".join(parts.signature))


def _moment(text: str, now: datetime, order: str) -> datetime | None:
    """The moment of a head line, never one that is still to come."""
    if not text:
        return None
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        try:
            found = parse_datetime(text, now=now, order=order, zone=now.tzinfo)
        except (Unreadable, ValueError, OverflowError):
            return None
    found = found if found.tzinfo else found.replace(tzinfo=now.tzinfo)
    return found if found <= now and found.year > 1990 else None


def _phones(text: str, region: str) -> tuple[str, ...]:
    """The telephones in a text, each once."""
    from phonenumbers import PhoneNumberMatcher  # heavy; only when a letter is pasted

    found: dict[str, None] = {}
    for match in PhoneNumberMatcher(text[:20_000], region):
        phone = parse_phone(match.raw_string, region)
        if phone is not None:
            found[phone.stored] = None
    return tuple(found)[:_MOST]


@dataclass(frozen=True)
class _Signed:
    name: str = ""
    job_title: str = ""
    company: str = ""


def _signed(parts: Parts) -> _Signed:
    """Name, job and company of a signature: a line each, in this order where they are there."""
    name = job = company = ""
    lines = [re.sub(r"^[\s|*•-]+|[\s|*,;]+$", "", line) for line in parts.signature]
    for line in lines:
        if not line or is_farewell(line) or "@" in line or _is_number(line):
            continue
        form, rest = legal_form(line)
        if form and rest and not company:
            company = line
        elif not name and _NAME.fullmatch(line):
            name = line
        elif name and not job and len(line) <= 80 and "http" not in line:
            job = line
    return _Signed(name, job, company)


def _is_number(line: str) -> bool:
    digits = sum(sign.isdigit() for sign in line)
    return digits >= 5 and digits * 2 >= sum(sign.isalpha() for sign in line)


# --- chats ----------------------------------------------------------------------------------------


def _speakers(text: str) -> list[re.Match[str]]:
    """The lines by which a chat names who speaks; none if it is no chat."""
    found = [
        match
        for line in text[:LONGEST].splitlines()
        for pattern in _SPOKEN
        if (match := pattern.fullmatch(line.strip()))
    ]
    return found if len(found) >= 2 else []


def _chat(
    text: str, speakers: list[re.Match[str]], now: datetime, region: str, order: str
) -> Letter:
    """Who speaks most is not known to be the client: nobody is named if several speak."""
    names = Counter(match["who"].strip() for match in speakers)
    others = [name for name in names if _NAME.fullmatch(name)]
    moment = _moment(speakers[0]["when"].replace(",", " "), now, order)
    return Letter(
        CHAT, text.strip(), "", others[0] if len(others) == 1 or len(names) == 2 and others else "",
        moment=moment, phones=_phones(text, region), emails=tuple(split_emails(text))[:_MOST],
    )  # fmt: skip
