"""The client and the person whom a telephone or an address belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.normalise import sort_key
from crm_desktop.services.rules.contact_owners import owners_of
from crm_desktop.services.writing.batch import Batch


def known_owners(batch: Batch, contacts: Sequence[str]) -> tuple[int | None, int | None]:
    """The client and the person with one of the contacts; of a person their client, too."""
    return _client_and_person(batch, owners_of(batch, contacts))


def known_among(
    batch: Batch, known: Mapping[str, Sequence[Ref]], several: Sequence[Sequence[str]]
) -> list[tuple[int | None, int | None]]:
    """The same for each of several lists of contacts, of owners that were asked for already
    (`owners_of_each`), by one question more for all of them."""
    refs = [
        list(dict.fromkeys(ref for one in contacts for ref in known.get(sort_key(one), ())))
        for contacts in several
    ]
    people = {ref.id for found in refs for ref in found if ref.entity == "person"}
    rows = batch.reader.many("person", sorted(people), ("client",), connection=batch.connection)
    clients = {id_: row.get("client") for id_, row in rows.items()}
    return [_client_and_person(batch, found, clients) for found in refs]


def _client_and_person(
    batch: Batch, found: Sequence[Ref], clients: Mapping[int, int | None] | None = None
) -> tuple[int | None, int | None]:
    """`clients`: of people, where they are known already."""
    client = next((ref.id for ref in found if ref.entity == "client"), None)
    person = next((ref.id for ref in found if ref.entity == "person"), None)
    if client is None and person is not None and clients is not None:
        client = clients.get(person)
    elif client is None and person is not None:
        row = batch.reader.many("person", [person], ("client",), connection=batch.connection)
        client = row.get(person, {}).get("client")
    return client, person
