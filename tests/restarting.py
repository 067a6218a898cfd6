"""A private Firebird server that can be killed and started again on the same port."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import firebird_server as fs


class MortalServer:
    """`server` says where it is; start it from the thread that made it, which it does not
    outlive."""

    def __init__(self, home: Path, binary: str, environment: dict[str, str], password: str) -> None:
        self._home, self._binary, self._environment = home, binary, environment
        self._process, port = fs._start(home, binary, environment)
        self.server = fs.FirebirdServer("127.0.0.1", port, "SYSDBA", password, str(home / "bases"))

    def kill(self) -> None:
        """As a power cut does: nothing is written any more."""
        self._process.kill()
        self._process.wait()

    def start(self) -> None:
        """On the same port; comes back when it answers."""
        command = [self._binary, "-p", str(self.server.port)]
        self._process = subprocess.Popen(
            command, env=self._environment, cwd=self._home, preexec_fn=fs._end_with_parent
        )
        if not fs._answers(self._process, self.server.port):
            raise RuntimeError("the Firebird server does not come back")


@contextmanager
def mortal_server(folder: Path | None = None) -> Iterator[MortalServer]:
    """A server for the time of a block; ServerMissing where none is installed."""
    binary, isql, library = fs._installed()
    home = Path(tempfile.mkdtemp(prefix="crm-firebird-", dir=folder))
    try:
        password = secrets.token_urlsafe(12)
        environment = fs._lay_out(home, library, 2048)
        fs._make_security_base(home, isql, environment, password)
        mortal = MortalServer(home, binary, environment, password)
        try:
            yield mortal
        finally:
            mortal.kill()
    finally:
        shutil.rmtree(home, ignore_errors=True)
