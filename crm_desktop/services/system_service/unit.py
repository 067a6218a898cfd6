"""The unit by which systemd runs `crm-desktop serve`: a text of words that mean nothing else."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crm_desktop.services.os_integration.passwords import CREDENTIAL
from crm_desktop.settings import HOME_VARIABLE

USER = "crm-desktop"
"""The account of the system that the service runs under; it signs in nowhere."""
STATE = Path("/var/lib/crm-desktop")
SECRET = Path("/etc/crm-desktop/serve.password")
_HOMES = (Path("/home"), Path("/root"), Path("/run/user"))
_PLAIN = re.compile(r"[\w@:/.,+=-]+", re.ASCII)
_TEXT = """\
# Written by “crm-desktop service install”; “crm-desktop service remove” takes it away.
[Unit]
Description=CRM Desktop: what the office wants done by itself, and nightly copies
Wants=network-online.target
After=network-online.target firebird3.0.service
StartLimitIntervalSec=0

[Service]
Type=exec
User={user}
Group={user}
LoadCredential={credential}:{secret}
{environment}
ExecStart={command}
Restart=on-failure
RestartSec=30
TimeoutStopSec=60
StateDirectory={state}
StateDirectoryMode=0700
UMask=0077
ProtectSystem=strict
ProtectHome={homes}
{written}CapabilityBoundingSet=
LockPersonality=yes
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RemoveIPC=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service

[Install]
WantedBy=multi-user.target
"""


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """`command`: the program and its words; `read` and `written`: what it needs of the disk."""

    command: Sequence[str]
    read: Sequence[Path]
    written: Sequence[Path]
    variables: dict[str, str]


def unit_text(facts: UnitFacts) -> str:
    """The whole unit."""
    program, *words = facts.command
    command = " ".join([_word(program), *(_word(word).replace("$", "$$") for word in words)])
    variables = {HOME_VARIABLE: str(STATE), **facts.variables}
    folders = " ".join(_word(str(folder)) for folder in facts.written)
    return _TEXT.format(
        user=USER, credential=CREDENTIAL, secret=SECRET, state=STATE.name, command=command,
        environment="\n".join(
            f"Environment={_word(f'{name}={value}')}" for name, value in variables.items()
        ),
        homes="read-only" if any(map(_is_home, [*facts.read, *facts.written])) else "yes",
        written=f"ReadWritePaths={folders}\n" if folders else "",
    )  # fmt: skip


def base_of(unit: str) -> str:
    """The address that a unit serves; '' if it names none."""
    line = next((one for one in unit.splitlines() if one.startswith("ExecStart=")), "")
    try:
        words = shlex.split(line)
    except ValueError:  # changed by hand
        return ""
    given = words[words.index("--base") + 1 :][:1] if "--base" in words else []
    return given[0].replace("%%", "%").replace("$$", "$") if given else ""


def _word(text: str) -> str:
    """One word, whatever signs it holds."""
    plain = text.replace("%", "%%")
    if _PLAIN.fullmatch(plain):
        return plain
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _is_home(path: Path) -> bool:
    return any(path.is_relative_to(home) for home in _HOMES)
