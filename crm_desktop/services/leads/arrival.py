"""An enquiry that has come in and is not in the base yet; and how it is to be treated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

NEW, FURTHER, KNOWN = "new", "further", "known"
"""What an arrival became: a lead, a further enquiry of an open one, nothing since it is there."""


@dataclass(frozen=True)
class Arrival:
    """Who asks for what. Telephones as `+digits`, addresses bare, `source`, `campaign`,
    `region` and `skill` by name.

    `text` is what they want, `whole` all that was said; `received` None: now. `digest`: the
    SHA-256 of the file it came as. `more`: further fields of the lead by key. `files`: values of
    file records whose contents are in the base already.
    """

    name: str = ""
    company: str = ""
    job_title: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    text: str = ""
    whole: str = ""
    channel: str = ""
    source: str = ""
    campaign: str = ""
    region: str = ""
    skill: str = ""
    received: datetime | None = None
    origin: str = ""
    digest: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[Mapping[str, Any], ...] = ()

    @property
    def contacts(self) -> tuple[str, ...]:
        """Telephones, then addresses."""
        return (*self.phones, *self.emails)


@dataclass(frozen=True)
class Terms:
    """What an intake folder says of all that comes in there; ids of records, None for nothing.

    With a pipeline a deal is opened at once.
    """

    intake: int | None = None
    channel: str = ""
    source: int | None = None
    campaign: int | None = None
    queue: int | None = None
    pipeline: int | None = None


@dataclass(frozen=True)
class Arrived:
    """What became of an arrival; `operation` None where it was known."""

    what: str
    lead: int
    client: int | None = None
    deal: int | None = None
    operation: int | None = None
