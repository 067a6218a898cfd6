"""Types of files in the registry of a person on Windows; imported on Windows alone."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Sequence

from crm_desktop.i18n import _
from crm_desktop.services.os_integration.file_types import FileType

assert sys.platform == "win32"

import winreg  # noqa: E402 - there is none elsewhere

_CLASSES = r"Software\Classes"
_ASSOCIATIONS_CHANGED = 0x08000000  # SHCNE_ASSOCCHANGED


def tell(types: Sequence[FileType], command: str) -> list[str]:
    """Writes the types; the keys that were written."""
    written = []
    for one in types:
        _set(one.ending, one.key)
        _set(one.key, _(one.title))
        _set(rf"{one.key}\shell\open\command", command)
        written += [rf"HKCU\{_CLASSES}\{one.ending}", rf"HKCU\{_CLASSES}\{one.key}"]
    _say_so()
    return written


def take_back(types: Sequence[FileType]) -> bool:
    """Removes what `tell` wrote, not what others have written since; whether there was any."""
    found = False
    for one in types:
        if _get(one.ending) == one.key:
            winreg.DeleteKey(winreg.HKEY_CURRENT_USER, rf"{_CLASSES}\{one.ending}")
        for below in (r"\shell\open\command", r"\shell\open", r"\shell", ""):
            try:
                winreg.DeleteKey(winreg.HKEY_CURRENT_USER, rf"{_CLASSES}\{one.key}{below}")
                found = True
            except FileNotFoundError:
                continue
    _say_so()
    return found


def _set(key: str, value: str) -> None:
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, rf"{_CLASSES}\{key}") as opened:
        winreg.SetValueEx(opened, "", 0, winreg.REG_SZ, value)


def _get(key: str) -> str:
    try:
        return str(winreg.QueryValue(winreg.HKEY_CURRENT_USER, rf"{_CLASSES}\{key}"))
    except FileNotFoundError:
        return ""


def _say_so() -> None:
    """The desktop reads the registry anew."""
    ctypes.windll.shell32.SHChangeNotify(_ASSOCIATIONS_CHANGED, 0, None, None)
