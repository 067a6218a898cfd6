"""The writes by which an arrival becomes a lead, or a further enquiry of one that is open.

All is decided inside the transaction that writes. On a server two seats may take in the same file:
the second one waits at `one_at_a_time`, starts anew and finds the digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.catalogue.builtin import sales_keys as keys
from crm_desktop.models.catalogue.builtin.channel import CHANNEL
from crm_desktop.models.catalogue.builtin.lead import ENQUIRY, LEAD, OPEN_STATES
from crm_desktop.models.catalogue.builtin.pipeline import PIPELINE
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.assignment.service import Chosen, choose
from crm_desktop.services.files.rows import FileShape
from crm_desktop.services.leads.arrival import FURTHER, KNOWN, NEW, Arrival, Arrived, Terms
from crm_desktop.services.leads.becoming import Becoming, first_line, remark
from crm_desktop.services.leads.books import book_value, campaign_named
from crm_desktop.services.rules.contact_owners import owners_of
from crm_desktop.services.rules.known_owners import known_owners
from crm_desktop.services.rules.lead import CONVERTED, SURELY_NEW, converting
from crm_desktop.services.writing.batch import Batch, is_empty
from crm_desktop.services.writing.staging import Create, Update, Write

_OWN = ("phone", "email", "received", "state")
"""Fields that a further enquiry does not fill in: contacts are records, the rest is the first's."""


def one_at_a_time(batch: Batch) -> None:
    """Lets only one seat after the other take something in."""
    table = batch.reader.tables.main[batch.catalogue.books().key]
    first = batch.connection.execute(sa.select(sa.func.min(table.c.id))).scalar()
    if first is not None:  # a row that every base has and that hardly ever changes
        batch.backend.lock_rows(batch.connection, table, [first])


def lead_of_digest(batch: Batch, digest: str) -> int | None:
    """The lead in which a file has landed already."""
    found = batch.reader.found_by(ENQUIRY.key, "digest", digest, batch.connection)
    lead = found.values.get(keys.LEAD) if found is not None else None
    return int(lead) if lead is not None else None


_TEN_DIGITS = {"+1": "+7", "+7": "+1"}
"""Country codes of numbers of ten digits that are read as each other where no code was written."""


def as_known(batch: Batch, phones: Sequence[str]) -> tuple[str, ...]:
    """The telephones, each in the country where somebody has it, if nobody has it in its own:
    `916-555-1234` is Moscow or California, as the computer is set up that reads it."""
    found = []
    for phone in phones:
        other = _TEN_DIGITS.get(phone[:2], "") + phone[2:]
        mistakable = len(other) == len("+79165551234") and not owners_of(batch, [phone])
        found.append(other if mistakable and owners_of(batch, [other]) else phone)
    return tuple(dict.fromkeys(found))


