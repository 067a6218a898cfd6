"""Names of people and firms and their addresses: the front of `persons`, `firms`, `contacts`."""

from crm_desktop.models.text.contacts import (
    is_domain,
    normalise_email,
    normalise_url,
    split_emails,
)
from crm_desktop.models.text.firms import ClientKind, client_kind, legal_form
from crm_desktop.models.text.persons import PersonName, full_name, initials_name, split_person

__all__ = [
    "ClientKind",
    "PersonName",
    "client_kind",
    "full_name",
    "initials_name",
    "is_domain",
    "legal_form",
    "normalise_email",
    "normalise_url",
    "split_emails",
    "split_person",
]
