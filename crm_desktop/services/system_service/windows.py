"""Windows: how the service is installed, removed and looked at, by the few calls of an `Api`."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from crm_desktop.errors import FileProblem
from crm_desktop.i18n import _
from crm_desktop.models.text.disk_reasons import disk_reason
from crm_desktop.services.system_service import windows_rules as rules
from crm_desktop.services.system_service.order import (
    NAME,
    Order,
    Standing,
    already_installed,
    check_plain,
    given_on,
    not_installed,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A service that is there. `state`: running, stopped, starting or stopping."""

    state: str
    by_itself: bool
    words: list[str]


class Api(Protocol):
    """What Windows is asked; each call raises `ServiceRefused` with the reason."""

    def is_administrator(self) -> bool: ...

    def found(self) -> Found | None: ...

    def create(self, command: str) -> list[str]:
        """Makes it, to start with the machine and again after failures; what Windows did not take
        of that, in sentences."""

    def start(self) -> None:
        """Returns when it runs."""

    def stop(self) -> None:
        """Returns when it has ended, at once if it does not run."""

    def take_away(self) -> None: ...

    def make_folder(self, path: Path, rights: str) -> None:
        """With rights as SDDL, also where it is there already."""

    def let_in(self, path: Path, sid: str) -> None:
        """Lets somebody change what is in a folder, beside those who may already."""

    def keep_secret(self, path: Path, password: str, rights: str) -> None:
        """Seals it for this computer, in a file that nobody else can have read meanwhile."""


class WindowsServices:
    """See `Manager`."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def check(self) -> None:
        """See `Manager`."""
        if not self._api.is_administrator():
            raise rules.refusal(5, "")

    def install(self, order: Order, password: str) -> list[str]:
        """See `Manager`."""
        self.check()
        if self._api.found() is not None:
            raise already_installed()
        check_plain(password, *order.words, *map(str, order.written), *given_on().values())
        home, secret = rules.home_in(rules.data_folder()), rules.secret_in(rules.data_folder())
        with ExitStack() as back:
            self._api.make_folder(home, rules.home_rights())
            back.callback(secret.unlink, missing_ok=True)
            self._api.keep_secret(secret, password, rules.secret_rights())
            sealed = _("The password lies sealed in {file}; system and administrators read it")
            done = [sealed.format(file=secret)]
            warnings = self._api.create(rules.command_line(order))
            back.callback(self._api.take_away)
            done += self._folders(order)
            self._api.start()
            back.pop_all()
        runs = _("The service {name} runs, and starts with the machine").format(name=NAME)
        log = _("What it does: {file}, and the event log of Windows").format(
            file=home / "crm-desktop.log"
        )
        return [*done, *warnings, runs, log]

    def remove(self) -> list[str]:
        """See `Manager`."""
        self.check()
        if self._api.found() is None:
            raise not_installed()
        self._api.stop()
        self._api.take_away()
        rules.secret_in(rules.data_folder()).unlink(missing_ok=True)
        kept = _("Copies, and {folder} with settings and the log, stay")
        return [
            _("The service {name} was ended and taken away").format(name=NAME),
            kept.format(folder=rules.home_in(rules.data_folder())),
        ]

    def standing(self) -> Standing:
        """See `Manager`."""
        found = self._api.found()
        if found is None:
            return Standing(installed=False)
        base = rules.base_of(found.words)
        return Standing(
            True, found.state, found.by_itself, base, str(rules.home_in(rules.data_folder()))
        )

    def _folders(self, order: Order) -> list[str]:
        for folder in order.written:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                said = _("The folder {folder} cannot be made: {reason}")
                raise FileProblem(said.format(folder=folder, reason=disk_reason(error))) from error
            self._api.let_in(folder, rules.service_sid())
        return [
            _("The service may write into {folder}").format(folder=one) for one in order.written
        ]
