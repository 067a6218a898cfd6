"""The demo base of a person: made once in the folder of the program, opened again after that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from crm_desktop.errors import Cancelled, UserError
from crm_desktop.services.clock import Clock
from crm_desktop.services.demo.countries import country_of, demo_path
from crm_desktop.services.demo.fill import CLIENTS, Progress, fill_demo
from crm_desktop.services.interactive import interactive
from crm_desktop.services.workspace import Workspace, create_base

_ENDINGS = ("", "-wal", "-shm", "-journal")


def ensure_demo(
    home: Path,
    language: str,
    progress: Progress | None = None,
    *,
    clients: int = CLIENTS,
    clock: Clock | None = None,
    check: Callable[[], None] | None = None,
) -> Path:
    """The demo base in `language` (`ru` or `en`), made now if it is not there.

    It is made under another name first: whatever ends the making leaves no half of a company.
    `UserError` if the folder cannot be written. `check` may raise `Cancelled` between blocks.
    """
    path = demo_path(home, language)
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    unready = path.with_name("making.crm")
    _remove(unready)
    try:
        with interactive(on=False), _made(unready, language, clock) as workspace:
            fill_demo(workspace, clients=clients, progress=progress, check=check)
    except (UserError, OSError, Cancelled):
        _remove(unready)
        raise
    return unready.rename(path)


@contextmanager
def _made(path: Path, language: str, clock: Clock | None) -> Iterator[Workspace]:
    home = country_of(language)
    workspace = create_base(
        path, language=language, company=home.company, clock=clock, country=home.region
    )
    try:
        yield workspace
    finally:
        workspace.close()


def _remove(path: Path) -> None:
    for ending in _ENDINGS:
        path.with_name(path.name + ending).unlink(missing_ok=True)
