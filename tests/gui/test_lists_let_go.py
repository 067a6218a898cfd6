"""What a closed list took goes at once: ids of a million rows must not wait for the collector.

It is off in tests of windows (`tests/conftest.py`).
"""

from __future__ import annotations

import sys
import weakref
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query, Sort
from crm_desktop.ui.operations import Job, Operations
from crm_desktop.ui.record_list.fields import choice_of
from crm_desktop.ui.record_list.source import ListSource
from crm_desktop.ui.runtime.garbage import pages_taken
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


def opened(desk: Desk) -> ListSource:
    entity = desk.base.catalogue["client"]
    query = Query("client", ("name",), sort=(Sort("name"),))
    choice = choice_of(desk.base.catalogue, entity, "name")
    return ListSource(desk.base, query, [choice], Job("list", lambda call: call()))


def test_a_list_nobody_looks_at_any_more_is_gone(desk: Desk, client: Ref) -> None:
    source = opened(desk)
    source.rows(Job("list", lambda call: call()), 0, 10)
    assert source.prepare(Job("list", lambda call: call()))
    cursor = weakref.ref(source._cursor)

    del source

    assert cursor() is None


def test_work_that_was_given_up_holds_nothing(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    operations = Operations(now=True)
    source = opened(desk)
    cursor = weakref.ref(source._cursor)

    def given_up(job: Job, source: ListSource = source) -> Any:
        job.cancel()
        return source.rows(job, 0, 10)

    job = operations.query("rows", given_up, owner=operations, done=lambda _rows: None)
    assert job.cancelled
    del source, given_up, job

    assert cursor() is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts no pages")
def test_memory_that_is_touched_is_counted() -> None:
    before = pages_taken()

    taken = bytearray(b"x") * (8 << 20)

    assert len(taken) == 8 << 20
    assert pages_taken() - before >= 1000
