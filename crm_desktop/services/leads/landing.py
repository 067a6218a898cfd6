"""A new lead that repeats an open one becomes a further enquiry of it, however it is written.

The form, the command line, a pasted table and an import make leads by plain writes. What has the
telephone or the address of a lead that still waits for a decision lands there: its words become an
enquiry, the lead learns what it did not know, and everything that came with the new one goes along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any, cast

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin import sales_keys as keys
from crm_desktop.models.catalogue.builtin.channel import CHANNEL
from crm_desktop.models.catalogue.builtin.lead import ENQUIRY, LEAD, OPEN_STATES
from crm_desktop.models.catalogue.definitions import Field, Ref
from crm_desktop.models.catalogue.fieldtypes import (
    AddressField,
    RecordField,
    TagsField,
    TextField,
)
from crm_desktop.models.catalogue.fieldtypes.tags import joined, split_tags
from crm_desktop.models.catalogue.traits import Tagging
from crm_desktop.models.text.normalise import sort_key
from crm_desktop.services.rules.contact_owners import owners_of_each
from crm_desktop.services.rules.known_owners import known_among
from crm_desktop.services.rules.lead import SURELY_NEW, WAITING, lead_name
from crm_desktop.services.writing.batch import Batch, Staged, is_empty, same
from crm_desktop.services.writing.staging import Create, Update, Write

_SAID = ("received", keys.CHANNEL, "source", keys.CAMPAIGN, "text")
"""What the enquiry says, not the lead."""
_OWN = {*_SAID, "state", "phone", "email", "tags", "name"}
_ABOUT_CONTACT = ("kind", "purpose", "state", "note")


def land(batch: Batch, stage: Callable[[Write], object]) -> dict[int, int]:
    """Looks at the new leads of a batch, asking the base for all their contacts together: those of
    known clients are linked to them, repeated ones are given up.

    Which new lead has landed in which one; what follows from that goes to `stage`.
    """
    waiting = cast(list[Staged], batch.asked.pop(WAITING, list[Staged]()))
    sure = batch.asked.pop(SURELY_NEW, None)
    contacts = {one.id: _contacts(batch, one) if one.id != sure else [] for one in waiting}
    known = owners_of_each(batch, {value for several in contacts.values() for value in several})
    there = _open_leads(batch, known)
    moved = dict[int, int]()
    for one in waiting:
        said = [sort_key(value) for value in contacts[one.id]]
        found = [there[key] for key in said if key in there] if _is_open(one.after) else []
        if found:
            moved[one.id] = max(found)
            for write in list(_Landing(batch, one, moved[one.id]).writes()):
                stage(write)
        if _is_open(one.after) or one.id in moved:
            there |= {key: moved.get(one.id, one.id) for key in said if key not in there}
    staying = [one for one in waiting if one.id not in moved and not _has_owner(one)]
    owners = known_among(batch, known, [contacts[one.id] for one in staying])
    for one, found_owners in zip(staying, owners, strict=True):
        for key, owner in zip((keys.CLIENT, keys.PERSON), found_owners, strict=True):
            if owner is not None:
                batch.put(one, key, owner)
    return moved


def would_land(
    batch: Batch, writes: Sequence[Write], there: MutableMapping[str, int]
) -> dict[int, int]:
    """Which new lead among writes that are only tried would land in which one.

    `there` remembers, from one block of a trial to the next, which contact would be whose."""
    said = _said([write for write in writes if isinstance(write, Create)])
    known = owners_of_each(batch, {value for several in said.values() for value in several})
    stand = {**there, **_open_leads(batch, known)}
    moved = dict[int, int]()
    for id_, contacts in said.items():
        keys_of = [sort_key(value) for value in contacts]
        found_in = [stand[key] for key in keys_of if key in stand]
        if found_in:
            moved[id_] = max(found_in)
        fresh = {key: moved.get(id_, id_) for key in keys_of if key not in stand}
        stand |= fresh
        there.update(fresh)
    return moved


def _said(made: Sequence[Create]) -> dict[int, list[str]]:
    """The contacts that are written with each new lead that waits for a decision."""
    leads = [one for one in made if one.entity == LEAD.key]
    found = {
        one.id or 0: [str(one.values[key]) for key in ("phone", "email") if one.values.get(key)]
        for one in leads if one.values.get("state") in (None, *OPEN_STATES)
    }  # fmt: skip
    for one in made:
        owner, value = one.values.get("owner"), one.values.get("value")
        if one.entity == CHANNEL.key and isinstance(owner, Ref) and value and owner.id in found:
            found[owner.id].append(str(value))
    return found


def _open_leads(batch: Batch, known: Mapping[str, Sequence[Ref]]) -> dict[str, int]:
    """By the sort key of a contact: the newest open lead that has it."""
    ids = sorted({ref.id for refs in known.values() for ref in refs if ref.entity == LEAD.key})
    batch.prefetch(batch.catalogue[LEAD.key], ids)
    entity = batch.catalogue[CHANNEL.key]
    batch.prefetch_linked(entity, entity.field("owner"), ids)
    still = {id_ for id_ in ids if (one := batch.seen(Ref(LEAD.key, id_))) and _is_open(one.after)}
    found: dict[str, int] = {}
    for key, refs in known.items():
        leads = [ref.id for ref in refs if ref.entity == LEAD.key and ref.id in still]
        if leads:
            found[key] = max(leads)
    return found


def _is_open(values: Mapping[str, Any] | None) -> bool:
    return values is not None and values.get("state") in OPEN_STATES


def _has_owner(one: Staged) -> bool:
    values = one.after or {}
    return bool(values.get(keys.CLIENT) or values.get(keys.PERSON))


def _children(batch: Batch, lead: int) -> list[Staged]:
    entity = batch.catalogue[CHANNEL.key]
    return batch.linked(entity, entity.field("owner"), lead)


def _contacts(batch: Batch, one: Staged) -> list[str]:
    """The telephones and addresses that are written with a new lead."""
    values = one.after or {}
    found = [values.get(key) for key in ("phone", "email")]
    found += [(child.after or {}).get("value") for child in _children(batch, one.id)]
    return list(dict.fromkeys(str(value) for value in found if value))


class _Landing:
    """One new lead that goes into another one, which is in the base or comes earlier in the
    batch."""

    def __init__(self, batch: Batch, new: Staged, lead: int) -> None:
        self._batch, self._new, self._lead = batch, new, lead
        self._values = dict(new.after or {})
        self._stands = batch.row(batch.catalogue[LEAD.key], lead).after or {}

    def writes(self) -> Iterator[Write]:
        """Gives the new one up; what it brings goes to the other."""
        yield from self._moved()
        self._keep_first()
        yield Create(ENQUIRY.key, self._enquiry())
        learned = self._learned()
        if learned:
            yield Update(LEAD.key, self._lead, learned)
        self._batch.delete(self._new)

    def _keep_first(self) -> None:
        """The enquiry that a rule made of the words of a lead earlier in the batch stays."""
        entity = self._batch.catalogue[ENQUIRY.key]
        if self._stands_new():
            first = self._batch.linked(entity, entity.field(keys.LEAD), self._lead)
            self._batch.proposed.difference_update(one.id for one in first)

    def _stands_new(self) -> bool:
        one = self._batch.seen(Ref(LEAD.key, self._lead))
        return one is not None and one.before is None

    def _enquiry(self) -> dict[str, Any]:
        said = {key: self._values.get(key) for key in _SAID}
        told = [str(said["text"] or "").strip(), *self._otherwise()]
        text = "\n".join(line for line in told if line)
        name = text.partition("\n")[0] or str(self._values.get("name"))
        return {**said, "text": text or None, "name": name[:200], keys.LEAD: self._lead}

    def _otherwise(self) -> Iterator[str]:
        """Words that differ from those of the lead, so that nothing of them is lost."""
        for f in self._new.entity.fields:
            if not isinstance(f, TextField | AddressField) or isinstance(f, TagsField):
                continue
            value, stands = self._values.get(f.key), self._stands.get(f.key)
            nameless = f.key == "name" and value == lead_name({**self._values, "name": None})
            if f.key in ("phone", "email") or is_empty(value) or nameless:
                continue
            if not is_empty(stands) and not same(value, stands) and f.key not in self._renamed():
                yield f"{_(f.label)}: {f.format(value, 'en')}"

    def _renamed(self) -> Sequence[str]:
        """A lead that was called after its telephone gets a name."""
        unnamed = lead_name({**self._stands, "name": None})
        return ("name",) if self._stands.get("name") == unnamed else ()

    def _learned(self) -> dict[str, Any]:
        """What the lead did not know."""
        found = {
            f.key: self._values[f.key] for f in self._new.entity.fields
            if f.key not in _OWN and not f.readonly and not f.kept
            and not is_empty(self._values.get(f.key)) and is_empty(self._stands.get(f.key))
        }  # fmt: skip
        name = self._values.get("name")
        if self._renamed() and name and name != lead_name({**self._values, "name": None}):
            found["name"] = name
        tags = joined(split_tags([self._stands.get("tags"), self._values.get("tags")]))
        if not same(tags, self._stands.get("tags")):
            found["tags"] = tags
        return found

    def _moved(self) -> Iterator[Write]:
        """Contacts that are new to the lead, and whatever else came with the new one."""
        batch = self._batch
        there = {str((one.after or {}).get("value")) for one in _children(batch, self._lead)}
        for link in batch.catalogue.links_to(self._new.entity):
            for child in batch.linked(link.entity, link.field, self._new.id):
                if child.entity.key == CHANNEL.key:
                    yield from self._contact(child, there)
                if child.id in batch.proposed or self._follows(child):
                    batch.delete(child)
                else:
                    yield Update(child.entity.key, child.id, {link.field.key: self._to(link.field)})

    def _follows(self, child: Staged) -> bool:
        """Contacts are made anew, and tags by the field of the lead."""
        return child.entity.key == CHANNEL.key or child.entity.trait(Tagging) is not None

    def _contact(self, child: Staged, there: set[str]) -> Iterator[Write]:
        values = child.after or {}
        value = str(values.get("value"))
        if value in there:
            return
        there.add(value)
        more = {key: values[key] for key in _ABOUT_CONTACT if values.get(key)}
        yield Create(
            CHANNEL.key, {**more, "value": value, "owner": Ref(LEAD.key, self._lead)}
        )  # fmt: skip

    def _to(self, f: Field) -> Any:
        return Ref(LEAD.key, self._lead) if isinstance(f, RecordField) else self._lead
