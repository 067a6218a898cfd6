"""What Windows is told of the service: names, rights on its files, its command line, refusals.

Plain texts and numbers, so that they are tried where there is no Windows.
"""

from __future__ import annotations

import hashlib
import os
import struct
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path

import crm_desktop
from crm_desktop.i18n import N_, _
from crm_desktop.services.system_service.order import NAME, Order, ServiceRefused, given_on

TITLE = N_("CRM Desktop: what the office wants done by itself")
ACCOUNT = r"NT AUTHORITY\LocalService"
"""Reads what everybody may, no more; what the service needs besides is given to its own SID."""
RESTARTS_MS = (30_000, 60_000, 300_000)
"""Pauses before it is started again after a failure; the last one for all further ones."""
FORGIVEN_S = 86_400
"""After so long without a failure the pauses begin anew."""
START_S, STOP_S = 60, 60
_SYSTEM, _ADMINISTRATORS = "SY", "BA"
MODIFY = 0x1301BF
"""Read, write, make and delete, as Windows calls it; not: give rights away."""
_ALL, _READ = "FA", "FR"
_BELOW = "OICI"
"""Rights of a folder go on to what is made in it."""
_REFUSALS = {
    5: N_("Open the command prompt by “Run as administrator” and type the command there"),
    1053: N_("The service did not begin in time. Its log is in {home}"),
    1056: N_("The service {name} runs already"),
    1060: N_("The service {name} is not installed here"),
    1062: N_("The service {name} does not run"),
    1072: N_("Windows is still taking the service {name} away: close the window of “Services” and "
             "try again"),
    1073: N_("The service {name} is installed already. To change it, remove it first: "
             "crm-desktop service remove"),
}  # fmt: skip


def data_folder(variables: Mapping[str, str] = os.environ) -> Path:
    """Where the secret and the service's own folder are; the service is told it, for its own
    variables may be others."""
    return Path(variables.get("PROGRAMDATA") or r"C:\ProgramData") / "CRM Desktop"


def home_in(data: Path) -> Path:
    """Settings and log of the service."""
    return data / "service"


def secret_in(data: Path) -> Path:
    """The sealed password."""
    return data / "serve.secret"


def service_sid(name: str = NAME) -> str:
    """The SID that Windows gives a service: reckoned from its name, the same on every computer."""
    digest = hashlib.sha1(name.upper().encode("utf-16-le"), usedforsecurity=False).digest()
    return "S-1-5-80-" + "-".join(str(part) for part in struct.unpack("<5L", digest))


def secret_rights() -> str:
    """Who may read the password, as SDDL: system and administrators all, the service reads."""
    return _rights(f"(A;;{_READ};;;{service_sid()})", "")


def home_rights() -> str:
    """Who may what in the service's own folder."""
    return _rights(f"(A;{_BELOW};{MODIFY:#x};;;{service_sid()})", _BELOW)


def _rights(of_service: str, flags: str) -> str:
    """Nothing is inherited from the folder above, where everybody may read."""
    everything = "".join(f"(A;{flags};{_ALL};;;{who})" for who in (_SYSTEM, _ADMINISTRATORS))
    return f"D:P{everything}{of_service}"


def command_line(order: Order) -> str:
    """What Windows starts: the Python beneath a virtual environment, whose own python.exe starts
    another process, which the control of services would not know; without a console, if it can."""
    python = Path(getattr(sys, "_base_executable", "") or sys.executable)
    (client,) = given_on().values() or ("",)
    silent = python.with_name("pythonw.exe")
    package = Path(crm_desktop.__file__).parent
    words = [
        str(silent if silent.exists() else python), "-I",
        str(package / "cli" / "windows_host.py"), str(package.parent),
        sysconfig.get_path("purelib"), client, str(data_folder()), *order.words,
    ]  # fmt: skip
    return subprocess.list2cmdline(words)


def words_of(command: str) -> list[str]:
    """The words of a command line, by the rules that programs on Windows read theirs by."""
    words: list[str] = []
    word, started, quoted, place = "", False, False, 0
    while place < len(command):
        run = len(command) - place - len(command[place:].lstrip("\\"))
        place += run
        at_quote = command[place : place + 1] == '"'
        word += "\\" * (run // 2 if at_quote else run)
        started = started or bool(run)
        if at_quote:
            if run % 2:
                word += '"'
            else:
                quoted = not quoted
            started = True
        elif (sign := command[place : place + 1]) in (" ", "\t") and not quoted:
            if started:
                words.append(word)
            word, started = "", False
        else:
            word, started = word + sign, True
        place += 1
    return [*words, word] if started else words


def base_of(words: Sequence[str]) -> str:
    """The address that a command line serves; '' if it names none."""
    given = list(words)[words.index("--base") + 1 :][:1] if "--base" in words else []
    return given[0] if given else ""


def refusal(number: int, told: str) -> ServiceRefused:
    """The sentence for an error of Windows; `told` are its own words, for those unknown here."""
    known = _REFUSALS.get(number)
    if known is None:
        said = _("Windows refused: {reason} ({number})")
        return ServiceRefused(said.format(reason=told.strip().rstrip("."), number=number))
    return ServiceRefused(_(known).format(name=NAME, home=home_in(data_folder())))
