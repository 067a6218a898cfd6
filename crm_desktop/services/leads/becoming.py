"""What a lead becomes: a client, a person, a deal, made or found; and what of it goes with them.

Contacts are copied, so that the lead still says who asked; activities and files move to the deal,
else to the client; the text stands in the note of the deal, else among the client's entries.
Enquiries stay with the lead, which the cards of client and deal show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin import sales_keys as keys
from crm_desktop.models.catalogue.builtin.activity import ACTIVITY
from crm_desktop.models.catalogue.builtin.channel import CHANNEL
from crm_desktop.models.catalogue.builtin.client import CLIENT, KINDS
from crm_desktop.models.catalogue.builtin.deal import DEAL, DEAL_PERSON
from crm_desktop.models.catalogue.builtin.lead import LEAD
from crm_desktop.models.catalogue.builtin.person import PERSON
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.fieldtypes import TextField
from crm_desktop.models.catalogue.holding import is_held
from crm_desktop.models.text.firms import client_kind
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.activities.concerns import Shape, following
from crm_desktop.services.files.rows import FileShape
from crm_desktop.services.rules.lead import lead_name
from crm_desktop.services.writing.batch import Batch, is_empty
from crm_desktop.services.writing.staging import Create, Update, Write

LONGEST_NAME = 200
ALONE = KINDS[-1].key
"""The kind of a client who is a private person."""
_TO_CLIENT = ("source", "region", "city", "address", "responsible", "tags")


def first_line(text: str) -> str:
    """The beginning of a text as a name."""
    return text.strip().partition("\n")[0].strip()[:LONGEST_NAME]


def likely_name(values: Mapping[str, Any]) -> str:
    """What a client made of a lead is called: the company, else whoever asked."""
    found = (str(values.get(key) or "").strip() for key in ("company", "name"))
    return next((one for one in found if one), "")


def remark(batch: Batch, about: Ref, text: str) -> Create:
    """A note in the timeline of a record."""
    values = {"kind": "note", "state": "done", "about": about, "moment": batch.now}
    return Create(ACTIVITY.key, {**values, "subject": first_line(text), "body": text})


class Becoming:
    """Collects the writes of one conversion; `client` first, then `deal`, then `move`."""

    def __init__(self, batch: Batch, lead: int, values: Mapping[str, Any]) -> None:
        self._batch, self._lead, self._values = batch, lead, values
        self.writes: list[Write] = []
        self.contacts: list[tuple[str, Mapping[str, Any]]] = []
        """Numbers and addresses of the lead with what else is known of each."""
        self.client_id: int | None = None
        self.person_id: int | None = None
        self.target = Ref(LEAD.key, lead)
        """Where activities and files go."""
        self._texts = str(values.get("text") or "").strip()

    # --- client and person ------------------------------------------------------------------------

    def client(self, known: int | None, *, person: int | None = None, job_title: str = "") -> int:
        """The client it becomes: the known one, which learns what it lacked, or a new one."""
        made = known is None
        name, company = (str(self._values.get(key) or "").strip() for key in ("name", "company"))
        id_ = self._batch.new_id() if known is None else known
        self.client_id, self.target = id_, Ref(CLIENT.key, id_)
        if made:
            kind = client_kind(company) if company else ALONE
            full = company or name or lead_name(self._values)
            told = {
                "name": self._fitting(CLIENT.key, full),
                "legal_name": full if full != self._fitting(CLIENT.key, full) else None,
                "kind": kind,
                "note": None,
                **self._told(),
            }
            self.writes.append(Create(CLIENT.key, told, id=id_))
            alone = kind == ALONE
        else:
            stands = self._batch.row(self._batch.catalogue[CLIENT.key], id_).after or {}
            learned = {k: v for k, v in self._told().items() if is_empty(stands.get(k))}
            learned.pop("responsible", None)
            if learned:
                self.writes.append(Update(CLIENT.key, id_, learned))
            alone = stands.get("kind") == ALONE
        self._copy_contacts(self.target, made)
        self.person_id = person
        if person is not None:
            self._copy_contacts(Ref(PERSON.key, person), False)
        elif not alone and name and norm(name) not in (norm(company), ""):
            self.person_id = self._person(id_, name, job_title, made)
        return id_

    def _fitting(self, key: str, name: str) -> str:
        """As much of a name as the name of such a record holds."""
        entity = self._batch.catalogue[key]
        f = entity.field(entity.title_field)
        most = f.length if isinstance(f, TextField) else len(name)
        return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"

    def _told(self) -> dict[str, Any]:
        """What the person does not see stays with the lead alone."""
        told = {key: self._values.get(key) for key in _TO_CLIENT}
        return {
            key: value for key, value in told.items() if not (is_empty(value) or is_held(value))
        }

    def _person(self, client: int, name: str, job_title: str, made: bool) -> int | None:
        """Whoever asked for the company: one of its people of this name, or a new one."""
        if name == _("Without a name") or name[:1] == "+" or "@" in name:
            return None
        entity = self._batch.catalogue[PERSON.key]
        if not made:
            words = set(norm(name).split())
            for one in self._batch.linked(entity, entity.field(keys.CLIENT), client):
                if words == set(norm(str((one.after or {}).get("name") or "")).split()):
                    self._copy_contacts(one.ref, False)
                    return one.id
        id_ = self._batch.new_id()
        values = {"name": name, keys.CLIENT: client, "job_title": job_title or None}
        responsible = self._values.get("responsible")
        self.writes.append(Create(PERSON.key, {**values, "responsible": responsible}, id=id_))
        self._copy_contacts(Ref(PERSON.key, id_), True)
        return id_

    def _copy_contacts(self, owner: Ref, made: bool) -> None:
        there: set[str] = set()
        if not made:
            entity = self._batch.catalogue[CHANNEL.key]
            children = self._batch.linked(entity, entity.field("owner"), owner.id)
            there = {str((child.after or {}).get("value")) for child in children}
        for value, more in self.contacts:
            if value not in there:
                there.add(value)
                self.writes.append(Create(CHANNEL.key, {**more, "value": value, "owner": owner}))

    # --- deal -------------------------------------------------------------------------------------

    def deal(self, known: int | None, pipeline: int | None) -> int:
        """The deal it becomes or joins; the rules of deals put a new one at its first stage."""
        assert self.client_id is not None
        if known is not None:
            self._join(known)
            return known
        id_, values = self._batch.new_id(), self._values
        name = first_line(self._texts) or str(values.get("company") or values.get("name") or "")
        made = {
            "name": self._fitting(DEAL.key, name or lead_name(values)), keys.CLIENT: self.client_id,
            keys.PERSON: self.person_id, keys.PIPELINE: pipeline, "note": self._texts or None,
            keys.LEAD: self._lead,
            **{key: values.get(key) for key in ("responsible", "source", keys.CAMPAIGN)},
        }  # fmt: skip
        given = {key: value for key, value in made.items() if value is not None}
        self.writes.append(Create(DEAL.key, given, id=id_))
        self.target, self._texts = Ref(DEAL.key, id_), ""
        return id_

    def _join(self, known: int) -> None:
        stands = self._batch.row(self._batch.catalogue[DEAL.key], known).after or {}
        if stands.get(keys.CLIENT) not in (None, self.client_id):
            raise InvalidInput(_("This deal is another client's: choose one of theirs"))
        note = str(stands.get("note") or "")
        if self._texts and self._texts not in note:
            note = f"{note}\n\n{self._texts}".strip()
        told: dict[str, Any] = {keys.CLIENT: self.client_id, "note": note or None}
        for key, value in ((keys.LEAD, self._lead), (keys.PERSON, self.person_id)):
            if stands.get(key) is None and value is not None:
                told[key] = value
        for key in ("source", keys.CAMPAIGN):
            if stands.get(key) is None and self._values.get(key) is not None:
                told[key] = self._values[key]
        self.writes.append(Update(DEAL.key, known, told))
        self.target, self._texts = Ref(DEAL.key, known), ""
        if keys.PERSON not in told:
            self._add_person(known, stands.get(keys.PERSON))
        if keys.LEAD not in told and stands.get(keys.LEAD) != self._lead:
            self._tell_joined()

    def _add_person(self, deal: int, main: int | None) -> None:
        """Whoever asked is one of the people of the deal."""
        entity = self._batch.catalogue[DEAL_PERSON.key]
        people = self._batch.linked(entity, entity.field(keys.DEAL), deal)
        there = {main, *((one.after or {}).get(keys.PERSON) for one in people)}
        if self.person_id is not None and self.person_id not in there:
            values = {keys.DEAL: deal, keys.PERSON: self.person_id}
            self.writes.append(Create(entity.key, values))

    def _tell_joined(self) -> None:
        """A deal comes from one lead; a further one stands on its timeline and leads there."""
        id_ = self._batch.new_id()
        said = _("Joined: lead “{name}”").format(name=str(self._values.get("name") or "…"))
        note = remark(self._batch, self.target, said)
        self.writes.append(replace(note, id=id_))
        links = Shape.of(self._batch.catalogue).writes(id_, [Ref(LEAD.key, self._lead)])
        self.writes += links

    # --- what goes with it ------------------------------------------------------------------------

    def move(self) -> None:
        """Activities and files of the lead go to what it became, and its text, unless it is told
        there already."""
        batch = self._batch
        shape = FileShape.of(batch.catalogue)
        lead = batch.catalogue[LEAD.key]
        held = ((batch.catalogue[ACTIVITY.key], "about"),
                (shape.entity, shape.link(batch.catalogue, lead).field.key))  # fmt: skip
        for entity, key in held:
            for one in batch.linked(entity, entity.field(key), self._lead):
                self.writes.append(Update(entity.key, one.id, {key: self.target}))
        self.writes += following(batch, self._lead, self.target)
        if self._texts:
            self.writes.append(remark(batch, self.target, self._texts))
