"""From version to version: copied before, all or nothing in a file, repeatable on a server."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm_desktop.errors import BaseBusy, BaseDamaged, BaseTooNew
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.backend.types import Money
from crm_desktop.models.migrations.draft import draft
from crm_desktop.models.migrations.upgrade import VERSIONS, upgrade
from crm_desktop.models.schema import SCHEMA_VERSION
from tests.database.tables import COLUMNS, METADATA, add_clients, make_tables, names

ROOT = Path(__file__).parents[2]
HEAD = """
import sqlalchemy as sa
from alembic import op
from crm_desktop.models.migrations.steps import has_column, has_table
revision = "{revision}"
down_revision = {before}

def upgrade():
    bind = op.get_bind()
"""
SECOND = """
    if not has_column(bind, "client", "city"):
        op.add_column("client", sa.Column("city", sa.String(50)))
    op.execute("UPDATE client SET city = 'Тверь'")
    if not has_table(bind, "deal"):
        number = sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False)
        client = sa.Column("client", sa.BigInteger, sa.ForeignKey("client.id"))
        op.create_table("deal", number, client)
    op.execute("INSERT INTO deal (id, client) SELECT id + 100, id FROM client WHERE id = 1")
"""
THIRD = """
    with op.batch_alter_table("client") as table:
        table.alter_column("city", new_column_name="town", existing_type=sa.String(50))
    with op.batch_alter_table("client") as table:
        table.alter_column("town", type_=sa.String(80), existing_type=sa.String(50))
    op.create_index("ix_client_town", "client", ["town"])
"""
BROKEN = """
    if not has_table(bind, "half"):
        op.create_table("half", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
    op.execute("UPDATE client SET name = 'spoilt'")
    op.execute("INSERT INTO no_such_table VALUES (1)")
"""
WAITING = """
    op.execute("UPDATE client SET name = 'spoilt'")
    op.create_table("half", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
    print("half way", flush=True)
    import sys
    sys.stdin.readline()
"""


def folder_with(folder: Path, *steps: str) -> Path:
    """Steps from version 1 on; `pass` is the first."""
    folder.mkdir(exist_ok=True)
    before = "None"
    for number, body in enumerate(("    pass\n", *steps), 1):
        revision = f"{number:04}"
        head = HEAD.format(revision=revision, before=before)
        (folder / f"version_{revision}.py").write_text(head + body, encoding="utf-8")
        before = repr(revision)
    return folder


@pytest.fixture
def first(backend: Backend) -> Iterator[Backend]:
    """A base of version 1 with two clients."""
    make_tables(backend)
    add_clients(backend, "a", "b")
    with backend.write() as connection:
        backend.set_version(connection, 1)
    yield backend


def is_file(backend: Backend) -> bool:
    return Path(backend.address).exists()


def test_a_base_of_this_version_is_left_alone(first: Backend) -> None:
    assert not upgrade(first, latest=1, on_copy=lambda path: pytest.fail(str(path)))


def test_nothing_of_alembic_is_loaded_for_a_base_of_this_version(tmp_path: Path) -> None:
    code = f"""
        import sys
        from crm_desktop.models.backend.connect import open_backend
        from crm_desktop.models.migrations.upgrade import upgrade
        backend = open_backend(sys.argv[1], create=True)
        with backend.write() as connection:
            backend.set_version(connection, {SCHEMA_VERSION})
        assert not upgrade(backend)
        print([name for name in sys.modules if name.split(".")[0] in ("alembic", "mako")])
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "a.crm")]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True).stdout

    assert said == "[]\n"


def test_steps_are_run_in_order(first: Backend, tmp_path: Path) -> None:
    versions = folder_with(tmp_path / "versions", SECOND, THIRD)

    assert upgrade(first, latest=3, versions=versions)

    assert first.version == 3
    assert first.column_names("client") == [*COLUMNS, "town"]
    assert "deal" in first.table_names()
    with first.read() as connection:
        rows = connection.exec_driver_sql("SELECT town FROM client").scalars().all()
        deal = connection.exec_driver_sql("SELECT id, client FROM deal").one()
    assert rows == ["Тверь", "Тверь"]
    assert tuple(deal) == (101, 1)
    assert names(first) == ["a", "b"]
    assert first.integrity(deep=True) == []
    add_clients(first, "c", first=3)


def test_only_what_is_missing_is_run(first: Backend, tmp_path: Path) -> None:
    versions = folder_with(tmp_path / "versions", SECOND, THIRD)

    assert upgrade(first, latest=2, versions=versions)
    assert first.version == 2
    assert upgrade(first, latest=3, versions=versions)
    assert first.version == 3


