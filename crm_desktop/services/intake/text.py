"""An enquiry out of plain words: labels where there are any, else what looks like a name, a
telephone, an address; a letter or a chat as `models/letters` reads it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crm_desktop.models.catalogue.builtin import sales_keys as keys
from crm_desktop.models.letters.cutting import cut
from crm_desktop.models.letters.reading import CHAT, Letter, read_letter
from crm_desktop.models.text.contacts import normalise_email, split_emails
from crm_desktop.models.text.firms import client_kind, legal_form
from crm_desktop.models.text.phones import parse_phone, split_phones
from crm_desktop.services.intake.labels import at_labels, channel_of, field_of, labelled
from crm_desktop.services.leads.arrival import Arrival

LONGEST = 200_000
"""Letters of a text that are looked at."""
LONGEST_LINE = 600
LONGEST_NAME = 120
MOST_LINES = 5_000
MOST_CONTACTS = 10
OLDEST = timedelta(days=366)
_PHONE_ONLY = re.compile(r"[^\d+(]{0,14}[+\d(][\d\s().\-\u2010-\u2015+]{5,24}\d\D{0,3}")
_PHONE_INSIDE = re.compile(r"[+\d(][\d\s().\-\u2010-\u2015]{5,24}\d")
_SAID = re.compile(r"[^\W\d_]{4}")
_BETWEEN = re.compile(r"[,;|\t]|\s/\s")
"""What stands between the parts of a line."""
_ENDS = " \t,;|/"
_WITH_COMMAS = ("address", "text", "subject")
"""Fields whose values go on over commas until the next label."""
_AROUND = " \u00a0\t.,;:-\u2013\u2014"
_ABROAD = re.compile(r"^\W*00(?=[1-9])")
"""How most countries dial abroad (ITU-T E.164, the prefix 00 of ITU-T E.123)."""
_NAME = re.compile(r"[^\W\d_][\w’'.-]*(?:\s+[^\W\d_][\w’'.-]*){0,3}")
_ROBOT = re.compile(
    r"(?:no-?reply|do-?not-?reply|robot|mailer-daemon|postmaster|notifications?|bounces?)\b.*@",
    re.IGNORECASE,
)


@dataclass
class Words:
    """What a text says: values by field, and the rest in its order."""

    said: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    rest: list[str] = field(default_factory=list)

    def first(self, key: str) -> str:
        """The first value of a field; ''."""
        return next((one for one in self.said[key] if one), "")


def read_text(text: str, *, now: datetime, region: str = "RU") -> Arrival:
    """Reads a text of any kind; what is not understood stays in `text`."""
    text = text[:LONGEST].replace("\x00", "")
    parts = cut(text)
    letter = read_letter(text, now=now, region=region)
    if letter.kind == CHAT or parts.head or parts.signature:
        return _of_letter(letter, text, now=now, region=region)
    return arrival_of(read_words(text, region), text, now=now, region=region)


def read_words(text: str, region: str = "RU") -> Words:
    """Labels, contacts, a name and the rest of a text without the marks of a letter."""
    words = Words()
    for line in text.splitlines()[:MOST_LINES]:
        _read_line(words, line.strip(), region)
    return words


def _read_line(words: Words, line: str, region: str) -> None:
    cut_up = at_labels(line) if len(line) <= LONGEST_LINE else [line]
    for one in cut_up:
        _read_piece(words, one.strip(_ENDS) if len(cut_up) > 1 else one, region, len(cut_up) > 1)


def _read_piece(words: Words, line: str, region: str, beside: bool) -> None:
    """A line, or with `beside` what stands between two labels of one."""
    parts = [part.strip() for part in _BETWEEN.split(line)]
    whole = labelled(line)
    several = (beside and len(parts) > 1) or (
        any(_tells(part, region) for part in parts[1:]) and len(line) <= LONGEST_LINE
    )
    if whole is not None and (not several or (beside and whole[0] in _WITH_COMMAS)):
        words.said[whole[0]].append(whole[1])
    elif len(line) <= LONGEST_LINE and (several or _tells(line, region)):
        left = [part for part in parts if part and not _take(words, part, region)]
        left = [said for part in left if (said := _without_caller(words, part, region))]
        words.rest += [", ".join(left)] if left else []
    elif line and not (_is_first(words) and _take(words, line, region)):
        said = _without_caller(words, line, region) if len(line) <= LONGEST_LINE else line
        words.rest += [said] if said else []


def _without_caller(words: Words, part: str, region: str) -> str:
    """Takes a name and the telephone beside it out of a part, `Ivan Petrov 916 555-12-34 a door`;
    the whole part where nobody is named so, or somebody was before."""
    numbers = [one for one in _PHONE_INSIDE.finditer(part) if parse_phone(one[0], region)]
    if len(numbers) != 1 or words.said["name"]:
        return part
    (number,) = numbers
    before, after = (side.strip(_AROUND) for side in (part[: number.start()], part[number.end() :]))
    before = "" if field_of(before) == "phone" else before
    if _is_name(before):
        name, rest = before, after
    elif not before and _is_name(after):
        name, rest = after, ""
    else:
        return part
    words.said["name"].append(name)
    words.said["phone"].append(number[0])
    return rest


def _is_first(words: Words) -> bool:
    return not words.rest and not words.said["name"]


def _tells(part: str, region: str) -> bool:
    """Whether a part is nothing but a labelled value, a telephone or an address."""
    if labelled(part) is not None or normalise_email(part):
        return True
    return bool(_PHONE_ONLY.fullmatch(part)) and parse_phone(_bare(part), region) is not None


def _bare(part: str) -> str:
    return _ABROAD.sub("+", re.sub(r"^[^\d+(]+", "", part))


def _take(words: Words, part: str, region: str) -> bool:
    """Puts a part where it belongs; False if it says none of it."""
    pair = labelled(part)
    if pair is not None:
        words.said[pair[0]].append(pair[1])
    elif normalise_email(part) and " " not in part.strip():
        words.said["email"].append(part)
    elif _PHONE_ONLY.fullmatch(part) and parse_phone(_bare(part), region) is not None:
        words.said["phone"].append(_bare(part))
        caller = re.split(r"[\d+(]", part, maxsplit=1)[0].strip(_AROUND)
        if not words.said["name"] and field_of(caller) != "phone" and _is_name(caller):
            words.said["name"].append(caller)
    elif legal_form(part)[0] and legal_form(part)[1] and not words.said["company"]:
        words.said["company"].append(part)
    elif not words.said["name"] and _is_name(part):
        words.said["name"].append(part)
    else:
        return False
    return True


def _is_name(part: str) -> bool:
    """One to four words that begin large, or a first name that is known."""
    if len(part) > LONGEST_NAME or not _NAME.fullmatch(part):
        return False
    names = part.split()
    large = all(word[0].isupper() for word in names)
    return large and (len(names) in (2, 3) or client_kind(part) not in ("company", "sole_trader"))


# --- what they come to ----------------------------------------------------------------------------


def arrival_of(words: Words, whole: str, *, now: datetime, region: str = "RU") -> Arrival:
    """The enquiry that the words make."""
    unread = [one for one in words.said["phone"] if one and not _phones([one], region)]
    beside = [said for one in words.said["phone"] if one not in unread and (said := _beside(one))]
    parts = [*words.said["subject"], *words.said["text"], *words.rest, *unread, *beside]
    text = "\n".join(parts).strip()
    phones = _phones(
        [*words.said["phone"], *_short(words.rest), *_short(words.said["text"])], region
    )
    emails = _emails([*words.said["email"], *words.rest, *words.said["text"]])
    source = words.first("source")
    name = words.first("name") or " ".join(
        one for one in (words.first("first"), words.first("last")) if one
    )
    company = words.first("company")
    if not company and legal_form(name)[0]:  # a firm where a form asks for a name
        company, name = name, ""
    return Arrival(
        name=name[:LONGEST_NAME], company=company[:250],
        job_title=words.first("job_title")[:150], phones=phones, emails=emails, text=text,
        whole=whole.strip(), channel=channel_of(words.first(keys.CHANNEL)) or channel_of(source),
        source=source[:60], campaign=words.first(keys.CAMPAIGN)[:100],
        received=past_moment(words.first("received"), now),
        more={key: words.first(key)[:length] for key, length in (("city", 120), ("address", 250))
              if words.first(key)},
        skill=words.first("skill")[:60], region=words.first("region")[:60],
    )  # fmt: skip


def _beside(phone: str) -> str:
    """What is written beside a telephone, such as when to call; '' where that is no words."""
    rest = _PHONE_INSIDE.sub(" ", phone).strip(_AROUND)
    return rest if _SAID.search(rest) else ""


def _short(texts: Iterable[str]) -> list[str]:
    """Lines in which a telephone may stand; the search for one takes its time."""
    return [line for text in texts for line in text.splitlines() if len(line) <= LONGEST_LINE]


def _phones(texts: Iterable[str], region: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for text in texts:
        for one in split_phones(text[:LONGEST_LINE]) if re.search(r"\d{2}", text) else ():
            phone = parse_phone(_ABROAD.sub("+", one), region)
            if phone is not None:
                found[phone.stored] = None
        if len(found) >= MOST_CONTACTS:
            break
    return tuple(found)[:MOST_CONTACTS]


def _emails(texts: Iterable[str]) -> tuple[str, ...]:
    found = dict.fromkeys(one for text in texts for one in split_emails(text[:LONGEST_LINE]))
    return tuple(one for one in found if not _ROBOT.match(one))[:MOST_CONTACTS]


def past_moment(text: str, now: datetime) -> datetime | None:
    """A moment that is said, if it lies in the past year."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=now.tzinfo)
    try:
        return found if now - OLDEST <= found <= now else None
    except OverflowError:
        return None


def _of_letter(letter: Letter, whole: str, *, now: datetime, region: str) -> Arrival:
    """A letter, with what a form in it says by labels."""
    inside = arrival_of(read_words(letter.text, region), whole, now=now, region=region)
    is_form = bool(inside.contacts)
    emails = dict.fromkeys(
        (*inside.emails, *(one for one in letter.emails if not _ROBOT.match(one)))
    )
    text = inside.text if is_form else letter.text
    subject = letter.subject if letter.subject not in text else ""
    return Arrival(
        name=(inside.name if is_form and inside.name else letter.name)[:LONGEST_NAME],
        company=inside.company or letter.company[:250], job_title=letter.job_title[:150],
        phones=tuple(dict.fromkeys((*inside.phones, *letter.phones)))[:MOST_CONTACTS],
        emails=tuple(emails)[:1 if is_form and inside.emails else MOST_CONTACTS],
        text="\n".join(part for part in (subject, text) if part), whole=whole.strip(),
        channel=inside.channel or ("chat" if letter.kind == CHAT else "email"),
        source=inside.source, campaign=inside.campaign, more=inside.more,
        skill=inside.skill, region=inside.region,
        received=letter.moment if letter.moment and now - OLDEST <= letter.moment else None,
    )  # fmt: skip
