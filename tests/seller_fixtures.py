"""Two sellers, their administrator and a plain tool, as fixtures of what an employee tries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.services.workspace import Workspace
from tests.firebird_server import FirebirdServer
from tests.strict_office import Tool, TwoSellers, two_sellers

__all__ = ["Tool", "boss", "office", "tool"]


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    with two_sellers(firebird) as made:
        yield made


@pytest.fixture
def boss(office: TwoSellers) -> Workspace:
    return office.office.sign_in(office.office.boss)


@pytest.fixture
def tool(office: TwoSellers) -> Iterator[Tool]:
    """Runs one statement by Anna's account; what it does stays."""
    with office.running() as run:
        yield run
