"""What a service of the system is asked to do, and what is known of it afterwards."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Protocol

import crm_desktop
from crm_desktop.errors import InvalidInput, UserError
from crm_desktop.i18n import _

NAME = "crm-desktop-serve"
"""What the service is called in the system."""


class ServiceRefused(UserError):
    """The system does not take the service, or not from this person."""


@dataclass(frozen=True, slots=True)
class Order:
    """The base to be served, by an address without a password, and how.

    `copies`: where a copy goes every night; `folders`: what else the service has to write into.
    """

    address: str
    language: str
    copies: Path | None = None
    copy_at: time = time(3, 0)
    keep: int = 14
    folders: tuple[Path, ...] = ()

    @property
    def words(self) -> list[str]:
        """What stands behind `crm-desktop serve`."""
        words = ["--language", self.language, "--base", self.address]
        if self.copies is not None:
            words += ["--backup-to", str(self.copies)]
            words += ["--backup-at", f"{self.copy_at:%H:%M}", "--keep", str(self.keep)]
        return words

    @property
    def written(self) -> list[Path]:
        """Every folder that it writes into."""
        return [*([self.copies] if self.copies is not None else []), *self.folders]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a service stands. `state`: a word of the system, such as active or stopped; '' where
    nobody tells. `by_itself`: whether it starts with the machine."""

    installed: bool
    state: str = ""
    by_itself: bool = False
    base: str = ""
    place: str = ""


class Manager(Protocol):
    """The part of a system that keeps services."""

    def check(self) -> None:
        """`ServiceRefused` if nothing can be installed here, or not by this person."""

    def install(self, order: Order, password: str) -> list[str]:
        """Installs it and starts it; what was done, in sentences."""

    def remove(self) -> list[str]:
        """Ends it and takes it away; what was done, in sentences."""

    def standing(self) -> Standing:
        """How it stands."""


def manager() -> Manager:
    """That of this system; `ServiceRefused` where there is none."""
    if sys.platform == "win32":
        from crm_desktop.services.system_service.windows import WindowsServices
        from crm_desktop.services.system_service.windows_api import WindowsApi

        return WindowsServices(WindowsApi())
    from crm_desktop.services.system_service.systemd import Systemd

    return Systemd()


def parts_of_program() -> list[Path]:
    """What the service has to read of the program: Python, and the folder of the program."""
    python = Path(sys.executable)
    return [python, python.resolve(), Path(crm_desktop.__file__).resolve()]


def given_on() -> dict[str, str]:
    """Variables of whoever installs that the service needs, too."""
    from crm_desktop.models.backend.firebird_connect import CLIENT_VARIABLE

    client = os.environ.get(CLIENT_VARIABLE)
    return {CLIENT_VARIABLE: client} if client else {}


def check_plain(*texts: str) -> None:
    """`InvalidInput` for what would be read as another line or word of the system's own files."""
    odd = next((text for text in texts if not text.isprintable()), None)
    if odd is not None:
        said = _("“{text}” holds signs that the settings of a service cannot keep")
        raise InvalidInput(said.format(text=odd.encode("unicode_escape").decode("ascii")))


def already_installed() -> ServiceRefused:
    """The refusal of a second one."""
    return ServiceRefused(
        _("The service {name} is installed already. To change it, remove it first: "
          "crm-desktop service remove").format(name=NAME)
    )  # fmt: skip


def not_installed() -> ServiceRefused:
    """The refusal to remove what is not there."""
    return ServiceRefused(_("The service {name} is not installed here").format(name=NAME))
