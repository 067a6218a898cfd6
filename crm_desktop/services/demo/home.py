"""The demo base of a person: made once in the folder of the program, opened again after that."""

from __future__ import annotations

from pathlib import Path

from crm_desktop.errors import UserError
from crm_desktop.services.clock import Clock
from crm_desktop.services.demo.country import Country
from crm_desktop.services.demo.fill import CLIENTS, Progress, country_of, fill_demo

FOLDER = "demo"
_ENDINGS = ("", "-wal", "-shm", "-journal")


def demo_path(home: Path, language: str) -> Path:
    """Where the demo base of a language lies, whether it was made yet or not."""
    country: Country = country_of(language)
    name = country.company.replace("&", "and")
    return home / FOLDER / f"{name}.crm"


def ensure_demo(
    home: Path,
    language: str,
    progress: Progress | None = None,
    *,
    clients: int = CLIENTS,
    clock: Clock | None = None,
) -> Path:
    """The demo base in `language` (`ru` or `en`), made now if it is not there.

    It is made under another name first: whatever ends the making leaves no half of a company.
    `UserError` if the folder cannot be written.
    """
    path = demo_path(home, language)
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    unready = path.with_name("making.crm")
    _remove(unready)
    try:
        _make(unready, language, progress, clients=clients, clock=clock)
    except (UserError, OSError):
        _remove(unready)
        raise
    return unready.rename(path)


def _make(
    path: Path, language: str, progress: Progress | None, *, clients: int, clock: Clock | None
) -> None:
    from crm_desktop.services.workspace import create_base

    company = country_of(language).company
    workspace = create_base(path, language=language, company=company, clock=clock)
    try:
        fill_demo(workspace, clients=clients, progress=progress)
    finally:
        workspace.close()


def _remove(path: Path) -> None:
    for ending in _ENDINGS:
        path.with_name(path.name + ending).unlink(missing_ok=True)
