"""Two programs over one base on a server, and what they ask it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from crm_desktop.models.backend.firebird_cursor import Cursor, Shelf
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base


@pytest.fixture
def mine(firebird_url: str) -> Iterator[Workspace]:
    with closing(ready_base(firebird_url)) as base:
        yield base


@pytest.fixture
def theirs(mine: Workspace, firebird_url: str) -> Iterator[Workspace]:
    with closing(open_base(firebird_url)) as base:
        yield base


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements of all connections from here on."""
    found: list[str] = []
    usual = Shelf.take

    def noted(self: Shelf, text: str, cursor: Cursor) -> Any:
        found.append(text)
        return usual(self, text, cursor)

    monkeypatch.setattr(Shelf, "take", noted)
    return found
