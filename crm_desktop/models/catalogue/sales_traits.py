"""Traits of what goes through stages: deals, leads, and what drives them.

Field names are given where a user-made object may call them otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from crm_desktop.models.catalogue.definitions import Trait


@dataclass(frozen=True)
class Funnel(Trait):
    """Records go through the stages of a pipeline: which fields say what (`services/pipelines`).

    `stage` links to an object with `StageTable`. `state` repeats the outcome of the stage, `since`
    is when it was entered, `reached` the furthest stage in progress or won that was ever reached,
    in the order of the pipeline; all three are kept by a rule. `by_hand`: the amount is not the
    sum of the lines.
    """

    pipeline: str
    stage: str
    client: str
    campaign: str
    state: str = "state"
    since: str = "stage_since"
    reached: str = "reached"
    who: str = "responsible"
    amount: str = "amount"
    by_hand: str = "amount_by_hand"
    currency: str = "currency"
    probability: str = "probability"
    chance_by: str = "chance_by"
    opened: str = "opened"
    closed: str = "closed"
    expected: str = "expected"
    reason: str = "loss_reason"
    comment: str = "loss_comment"
    source: str = "source"
    next_step: str = "next_step_at"


@dataclass(frozen=True)
class StageTable(Trait):
    """Its records are the stages of pipelines, in their order (`services/pipelines`)."""

    pipeline: str
    position: str = "position"
    outcome: str = "outcome"


@dataclass(frozen=True)
class StageLog(Trait):
    """Each record is one stay of `owner` in a stage: entered, left, working minutes, whose it was
    at that moment. Written by the rule of stages and by nothing else (`services/pipelines`)."""

    owner: str
    stage: str
    pipeline: str
    since: str = "since"
    until: str = "until"
    minutes: str = "minutes"
    direction: str = "direction"
    who: str = "responsible"
    mover: str = "mover"


@dataclass(frozen=True)
class PricedLines(Trait):
    """Each record is a line with a price; their totals make the amount of `owner`
    (`services/money/pricing`)."""

    owner: str
    position: str = "position"


@dataclass(frozen=True)
class Leads(Trait):
    """Its records are enquiries that wait for a decision (`services/leads`)."""


@dataclass(frozen=True)
class Enquiring(Trait):
    """Each record is one enquiry of the lead that `owner` names; `digest` is the SHA-256 of the
    file or message it came as, so that the same is taken once (`services/leads`)."""

    owner: str
    digest: str = "digest"


@dataclass(frozen=True)
class Queues(Trait):
    """Its records say who gets what comes in; `members` is the object of their places
    (`services/assignment`)."""

    members: str


@dataclass(frozen=True)
class Automations(Trait):
    """Its records are rules: one deed each that follows an event (`services/automation`)."""


@dataclass(frozen=True)
class Firings(Trait):
    """Each record notes that a rule did its deed for a record (`services/automation`)."""

    rule: str = "rule"
    about: str = "about"
    fired: str = "fired"


@dataclass(frozen=True)
class Repeating(Trait):
    """Its records make the record `sample` again on the dates of `rule` (`services/recurring`)."""

    sample: str = "sample"
    rule: str = "rule"
    next: str = "next"
