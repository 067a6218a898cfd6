"""An upgrade reckons anew only what a base of that age keeps wrong: the rest would take minutes."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.schema import SCHEMA_VERSION
from crm_desktop.services.base_tables import FINISHED
from crm_desktop.services.upgrading.service import finish
from crm_desktop.services.workspace import create_base

CALLED = datetime(2026, 4, 5, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(("version", "anew"), [("", True), ("9", False)])
def test_last_contacts_are_reckoned_anew_in_old_bases_only(
    base_url: str, version: str, anew: bool
) -> None:
    with closing(create_base(base_url, language="en")) as base:
        client = base.records.create("client", {"name": "Stroymir"}).ids[0]
        base.records.create("activity", {"about": Ref("client", client),
                                         "kind": "call", "moment": CALLED})  # fmt: skip
        table = base.tables.main["client"]
        with base.backend.write() as connection:
            connection.execute(sa.update(table).values(last_contact=None))
        base.set_info(FINISHED, version)

        finish(base)

        with base.backend.read() as connection:
            (contact,) = connection.execute(sa.select(table.c.last_contact)).one()
        assert (contact is not None) is anew
        assert base.info(FINISHED) == str(SCHEMA_VERSION)
