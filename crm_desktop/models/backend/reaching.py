"""Whether a server takes calls at all: a knock at its port, which costs it next to nothing.

Signing in by SRP takes a server 25 ms; while it is away fifty programs ask for it all the time.
A line that says nothing tells when the server goes: that costs the server nothing either, for the
two systems ask one another whether they are there.
"""

from __future__ import annotations

import socket
from contextlib import suppress

_KNOCK_S = 1.0
_KEEP_ALIVE = (("TCP_KEEPIDLE", 2), ("TCP_KEEPINTVL", 1), ("TCP_KEEPCNT", 2))
"""Seconds of silence before the system asks the other one, between two questions, and questions
without an answer: a pulled cable is known after four seconds."""


def takes_calls(address: str) -> bool:
    """Whether the port is open of an address as it is shown (`Backend.address`); whether anybody
    is let in there is another question."""
    line = silent_line(address)
    if line is None:
        return False
    line.close()
    return True


def silent_line(address: str) -> socket.socket | None:
    """A line to the port by which nothing is said: reading from it comes back when the server has
    ended, or its computer can be reached no more. None if the port is closed."""
    host, _colon, port = address.partition("/")[0].rpartition(":")
    try:
        line = socket.create_connection((host, int(port)), timeout=_KNOCK_S)
    except (OSError, ValueError):
        return None
    line.settimeout(None)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEP_ALIVE:
        with suppress(AttributeError, OSError):  # not every system has them for a single line
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    return line
