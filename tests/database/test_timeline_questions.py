"""A page of a timeline asks a server few questions, however many objects may belong to a record."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

MOST = 10


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """Every statement that is executed."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, text: str, *_more: object) -> None:
        found.append(text)

    event.listen(sa.Engine, "before_cursor_execute", note)
    yield found
    event.remove(sa.Engine, "before_cursor_execute", note)


def test_a_page_asks_for_all_children_at_once(workspace: Workspace, asked: list[str]) -> None:
    id_ = workspace.records.create("client", {"name": "A", "phone": "+74950000001"}).ids[0]
    client = workspace.catalogue["client"]
    children = list(workspace.catalogue.children(client))
    asked.clear()

    page = workspace.timeline.page(client, id_)

    assert {one.ref.entity for one in page.found} >= {"client", "channel"}
    questions = [text for text in asked if text.lstrip().upper().startswith("SELECT")]
    assert len(children) > 5
    assert len(questions) <= MOST, "\n".join(questions)
