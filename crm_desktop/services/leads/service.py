"""Leads of one open base: taken in, taken on, rejected, converted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.builtin import sales_keys as keys
from crm_desktop.models.catalogue.builtin.channel import CHANNEL
from crm_desktop.models.catalogue.builtin.client import CLIENT
from crm_desktop.models.catalogue.builtin.lead import LEAD
from crm_desktop.models.catalogue.builtin.person import PERSON
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.duplicates.lookup import Likely
from crm_desktop.services.leads.arrival import KNOWN, Arrival, Arrived, Terms
from crm_desktop.services.leads.becoming import Becoming
from crm_desktop.services.leads.taking import Taking, lead_of_digest
from crm_desktop.services.operations import SAVE
from crm_desktop.services.rules.known_owners import known_owners
from crm_desktop.services.rules.lead import CONVERTED, NEW, REJECTED, WORKING, converting
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.records import Outcome
from crm_desktop.services.writing.staging import Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.leads.options import Options
    from crm_desktop.services.workspace import Workspace

TAKEN_IN = N_("Enquiry taken in: {name}")
_LONGEST_NAME = 120
BECAME = N_("Lead converted: {name}")


@dataclass(frozen=True)
class Converted:
    """What a lead became, and the operation to undo it by."""

    lead: int
    client: int
    person: int | None
    deal: int | None
    operation: int
    target: Ref
    """The deal, or the client where there is none."""


class Leads:
    """What people and folders do with leads."""

    def __init__(self, workspace: Workspace) -> None:
        self._base = workspace

    # --- coming in --------------------------------------------------------------------------------

    def take_in(self, arrival: Arrival, terms: Terms | None = None, *, kind: str = SAVE) -> Arrived:
        """An enquiry becomes a lead, or a further enquiry of the open lead with the same telephone
        or address; one whose digest is there already changes nothing.

        `InvalidInput`: see `check`.
        """
        self.check(arrival)
        known = self._known(arrival)
        if known is not None:
            return known
        taking = Taking(arrival, terms or Terms())
        title = Title(TAKEN_IN, {"name": _called(arrival)})
        outcome = self._base.records.apply(taking.plan, title, kind=kind)
        return _of_operation(taking.arrived, outcome.operation)

    def take_in_together(
        self, arrivals: Sequence[Arrival], terms: Terms | None = None, *, kind: str = SAVE
    ) -> tuple[Arrived, ...]:
        """Several enquiries of one file, in order: one operation, and one transaction, so that a
        later one that is refused leaves nothing of those before it."""
        if len(arrivals) == 1:
            return (self.take_in(arrivals[0], terms, kind=kind),)
        for arrival in arrivals:
            self.check(arrival)
        known = [self._known(arrival) for arrival in arrivals]
        there = [one for one in known if one is not None]
        if len(there) == len(arrivals):
            return tuple(there)
        takings = [Taking(arrival, terms or Terms()) for arrival in arrivals]
        named = ", ".join(dict.fromkeys(map(_called, arrivals)))
        outcome = self._base.records.apply_whole(
            [taking.plan for taking in takings], Title(TAKEN_IN, {"name": named[:_LONGEST_NAME]}),
            kind, alone=True,
        )  # fmt: skip
        return tuple(_of_operation(taking.arrived, outcome.operation) for taking in takings)

    def _known(self, arrival: Arrival) -> Arrived | None:
        """Where it has landed already."""
        if not arrival.digest:
            return None
        with self._base.backend.read() as connection:
            batch = self._base.records.batch(connection, lock=False)
            known = lead_of_digest(batch, arrival.digest)
        return None if known is None else Arrived(KNOWN, known)

    @staticmethod
    def check(arrival: Arrival) -> None:
        """`InvalidInput`: nothing is said by which it could be answered or understood."""
        if not (arrival.contacts or arrival.name or arrival.company or arrival.text):
            raise InvalidInput(_("Nothing is said here: no name, no telephone, no text"))

    def lands_in(self, arrival: Arrival) -> tuple[int, str] | None:
        """The open lead, with its name, of which it would be a further enquiry; only looks."""
        with self._base.backend.read() as connection:
            batch = self._base.records.batch(connection, lock=False)
            lead = Taking(arrival, Terms()).open_lead(batch)
            found = batch.seen(Ref(LEAD.key, lead)) if lead is not None else None
        return (found.id, str((found.after or {}).get("name") or "")) if found else None

    def options(self, id_: int, client: int | None = None) -> Options:
        """What the form of a conversion offers."""
        from crm_desktop.services.leads.options import options_of

        return options_of(self._base, id_, client)

    def like(self, arrival: Arrival, limit: int = 3) -> list[tuple[str, Likely]]:
        """Clients, people and leads that may be the same, the likeliest of each first."""
        values = {
            "name": arrival.company or arrival.name, "company": arrival.company,
            "phone": next(iter(arrival.phones), None), "email": next(iter(arrival.emails), None),
        }  # fmt: skip
        found: list[tuple[str, Likely]] = []
        for entity in (CLIENT, PERSON, LEAD):
            own = dict(values) | ({} if entity is CLIENT else {"name": arrival.name})
            known = {key: value for key, value in own.items() if value and entity.has(key)}
            likely = self._base.duplicates.like(
                self._base.catalogue[entity.key], known, contacts=arrival.contacts, limit=limit
            )
            found += [(entity.key, one) for one in likely]
        return found

    # --- decisions --------------------------------------------------------------------------------

    def take_on(self, id_: int) -> Outcome:
        """Whoever works here makes the lead theirs."""
        values: dict[str, Any] = {"state": WORKING}
        if self._base.user_id is not None:
            values["responsible"] = self._base.user_id
        return self._base.records.update(LEAD.key, id_, values)

    def reject(self, id_: int, reason: int | None, comment: str = "") -> Outcome:
        """It comes to nothing; `InvalidInput` for the field `reject_reason` without a reason."""
        values = {"state": REJECTED, "reject_reason": reason, "reject_comment": comment or None}
        return self._base.records.update(LEAD.key, id_, values)

    def reopen(self, id_: int) -> Outcome:
        """A rejected lead waits for a decision again."""
        return self._base.records.update(LEAD.key, id_, {"state": NEW})

    def convert(
        self,
        id_: int,
        *,
        client: int | None = None,
        person: int | None = None,
        deal: int | None = None,
        pipeline: int | None = None,
        new_client: bool = False,
    ) -> Converted:
        """The lead becomes a client, and a deal where one is named or a pipeline is.

        `client`, `person`, `deal`: existing records it is merged into. Without a client it is the
        one the lead is linked to or who has its telephone or address; else, and with `new_client`,
        a new one is made. `InvalidInput`: it is converted already; `NotFound`: a record is gone.
        """
        made: list[Becoming] = []
        deals: list[int | None] = []
        wanted = (client, person, new_client)

        def plan(batch: Batch) -> Sequence[Write]:
            made.clear()
            deals.clear()
            becoming, known, who = self._begun(batch, id_, wanted)
            if deal is not None and known is None and not new_client:
                known = _client_of(batch, deal)
            becoming.client(known, person=who)
            opened = deal is not None or pipeline is not None
            deals.append(becoming.deal(deal, pipeline) if opened else None)
            becoming.move()
            made.append(becoming)
            converting(batch, id_)
            said = {keys.CLIENT: becoming.client_id, keys.PERSON: becoming.person_id}
            return [*becoming.writes, Update(LEAD.key, id_, {"state": CONVERTED, **said})]

        name = self._base.reader.many(LEAD.key, [id_], ("name",)).get(id_, {}).get("name")
        outcome = self._base.records.apply(plan, Title(BECAME, {"name": str(name or "…")}))
        became = made[0]
        assert became.client_id is not None
        return Converted(
            id_, became.client_id, became.person_id, deals[0], outcome.operation, became.target
        )  # fmt: skip

    def _begun(
        self, batch: Batch, id_: int, wanted: tuple[int | None, int | None, bool]
    ) -> tuple[Becoming, int | None, int | None]:
        """The conversion of a lead, its client and its person as far as they are known."""
        client, person, new_client = wanted
        values = dict(batch.row(batch.catalogue[LEAD.key], id_).after or {})
        if values.get("state") == CONVERTED:
            raise InvalidInput(_("This lead is converted already: open its client"))
        becoming = Becoming(batch, id_, values)
        becoming.contacts = _contacts(batch, id_)
        who = person
        if client is None and not new_client:
            own = (values.get(keys.CLIENT), values.get(keys.PERSON))
            contacts = [value for value, _more in becoming.contacts]
            found = own if any(own) else known_owners(batch, contacts)
            client, who = found[0], person or found[1]
        return becoming, client, who


def _called(arrival: Arrival) -> str:
    return arrival.name or arrival.company or next(iter(arrival.contacts), "") or "…"


def _of_operation(arrived: Arrived, operation: int) -> Arrived:
    return arrived if arrived.what == KNOWN else replace(arrived, operation=operation)


def _client_of(batch: Batch, deal: int) -> int | None:
    from crm_desktop.models.catalogue.builtin.deal import DEAL

    found = (batch.row(batch.catalogue[DEAL.key], deal).after or {}).get(keys.CLIENT)
    return int(found) if found is not None else None


def _contacts(batch: Batch, lead: int) -> list[tuple[str, Mapping[str, Any]]]:
    """The contacts of a lead, the main ones first, with what is said about each."""
    entity = batch.catalogue[CHANNEL.key]
    rows = batch.linked(entity, entity.field("owner"), lead)
    rows.sort(key=lambda one: (not (one.after or {}).get("main"), one.id))
    keys = ("kind", "purpose", "state", "note")
    return [
        (str(values["value"]), {key: values[key] for key in keys if values.get(key)})
        for values in (one.after or {} for one in rows)
        if values.get("value")
    ]
