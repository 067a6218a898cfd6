"""Properties for which an activity has no field: addresses become lines of its text, the rest is
named, so that nobody has to guess what did not come along.

RFC 5545, 7986 (CONFERENCE, IMAGE, COLOR), 9073 (STRUCTURED-DATA, STYLED-DESCRIPTION).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from crm_desktop.i18n import _
from crm_desktop.services.ics.lines import Component
from crm_desktop.services.ics.text import plain_text

HAVE_A_PLACE = frozenset((
    "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "CATEGORIES", "PRIORITY", "CLASS", "UID",
    "DTSTART", "DTEND", "DUE", "DURATION", "COMPLETED", "PERCENT-COMPLETE", "RRULE", "RDATE",
    "EXDATE", "EXRULE", "RECURRENCE-ID", "ATTENDEE", "ORGANIZER", "ATTACH", "TRANSP", "URL",
    "CONFERENCE", "CONTACT", "COMMENT", "X-ALT-DESC",
))  # fmt: skip
"""What is read, or was told of where it is read."""
SILENT = frozenset((
    "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "REQUEST-STATUS", "X-WR-CALNAME", "BEGIN",
))  # fmt: skip
"""What only programs need between them."""
SILENT_PREFIXES = (
    "X-CRM-", "X-MICROSOFT-", "X-MS-", "X-MOZ-", "X-MOZILLA-", "X-LIC-", "X-LOTUS-",
    "X-EVOLUTION-", "X-APPLE-TRAVEL-",
    "X-APPLE-STRUCTURED-", "X-APPLE-DEFAULT-", "X-APPLE-CREATOR-", "X-APPLE-EWS-", "X-GOOGLE-CAL",
    "X-KDE-", "X-OWA-", "X-OUTLOOK-", "X-ENTOURAGE-", "X-TINE20-", "X-NC-", "X-RADICALE-",
)  # fmt: skip
"""Marks that programs make for themselves."""
MEETING_ROOMS = ("X-GOOGLE-CONFERENCE", "X-GOOGLE-HANGOUT", "X-MICROSOFT-SKYPETEAMSMEETINGURL",
                 "X-MICROSOFT-ONLINEMEETINGCONFLINK", "X-ZOOM-URL", "X-MEETING-URL")  # fmt: skip
_MOST = 20
_LONGEST = 2000
_UNSEEN = re.compile(r"<(?:style|script)\b", re.IGNORECASE)
_UNSEEN_END = re.compile(r"</(?:style|script)>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")


def named(component: Component) -> Iterator[tuple[str, str]]:
    """(property, value) of every line, in the order of the file."""
    for line in component.lines:
        head, _sign, value = line.partition(":")
        name, more, _params = head.partition(";")
        if more and '"' in head:  # a colon in a parameter
            value = line.rpartition('":')[2] if '":' in line else value
        yield name.strip().upper(), value.strip()


def further_lines(component: Component, addresses: Iterable[str], body: str) -> list[str]:
    """What is added to the text: addresses, and who can be asked; not what it says already."""
    found: list[str] = []
    for name, value in named(component):
        text = plain_text(value)[:_LONGEST]
        if name in ("URL", "CONFERENCE", *MEETING_ROOMS):
            found.append(text)
        elif name == "CONTACT":
            found.append(_("To be asked: {name}").format(name=text))
        elif name == "COMMENT" and component.value("STATUS").upper() != "CANCELLED":
            found.append(text)
    found += addresses
    return [one for one in dict.fromkeys(found) if one and one not in body][:_MOST]


def without_place(component: Component) -> list[str]:
    """The names of properties that were left out, each once."""
    found = [name for name, value in named(component) if value and not _is_placed(name)]
    return list(dict.fromkeys(found))[:_MOST]


def _is_placed(name: str) -> bool:
    known = name in HAVE_A_PLACE or name in SILENT or name in MEETING_ROOMS
    return known or name.startswith(SILENT_PREFIXES)


def is_free(component: Component) -> bool:
    """Whether the time stays free (TRANSP, RFC 5545, 3.8.2.7, and what Outlook says instead)."""
    busy = component.value("X-MICROSOFT-CDO-BUSYSTATUS").upper()
    return component.value("TRANSP").upper() == "TRANSPARENT" or busy == "FREE"


def rich_text(component: Component) -> str:
    """The text out of the HTML that some programs write instead of a plain one."""
    html = next((value for name, value in named(component) if name == "X-ALT-DESC"), "")
    broken = re.sub(r"(?i)<(?:br|/p|/div)[^>]{0,200}>", "\n", plain_text(html))
    text = " ".join(_TAG.sub(" ", part) for part in _seen_parts(broken))
    lines = (" ".join(line.split()) for line in _entities(text).splitlines())
    return "\n".join(line for line in lines if line)


def _seen_parts(html: str) -> Iterator[str]:
    """What stands outside of styles and scripts. Each letter is looked at once: a style without an
    end reaches nowhere, however many there are."""
    at = 0
    while (begin := _UNSEEN.search(html, at)) and (end := _UNSEEN_END.search(html, begin.end())):
        yield html[at : begin.start()]
        at = end.end()
    yield html[at:]


def _entities(text: str) -> str:
    from html import unescape

    return unescape(text).replace("\xa0", " ")
