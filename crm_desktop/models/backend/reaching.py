"""Whether a server takes calls at all: a knock at its port, which costs it next to nothing.

Signing in by SRP takes a server 25 ms; while it is away fifty programs ask for it all the time.
"""

from __future__ import annotations

import socket

_KNOCK_S = 1.0


def takes_calls(address: str) -> bool:
    """Whether the port is open of an address as it is shown (`Backend.address`); whether anybody
    is let in there is another question."""
    host, _colon, port = address.partition("/")[0].rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=_KNOCK_S).close()
    except (OSError, ValueError):
        return False
    return True
