"""Whom a rule means: the responsible, their head, a job, a queue, a certain colleague."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin.automation import WHOM
from crm_desktop.models.catalogue.builtin.queue import QUEUE
from crm_desktop.models.catalogue.builtin.staff import STAFF
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import UserField
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.services.assignment.load import loads
from crm_desktop.services.assignment.presence import absent
from crm_desktop.services.assignment.service import Chosen, choose, director
from crm_desktop.services.automation.known import Rule
from crm_desktop.services.pipelines.rights import people_in
from crm_desktop.services.writing.batch import Batch, Staged

RESPONSIBLE, HEAD, MOVER, JOB, FROM_QUEUE, CERTAIN = (one.key for one in WHOM)
_JOB_TITLE, _GONE = "job_title", "gone"


def who_field(entity: EntityDef) -> UserField | None:
    """The field that says whose a record is."""
    trait = entity.trait(Funnel)
    if trait is not None:
        f = entity.field(trait.who)
        return f if isinstance(f, UserField) else None
    return next((f for f in entity.fields if isinstance(f, UserField) and not f.readonly), None)


def chosen(batch: Batch, staged: Staged, rule: Rule) -> Chosen:
    """Who it is; None if nobody is known."""
    values, kind = rule.values, str(rule.values.get("whom") or RESPONSIBLE)
    if kind == FROM_QUEUE:
        return choose(batch, values.get(QUEUE.key), **_wanted(staged))
    if kind == JOB:
        return _with_job(batch, str(values.get("job") or ""))
    if kind == CERTAIN:
        return Chosen(values.get(STAFF.key))
    f = who_field(staged.entity)
    responsible = (staged.after or {}).get(f.key) if f is not None else None
    if kind == MOVER:
        return Chosen(batch.author if batch.author is not None else responsible)
    if kind == HEAD:
        return Chosen(people_in(batch).head_of(responsible) or director(batch))
    return Chosen(responsible if responsible is not None else batch.author)


def _wanted(staged: Staged) -> dict[str, Any]:
    """The skill and the region that a record asks for, where its object knows such fields."""
    values = staged.after or {}
    return {key: values.get(key) for key in ("skill", "region") if staged.entity.has(key)}


def _with_job(batch: Batch, job: str) -> Chosen:
    """The least busy of those with the job title who are there; else the director."""
    staff = batch.catalogue.staff()
    table = batch.reader.tables.main[staff.key]
    title, gone = (table.c[staff.field(key).name] for key in (_JOB_TITLE, _GONE))
    wanted = sa.select(table.c.id, title, gone).where(title.is_not(None)).order_by(table.c.id)
    rows = batch.connection.execute(wanted).all()
    wanted_title = job.casefold().strip()
    named = [id_ for id_, its, left in rows
             if not left and str(its).casefold().strip() == wanted_title]  # fmt: skip
    if not named:
        said = _("There is nobody with the job title “{job}”").format(job=job)
        return Chosen(director(batch), said)
    away = absent(batch, set(named))
    there = [one for one in named if one not in away]
    if not there:
        said = _("Nobody with the job title “{job}” was there").format(job=job)
        return Chosen(director(batch), said)
    busy = loads(batch, set(there)) if len(there) > 1 else {}
    return Chosen(min(there, key=lambda one: (busy.get(one, 0), one)))
