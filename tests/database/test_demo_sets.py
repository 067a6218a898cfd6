"""The demo company has activity sets, and has started one of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query
from crm_desktop.services.activity_sets.service import preview, sets, started
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.demo.fill import fill_demo
from tests.bases import ready_base


@pytest.mark.parametrize("language", ["ru", "en"])
def test_sets_are_there_and_one_was_started(base_url: str, language: str) -> None:
    now = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
    workspace = ready_base(base_url, language=language, clock=MovedClock(now))
    fill_demo(workspace, clients=60)

    offered = sets(workspace)

    assert len(offered) == 3
    assert all(len(preview(workspace, id_, date(2026, 3, 10))) >= 3 for _name, id_ in offered)
    clients = workspace.lists.open(Query("client", ("id",))).ids()
    found = [one for id_ in clients for one in started(workspace, Ref("client", id_))]
    assert len(found) == 2 and min(one.open for one in found) < 6
    workspace.close()
