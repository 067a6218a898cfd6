"""Which records of an import came in past what the stages they stand in ask for.

A file brings a past that nobody can be asked about, so it is taken as it is; but whoever brings it
is told. Looked at once a block is written: lines and files of a record come behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from crm_desktop.i18n import _, in_quotes
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.services.importing.rowplan import Prepared
from crm_desktop.services.pipelines.needs import asked_for, lacking
from crm_desktop.services.pipelines.rights import refusal
from crm_desktop.services.pipelines.shape import shape_in
from crm_desktop.services.workspace import Workspace

MOST_LISTED = 1000


@dataclass(frozen=True)
class PastRow:
    """A row of the file, its record, and what would have been said to a person."""

    row: int
    id: int
    name: str
    reason: str

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return asdict(self)


class PastGates:
    """Looks at the new records of a run; those of objects without stages pass none."""

    def __init__(self, workspace: Workspace, entity: EntityDef) -> None:
        self._workspace, self._entity = workspace, entity
        self._trait = entity.trait(Funnel)
        self.count = 0
        self.found: list[PastRow] = []

    def look(self, new: Sequence[tuple[Prepared, int]]) -> None:
        """Asks of the records that rows have made what a person would have been asked for."""
        if self._trait is None or not new:
            return
        with self._workspace.backend.read() as connection:
            batch = self._workspace.records.batch(connection, lock=False)
            shape = shape_in(batch)
            batch.prefetch(self._entity, [id_ for _row, id_ in new])
            for row, id_ in new:
                staged = batch.row(self._entity, id_)
                values = staged.after or {}
                stage = shape.stages.get(values.get(self._trait.stage) or 0)
                if stage is None:
                    continue
                missing = lacking(batch, staged, asked_for(batch, staged, None, stage))
                reason = refusal(batch, staged, None, stage) or ""
                if missing:
                    names = ", ".join(in_quotes(need.label) for need in missing)
                    said = _("For the stage “{stage}” this is missing: {fields}")
                    reason = said.format(stage=stage.name, fields=names)
                if reason:
                    name = str(values.get(self._entity.title_field) or "")
                    self._note(PastRow(row.number, id_, name, reason))

    def _note(self, one: PastRow) -> None:
        self.count += 1
        if len(self.found) < MOST_LISTED:
            self.found.append(one)
