"""The audit as a file: who takes it out stands in it, too."""

from __future__ import annotations

from pathlib import Path

from crm_desktop.i18n import _
from crm_desktop.services.audit import service as audit
from crm_desktop.services.audit.words import detail, said
from crm_desktop.services.exporting.writers.rows import write_rows
from crm_desktop.services.workspace import Workspace


def export_audit(workspace: Workspace, wanted: audit.Wanted, path: Path, most: int) -> int:
    """Writes the latest rows, no more than `most`, as .xlsx, .csv or .json; how many there are in
    it. `FileProblem` if it cannot be written."""
    zone = workspace.clock.local().tzinfo
    found = audit.last(workspace, most, wanted)
    header = (
        _("When"), _("Login"), _("Machine"), _("What"), _("Object"), _("Number"), _("Records"),
        _("Decoys"), _("Detail"),
    )  # fmt: skip
    rows = [
        (
            one.made_at.astimezone(zone).replace(tzinfo=None), one.login, one.machine,
            said(one.what), one.ref.entity if one.ref else "", one.ref.id if one.ref else None,
            one.amount, one.decoys or None, detail(workspace, one),
        )
        for one in found
    ]  # fmt: skip
    written = write_rows(path, header, rows).rows
    audit.note(workspace, audit.EXPORTED, amount=written, detail=f"{path.name}: {_('Audit')}")
    return written
