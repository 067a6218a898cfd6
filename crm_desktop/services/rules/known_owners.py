"""The client and the person whom a telephone or an address belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from crm_desktop.services.batch import Batch
from crm_desktop.services.contact_owners import owners_of


def known_owners(batch: Batch, contacts: Sequence[str]) -> tuple[int | None, int | None]:
    """The client and the person with one of the contacts; of a person their client, too."""
    found = owners_of(batch, contacts)
    client = next((ref.id for ref in found if ref.entity == "client"), None)
    person = next((ref.id for ref in found if ref.entity == "person"), None)
    if client is None and person is not None:
        row = batch.reader.many("person", [person], ("client",), connection=batch.connection)
        client = row.get(person, {}).get("client")
    return client, person
