"""Phone numbers as people write them, in E.164 form and back.

The rules of numbering are those of Google's libphonenumber (package `phonenumbers`), which is
imported only when a number needs it. Russian mobile numbers and a few cities are certain without
it; other numbers of +7 are matched against the library's own patterns, which is four times faster
than its parser and gives the same verdict.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from crm_desktop.i18n import _
from crm_desktop.models.text.normalise import digits

SHORTEST_TAIL = 4
LONGEST_INPUT = 80
LONGEST_CELL = 1000
_EXTENSION_MARK = ";ext="
_TRUNK_COUNTRIES = ("RU", "KZ")  # +7, with 8 before a national number

# Spans of numbers that no change of the plan has touched for decades; see ITU bulletin, +7.
_CERTAIN = re.compile(r"9[0-24-9]\d{8}|49[589]\d{7}|812\d{7}|80[04]\d{7}")
_AS_MOST = re.compile(
    r"(?:\+7|[78])[ (-]{0,2}(9[0-24-9]\d|49[589]|812|80[04])[ )-]{0,2}"
    r"(\d{3})[ -]?(\d\d)[ -]?(\d\d)",
    re.ASCII,
)
_PLAIN = re.compile(r"\+?[\d\s().\-\u2010-\u2015\u2212/]+")
_FROM_FLOAT = re.compile(r"(\+?\d{5,15})[.,]0+")
_FROM_EXPONENT = re.compile(r"\d(?:[.,]\d{1,15})?[eE]\+?\d{1,2}")
_EXTENSION = re.compile(
    r"[\s,;(]*(?:\bдоб(?:авочный)?|\bвнутр(?:енний)?|\bвн|(?<=[\s,;(])д|\bext(?:ension)?"
    r"|(?<=[\d\s)])[xх#*])"
    r"[.:=\s]*№?\s*(\d{1,9})[\s)]*$",
    re.IGNORECASE,
)
_ENDINGS = re.compile(
    r"(\+?\(?\d[\d\s().\-\u2010-\u2015]*\d)((?:\s*/\s*\d{1,4}(?![\d\-\u2010-\u2015(]))+)"
)
_WHOLE = 10  # digits of a number with its town or network
_TRAILING_COMMENT = re.compile(r"(\+?[\d\s()\-\u2010-\u2015.]{7,}\d)\s*\([^\W\d_][^()\d]*\)")
_EXTENSION_INSIDE = (
    r"(?:[\s,(]*(?:(?:доб|внутр|вн|ext|д)[а-яa-z]*|[xх#*])[.:=\s]*\d{1,6}(?!\d)\)?)?"
)
_DIALLED_AFTER = re.compile(r"(\+?\d[\d\s().\-]{8,20}\d),(?!0+(?!\d))(\d{1,5})(?!\s*[\d\-(])")
_RUN = re.compile(
    r"(?:\+\s*)?\(?\d(?:[\s().\-\u2010-\u2015]*\d){4,17}" + _EXTENSION_INSIDE, re.IGNORECASE
)
_EXTENSION_APART = re.compile(r"[,;]\s*(?=\(?(?:доб|внутр|вн|ext)\b)", re.IGNORECASE)
_EXTENSION_WORD = re.compile(r"(?:доб|внутр|вн|ext)[а-яa-z]*[.:=\s]*\d", re.IGNORECASE)
_SEVERAL_EXTENSIONS = re.compile(
    r"(\+?\(?\d[\d\s().\-\u2010-\u2015]{8,20}\d)[\s,;(]*\b((?:доб|внутр|вн|ext)[а-яa-z]*)[.:=\s]*"
    r"(\d{1,6}(?:\s*(?:[,;/]|\b(?:и|или|and|or)\b)\s*\d{1,5}(?![\d(\-\u2010-\u2015]|\s+\d))+)",
    re.IGNORECASE,
)
_SEVEN_WRITTEN = re.compile(
    r"(?<!\d)(?:\+\s*7|[78])[\s\-(]*\d{3}[\s\-)]*\d{3}[\s\-]*\d{2}[\s\-]*\d{2}(?!\d)"
)
_SEPARATORS = re.compile(
    r"[,;\n\r\t|]+|\s/\s|\s+(?:и|или|and|or)\s+|\s{3,}|\s+(?=\+)|(?<=\d)/(?=[+8])"
)


class Phone(NamedTuple):
    """A number as it is stored: `+79162041183` and the digits of an extension, if any."""

    e164: str
    extension: str = ""

    @property
    def stored(self) -> str:
        """One text for a column, after RFC 3966: `+79162041183;ext=12`."""
        return self.e164 + (_EXTENSION_MARK + self.extension if self.extension else "")


def parse_phone(text: str, region: str = "RU") -> Phone | None:
    """The number in the text, or None when it is no valid number.

    `region` is the country (ISO 3166, two letters) of numbers written without one. Numbers that a
    spreadsheet has turned into 79162041183.0 or 7.9162041183E+10 are understood.
    """
    text = _repair(text)
    if not text:
        return None
    extension = ""
    match = _EXTENSION.search(text)
    if match:
        text, extension = text[: match.start()], match[1]
    certain = _parse_seven(text, region)
    if certain:
        return Phone(certain, extension)
    return _parse_any(text, region, extension) or _parse_trunk(text, extension)


def phone_at_a_glance(text: str, region: str = "RU") -> str | None:
    """What `parse_phone` makes of a number that is certain and written as most are, in a tenth of
    the time. None says nothing: the text has to be looked at."""
    found = _AS_MOST.fullmatch(text) if region in _TRUNK_COUNTRIES else None
    return "+7" + "".join(found.groups()) if found else None


def _repair(text: str) -> str:
    """The text without what spreadsheets, protocols and copying have added."""
    text = text.strip().strip("\u200e\u200f\u202a\u202c\ufeff'")
    if len(text) > LONGEST_INPUT:
        return ""
    match = _FROM_FLOAT.fullmatch(text)
    if match:
        return match[1]
    if _FROM_EXPONENT.fullmatch(text):
        number = Decimal(text.replace(",", "."))
        return str(int(number)) if number.adjusted() <= 15 else ""
    match = _TRAILING_COMMENT.fullmatch(text)
    return match[1] if match else text


def _parse_seven(text: str, region: str) -> str | None:
    """E.164 of a number of +7, or None: it may still be a number, but not that plainly."""
    if not _PLAIN.fullmatch(text):
        return None
    found = digits(text)
    if len(found) == 11 and (
        (found[0] == "7" and (text[0] == "+" or region in _TRUNK_COUNTRIES))
        or (found[0] == "8" and region in _TRUNK_COUNTRIES and (text[0] != "+" or found[1] == "9"))
    ):
        national = found[1:]
    elif len(found) == 10 and region == "RU" and found[0] in "3489" and text[0] != "+":
        national = found
    else:
        return None
    if _CERTAIN.fullmatch(national) or _seven_pattern().fullmatch(national):
        return "+7" + national
    return None


@lru_cache(maxsize=1)
def _seven_pattern() -> re.Pattern[str]:
    """All valid ten-digit national numbers of Russia and Kazakhstan, from the library's data."""
    from phonenumbers import PhoneMetadata

    patterns = []
    for region in _TRUNK_COUNTRIES:
        data = PhoneMetadata.metadata_for_region(region)
        names = ("fixed_line", "mobile", "toll_free", "premium_rate", "personal_number")
        kinds = [getattr(data, name, None) for name in names]
        patterns += [kind.national_number_pattern for kind in kinds if kind]
    return re.compile("(?=[0-9]{10}$)(?:" + "|".join(filter(None, patterns)) + ")")


