"""What a person at work takes of the server's memory: fifty of them share one machine."""

from __future__ import annotations

from crm_desktop.services.workspace import Workspace
from tests.seller_fixtures import office
from tests.strict_office import TwoSellers

__all__ = ["office"]

MIB = 2**20
_PREPARED = (
    "SELECT SUM(m.mon$memory_used) FROM mon$statements s"
    " JOIN mon$memory_usage m ON m.mon$stat_id = s.mon$stat_id"
    " JOIN mon$attachments a ON a.mon$attachment_id = s.mon$attachment_id"
    " WHERE UPPER(a.mon$user) = ?"
)


def kept_prepared(base: Workspace) -> float:
    """MiB of what the server keeps prepared for all connections of the account."""
    with base.backend.snapshot() as connection:
        found = connection.exec_driver_sql(_PREPARED, (base.login.upper(),)).scalar_one()
    return float(found) / MIB


def test_a_search_takes_little_of_the_server(office: TwoSellers) -> None:
    """The views of an ordinary account are long: once in a statement, not once for each object."""
    base = office.work()
    before = kept_prepared(base)

    base.search.find("anna 12", limit=20)

    assert kept_prepared(base) - before < 20
