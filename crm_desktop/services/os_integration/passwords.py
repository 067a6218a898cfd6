"""Passwords of servers, kept where the system keeps secrets and nowhere else.

The Secret Service of a Linux desktop, the Credential Locker of Windows: `keyring` knows them and is
imported only when a server is opened. Where there is none, or only one that would write the
password in clear, nothing is kept and the person is asked each time.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from crm_desktop.models.backend.connect import is_server_address
from crm_desktop.settings import without_password

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "CRM Desktop"
PASSWORD_VARIABLE = "CRM_DESKTOP_PASSWORD"
"""Holds the password for addresses that name none; for programs that run without a person."""
CREDENTIAL = "crm-desktop-password"
"""The file that holds the password of a service, in the folder that systemd names: a copy which
that service alone can read."""
_CREDENTIALS_VARIABLE = "CREDENTIALS_DIRECTORY"
_SAFE = 1  # the least priority of a backend that keyring itself recommends
_log = logging.getLogger(__name__)


def can_keep() -> bool:
    """Whether this computer has a safe place for passwords. It may take a second to find out."""
    return _store() is not None


def keep(address: str) -> bool:
    """Keeps the password of a server's address; whether that was possible."""
    store, password = _store(), _password(address)
    if store is None or not password:
        return False
    try:
        store.set_password(SERVICE, _name(address), password)
    except _errors() as error:
        _log.warning("The password was not kept: %s", type(error).__name__)
        return False
    return True


def forget(address: str) -> None:
    """Takes the password out of the safe place, if it is there."""
    store = _store()
    if store is None:
        return
    try:
        store.delete_password(SERVICE, _name(address))
    except _errors():  # none was kept
        return


def keep_instead(address: str, password: str) -> str:
    """The address with another password, which takes the place of the one that was kept for it."""
    changed, store = _set(address, password), _store()
    try:
        if store is not None and store.get_password(SERVICE, _name(address)):
            store.set_password(SERVICE, _name(address), password)
    except _errors() as error:
        _log.warning("The password was not kept: %s", type(error).__name__)
    return changed


def with_password(address: str) -> str:
    """The address as it is opened: with the password that was kept for it, if it names none."""
    if not is_server_address(address) or _password(address):
        return address
    if given := os.environ.get(PASSWORD_VARIABLE) or _of_service():
        return _set(address, given)
    store = _store()
    try:
        found = store.get_password(SERVICE, _name(address)) if store is not None else None
    except _errors() as error:
        _log.warning("The password was not read: %s", type(error).__name__)
        return address
    return _set(address, found) if found else address


def _of_service() -> str:
    folder = os.environ.get(_CREDENTIALS_VARIABLE)
    if not folder:
        return ""
    try:
        return (Path(folder) / CREDENTIAL).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:  # another service's folder, without ours
        _log.warning("The password was not read: %s", type(error).__name__)
        return ""


def _set(address: str, password: str) -> str:
    try:
        url = sa.make_url(address)
    except (sa.exc.ArgumentError, ValueError):  # whoever opens it says what is wrong with it
        return address
    return url.set(password=password).render_as_string(hide_password=False)


def _password(address: str) -> str:
    try:
        return str(sa.make_url(address).password or "")
    except (sa.exc.ArgumentError, ValueError):  # whoever opens it says what is wrong with it
        return ""


def _name(address: str) -> str:
    return without_password(address).partition("://")[2]


def _store() -> KeyringBackend | None:
    try:
        import keyring
    except ImportError:
        return None
    try:
        found: Any = keyring.get_keyring()
        return found if found.priority >= _SAFE else None
    except _errors():
        return None


def _errors() -> tuple[type[Exception], ...]:
    """What a backend may raise: its own errors, and those of the bus behind it."""
    from keyring.errors import KeyringError

    return KeyringError, OSError, RuntimeError, ValueError
