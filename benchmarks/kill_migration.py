"""Kills the program while it brings a base to a new version, at random moments.

A file must be wholly old or wholly new; on a server steps are repeated, so that there the next try
has to finish what was begun. In both cases no client may be lost.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from multiprocessing.context import BaseContext
from pathlib import Path
from random import Random

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.migrations.upgrade import upgrade
from crm_desktop.models.schema import SCHEMA_VERSION
from crm_desktop.services.workspace import create_base, is_server
from crm_desktop.services.writing.staging import Create

CLIENTS = 200
LATEST = SCHEMA_VERSION + 1
LONGEST = 0.5
FORMER_STEP = '''"""A new base has this already."""
revision = {revision}
down_revision = {before}


def upgrade():
    pass
'''
LAST_STEP = '''"""Clients have a nickname, every client has a fact."""
import sqlalchemy as sa
from alembic import op
from crm_desktop.models.migrations.steps import has_column, has_table
revision = {revision}
down_revision = {before}


def upgrade():
    bind = op.get_bind()
    if not has_column(bind, "client", "nickname"):
        op.add_column("client", sa.Column("nickname", sa.String(80)))
    if not has_table(bind, "fact"):
        number = sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False)
        op.create_table("fact", number)
    op.execute("UPDATE client SET nickname = name")
    op.execute("DELETE FROM fact")
    op.execute("INSERT INTO fact (id) SELECT id FROM client")
'''


def migrate(address: str, versions: Path) -> None:
    """What the victim does."""
    backend = open_backend(address, newest=LATEST)
    upgrade(backend, latest=LATEST, versions=versions)
    backend.close()


def kill_migrations(
    new_address: Callable[[], str], folder: Path, context: BaseContext, *, rounds: int, seed: int
) -> list[str]:
    """Kills so many migrations of new bases; what went wrong, in sentences."""
    versions = folder / "versions"
    versions.mkdir(exist_ok=True)
    _write_steps(versions)
    chance = Random(seed)
    failures = []
    for number in range(rounds):
        address = new_address()
        _make(address)
        victim = context.Process(target=migrate, args=(address, versions))  # type: ignore[attr-defined]
        victim.start()
        time.sleep(chance.random() * LONGEST)
        victim.kill()
        victim.join()
        found = _problems(address, versions)
        failures += [f"seed {seed}, migration {number}: {problem}" for problem in found]
    return failures


def _write_steps(versions: Path) -> None:
    """The steps up to the version of today do nothing; the one after it is cut off."""
    for number in range(1, LATEST + 1):
        before = f"{number - 1:04}" if number > 1 else None
        text = (LAST_STEP if number == LATEST else FORMER_STEP).format(
            revision=repr(f"{number:04}"), before=repr(before)
        )
        (versions / f"version_{number:04}.py").write_text(text, encoding="utf-8")


def _make(address: str) -> None:
    workspace = create_base(address, language="en")
    workspace.records.apply([Create("client", {"name": f"Client {n}"}) for n in range(CLIENTS)])
    workspace.close()


def _problems(address: str, versions: Path) -> Iterator[str]:
    backend = open_backend(address, newest=LATEST)
    try:
        yield from _state(backend, whole=not is_server(address))
        upgrade(backend, latest=LATEST, versions=versions)
        if backend.version != LATEST:
            yield f"the second try ends at version {backend.version}"
        yield from _state(backend, whole=True)
        yield from backend.integrity(deep=True)
    finally:
        backend.close()


def _state(backend: Backend, *, whole: bool) -> Iterator[str]:
    """Whether what is there fits the version."""
    new = backend.version == LATEST
    named = "nickname" in backend.column_names("client")
    if _count(backend, "SELECT COUNT(*) FROM client") != CLIENTS:
        yield "clients are lost"
    if (whole or new) and named != new:
        yield f"version {backend.version}, and the column is{'' if named else ' not'} there"
    if new:
        if _count(backend, "SELECT COUNT(*) FROM client WHERE nickname = name") != CLIENTS:
            yield "the new version, and the column is not filled"
        if _count(backend, "SELECT COUNT(*) FROM fact") != CLIENTS:
            yield "the new version, and the new table is not filled"


def _count(backend: Backend, text: str) -> int:
    with backend.read() as connection:
        return int(connection.execute(sa.text(text)).scalar_one())
