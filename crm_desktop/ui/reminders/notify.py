"""The desktop's own notifications, where something shows them (UI.md 4.6).

On Linux over D-Bus (org.freedesktop.Notifications 1.2); elsewhere the tray icon does it. They are
told beside the window of reminders, which alone is certain, so every failure is silent.
"""

from __future__ import annotations

import html
import os
import sys
from typing import Any

_SHOWN_MS = 10_000


def desktop_tells() -> bool:
    """Whether a server of notifications may be asked for here."""
    return sys.platform.startswith("linux") and bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS"))


def tell_desktop(title: str, text: str, wait_s: float = 2.0) -> bool:
    """Shows a notification; False if nobody answers in time. Blocks: call it in a worker."""
    from jeepney import DBusAddress, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    address = DBusAddress(
        "/org/freedesktop/Notifications", bus_name="org.freedesktop.Notifications",
        interface="org.freedesktop.Notifications",
    )  # fmt: skip
    body: tuple[Any, ...] = (
        "CRM Desktop",
        0,
        "appointment-soon",
        title,
        html.escape(text),
        [],
        {},
        _SHOWN_MS,
    )
    try:
        with open_dbus_connection(bus="SESSION") as connection:
            reply = connection.send_and_get_reply(
                new_method_call(address, "Notify", "susssasa{sv}i", body), timeout=wait_s
            )
    except (OSError, ValueError, TimeoutError, KeyError):  # no bus, no answer, a broken address
        return False
    return bool(reply.header.message_type.name == "method_return")
