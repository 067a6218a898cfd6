"""`crm-desktop serve`: does by itself what the office wants done, until it is told to end."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from argparse import Namespace
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from crm_desktop.cli.answer import Answer
from crm_desktop.cli.command_words import Commands, command, some
from crm_desktop.cli.output import complain
from crm_desktop.cli.secret_words import add_secret_words, secret_help, signed_address
from crm_desktop.errors import Cancelled, DatabaseUnavailable, InvalidInput, UserError
from crm_desktop.i18n import _
from crm_desktop.models.backend.connect import is_server_address
from crm_desktop.services.clock import Clock
from crm_desktop.services.server.connection_file import refuse_as_base

if TYPE_CHECKING:
    from crm_desktop.services.server.nightly import Nightly
    from crm_desktop.services.server.refused_passwords import RefusedPasswords
    from crm_desktop.services.workspace import Workspace

COMMAND = "serve"
EVERY_S = 30
"""Seconds between two looks; less than a lease lasts."""
_COPY_AGAIN = timedelta(hours=1)
"""After a copy that failed: it takes the server minutes, and its reason rarely goes in less."""
_REFUSED_S = 600
"""After a refusal for the account's sake: asked more often, the account would be locked for it."""
_OF_THE_ACCOUNT = ("password", "user", "code", "join", "locked")
BASE_VARIABLE = "CRM_DESKTOP_BASE"


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop serve`."""
    words = command(
        commands, COMMAND, _("do what the office wants done by itself, without a window"),
        epilog=secret_help(), answer='{"rounds": 1, "done": {"heads": 2, "folders": 1}}',
    )  # fmt: skip
    words.add_argument("--once", action="store_true", help=_("one round, then end"))
    add_copy_words(words)
    add_secret_words(words)


def add_copy_words(words: argparse.ArgumentParser) -> None:
    """The copy of every night."""
    words.add_argument("--backup-to", metavar="FOLDER", default="",
                       help=_("make a proved copy there every night"))  # fmt: skip
    words.add_argument("--backup-at", metavar="HH:MM", type=_hour, default=time(3, 0),
                       help=_("when; 03:00 if not given"))  # fmt: skip
    words.add_argument("--keep", metavar="N", type=some, default=14,
                       help=_("so many copies stay; 14 if not given"))  # fmt: skip


def _hour(text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of any day
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            _("“{text}” is no time: write 03:00").format(text=text)
        ) from error


def serve(given: Namespace) -> Answer:
    """Rounds until SIGTERM or Ctrl+C; a lost line is waited for."""
    address = given.base or os.environ.get(BASE_VARIABLE, "")
    refuse_as_base(address)
    if not is_server_address(address):
        raise only_on_server()
    serving = Serving(signed_address(given, address), nightly_of(given), once=given.once)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_signal: serving.end())
    return serving.run()


def only_on_server() -> InvalidInput:
    """The refusal of a local base, which has one program and needs no other."""
    return InvalidInput(_("Only a base on a server is served: name it with --base"))


def pause_after(error: DatabaseUnavailable) -> int:
    """Seconds until the base is tried again."""
    return _REFUSED_S if error.field in _OF_THE_ACCOUNT else EVERY_S


def nightly_of(given: Namespace) -> Nightly | None:
    """The copies that were asked for."""
    from crm_desktop.services.server.nightly import Nightly

    folder = given.backup_to
    return Nightly(Path(folder), given.backup_at, given.keep) if folder else None


def say_aloud(sentence: str) -> None:
    """What was done, for whoever reads the terminal or the journal."""
    complain(f"{Clock().local():%H:%M} {sentence}")


class Serving:
    """One run of the program. `say` gets what was done, a sentence at a time."""

    def __init__(
        self, address: str, nightly: Nightly | None, *, once: bool = False,
        say: Callable[[str], None] = say_aloud,
    ) -> None:  # fmt: skip
        self._address, self._nightly, self._once, self._say = address, nightly, once, say
        self._end = threading.Event()
        self._rounds, self._done = 0, dict[str, int]()
        self._said, self._told = "", dict[str, str]()
        self._copy_from: datetime | None = None
        """When a copy that failed is tried again."""

    def run(self) -> Answer:
        """Until the end."""
        while not self._end.is_set():
            try:
                self._work()
            except DatabaseUnavailable as error:
                if self._once:
                    raise
                self._say_once(error.message)
                self._end.wait(pause_after(error))
        return Answer({"rounds": self._rounds, "done": self._done}, [])

    def end(self) -> None:
        """The work ends after what is being done, within seconds; the leases are given back."""
        self._end.set()

    def _work(self) -> None:
        """As long as the line holds."""
        from crm_desktop.cli.known_passwords import refuse_first_password
        from crm_desktop.services.server.refused_passwords import RefusedPasswords
        from crm_desktop.services.server.worker import let_go
        from crm_desktop.services.workspace import open_base

        workspace = open_base(self._address, upgrades=False)

        def end() -> None:
            with suppress(DatabaseUnavailable):  # the lease ends by itself
                let_go(workspace)

        with ExitStack() as ends:
            ends.callback(workspace.close)
            refuse_first_password(workspace, self._address)
            refused = None if self._once else RefusedPasswords(workspace, self._address)
            ends.callback(end)
            if refused is not None:
                ends.callback(refused.close)
            self._say_once(_("{base} is served").format(base=workspace.backend.title))
            while not self._end.is_set():
                has_lease = self._round(workspace)
                if refused is not None:
                    self._count_refused(refused, has_lease=has_lease)
                if self._once:
                    self._end.set()
                self._end.wait(EVERY_S)

    def _round(self, workspace: Workspace) -> bool:
        """Whether the work is this program's."""
        from crm_desktop.services.server import job_leases, worker

        found = worker.go_round(workspace, self._end.is_set)
        self._rounds += 1
        if found is None:
            machine = job_leases.holder(workspace, job_leases.ROUNDS) or "?"
            self._say_once(_("{machine} does the work now").format(machine=machine))
            return False
        for one in found:
            label = _(one.job.label)
            if one.problem:
                self._say_once(f"{label}: {one.problem}")
                continue
            self._done[one.job.key] = self._done.get(one.job.key, 0) + one.count
            self._say(f"{label}: {one.count}")
        self._copy(workspace)
        return True

    def _count_refused(self, refused: RefusedPasswords, *, has_lease: bool) -> None:
        count = refused.look(keep=has_lease)
        if refused.problem:
            told = _("Wrong passwords are not counted: {reason}")
            self._say_first("refused", told.format(reason=refused.problem))
        if count:
            self._done["refused"] = self._done.get("refused", 0) + count
            self._say(_("Wrong passwords: {count}").format(count=count))

    def _say_first(self, key: str, sentence: str) -> None:
        """What does not change while the program runs is said once."""
        if self._told.get(key) != sentence:
            self._told[key] = sentence
            self._say(sentence)

    def _copy(self, workspace: Workspace) -> None:
        from crm_desktop.services.server import nightly

        now = workspace.clock.now()
        if self._copy_from is not None and now < self._copy_from:
            return
        if self._nightly is None or not nightly.is_due(workspace, self._nightly):
            return
        try:
            made = nightly.make(workspace, self._address, self._nightly, self._end.is_set)
        except Cancelled:
            return
        except UserError as error:  # the server's own services may be away while the base is not
            self._copy_from = now + _COPY_AGAIN
            self._say(error.message)
            return
        if made is not None:
            self._done["backup"] = self._done.get("backup", 0) + 1
            self._say(_("Copy {file} was made and proved").format(file=made.path.name))

    def _say_once(self, sentence: str) -> None:
        """What lasts is said when it begins."""
        if sentence != self._said:
            self._said = sentence
            self._say(sentence)
