"""A deal stands in a stage of a pipeline; what follows from that is kept with it in the same save.

What an import brings in is taken as it is: a past that nobody can be asked about. A new record
is asked for what the stages before its own ask for, as if it had gone through them, and every
later change of the stage obeys the rules of both stages.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput, StageRefused
from crm_desktop.i18n import _, in_quotes
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LinkField
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.services.pipelines.chances import chance
from crm_desktop.services.pipelines.needs import asked_for, lacking
from crm_desktop.services.pipelines.rights import refusal
from crm_desktop.services.pipelines.shape import LOST, WON, Pipeline, Stage, log_of, shape_in
from crm_desktop.services.pipelines.way import enter, furthest, hand_over, stay_begun
from crm_desktop.services.writing.batch import Batch, Staged, is_empty, same

HAND = "hand"


def keep_stage(batch: Batch, staged: Staged, given: Collection[str]) -> None:
    """Puts the record where it belongs, and keeps state, furthest stage, probability, way."""
    trait, values = staged.entity.trait(Funnel), staged.after
    if trait is None or values is None:
        return
    old = _stage_before(batch, staged, trait)
    new, is_new = _find_place(batch, staged, trait, given), staged.before is None and old is None
    if is_new:
        _begin(batch, staged, trait, new)
    if is_new or old is None or new.id != old.id:
        _move(batch, staged, trait, (old, new))
    elif new.outcome == LOST and {trait.reason, trait.comment} & set(given):
        _refuse_lacking(batch, staged, new, new)
    elif trait.who in given:
        hand_over(batch, staged)
    if old is not None and old.id != new.id:
        _take_decision_back(staged, trait, given, (old, new))
    _keep_chance(batch, staged, trait, given, moved=old is None or old.id != new.id)


def _take_decision_back(
    staged: Staged, trait: Funnel, given: Collection[str], way: tuple[Stage, Stage]
) -> None:
    """Opened again it is no longer as likely as it was decided, nor lost for the reason it was."""
    (old, new), values = way, staged.after or {}
    if new.is_open and not old.is_open and trait.probability not in given:
        values[trait.chance_by] = None
    if old.outcome == LOST != new.outcome:
        for key in (trait.reason, trait.comment):
            if key not in given:
                values[key] = None


# --- where it stands ------------------------------------------------------------------------------


def _stage_before(batch: Batch, staged: Staged, trait: Funnel) -> Stage | None:
    """Where it stood: in this save already, if a rule writes it once more, else before it."""
    stay, stages = stay_begun(batch, staged), shape_in(batch).stages
    if stay is not None:
        return stages.get((stay.after or {}).get(log_of(batch.catalogue)[1].stage) or 0)
    return stages.get((staged.before or {}).get(trait.stage) or 0)


def _find_place(batch: Batch, staged: Staged, trait: Funnel, given: Collection[str]) -> Stage:
    """The stage where the record stands: of the one given the pipeline follows, and of a pipeline
    its first stage; without either it is the first of the first pipeline."""
    values, shape = staged.after or {}, shape_in(batch)
    stage = shape.stages.get(values.get(trait.stage) or 0)
    pipeline = shape.pipelines.get(values.get(trait.pipeline) or 0)
    if stage is not None and (pipeline is None or stage.pipeline != pipeline.id):
        if pipeline is not None and {trait.stage, trait.pipeline} <= set(given):
            raise InvalidInput(
                _("The stage “{stage}” is not in the pipeline “{pipeline}”").format(
                    stage=stage.name, pipeline=pipeline.name),
                field=trait.stage,
            )  # fmt: skip
        if pipeline is None or trait.stage in given:
            pipeline = shape.pipelines[stage.pipeline]
        else:
            stage = None
    pipeline = pipeline or shape.first()
    if pipeline is None:
        raise InvalidInput(_("There is no pipeline yet: make one first"), field=trait.pipeline)
    stage = stage or _first_of(pipeline, trait)
    batch.put(staged, trait.pipeline, pipeline.id)
    batch.put(staged, trait.stage, stage.id)
    return stage


def _first_of(pipeline: Pipeline, trait: Funnel) -> Stage:
    if pipeline.first is None:
        raise InvalidInput(
            _("The pipeline “{name}” has no stage to begin with: add one").format(
                name=pipeline.name
            ),
            field=trait.pipeline,
        )
    return pipeline.first


# --- a new one ------------------------------------------------------------------------------------


def _begin(batch: Batch, staged: Staged, trait: Funnel, stage: Stage) -> None:
    values = staged.after or {}
    if is_empty(values.get(staged.entity.title_field)):
        values[staged.entity.title_field] = _name_of_client(batch, staged, trait)
    currency = staged.entity.field(trait.currency)
    if values.get(trait.currency) is None and isinstance(currency, ChoiceField):
        values[trait.currency] = _office_currency(batch, currency)
    if values.get(trait.who) is None:
        _give(batch, staged, trait, shape_in(batch).pipelines[stage.pipeline].queue)
    values[trait.opened] = values.get(trait.opened) or batch.now
    if batch.alone:
        _refuse_lacking(batch, staged, None, stage)


def _name_of_client(batch: Batch, staged: Staged, trait: Funnel) -> Any:
    f, owner = staged.entity.field(trait.client), (staged.after or {}).get(trait.client)
    if owner is None or not isinstance(f, LinkField):
        return None
    client = batch.row(batch.catalogue[f.target], owner)
    return (client.after or {}).get(client.entity.title_field)


def _give(batch: Batch, staged: Staged, trait: Funnel, queue: int | None) -> None:
    """To somebody of the pipeline's queue, else to whoever writes."""
    if queue is None or not batch.alone:
        batch.put(staged, trait.who, batch.author)
        return
    from crm_desktop.services.assignment.service import choose

    chosen = choose(batch, queue)
    batch.put(staged, trait.who, chosen.staff_id)
    if chosen.note and staged.entity.has("note"):
        said = (str((staged.after or {}).get("note") or ""), chosen.note)
        batch.put(staged, "note", "\n".join(part for part in said if part))


