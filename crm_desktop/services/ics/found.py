"""What a calendar file says, as plain values: before anybody knows the base it is brought into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField
from crm_desktop.models.catalogue.traits import Recurring

LINK = "X-CRM-LINK"
"""The property that names a further record an activity is linked to."""


def own_name(key: str) -> str:
    """The name of the property in which a program of ours notes a field."""
    return "X-CRM-" + key.upper().replace("_", "-")


def linked_fields(entity: EntityDef) -> dict[str, str]:
    """The fields that link to other records, and the properties that hold them; not the series,
    which the UID tells."""
    series = entity.trait(Recurring)
    return {
        f.key: own_name(f.key)
        for f in entity.fields
        if isinstance(f, LinkField | RecordField) and (series is None or f.key != series.series)
    }


def quiet(text: str) -> str:
    """A value of a parameter: quotes and control signs have no place there (RFC 5545, 3.2)."""
    return "".join("'" if sign == '"' else sign for sign in text if sign >= " ")


@dataclass(frozen=True)
class Attached:
    """A file that lies in a calendar file; `digest` is its SHA-256."""

    name: str
    content: bytes
    digest: str


@dataclass(frozen=True)
class Left:
    """What was left out or mended: of which entry of the file, and a sentence."""

    number: int
    name: str
    reason: str


@dataclass(frozen=True)
class Somebody:
    """Who takes part: `key` names a record of our own (`staff/3`), `mail` an address, `name` what
    the file calls them."""

    name: str = ""
    mail: str = ""
    key: str = ""
    role: str = ""
    answer: str = "none"
    reason: str = ""
    is_thing: bool = False


@dataclass(frozen=True)
class Alarm:
    """A reminder: minutes before the start (or the deadline), how, and whom if it is not whoever is
    responsible: a record of ours and what it is called."""

    offset: int
    channel: str = "window"
    whom: tuple[str, str] = ("", "")


@dataclass
class Found:
    """One activity of a file.

    `values`: by the field keys of the activity, moments aware and in UTC; links to records are not
    among them but in `links` (field: (`client/7`, title)). `guessed`: the fields about which the
    file says nothing, which count for new records only. `base`: which base of ours wrote it.
    `original`: the start of the occurrence of a series that it replaces. `method`: what the file
    asks to be done with it (RFC 5546).
    """

    number: int
    uid: str
    values: dict[str, Any]
    original: datetime | None = None
    following: bool = False
    """It changes all the dates from `original` on."""
    sequence: int = 0
    method: str = ""
    links: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    people: tuple[Somebody, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    steps: tuple[tuple[str, bool], ...] = ()
    further: tuple[tuple[str, str], ...] = ()
    """What it concerns beside: (`client/7`, title)."""
    files: tuple[Attached, ...] = ()
    guessed: frozenset[str] = frozenset()
    base: str = ""

    @property
    def name(self) -> str:
        """What it is called in sentences about it."""
        return str(self.values.get("subject") or "")
