"""A private Firebird 3 server for the tests: own port, own folders, own passwords, nothing shared.

`with firebird_server() as server:` in a test run; `python -m tests.firebird_server --keep FILE`
keeps one up until it is ended and writes where it is into FILE, so that many short test runs can
name that file in CRM_DESKTOP_TEST_FIREBIRD and need not start their own.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

_START_SECONDS = 20.0
_PAGES = 32768
"""Pages of a base that the server keeps in memory: half a gigabyte, as an office would set it."""
_PR_SET_PDEATHSIG = 1
_CONF = """\
RemoteBindAddress = 127.0.0.1
SecurityDatabase = {security}
ServerMode = Super
DefaultDbCachePages = {pages}
TempCacheLimit = 268435456
TempDirectories = {temp}
DatabaseAccess = Restrict {bases}
"""


class ServerMissing(Exception):
    """No Firebird 3 server is installed here; the text says what was looked for."""


@dataclass(frozen=True, slots=True)
class FirebirdServer:
    """Where a running server is and how to sign in; `dbdir` is a folder that both sides see."""

    host: str
    port: int
    user: str
    password: str
    dbdir: str

    def path(self, name: str) -> Path:
        """The file of the base `name` on the server."""
        return Path(self.dbdir) / f"{name}.fdb"

    def url(self, name: str, *, port: int | None = None) -> str:
        """The address of the base `name`, whether it exists or not; `port` may be a proxy's."""
        sign_in = f"{quote(self.user)}:{quote(self.password)}"
        return f"firebird+fdb://{sign_in}@{self.host}:{port or self.port}/{self.path(name)}"

    def dsn(self, name: str) -> str:
        """The same for the driver alone."""
        return f"{self.host}/{self.port}:{self.path(name)}"

    def empty_base(self, name: str) -> str:
        """A new base without any table, copied from one made once (10 ms instead of 180)."""
        template = Path(self.dbdir) / "template.fdb"
        if not template.exists():
            self._make_template(template)
        shutil.copyfile(template, self.path(name))
        return self.url(name)

    def _make_template(self, template: Path) -> None:
        import fdb

        first = f"template-{secrets.token_hex(4)}"
        fdb.create_database(
            f"create database '{self.dsn(first)}' user '{self.user}' password '{self.password}' "
            "page_size 16384 default character set UTF8"
        ).close()
        self.path(first).replace(template)

    def remove(self, name: str) -> None:
        """Takes the file away; whoever still has the base open keeps it until he leaves."""
        self.path(name).unlink(missing_ok=True)


def running_server(description: Path) -> FirebirdServer:
    """The server that `--keep` described in a file."""
    return FirebirdServer(**json.loads(description.read_text(encoding="utf-8")))


@contextmanager
def firebird_server(
    folder: Path | None = None, *, pages: int = _PAGES, more: str = ""
) -> Iterator[FirebirdServer]:
    """A server of our own that ends with the block, its bases with it.

    `folder`: where its files are, else among the temporary ones. `pages`: how many of a base it
    keeps in memory; room for them is made whenever a base is opened. `more`: further lines of
    its firebird.conf.
    Raises ServerMissing where no Firebird 3 server is installed.
    """
    binary, isql, library = _installed()
    home = Path(tempfile.mkdtemp(prefix="crm-firebird-", dir=folder))
    try:
        password = secrets.token_urlsafe(12)
        environment = _lay_out(home, library, pages)
        _settle(home / "root/firebird.conf", more)
        _make_security_base(home, isql, environment, password)
        process, port = _start(home, binary, environment)
        try:
            yield FirebirdServer("127.0.0.1", port, "SYSDBA", password, str(home / "bases"))
        finally:
            _stop(process)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _settle(conf: Path, more: str) -> None:
    """Lines instead of those of the same name, or beside them: the server takes the first."""
    names = {line.partition("=")[0].strip() for line in more.splitlines()}
    lines = conf.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.partition("=")[0].strip() not in names]
    conf.write_text("\n".join([*kept, more]), encoding="utf-8")


def _installed() -> tuple[str, str, Path]:
    """The server, isql and the folder of plug-ins that Debian's packages bring."""
    places = os.pathsep.join(filter(None, (os.environ.get("PATH"), "/usr/sbin", "/usr/local/sbin")))
    binary = shutil.which("firebird", path=places)
    isql = shutil.which("isql-fb", path=places)
    libraries = sorted(Path("/usr/lib").glob("*/firebird/3.0"))
    libraries = [folder for folder in libraries if (folder / "plugins/libEngine12.so").exists()]
    if not (binary and isql and libraries):
        raise ServerMissing("no Firebird 3 server here (Debian: apt install firebird3.0-server)")
    return binary, isql, libraries[0]


def _lay_out(home: Path, library: Path, pages: int) -> dict[str, str]:
    """Makes the server's own folders; returns the environment that points it there."""
    for name in ("root", "bases", "security", "lock", "temp"):
        (home / name).mkdir()
    for name in ("plugins", "intl", "firebird.msg"):
        (home / "root" / name).symlink_to(library / name)
    shutil.copyfile(library / "plugins.conf", home / "root/plugins.conf")
    (home / "root/databases.conf").write_text("", encoding="utf-8")
    _write_conf(home, pages)
    ours = {"FIREBIRD": "root", "FIREBIRD_LOCK": "lock", "FIREBIRD_TMP": "temp"}
    return {**os.environ, **{name: str(home / folder) for name, folder in ours.items()}}


def _write_conf(home: Path, pages: int) -> None:
    text = _CONF.format(
        pages=pages,
        security=home / "security/security.fdb",
        temp=home / "temp",
        bases=home / "bases",
    )
    (home / "root/firebird.conf").write_text(text, encoding="utf-8")


def _make_security_base(home: Path, isql: str, environment: dict[str, str], password: str) -> None:
    """SYSDBA's password goes through standard input, so that no list of processes shows it."""
    script = (
        f"create database '{home / 'security/security.fdb'}' page_size 8192;\n"
        f"create or alter user SYSDBA password '{password}' using plugin Srp;\ncommit;\n"
    )
    subprocess.run(
        [isql, "-quiet", "-bail", "-user", "SYSDBA"],
        input=script,
        env=environment,
        text=True,
        check=True,
        capture_output=True,
    )


def _start(
    home: Path, binary: str, environment: dict[str, str]
) -> tuple[subprocess.Popen[bytes], int]:
    """Starts on a port that was free a moment ago; tries again if somebody was quicker."""
    for _attempt in range(5):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        process = subprocess.Popen(
            [binary, "-p", str(port)], env=environment, cwd=home, preexec_fn=_end_with_parent
        )
        if _answers(process, port):
            return process, port
        _stop(process)
    raise RuntimeError(f"the Firebird server does not start in {home}")


def _end_with_parent() -> None:
    """A killed test run must not leave its server behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return True
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """At once: its bases are thrown away, and a polite end takes Firebird ten seconds."""
    process.kill()
    process.wait()


def _keep(description: Path) -> None:
    """Runs until this process is ended."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with firebird_server() as server:
        written = description.with_suffix(".new")
        written.write_text(json.dumps(asdict(server)), encoding="utf-8")
        written.chmod(0o600)
        written.replace(description)
        try:
            signal.pause()
        finally:
            description.unlink(missing_ok=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A private Firebird server for the tests")
    parser.add_argument("--keep", type=Path, required=True, metavar="FILE")
    _keep(parser.parse_args().keep)
