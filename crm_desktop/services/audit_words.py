"""What the rows of the audit are called where people read them."""

from __future__ import annotations

from crm_desktop.i18n import N_, _
from crm_desktop.services import audit

TITLES = {
    audit.SIGNED_IN: N_("Signed in"),
    audit.LET_IN: N_("Let in to the base"),
    audit.BLOCKED: N_("Account blocked"),
    audit.UNBLOCKED: N_("Account unblocked"),
    audit.NEW_PASSWORD: N_("New password"),
    audit.OWN_PASSWORD: N_("Own password changed"),
    audit.BACKUP: N_("Copy of the base"),
    audit.RIGHTS: N_("Rights changed"),
    audit.EXPORTED: N_("Exported to a file"),
    audit.PRINTED: N_("Printed"),
    audit.MANY: N_("Many changed at once"),
    audit.MERGED: N_("Merged"),
}


def said(what: str) -> str:
    """One kind of row in words; its key where a newer program wrote it."""
    return _(TITLES[what]) if what in TITLES else what