@dataclass
class Taking:
    """Plans what becomes of one arrival; `arrived` says it once the plan was made."""

    arrival: Arrival
    terms: Terms
    arrived: Arrived = field(default_factory=lambda: Arrived(KNOWN, 0))

    def plan(self, batch: Batch) -> list[Write]:
        """The writes; none if the file is known."""
        one_at_a_time(batch)
        digest = self.arrival.digest
        known = lead_of_digest(batch, digest) if digest else None
        if known is not None:
            self.arrived = Arrived(KNOWN, known)
            return []
        self.arrival = replace(self.arrival, phones=as_known(batch, self.arrival.phones))
        lead = self.open_lead(batch)
        if lead is None:
            return self._new(batch)
        return self._further(batch, lead)

    def open_lead(self, batch: Batch) -> int | None:
        """The newest open lead with one of the contacts."""
        contacts = (*as_known(batch, self.arrival.phones), *self.arrival.emails)
        found = [ref.id for ref in owners_of(batch, contacts) if ref.entity == LEAD.key]
        batch.prefetch(batch.catalogue[LEAD.key], found)
        rows = (batch.seen(Ref(LEAD.key, id_)) for id_ in found)
        still = [one.id for one in rows if one and (one.after or {}).get("state") in OPEN_STATES]
        return max(still, default=None)

    # --- a new one --------------------------------------------------------------------------------

    def _new(self, batch: Batch) -> list[Write]:
        terms, writes = self.terms, list[Write]()
        values = self._values(batch, writes)
        client, person = known_owners(batch, self.arrival.contacts)
        values |= {keys.CLIENT: client, keys.PERSON: person}
        chosen = self._chosen(batch, values)
        values["responsible"] = values.get("responsible") or chosen.staff_id
        lead, enquiry = batch.new_id(), self._enquiry(values)
        batch.asked[SURELY_NEW] = lead
        deal: int | None = None
        if terms.pipeline is not None:
            converting(batch, lead)
            becoming = Becoming(batch, lead, {**enquiry, **values})
            becoming.contacts = [(one, {}) for one in self.arrival.contacts]
            client = becoming.client(client, person=person, job_title=self.arrival.job_title)
            deal = becoming.deal(None, terms.pipeline)
            writes += becoming.writes
            values |= {keys.CLIENT: client, keys.PERSON: becoming.person_id, "state": CONVERTED}
        writes.append(Create(LEAD.key, values, id=lead))
        writes.append(Create(ENQUIRY.key, {**enquiry, keys.LEAD: lead}))
        writes += self._contacts(Ref(LEAD.key, lead), set(self.arrival.contacts[:1]), values)
        about = Ref(becoming.target.entity, becoming.target.id) if deal else Ref(LEAD.key, lead)
        writes += self._attached(batch, about)
        if chosen.note:
            writes.append(remark(batch, about, chosen.note))
        self.arrived = Arrived(NEW, lead, client, deal)
        return writes

    def _values(self, batch: Batch, writes: list[Write]) -> dict[str, Any]:
        """The fields of a new lead; a source that nobody has named yet is added to its book."""
        one, terms = self.arrival, self.terms
        return {
            "name": one.name, "company": one.company or None,
            "phone": next(iter(one.phones), None), "email": next(iter(one.emails), None),
            "text": one.text or (None if one.contacts else one.whole) or None,
            keys.CHANNEL: one.channel or terms.channel or None,
            "source": book_value(batch, "source", one.source, writes) or terms.source,
            keys.CAMPAIGN: campaign_named(batch, one.campaign) or terms.campaign,
            "region": book_value(batch, "region", one.region),
            "skill": book_value(batch, "skill", one.skill),
            "received": one.received or batch.now, **one.more,
        }  # fmt: skip

    def _chosen(self, batch: Batch, values: dict[str, Any]) -> Chosen:
        """Whose turn it is: by the queue of the folder, else of the pipeline."""
        queue = self.terms.queue
        if queue is None and self.terms.pipeline is not None:
            pipeline = batch.row(batch.catalogue[PIPELINE.key], self.terms.pipeline)
            queue = (pipeline.after or {}).get(keys.QUEUE)
        if queue is None or values.get("responsible"):
            return Chosen(None)
        return choose(batch, queue, skill=values.get("skill"), region=values.get("region"))

    def _enquiry(self, values: dict[str, Any]) -> dict[str, Any]:
        one = self.arrival
        text = one.whole or one.text
        return {
            "name": first_line(one.text or text) or one.origin or None, "text": text or None,
            "origin": one.origin or None, "digest": one.digest or None,
            keys.INTAKE: self.terms.intake,
            **{key: values.get(key) for key in ("received", keys.CHANNEL, "source", keys.CAMPAIGN)},
        }  # fmt: skip

    def _contacts(
        self, owner: Ref, there: set[str], values: dict[str, Any]
    ) -> list[Write]:  # fmt: skip
        """Further telephones and addresses; the first of each is in the fields of the lead."""
        there |= {str(values.get(key)) for key in ("phone", "email")}
        return [
            Create(CHANNEL.key, {"value": one, "owner": owner})
            for one in dict.fromkeys(self.arrival.contacts)
            if one not in there
        ]

    def _attached(self, batch: Batch, owner: Ref) -> list[Write]:
        if not self.arrival.files:
            return []
        shape = FileShape.of(batch.catalogue)
        link = shape.link(batch.catalogue, batch.catalogue[owner.entity])
        return [
            Create(shape.entity.key, {**values, link.field.key: owner})
            for values in self.arrival.files
        ]

    # --- one more ---------------------------------------------------------------------------------

    def _further(self, batch: Batch, lead: int) -> list[Write]:
        """A further enquiry of an open lead, which learns what it did not know."""
        writes = list[Write]()
        stands = dict(batch.row(batch.catalogue[LEAD.key], lead).after or {})
        said = self._values(batch, writes)
        learned, note = self._learned(batch, stands, said)
        writes.append(Create(ENQUIRY.key, {**self._enquiry(said), keys.LEAD: lead}))
        entity = batch.catalogue[CHANNEL.key]
        children = batch.linked(entity, entity.field("owner"), lead)
        there = {str((child.after or {}).get("value")) for child in children}
        writes += self._contacts(Ref(LEAD.key, lead), set(there), {})
        about, client, deal = Ref(LEAD.key, lead), stands.get(keys.CLIENT), None
        if self.terms.pipeline is not None:
            known = {**stands, **learned, "text": _both(stands.get("text"), said["text"])}
            converting(batch, lead)
            becoming = Becoming(batch, lead, known)
            becoming.contacts = [(one, {}) for one in sorted({*there, *self.arrival.contacts})]
            client = becoming.client(
                known.get(keys.CLIENT), person=known.get(keys.PERSON),
                job_title=self.arrival.job_title,
            )  # fmt: skip
            deal = becoming.deal(None, self.terms.pipeline)
            becoming.move()
            writes += becoming.writes
            about = becoming.target
            learned |= {keys.CLIENT: client, keys.PERSON: becoming.person_id, "state": CONVERTED}
        writes += self._attached(batch, about)
        writes += [Update(LEAD.key, lead, learned)] if learned else []
        writes += [remark(batch, about, note)] if note else []
        self.arrived = Arrived(FURTHER, lead, client, deal)
        return writes

    def _learned(
        self, batch: Batch, stands: dict[str, Any], said: dict[str, Any]
    ) -> tuple[dict[str, Any], str]:
        """What an open lead did not know, whose it becomes if it was nobody's, and a note if that
        was no turn like any other."""
        learned = {
            key: value for key, value in said.items()
            if key not in _OWN and not is_empty(value) and is_empty(stands.get(key))
        }  # fmt: skip
        if said["name"] and stands.get("name") in _nameless(stands):
            learned["name"] = said["name"]
        if not stands.get(keys.CLIENT) and not stands.get(keys.PERSON):
            known = zip((keys.CLIENT, keys.PERSON),
                        known_owners(batch, self.arrival.contacts), strict=True)  # fmt: skip
            learned |= {key: found for key, found in known if found is not None}
        if stands.get("responsible") or learned.get("responsible"):
            return learned, ""
        chosen = self._chosen(batch, {**stands, **learned})
        if chosen.staff_id is not None:
            learned["responsible"] = chosen.staff_id
        return learned, chosen.note


def _both(first: Any, second: Any) -> str | None:
    """Both texts, the same once."""
    parts = dict.fromkeys(str(one).strip() for one in (first, second) if one)
    return "\n\n".join(parts) or None


def _nameless(values: dict[str, Any]) -> tuple[Any, ...]:
    from crm_desktop.models.text.phones import format_phone

    phone = values.get("phone")
    return (None, "", values.get("email"), format_phone(str(phone)) if phone else None)
