"""What an office wants done by itself, done by a program without a window.

The same as an open window does (`ui/reminders/rounds`, `ui/leads/desk`), in the same words of the
services. One program at a time holds the lease on it; with this one running, windows find the
lease taken and leave the work to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crm_desktop.errors import DatabaseUnavailable, UserError
from crm_desktop.i18n import N_
from crm_desktop.services import annual_plans, recurring
from crm_desktop.services.pipelines import renewing
from crm_desktop.services.reminders import escalation, outgoing
from crm_desktop.services.server import dismissal, job_leases
from crm_desktop.services.workspace import Workspace

AT_ONCE = 50
"""Records that are made before others have their turn."""


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of work: `do` gives how many records it made."""

    key: str
    label: str
    do: Callable[[Workspace], int]


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


def _enquiries(base: Workspace) -> int:
    return sum(len(one.arrived) for one in base.intake.look())


JOBS = (
    Job("heads", N_("Heads told of what is overdue"), _heads),
    Job("annual", N_("Activities made of annual dates"), _annual),
    Job("recurring", N_("Records made by templates"), _recurring),
    Job("chances", N_("Probabilities of deals renewed"), _chances),
    Job("outgoing", N_("Messages put into the outgoing queue"), outgoing.queue_due),
    Job("dismissed", N_("Lines of dismissed colleagues ended"), dismissal.end_overdue),
    Job("rights", N_("Rights changed as substitutions end"), _shifts),
    Job("folders", N_("Enquiries taken in from folders"), _enquiries),
)


def go_round(workspace: Workspace) -> list[Done] | None:
    """Does what is due; what did nothing is left out. None: another program has the lease.

    `DatabaseUnavailable`: the line is gone, the base has to be opened again.
    """
    if not job_leases.take(workspace, job_leases.ROUNDS):
        return None
    if workspace.catalogue_is_old():
        workspace.reload()
    done: list[Done] = []
    for job in JOBS:
        try:
            count = job.do(workspace)
        except DatabaseUnavailable:
            raise
        except UserError as error:  # one that is refused stops none of the others
            done.append(Done(job, 0, error.message))
            continue
        if count:
            done.append(Done(job, count))
    return done


def let_go(workspace: Workspace) -> None:
    """Gives the lease up, so that a window takes the work over at once."""
    job_leases.drop(workspace, job_leases.ROUNDS)
