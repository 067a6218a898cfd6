"""What the program says about itself: versions, the base, the computer. For people and support."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crm_desktop import __version__
from crm_desktop.i18n import _
from crm_desktop.log import masked
from crm_desktop.models.text.numbers import format_number
from crm_desktop.resources import resource_folder

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

_MEGA = 1024 * 1024


@dataclass(frozen=True)
class Fact:
    """A line of the page: what it is, and the text."""

    name: str
    text: str


def program_facts(home: Path) -> list[Fact]:
    """The program and the computer; `home` is the folder of settings and reports."""
    import platform  # asked here only

    from PySide6.QtCore import qVersion

    return [
        Fact(_("Version"), __version__),
        Fact(_("Settings and reports"), str(home)),
        Fact("Python", platform.python_version()),
        Fact("Qt", qVersion()),
        Fact(_("System"), platform.platform()),
    ]


def base_facts(base: Workspace, language: str) -> list[Fact]:
    """The open base; it asks the base, so it is for a worker."""
    backend = base.backend
    size = _("{count} MB").format(count=format_number(backend.size() / _MEGA, 1, language))
    kind = _("A file of this computer") if backend.exclusive else _("On a server")
    return [
        Fact(_("Base"), backend.address),
        Fact(_("Where it lies"), kind),
        Fact(_("Size of the base"), size),
        Fact(_("Version of its tables"), str(backend.version)),
        Fact(_("Database"), backend.engine),
    ]


def support_text(facts: list[Fact]) -> str:
    """All facts as plain text, without passwords."""
    return masked("\n".join(["CRM Desktop", *(f"{fact.name}: {fact.text}" for fact in facts)]))


@dataclass(frozen=True)
class Licence:
    """The licence of the program or of something it is built on."""

    name: str
    path: Path

    def text(self) -> str:
        """The whole text."""
        return self.path.read_text(encoding="utf-8", errors="replace")


def licences() -> list[Licence]:
    """Our own first, then the overview, then every text by its name."""
    folder = _licence_folder()
    if folder is None:
        return []
    own = [
        Licence("CRM Desktop", folder / "LICENSE"),
        Licence(_("What it is built on"), folder / "THIRD-PARTY.md"),
    ]
    texts = sorted((folder / "licences").glob("*.txt"), key=lambda path: path.stem.casefold())
    return [one for one in own if one.path.exists()] + [Licence(p.stem, p) for p in texts]


def _licence_folder() -> Path | None:
    """Beside the program, or among the files of the installed package."""
    beside = resource_folder().parent
    if (beside / "licences").is_dir():
        return beside
    from importlib import metadata

    try:
        files = metadata.files("crm-desktop") or []
    except metadata.PackageNotFoundError:
        return None
    found = [Path(str(file.locate())) for file in files if file.name == "THIRD-PARTY.md"]
    return found[0].parent if found else None
