"""The demo company has wishes that must not be missed and dates that come round soon."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.demo.fill import fill_demo
from tests.bases import ready_base


@pytest.mark.parametrize("language", ["ru", "en"])
def test_key_clients_have_wishes_with_kinds_and_near_dates(base_url: str, language: str) -> None:
    now = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
    workspace = ready_base(base_url, language=language, clock=MovedClock(now))
    fill_demo(workspace, clients=60)
    ids = list(workspace.lists.open(Query("wish", ("id",))).ids())
    rows = workspace.reader.many("wish", ids, ("kind", "owner"))
    assert rows and all(row["kind"] for row in rows.values())
    owner = next(iter(rows.values()))["owner"]
    assert workspace.wishes.unread(Ref(*owner))
    soon = workspace.annual.soon(45)
    assert {coming.ref.entity for coming in soon} >= {"annual_date"}
    workspace.close()
