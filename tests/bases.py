"""Fixtures that hand out empty bases, for every test that needs one on both back ends.

`base_url` runs a test twice: on a SQLite file and on the private Firebird server. Where no server
is installed the second half is skipped, and the last lines of the run say how much was left out.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tests.firebird_server import FirebirdServer, ServerMissing, firebird_server, running_server
from tests.memory_disk import memory_disk

if TYPE_CHECKING:
    from crm_desktop.models.backend.base import Backend
    from crm_desktop.services.clock import Clock
    from crm_desktop.services.workspace import Workspace

_LEFT_OUT = "Firebird half left out: "
_PAGES = 2048
"""Of a base in the server's memory: more than a base of a test has, and made ready in a third of
the time that those of an office take."""


@pytest.fixture(scope="session")
def firebird() -> Iterator[FirebirdServer]:
    """One private server a test process, or the one that CRM_DESKTOP_TEST_FIREBIRD describes."""
    description = os.environ.get("CRM_DESKTOP_TEST_FIREBIRD")
    if description:
        yield running_server(Path(description))
        return
    try:
        with firebird_server(memory_disk(), pages=_PAGES) as server:
            yield server
    except ServerMissing as missing:
        pytest.skip(f"{_LEFT_OUT}{missing}")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The path of a `.crm` file that does not exist yet."""
    return str(tmp_path / "base.crm")


@pytest.fixture
def firebird_url(firebird: FirebirdServer) -> Iterator[str]:
    """The address of an empty base on the private server."""
    name = f"test_{secrets.token_hex(6)}"
    yield firebird.empty_base(name)
    firebird.remove(name)


@pytest.fixture(params=["sqlite", "firebird"])
def base_url(request: pytest.FixtureRequest) -> str:
    """An address for `open_backend(base_url, create=True)`, once on each back end."""
    address: str = request.getfixturevalue(f"{request.param}_url")
    return address


@pytest.fixture
def backend(base_url: str) -> Iterator[Backend]:
    """A new open base without tables of ours, closed after the test."""
    from crm_desktop.models.backend.connect import open_backend

    opened = open_backend(base_url, create=True)
    yield opened
    opened.close()


_FOLDER = TemporaryDirectory(prefix="crm-ready-", dir=memory_disk(), ignore_cleanup_errors=True)
_READY: dict[Hashable, Path] = {}


def copied(
    key: Hashable, target: Path, make: Callable[[], None], *, folder: Path | None = None
) -> None:
    """The base that `make` has made at `target` when this key came first; from then on its copy."""
    if key in _READY:
        shutil.copyfile(_READY[key], target)
        return
    make()
    ready = (folder or Path(_FOLDER.name)) / f"ready-{secrets.token_hex(6)}{target.suffix}"
    shutil.copyfile(target, ready)
    _READY[key] = ready


def ready_base(
    address: str | Path,
    *,
    language: str = "en",
    clock: Clock | None = None,
    more: Callable[[Workspace], object] | None = None,
) -> Workspace:
    """What `create_base` gives, copied from one that was made once: the two hundred statements of
    a new base take a fifth of a second, on a server a whole one, and two thousand tests want one.

    `more`: what is in it besides; a function of a module, so that it is known again.
    """
    from crm_desktop.models.backend.connect import is_server_address
    from crm_desktop.services.clock import MovedClock
    from crm_desktop.services.workspace import create_base, open_base

    local = not is_server_address(address)
    made_at = clock if local and isinstance(clock, MovedClock) else None

    def make() -> None:
        base = create_base(address, language=language, clock=made_at)
        if more is not None:
            more(base)
        base.close()

    copied_base((language, made_at and made_at.moment, more), address, make)
    return open_base(address, clock=clock)


def keep_holidays_of_russia(base: Workspace) -> None:
    """For `more`: short eves and moved days, which no other country knows."""
    company = base.worktime.calendars().company()
    assert company is not None
    base.records.update("working_calendar", company.id, {"country": "RU"})


def copied_base(key: Hashable, address: str | Path, make: Callable[[], None]) -> None:
    """The base that `make` has made at `address` when this key came first to this server, or to
    files; from then on its copy."""
    from crm_desktop.models.backend.connect import is_server_address

    if is_server_address(address):
        target = Path(str(sa.make_url(str(address)).database))
        copied((target.parent, key), target, make, folder=target.parent)
    else:
        copied((None, key), Path(address), make)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Nobody should take a run without Firebird for a whole one."""
    skipped = terminalreporter.getreports("skipped")
    left_out = [report for report in skipped if _LEFT_OUT in str(report.longrepr)]
    if left_out:
        reason = str(left_out[0].longrepr).split(_LEFT_OUT, 1)[1].strip("')\"")
        terminalreporter.write_sep("=", f"{len(left_out)} Firebird tests left out: {reason}")
