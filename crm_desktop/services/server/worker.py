"""What an office wants done by itself, done by a program without a window.

The same as an open window does (`ui/reminders/rounds`, `ui/leads/desk`), in the same words of the
services. One program at a time holds each lease; with this one running, windows find the leases
taken and leave the work to it. Without it, any window does what is about records, and that of an
administrator what only administrators may do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crm_desktop.errors import DatabaseUnavailable, UserError
from crm_desktop.i18n import N_
from crm_desktop.models.backend.firebird_backup import Stop, go_on
from crm_desktop.services import recurring
from crm_desktop.services.annual import plans as annual_plans
from crm_desktop.services.audit import service as audit
from crm_desktop.services.pipelines import renewing
from crm_desktop.services.reminders import escalation, outgoing
from crm_desktop.services.server import dismissal, job_leases
from crm_desktop.services.server.sign_in_rules import keep_zone
from crm_desktop.services.workspace import Workspace

AT_ONCE = 50
"""Records that are made before others have their turn."""


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of work: `do` gives how many records it made. `lease`: who holds it does it."""

    key: str
    label: str
    do: Callable[[Workspace], int]
    lease: str = job_leases.ROUNDS


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a job: how much was done, or why it was not."""

    job: Job
    count: int
    problem: str = ""


def _heads(base: Workspace) -> int:
    return escalation.tell_heads(base) if escalation.is_due(base) else 0


def _annual(base: Workspace) -> int:
    return annual_plans.plan_annual(base, AT_ONCE) if annual_plans.is_due(base) else 0


def _recurring(base: Workspace) -> int:
    return recurring.make_due(base) if recurring.is_due(base) else 0


def _chances(base: Workspace) -> int:
    return renewing.renew(base) if renewing.is_due(base) else 0


def _shifts(base: Workspace) -> int:
    return base.reaching.turn() if base.reaching is not None else 0


def _zone(base: Workspace) -> int:
    return int(keep_zone(base))


def _enquiries(base: Workspace) -> int:
    return sum(len(one.arrived) for one in base.intake.look())


JOBS = (
    Job("heads", N_("Heads told of what is overdue"), _heads),
    Job("annual", N_("Activities made of annual dates"), _annual),
    Job("recurring", N_("Records made by templates"), _recurring),
    Job("chances", N_("Probabilities of deals renewed"), _chances),
    Job("outgoing", N_("Messages put into the outgoing queue"), outgoing.queue_due),
    Job("zone", N_("The zone of the server’s clock, for codes of the second factor"), _zone,
        job_leases.CARE),
    Job("folders", N_("Enquiries taken in from folders"), _enquiries),
    Job("dismissed", N_("Lines of dismissed colleagues ended"), dismissal.end_overdue,
        job_leases.CARE),
    Job("rights", N_("Rights changed as substitutions end"), _shifts, job_leases.CARE),
    Job("audit", N_("Rows of the audit cleared that are older than it is kept"), audit.clear_old,
        job_leases.CARE),
)  # fmt: skip


def go_round(workspace: Workspace, stop: Stop = go_on) -> list[Done] | None:
    """Does what is due; what did nothing is left out. None: other programs have the leases.

    `stop` is asked before each job: what is begun is done, the rest is left to the next one.
    `DatabaseUnavailable`: the line is gone, the base has to be opened again.
    """
    suited = [job_leases.ROUNDS, *([job_leases.CARE] if workspace.administers else [])]
    held = [name for name in suited if job_leases.take(workspace, name)]
    if not held:
        return None
    if workspace.catalogue_is_old():
        workspace.reload()
    done: list[Done] = []

    def all_jobs(base: Workspace) -> int:
        for job in JOBS:
            if job.lease in held and not stop():
                done.extend(_did(base, job))
        return len(done)

    job_leases.do_mine(workspace, all_jobs)
    return done


def _did(workspace: Workspace, job: Job) -> Iterator[Done]:
    """One that is refused stops none of the others."""
    try:
        count = job.do(workspace)
    except DatabaseUnavailable:
        raise
    except UserError as error:
        yield Done(job, 0, error.message)
        return
    if count:
        yield Done(job, count)


def care_is_due(workspace: Workspace) -> bool:
    """Whether there is anything that only an administrator's program may do; only reads."""
    if not (workspace.login and workspace.administers) or workspace.read_only:
        return False
    shifts = workspace.reaching is not None and workspace.reaching.is_over()
    return shifts or audit.has_old(workspace) or dismissal.is_overdue(workspace)


def care(workspace: Workspace) -> int:
    """Does that; how much. What is refused is left to the next round."""
    return sum(
        one.count for job in JOBS if job.lease == job_leases.CARE for one in _did(workspace, job)
    )


def let_go(workspace: Workspace) -> None:
    """Gives the leases up, so that a window takes the work over at once."""
    job_leases.drop(workspace, job_leases.ROUNDS)
    job_leases.drop(workspace, job_leases.CARE)
