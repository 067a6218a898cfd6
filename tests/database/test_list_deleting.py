"""What a deletion takes along is said before, on both back ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.services.lists.deleting import preview_deletion
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create
from tests.bases import ready_base


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    workspace = ready_base(base_url, language="en")
    yield workspace
    workspace.close()


def test_what_belongs_and_what_points_is_counted(base: Workspace) -> None:
    made = base.records.apply([
        Create("client", {"name": "A", "phone": "+79160000001"}), Create("client", {"name": "B"}),
    ])  # fmt: skip
    base.records.create("person", {"name": "Ann", "client": made.ids[0]})

    found = preview_deletion(base, base.catalogue["client"], made.ids, lambda: None)

    goes = {h.link.entity.key: h.count for h in found.hanging if h.goes}
    stays = {h.link.entity.key: h.count for h in found.hanging if not h.goes}
    assert (found.count, found.names, found.whole) == (2, ("A", "B"), True)
    assert goes["channel"] == 1
    assert stays["person"] == 1
