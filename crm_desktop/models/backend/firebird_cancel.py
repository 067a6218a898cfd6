"""The one call of the client library that another thread may make while a connection is in use."""

from __future__ import annotations

import ctypes
from typing import Any

RAISE = 3
"""fb_cancel_raise: the server ends the call, the connection stays."""
ABORT = 4
"""fb_cancel_abort: the client lets go of the socket; nothing waits for the server any more."""


def send_cancel(driver: Any, kind: int) -> None:
    """Ends what runs on a connection of fdb; does nothing once it is closed."""
    import fdb

    handle = driver._db_handle
    if handle is None:
        return
    call = fdb.load_api().client_library.fb_cancel_operation
    call.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ushort]
    status = (ctypes.c_ssize_t * 20)()
    call(ctypes.byref(status), ctypes.byref(handle), kind)
