"""Tells the responsible that a record was not made again, and why: once for each date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from crm_desktop.errors import NotFound
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.builtin.activity import IDLE
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.sales_traits import Funnel, Repeating
from crm_desktop.models.catalogue.traits import Reminds, Scheduled
from crm_desktop.services.operations import BY_ITSELF
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

TOLD = Title(N_("Not made again: {name}"))
_FACT = "turn_told."
LONGEST = 200


def tell_refused(workspace: Workspace, template: int, reason: str) -> None:
    """Puts a notice before the responsible of the sample, where there is one."""
    entity, trait = workspace.catalogue.with_trait(Repeating)
    record = workspace.reader.get(entity.key, template)
    name = str(record.values.get(entity.title_field) or "…") if record is not None else "…"

    def plan(batch: Batch) -> Sequence[Write]:
        try:
            values = batch.row(entity, template).after or {}
        except NotFound:  # deleted meanwhile
            return []
        turn = values.get(trait.next)
        if turn is None or not _is_news(batch, template, turn.isoformat()):
            return []
        return _notice(batch, _sample(batch, entity, trait.sample, values), (name, reason))

    workspace.records.apply(plan, Title(TOLD.message, {"name": name}), kind=BY_ITSELF)


def _sample(
    batch: Batch, entity: EntityDef, key: str, values: Mapping[str, Any]
) -> tuple[Ref, int | None]:
    """The sample and whose it is."""
    link = entity.field(key)
    assert isinstance(link, LinkField)
    sample = batch.row(batch.catalogue[link.target], values[key])
    trait = sample.entity.trait(Funnel)
    return sample.ref, (sample.after or {}).get(trait.who) if trait is not None else None


def _notice(batch: Batch, sample: tuple[Ref, int | None], said: tuple[str, str]) -> list[Write]:
    """Something that comes up at once and is nobody's deadline."""
    (about, who), (name, reason) = sample, said
    entity, when = batch.catalogue.with_trait(Scheduled)
    reminder, trait = batch.catalogue.with_trait(Reminds)
    id_ = batch.new_id()
    values = {
        entity.title_field: _("“{name}” was not made again").format(name=name)[:LONGEST],
        "body": _("{reason}. Fill it in where the sample is: it is made at the next look.").format(
            reason=reason.rstrip(".")
        ),
        when.kind: IDLE[0], when.state: when.planned, when.about: about,
        when.who: who if who is not None else batch.author,
    }  # fmt: skip
    made: list[Write] = [
        Create(entity.key, {key: value for key, value in values.items() if value is not None}, id_)
    ]
    if values[when.who] is not None:
        told = {trait.event: id_, trait.whom: values[when.who], trait.offset: 0,
                trait.channel: trait.window, trait.due: batch.now}  # fmt: skip
        made.append(Create(reminder.key, told))
    return made


def _is_news(batch: Batch, template: int, turn: str) -> bool:
    """Whether nobody was told of this date; it is noted that somebody is."""
    facts, name = batch.reader.tables.system("base_info"), f"{_FACT}{template}"
    asked = sa.select(facts.c.content).where(facts.c.name == name)
    if str(batch.connection.execute(asked).scalar() or "") >= turn:
        return False
    batch.backend.delete_keys(batch.connection, facts, ("name",), [(name,)])
    batch.backend.insert_many(batch.connection, facts, ("name", "content"), [(name, turn)])
    return True