def test_a_file_is_copied_before_and_the_copy_opens(first: Backend, tmp_path: Path) -> None:
    copies: list[Path] = []

    upgrade(first, latest=2, versions=folder_with(tmp_path / "v", SECOND), on_copy=copies.append)

    assert len(copies) == int(is_file(first))
    for path in copies:
        assert "(version 1, 20" in path.name
        assert path.parent == Path(first.address).parent
        with closing(open_backend(path, newest=1)) as copy:
            assert names(copy) == ["a", "b"]


def test_a_failed_step_leaves_a_file_as_it_was(first: Backend, tmp_path: Path) -> None:
    versions = folder_with(tmp_path / "versions", SECOND, BROKEN)

    with pytest.raises(sa.exc.DBAPIError):
        upgrade(first, latest=3, versions=versions)

    assert names(first) == ["a", "b"]
    if is_file(first):
        assert first.version == 1
        assert first.column_names("client") == COLUMNS
        assert first.table_names() == ["client", "word"]
    else:
        assert first.version == 2


def test_a_failed_step_is_repeated_once_it_is_mended(first: Backend, tmp_path: Path) -> None:
    versions = folder_with(tmp_path / "versions", SECOND, BROKEN)
    with pytest.raises(sa.exc.DBAPIError):
        upgrade(first, latest=3, versions=versions)

    mended = folder_with(tmp_path / "mended", SECOND, BROKEN.replace("no_such_table", "half"))
    upgrade(first, latest=3, versions=mended)

    assert first.version == 3
    assert names(first) == ["spoilt", "spoilt"]


UPGRADE = """
import sys
from pathlib import Path
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.migrations.upgrade import upgrade
upgrade(open_backend(sys.argv[1]), latest=2, versions=Path(sys.argv[2]))
"""


def start_upgrade(base_url: str, versions: Path) -> subprocess.Popen[str]:
    """An upgrade in another process, stopped in the middle of its step."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", UPGRADE, base_url, str(versions)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout and process.stdout.readline() == "half way\n"
    return process


def test_a_killed_upgrade_leaves_the_old_version(
    first: Backend, base_url: str, tmp_path: Path
) -> None:
    on_disk = is_file(first)
    first.close()
    process = start_upgrade(base_url, folder_with(tmp_path / "versions", WAITING))
    process.kill()
    process.communicate()

    with closing(open_backend(base_url, newest=1)) as again:
        assert again.version == 1
        assert on_disk is not ("half" in again.table_names())
        if on_disk:
            assert names(again) == ["a", "b"]
        mended = WAITING.replace("op.create_table", "has_table(bind, 'half') or op.create_table")
        mended = mended.replace("sys.stdin.readline()", "pass")
        assert upgrade(again, latest=2, versions=folder_with(tmp_path / "mended", mended))
        assert again.integrity(deep=True) == []


def test_two_do_not_upgrade_at_once(first: Backend, base_url: str, tmp_path: Path) -> None:
    if is_file(first):
        pytest.skip("a file is open in one copy of the program only: see test_backend_file")
    versions = folder_with(tmp_path / "versions", WAITING)
    process = start_upgrade(base_url, versions)

    with pytest.raises(BaseBusy, match="upgraded"):
        upgrade(first, latest=2, versions=versions)

    process.communicate("\n")
    assert first.version == 2
    assert not upgrade(first, latest=2, versions=versions)


def test_a_newer_base_and_an_unfinished_one_are_refused(first: Backend) -> None:
    with pytest.raises(BaseTooNew):
        upgrade(first, latest=0)
    with first.write() as connection:
        first.set_version(connection, 0)
    with pytest.raises(BaseDamaged, match="not finished"):
        upgrade(first, latest=1)


def test_every_version_of_the_program_has_its_step() -> None:
    found = sorted(path.name for path in VERSIONS.glob("version_*.py"))

    assert found == [f"version_{number:04}.py" for number in range(1, SCHEMA_VERSION + 1)]


def test_a_draft_finds_what_the_tables_have_more(first: Backend, tmp_path: Path) -> None:
    versions = folder_with(tmp_path / "versions")
    assert draft(first, METADATA, "Nothing", versions) is None
    wider = sa.MetaData()
    for table in METADATA.tables.values():
        table.to_metadata(wider)
    wider.tables["client"].append_column(sa.Column("debt", Money()))
    first.run_ddl(["CREATE TABLE u_7 (id BIGINT NOT NULL)"])

    path = draft(first, wider, "Clients have debts", versions)

    assert path == versions / "version_0002.py"
    text = path.read_text(encoding="utf-8")
    assert "add_column('client', sa.Column('debt'" in text.replace('"', "'")
    assert "drop" not in text
    upgrade(first, latest=2, versions=versions)
    assert first.column_names("client") == [*COLUMNS, "debt"]
