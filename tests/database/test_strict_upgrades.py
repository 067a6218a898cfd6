"""A strict base of an office is upgraded by steps that drop columns and tables which views,
triggers and functions of the server name; its staff work on as before."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import fdb
import pytest
import sqlalchemy as sa

from crm_desktop.errors import BaseBusy, BaseTooNew
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.migrations.upgrade import VERSIONS, upgrade
from crm_desktop.models.schema import SCHEMA_VERSION
from crm_desktop.models.strict.names import view_name
from crm_desktop.services.base_tables import FINISHED
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.rights import words
from crm_desktop.services.rights.enforcement import FACT, MAKING, enforce
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.upgrading.service import finish
from crm_desktop.services.workspace import open_base
from tests.firebird_server import FirebirdServer
from tests.strict_office import TwoSellers, two_sellers

NEXT = SCHEMA_VERSION + 1
STEP = """
import sqlalchemy as sa
from crm_desktop.models.migrations.repeatable import {words}

revision = "{revision:04}"
down_revision = "{before:04}"


def upgrade():
{body}
"""


@pytest.fixture
def office(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    with two_sellers(firebird) as made:
        yield made


def versions_with(folder: Path, *bodies: str) -> Path:
    """The steps that there are, and further ones."""
    shutil.copytree(VERSIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for number, body in enumerate(bodies, NEXT):
        text = STEP.format(
            words="add_column, drop_column", revision=number, before=number - 1,
            body=body,
        )  # fmt: skip
        (folder / f"version_{number:04}.py").write_text(text, encoding="utf-8")
    return folder


def made_in(backend: Backend) -> set[str]:
    """The views, triggers, functions and procedures of the base."""
    asked = (
        "SELECT TRIM(rdb$relation_name) FROM rdb$relations WHERE rdb$view_blr IS NOT NULL"
        " AND rdb$system_flag = 0 UNION SELECT TRIM(rdb$trigger_name) FROM rdb$triggers"
        " WHERE rdb$system_flag = 0 UNION SELECT TRIM(rdb$function_name) FROM rdb$functions"
        " WHERE rdb$system_flag = 0 UNION SELECT TRIM(rdb$procedure_name) FROM rdb$procedures"
        " WHERE rdb$system_flag = 0 UNION SELECT TRIM(rdb$index_name) FROM rdb$indices"
        " WHERE rdb$system_flag = 0 AND rdb$expression_blr IS NOT NULL"
    )
    with backend.read() as connection:
        return set(connection.exec_driver_sql(asked).scalars())


COLUMNS = {
    "whose a record is": ("client", "responsible", 'sa.Column("responsible", sa.BigInteger)'),
    "whose a person is": ("person", "responsible", 'sa.Column("responsible", sa.BigInteger)'),
    "a hidden telephone": ("client", "phone", 'sa.Column("phone", sa.String(64))'),
}


@pytest.mark.parametrize("which", COLUMNS)
def test_a_step_drops_a_column_that_views_name(
    office: TwoSellers, tmp_path: Path, which: str
) -> None:
    table, column, made = COLUMNS[which]
    admin = office.office.sign_in(office.office.boss)
    roles = Roles(admin)
    roles.show(roles.named("seller"), admin.catalogue["client"], "phone", words.HIDDEN)
    before = made_in(admin.backend)
    with admin.backend.read() as connection:
        wanted = sa.select(admin.tables.main[table].c[column], admin.tables.main[table].c.id)
        kept = [(row[1], row[0]) for row in connection.execute(wanted)]
    office.office.close()  # nobody is at work
    versions = versions_with(
        tmp_path / "versions",
        f'    drop_column("{table}", "{column}")',
        f'    add_column("{table}", {made})',
    )

    with closing(open_backend(office.office.address)) as backend:
        assert upgrade(backend, latest=NEXT, versions=versions)
        assert column not in backend.column_names(table)
        assert made_in(backend) < before and view_name(table).upper() not in made_in(backend)
        tool = office.tool()
        for name in (table, view_name(table)):
            with pytest.raises(fdb.DatabaseError):
                tool.cursor().execute(f"SELECT * FROM {name}")
        tool.close()
        assert upgrade(backend, latest=NEXT + 1, versions=versions)
        with backend.write() as connection:
            backend.set_version(connection, SCHEMA_VERSION)  # all that this program knows is there
    with closing(open_base(office.office.address)) as owner:
        with owner.backend.write() as connection:
            owner.backend.update_many(connection, owner.tables.main[table], (column,), kept)
        owner.set_info(FINISHED, "")
        finish(owner)
        assert check_base(owner).problems == []

    assert made_in(office.office.sign_in(office.office.boss).backend) == before
    anna = office.work()
    assert anna.reader.get("client", office.hers) is not None
    assert anna.reader.get("client", office.his) is None
    anna.records.update("client", office.hers, {"city": "After the upgrade"})


def test_colleagues_at_work_are_named_as_the_reason_that_it_cannot_be_done_now(
    office: TwoSellers, tmp_path: Path
) -> None:
    versions = versions_with(tmp_path / "versions", '    drop_column("client", "web")')
    anna = office.work()
    assert anna.reader.get("client", office.hers) is not None  # her line uses the view

    with closing(open_backend(office.office.address)) as backend:
        with pytest.raises(BaseBusy, match="Colleagues have the base open"):
            upgrade(backend, latest=NEXT, versions=versions)
        office.office.close()

        assert upgrade(backend, latest=NEXT, versions=versions)
        assert "web" not in backend.column_names("client")
        with backend.write() as connection:
            backend.set_version(connection, SCHEMA_VERSION)


def test_an_administrator_closes_a_table_that_the_servers_own_user_had_opened(
    office: TwoSellers,
) -> None:
    """As when a later program closes one: an older one had it opened by who made the base."""
    opened = sa.text("SELECT COUNT(*) FROM rdb$user_privileges WHERE rdb$user = 'CRM_STAFF'"
                     " AND rdb$relation_name = 'CHAIN'")  # fmt: skip
    with closing(open_backend(office.office.address)) as owner:
        owner.run_ddl(["GRANT SELECT, INSERT ON chain TO ROLE CRM_STAFF"])
    admin = office.office.sign_in(office.office.boss)
    with admin.backend.snapshot() as connection:
        assert connection.execute(opened).scalar_one() == 2

    enforce(admin.backend, admin.tables)

    with admin.backend.snapshot() as connection:
        assert connection.execute(opened).scalar_one() == 0


@pytest.mark.parametrize("who", ["boss", "anna"])
def test_what_a_newer_program_made_of_the_server_is_not_made_older_again(
    office: TwoSellers, who: str
) -> None:
    admin = office.office.sign_in(office.office.boss)
    newer = str(MAKING + 1)
    admin.set_info(FACT, newer)

    with pytest.raises(BaseTooNew, match="of a newer version of the program"):
        open_base(office.office.of(office.anna if who == "anna" else office.office.boss))

    assert admin.info(FACT) == newer
    admin.set_info(FACT, str(MAKING))
    open_base(office.office.of(office.anna)).close()
