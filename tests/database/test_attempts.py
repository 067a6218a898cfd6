"""The attempts of a call on both back ends: read from the change log, undone ones left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.activities.attempts import attempts_of
from crm_desktop.services.activities.service import reschedule
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    base = ready_base(base_url, language="en", clock=MovedClock(NOW))
    base.work_as(base.records.create("staff", {"name": "Ann"}).ids[0])
    yield base
    base.close()


def call(base: Workspace, **values: object) -> Ref:
    usual = {"subject": "Call", "kind": "call", "state": "planned", "due": NOW + DAY}
    return Ref("activity", base.records.create("activity", {**usual, **values}).ids[0])


def told(base: Workspace, ref: Ref) -> list[tuple[object, ...]]:
    found = attempts_of(base, base.catalogue[ref.entity], ref.id)
    return [(one.author, one.since, one.until, one.reason) for one in found]


def test_every_attempt_is_told_with_its_reason(base: Workspace) -> None:
    ref = call(base)
    reschedule(base, ref.id, NOW + 2 * DAY, "No answer")
    base.records.update(ref.entity, ref.id, {"place": "By phone"})
    reschedule(base, ref.id, NOW + 3 * DAY, "No answer")
    reschedule(base, ref.id, NOW + 4 * DAY)

    assert told(base, ref) == [
        ("Ann", NOW + 3 * DAY, NOW + 4 * DAY, ""),
        ("Ann", NOW + 2 * DAY, NOW + 3 * DAY, "No answer"),
        ("Ann", NOW + DAY, NOW + 2 * DAY, "No answer"),
    ]


def test_an_attempt_that_was_undone_is_told_no_more(base: Workspace) -> None:
    ref = call(base, starts=NOW + DAY)
    reschedule(base, ref.id, NOW + 2 * DAY, "Busy")
    last = reschedule(base, ref.id, NOW + 3 * DAY, "On the road").operation

    base.undo.undo(last)

    assert told(base, ref) == [("Ann", NOW + DAY, NOW + 2 * DAY, "Busy")]


def test_what_was_only_changed_has_no_attempts(base: Workspace) -> None:
    ref = call(base)
    base.records.update(ref.entity, ref.id, {"due": NOW + 5 * DAY, "reason": "A better day"})

    assert told(base, ref) == []