def _office_currency(batch: Batch, f: ChoiceField) -> str | None:
    known = batch.asked.get("currency")
    if known is None:
        facts = batch.reader.tables.system("base_info")
        asked = sa.select(facts.c.content).where(facts.c.name == "currency")
        known = batch.asked["currency"] = str(batch.connection.execute(asked).scalar() or "")
    wanted = str(known).casefold()
    return next((one.key for one in f.choices if one.key.casefold() == wanted), None)


# --- a move ---------------------------------------------------------------------------------------


def _move(batch: Batch, staged: Staged, trait: Funnel, way: tuple[Stage | None, Stage]) -> None:
    old, new = way
    if staged.before is not None or batch.alone:
        refused = refusal(batch, staged, old, new)
        if refused is not None:
            raise StageRefused(refused)
    if staged.before is not None:
        _refuse_lacking(batch, staged, old, new)
    values = staged.after or {}
    moment = batch.now if staged.before is not None else _entered(batch, values, trait, new)
    values[trait.state], values[trait.since] = new.outcome, moment
    if staged.before is not None:
        said, stood = values.get(trait.closed), staged.before.get(trait.closed)
        own = said is not None and not same(said, stood)  # somebody says when it was
        values[trait.closed] = None if new.is_open else said if own else batch.now
    elif new.is_open:
        values[trait.closed] = None
    elif values.get(trait.closed) is None:
        values[trait.closed] = moment
    _reach(batch, staged, trait, new)
    enter(batch, staged, old, new, moment)


def _entered(batch: Batch, values: dict[str, Any], trait: Funnel, stage: Stage) -> datetime:
    """When a new record entered its stage: a closed one when it was closed."""
    known: datetime | None = values.get(trait.since)
    if known is None and not stage.is_open:
        known = values.get(trait.closed)
    return known or values.get(trait.opened) or batch.now


def _reach(batch: Batch, staged: Staged, trait: Funnel, new: Stage) -> None:
    """The furthest stage that was ever reached in progress, or the one in which it is won."""
    shape, values = shape_in(batch), staged.after or {}
    known = shape.stages.get(values.get(trait.reached) or 0)
    strange = known is not None and known.pipeline != new.pipeline
    mistaken = known is not None and known.outcome == WON != new.outcome
    if strange or mistaken:  # back in a pipeline, or won and opened again: as far as it stood
        known = furthest(batch, staged, new.pipeline)
    if new.outcome == "lost":
        first = shape.pipelines[new.pipeline].first
        reached = known or first
    elif known is None or shape.place(new.id) > shape.place(known.id):
        reached = new
    else:
        reached = known
    batch.put(staged, trait.reached, reached.id if reached is not None else None)


def _refuse_lacking(batch: Batch, staged: Staged, old: Stage | None, new: Stage) -> None:
    missing = lacking(batch, staged, asked_for(batch, staged, old, new))
    if missing:
        names = ", ".join(in_quotes(need.label) for need in missing)
        raise StageRefused(
            _("For the stage “{stage}” this is missing: {fields}").format(
                stage=new.name, fields=names
            ),
            field=missing[0].key,
        )


# --- probability ----------------------------------------------------------------------------------


def _keep_chance(
    batch: Batch, staged: Staged, trait: Funnel, given: Collection[str], *, moved: bool
) -> None:
    """By the stage or by history, until somebody says another figure; and back when they ask."""
    values = staged.after or {}
    stage = shape_in(batch).stages[values[trait.stage]]
    if trait.chance_by not in given and trait.probability in given:
        stood = (staged.before or {}).get(trait.probability)
        if values.get(trait.probability) is not None and not same(stood, values[trait.probability]):
            values[trait.chance_by] = HAND
    if values.get(trait.chance_by) == HAND and stage.is_open:
        return
    emptied = trait.probability in given and values.get(trait.probability) is None
    if not (staged.before is None or moved or trait.chance_by in given or emptied):
        return
    chosen = values.get(trait.chance_by) or shape_in(batch).pipelines[stage.pipeline].chance_by
    if values.get(trait.chance_by) is None:
        values[trait.chance_by] = chosen
    values[trait.probability] = chance(batch, stage, str(chosen))
