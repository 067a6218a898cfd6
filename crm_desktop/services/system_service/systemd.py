"""Debian and its kin: a unit for systemd, an account of its own, a password that root keeps."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from crm_desktop.errors import FileProblem
from crm_desktop.i18n import _
from crm_desktop.models.text.disk_reasons import disk_reason
from crm_desktop.services.system_service.order import (
    NAME,
    Order,
    ServiceRefused,
    Standing,
    already_installed,
    check_plain,
    given_on,
    not_installed,
    parts_of_program,
)
from crm_desktop.services.system_service.unit import (
    SECRET,
    STATE,
    USER,
    UnitFacts,
    base_of,
    unit_text,
)

_SYSTEM_TOOLS = ("/usr/sbin", "/usr/bin", "/sbin", "/bin")
_TOOL_S = 120


class Systemd:
    """`root`: the folder that is `/`, so that an image of a disk can be prepared, too."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root
        self._unit = self._at(Path(f"/etc/systemd/system/{NAME}.service"))
        self._secret = self._at(SECRET)

    def check(self) -> None:
        """See `Manager`."""
        if os.geteuid() != 0:
            raise ServiceRefused(
                _("Only the administrator of this computer installs services: put sudo before "
                  "the command")
            )  # fmt: skip
        if _tool("systemctl") is None:
            raise ServiceRefused(
                _("There is no systemd on this computer. Let its own keeper of services run "
                  "“crm-desktop serve”; the password goes into CRM_DESKTOP_PASSWORD.")
            )  # fmt: skip

    def install(self, order: Order, password: str) -> list[str]:
        """See `Manager`."""
        self.check()
        if self._unit.exists():
            raise already_installed()
        facts = _facts(order)
        check_plain(password, *facts.command, *map(str, facts.written), *facts.variables.values())
        _check_readable(facts.read)
        done = [self._account(), *self._folders(order)]
        with ExitStack() as back:
            back.callback(_call, "systemctl", "daemon-reload", fails=False)
            self._write(self._secret, password + "\n", 0o600, back)
            done.append(_("The password lies in {file}; only root reads it").format(file=SECRET))
            self._write(self._unit, unit_text(facts), 0o644, back)
            done.append(_("The unit {file} was written").format(file=self._unit))
            back.callback(_call, "systemctl", "disable", NAME, fails=False)
            done += self._begin()
            back.pop_all()
        return done

    def remove(self) -> list[str]:
        """See `Manager`."""
        self.check()
        if not self._unit.exists():
            raise not_installed()
        runs = self._runs()
        _call("systemctl", "disable", *(["--now"] if runs else []), NAME)
        for path in (self._unit, self._secret):
            path.unlink(missing_ok=True)
        with suppress(OSError):  # something of the administrator's own lies there
            self._secret.parent.rmdir()
        if runs:
            _call("systemctl", "daemon-reload")
        kept = _("Copies, and {folder} with settings and the log, stay; so does the account {user}")
        return [
            _("The service {name} was ended and taken away").format(name=NAME),
            kept.format(folder=STATE, user=USER),
        ]

    def standing(self) -> Standing:
        """See `Manager`."""
        if not self._unit.exists():
            return Standing(installed=False)
        enabled = _call("systemctl", "is-enabled", NAME, fails=False)
        state = _call("systemctl", "is-active", NAME, fails=False) if self._runs() else ""
        base = base_of(self._unit.read_text(encoding="utf-8"))
        return Standing(True, state, enabled == "enabled", base, str(self._unit))

    def _account(self) -> str:
        if _call("id", "--user", USER, fails=False):
            return _("The account {user} of the system was there").format(user=USER)
        _call(
            "useradd", "--system", "--user-group", "--no-create-home", "--home-dir", str(STATE),
            "--shell", "/usr/sbin/nologin", USER,
        )  # fmt: skip
        return _("The account {user} of the system was made; nobody signs in by it").format(
            user=USER
        )

    def _folders(self, order: Order) -> list[str]:
        """Makes that of the copies; says which others the service cannot write into."""
        done = []
        if order.copies is not None and not order.copies.exists():
            _call("install", "-d", "-m", "700", "-o", USER, "-g", USER, str(order.copies))
            done.append(_("Copies go to {folder}").format(folder=order.copies))
        for folder in order.written:
            asked = ("runuser", "-u", USER, "--", "test", "-w", str(folder))
            if not _succeeds(asked):
                said = _("! {user} cannot write into {folder}: let it, for instance by "
                         "setfacl -m u:{user}:rwx {folder}")  # fmt: skip
                done.append(said.format(user=USER, folder=folder))
        return done

    def _begin(self) -> list[str]:
        """Lets it start with the machine, and now."""
        _call("systemctl", "enable", NAME)
        if not self._runs():
            said = _("systemd does not run here now; the service {name} starts with the machine")
            return [said.format(name=NAME)]
        _call("systemctl", "daemon-reload")
        _call("systemctl", "start", NAME)
        return [
            _("The service {name} runs, and starts with the machine").format(name=NAME),
            _("What it does: journalctl -u {name} -f").format(name=NAME),
        ]

    def _runs(self) -> bool:
        """Whether systemd is what runs this machine; the answer of sd_booted(3)."""
        return self._at(Path("/run/systemd/system")).is_dir()

    def _write(self, path: Path, text: str, mode: int, back: ExitStack) -> None:
        """A new file that nobody else can have read meanwhile."""
        try:
            path.parent.mkdir(
                parents=True, exist_ok=True, mode=mode | 0o111 if mode & 0o044 else 0o700
            )
            path.unlink(missing_ok=True)
            back.callback(path.unlink, missing_ok=True)
            new = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with open(new, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor
                os.fchmod(new, mode)
                stream.write(text)
        except OSError as error:
            said = _("{file} cannot be written: {reason}")
            raise FileProblem(said.format(file=path, reason=disk_reason(error))) from error

    def _at(self, path: Path) -> Path:
        return self._root / path.relative_to("/")


def _facts(order: Order) -> UnitFacts:
    command = [sys.executable, "-P", "-m", "crm_desktop", "serve", *order.words]
    variables = given_on()
    read = [*parts_of_program(), *map(Path, variables.values())]
    return UnitFacts(command, read, order.written, variables)


def _check_readable(paths: Sequence[Path]) -> None:
    """`ServiceRefused` if other accounts cannot come to a part of the program."""
    for path in paths:
        for folder in reversed(path.parents):
            if not folder.stat().st_mode & stat.S_IXOTH:
                said = _("The program lies in {folder}, where the service’s own account {user} may "
                         "not look. Put it where everybody may read it, into /opt for instance, "
                         "and install the service from there.")  # fmt: skip
                raise ServiceRefused(said.format(folder=folder, user=USER))


def _tool(name: str) -> str | None:
    """`su` without a dash leaves out the folders where tools of the system are."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *_SYSTEM_TOOLS]))


def _call(name: str, *words: str, fails: bool = True) -> str:
    """What a tool of the system prints; `ServiceRefused` if it fails and that matters."""
    told = _run((name, *words))
    if told.returncode and fails:
        said = _("{tool} refused: {reason}")
        reason = (told.stderr or told.stdout).strip() or str(told.returncode)
        raise ServiceRefused(said.format(tool=name, reason=reason))
    return told.stdout.strip()


def _succeeds(words: Sequence[str]) -> bool:
    return _run(words).returncode == 0


def _run(words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    name, *rest = words
    path = _tool(name)
    if path is None:
        raise ServiceRefused(_("The tool {tool} of the system is missing").format(tool=name))
    try:
        return subprocess.run(
            [path, *rest], capture_output=True, text=True, timeout=_TOOL_S, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        said = _("{tool} refused: {reason}")
        raise ServiceRefused(said.format(tool=name, reason=error)) from error
