"""What an activity concerns beside the record it is kept with (trait `Concerns`).

An activity is kept with one record, which says whose it is; it may be linked to any number of
others, on whose timelines it stands too. The links are records of their own: history, undo,
search and files know them like any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField
from crm_desktop.models.catalogue.planner_traits import Concerns
from crm_desktop.models.schema import Tables, column_names
from crm_desktop.services.private.mark import is_hushed
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create, Delete, Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.services.writing.records import Outcome

MOST = 100
"""Records that one activity is linked to at most: more would be a list, not a matter."""


@dataclass(frozen=True)
class Shape:
    """The object of the links and its two fields: from the activity, to the other record."""

    entity: EntityDef
    event: LinkField
    record: RecordField

    @classmethod
    def of(cls, catalogue: Catalogue) -> Shape:
        """That of the catalogue."""
        entity, trait = catalogue.with_trait(Concerns)
        event, record = entity.field(trait.event), entity.field(trait.record)
        assert isinstance(event, LinkField)
        assert isinstance(record, RecordField)
        return cls(entity, event, record)

    def writes(self, event: int, records: Iterable[Ref]) -> list[Write]:
        """What links an activity to each of the records."""
        return [
            Create(self.entity.key, {self.event.key: event, self.record.key: ref})
            for ref in dict.fromkeys(records)
        ]


def concerned(
    workspace: Workspace, events: Iterable[int], connection: sa.Connection | None = None
) -> dict[int, dict[int, Ref]]:
    """The further records of activities: by activity, by the id of the link, in their order."""
    shape = Shape.of(workspace.catalogue)
    rows = workspace.reader.linked(
        shape.entity.key, shape.event.key, list(events), connection=connection
    )
    found: dict[int, dict[int, Ref]] = {}
    for id_, row in sorted(rows.items()):
        ref = row.values[shape.record.key]
        found.setdefault(row.values[shape.event.key], {})[id_] = Ref(*ref)
    return found


def link(workspace: Workspace, event: int, record: Ref) -> Outcome:
    """Links an activity to one record more; `InvalidInput` if it is linked to it already."""
    shape = Shape.of(workspace.catalogue)

    def writes(batch: Batch) -> list[Write]:
        _check_new(workspace, event, record, batch)
        return shape.writes(event, [record])

    return workspace.records.apply(
        writes, _title(workspace, N_("“{one}” linked to “{other}”"), event, record)
    )


def unlink(workspace: Workspace, event: int, link_id: int) -> Outcome:
    """Takes one of the links of an activity away."""
    record = concerned(workspace, [event]).get(event, {}).get(link_id)
    if record is None:
        raise NotFound(_("The link is not there any more"))
    title = _title(workspace, N_("“{one}” no longer linked to “{other}”"), event, record)
    gone = Delete(Shape.of(workspace.catalogue).entity.key, link_id)
    return workspace.records.apply([gone], title)


def _title(workspace: Workspace, sentence: str, event: int, record: Ref) -> Title:
    entity = workspace.catalogue[Shape.of(workspace.catalogue).event.target]
    found = workspace.reader.get(entity.key, event)
    values = found.values if found is not None else {}
    own = "…" if is_hushed(entity, values) else str(values.get(entity.title_field) or "…")
    other = workspace.titles.of([record]).get(record)
    return Title(sentence, {"one": own, "other": other.text if other is not None else "…"})


def _check_new(workspace: Workspace, event: int, record: Ref, batch: Batch) -> None:
    shape = Shape.of(workspace.catalogue)
    entity = workspace.catalogue[shape.event.target]
    found = workspace.reader.get(entity.key, event, connection=batch.connection)
    if found is None:
        raise NotFound(_("The activity is no longer there"))
    kept = [f.key for f in entity.fields if isinstance(f, RecordField)]
    known = list(concerned(workspace, [event], batch.connection).get(event, {}).values())
    if record in known or record in [found.values.get(key) for key in kept]:
        raise InvalidInput(_("The activity is linked to this record already"))
    if len(known) >= MOST:
        sentence = _("An activity can be linked to {most} records at most")
        raise InvalidInput(sentence.format(most=MOST))


def following(batch: Batch, record: int, to: Ref) -> list[Write]:
    """What lets the links to one record lead to another that it became."""
    shape = Shape.of(batch.catalogue)
    return [
        Update(shape.entity.key, one.id, {shape.record.key: to})
        for one in batch.linked(shape.entity, shape.record, record)
    ]


class Pointing:
    """Finds the activities that are linked to a record, for statements over many of them."""

    def __init__(self, tables: Tables) -> None:
        catalogue = tables.catalogue
        self.shape = Shape.of(catalogue)
        self._catalogue = catalogue
        self._links = tables.main[self.shape.entity.key]
        self._events = tables.main[self.shape.event.target]

    def to(self, record: Ref) -> sa.Select[Any]:
        """The ids of activities that are linked to the record: read from the links on, which are
        few."""
        links, events = self._links, self._events
        number, object_ = (links.c[name] for name in column_names(self.shape.record))
        both = links.join(events, events.c.id == links.c[self.shape.event.name])
        return (
            sa.select(events.c.id)
            .select_from(both)
            .where(number == record.id, object_ == self._catalogue[record.entity].number)
        )
