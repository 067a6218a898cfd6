"""The server that is measured: the one that is kept, or a private one as long as it is used."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.firebird_server import FirebirdServer, firebird_server, running_server

SERVER_VARIABLE = "CRM_DESKTOP_TEST_FIREBIRD"


def measured_server(stack: ExitStack) -> FirebirdServer:
    """The one that the variable describes; without it a new one, gone with the `stack`."""
    running = os.environ.get(SERVER_VARIABLE)
    if running:
        return running_server(Path(running))
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    return stack.enter_context(firebird_server(folder))