def _parse_any(text: str, region: str, extension: str) -> Phone | None:
    """Any number of the world by the library's parser."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Phone(e164, extension or number.extension or "")


def _parse_trunk(text: str, extension: str) -> Phone | None:
    """A number written after the trunk prefix 8 of Russia, met where it is no number at all:
    `8 (916) 555-12-34` means one thing everywhere."""
    found = digits(text)
    if len(found) != 11 or text[0] == "+" or found[0] != "8" or not _PLAIN.fullmatch(text):
        return None
    return Phone("+7" + found[1:], extension) if _CERTAIN.fullmatch(found[1:]) else None


def split_stored(stored: str) -> Phone:
    """The parts of what `Phone.stored` wrote."""
    e164, _mark, extension = stored.partition(_EXTENSION_MARK)
    return Phone(e164, extension)


def format_phone(stored: str) -> str:
    """The number for the eye: `+7 916 204-11-83`, other countries in international form.

    Takes E.164 with or without `;ext=`; anything else comes back as it is.
    """
    e164, extension = split_stored(stored)
    if len(e164) == 12 and e164.startswith("+7") and e164[2] in "3489" and e164[1:].isdecimal():
        shown = f"+7 {e164[2:5]} {e164[5:8]}-{e164[8:10]}-{e164[10:]}"
    else:
        shown = _format_any(e164)
    if not extension:
        return shown
    return _("{phone} ext. {extension}").format(phone=shown, extension=extension)


@lru_cache(maxsize=4096)
def _format_any(e164: str) -> str:
    if not re.fullmatch(r"\+[0-9]{4,15}", e164):
        return e164
    import phonenumbers

    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def split_phones(text: str) -> list[str]:
    """The numbers of a cell that holds several, each as it was written with its extension.

    Words around the numbers are left out. A cell without a number comes back whole. Of a longer
    text only the first `LONGEST_CELL` letters are looked at.
    """
    text = _with_endings(text.strip()[:LONGEST_CELL])
    if not text or _is_one_number(text):
        return [text] if text else []
    if _EXTENSION_WORD.search(text):
        text = _SEVERAL_EXTENSIONS.sub(_each_extension, text)
    joined = _EXTENSION_APART.sub(" ", _DIALLED_AFTER.sub(_after_a_pause, text))
    found = [run for part in _SEPARATORS.split(joined) for run in _runs(part)]
    return found or [text]


def _with_endings(text: str) -> str:
    """`204-11-86/87` written out: `204-11-86, 204-11-87`; a number has ten digits or more."""

    if "/" not in text:
        return text

    def written_out(match: re.Match[str]) -> str:
        number, endings = match[1], re.findall(r"\d+", match[2])
        if len(digits(number)) < _WHOLE:
            return match[0]
        return ", ".join([number, *(_ending_in(number, ending) for ending in endings)])

    return _ENDINGS.sub(written_out, text)


def _each_extension(match: re.Match[str]) -> str:
    """`780-32-15 ext. 1, 2` written out: `780-32-15 ext 1, 780-32-15 ext 2`."""
    number, word, extensions = match[1].strip(), match[2], re.findall(r"\d+", match[3])
    return ", ".join(f"{number} {word} {one}" for one in extensions)


def _after_a_pause(match: re.Match[str]) -> str:
    """`84957803215,12`: a telephone waits at the comma, then dials the extension."""
    return f"{match[1]} ext {match[2]}" if len(digits(match[1])) >= _WHOLE else match[0]


def _ending_in(number: str, ending: str) -> str:
    """The number with other last digits; its punctuation stays."""
    left = list(ending)
    letters = [left.pop() if left and one.isdigit() else one for one in reversed(number)]
    return "".join(reversed(letters))


def _is_one_number(text: str) -> bool:
    """Is the text so plain that it must be one number: digits and their usual punctuation?"""
    return bool(_PLAIN.fullmatch(text)) and 5 <= len(digits(text)) <= 12


def _runs(part: str) -> list[str]:
    """The numbers in a text without separators; blanks alone may part two numbers of +7."""
    several = _SEVEN_WRITTEN.findall(part)
    if len(several) > 1:
        return [one.strip() for one in several]
    return [match[0].strip(" ,") for match in _RUN.finditer(part)]


def numbers_in_text(text: str) -> list[re.Match[str]]:
    """Where the numbers of a text stand, with their extensions."""
    return list(_RUN.finditer(_EXTENSION_APART.sub(lambda comma: " " * len(comma[0]), text)))


def typed_runs(text: str) -> list[str]:
    """The runs of digits to look for among the ends of numbers, if the text is (a part of) one.

    Empty when there are fewer than four digits or anything but digits and phone punctuation. After
    a leading 8 the number is also looked for without it: the trunk prefix is not stored.
    """
    text = text.strip()
    found = digits(text) if _PLAIN.fullmatch(text) else ""
    if len(found) < SHORTEST_TAIL:
        return []
    if found[0] == "8" and text[0] != "+" and SHORTEST_TAIL < len(found) <= 11:
        return [found[1:], found] if len(found) < 11 else [found[1:]]
    return [found]
