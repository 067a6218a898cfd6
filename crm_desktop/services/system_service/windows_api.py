"""The calls of Windows behind `crm-desktop service`: thin, and imported on Windows alone."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pywintypes
import servicemanager
import win32con
import win32crypt
import win32evtlogutil
import win32file
import win32security
import win32service

from crm_desktop.i18n import _
from crm_desktop.services.system_service import windows_rules as rules
from crm_desktop.services.system_service.order import NAME
from crm_desktop.services.system_service.windows import Found

_STATES = {
    win32service.SERVICE_STOPPED: "stopped",
    win32service.SERVICE_START_PENDING: "starting",
    win32service.SERVICE_STOP_PENDING: "stopping",
    win32service.SERVICE_RUNNING: "running",
}
_NOT_THERE, _NOT_RUNNING, _TOO_LATE = 1060, 1062, 1053
_SID_UNRESTRICTED = 1
_LOCAL_MACHINE = 4  # CRYPTPROTECT_LOCAL_MACHINE: any account of this computer that has the file
_REVISION = 1
_LOOK_S = 0.25


class WindowsApi:
    """See `Api`."""

    def is_administrator(self) -> bool:
        """Whether the command prompt is elevated."""
        return bool(ctypes.windll.shell32.IsUserAnAdmin())  # type: ignore[attr-defined]

    def found(self) -> Found | None:
        """What is known of the service without being an administrator."""
        try:
            service = _service(
                win32service.SERVICE_QUERY_CONFIG | win32service.SERVICE_QUERY_STATUS,
                win32service.SC_MANAGER_CONNECT,
            )
            config = win32service.QueryServiceConfig(service)
            state = win32service.QueryServiceStatus(service)[1]
        except pywintypes.error as error:
            if error.winerror == _NOT_THERE:
                return None
            raise rules.refusal(error.winerror, error.strerror) from error
        by_itself = config[1] == win32service.SERVICE_AUTO_START
        return Found(_STATES.get(state, str(state)), by_itself, rules.words_of(config[3]))

    def create(self, command: str) -> list[str]:
        """See `Api`."""
        with _told():
            service = win32service.CreateService(
                win32service.OpenSCManager(None, None, win32service.SC_MANAGER_ALL_ACCESS),
                NAME, _(rules.TITLE), win32service.SERVICE_ALL_ACCESS,
                win32service.SERVICE_WIN32_OWN_PROCESS, win32service.SERVICE_AUTO_START,
                win32service.SERVICE_ERROR_NORMAL, command, None, False, None, rules.ACCOUNT, None,
            )  # fmt: skip
            win32evtlogutil.AddSourceToRegistry(NAME, servicemanager.__file__)
            return _settle(service)

    def start(self) -> None:
        """See `Api`."""
        with _told():
            service = _service(win32service.SERVICE_ALL_ACCESS)
            win32service.StartService(service, None)
            if not _waited(service, win32service.SERVICE_RUNNING, rules.START_S):
                raise rules.refusal(_TOO_LATE, "")

    def stop(self) -> None:
        """See `Api`."""
        with _told():
            service = _service(win32service.SERVICE_ALL_ACCESS)
            try:
                win32service.ControlService(service, win32service.SERVICE_CONTROL_STOP)
            except pywintypes.error as error:
                if error.winerror != _NOT_RUNNING:
                    raise
            _waited(service, win32service.SERVICE_STOPPED, rules.STOP_S)

    def take_away(self) -> None:
        """Takes it away, and its place in the event log."""
        with _told():
            service = _service(win32service.SERVICE_ALL_ACCESS)
            win32service.DeleteService(service)
            win32evtlogutil.RemoveSourceFromRegistry(NAME)

    def make_folder(self, path: Path, rights: str) -> None:
        """See `Api`."""
        path.mkdir(parents=True, exist_ok=True)
        descriptor = _descriptor(rights)
        with _told():
            win32security.SetNamedSecurityInfo(
                str(path), win32security.SE_FILE_OBJECT,
                win32security.DACL_SECURITY_INFORMATION
                | win32security.PROTECTED_DACL_SECURITY_INFORMATION,
                None, None, descriptor.GetSecurityDescriptorDacl(), None,
            )  # fmt: skip

    def let_in(self, path: Path, sid: str) -> None:
        """See `Api`."""
        what = win32security.DACL_SECURITY_INFORMATION
        with _told():
            descriptor = win32security.GetNamedSecurityInfo(
                str(path), win32security.SE_FILE_OBJECT, what
            )
            dacl = descriptor.GetSecurityDescriptorDacl() or win32security.ACL()
            below = win32security.OBJECT_INHERIT_ACE | win32security.CONTAINER_INHERIT_ACE
            dacl.AddAccessAllowedAceEx(
                win32security.ACL_REVISION_DS, below, rules.MODIFY,
                win32security.ConvertStringSidToSid(sid),
            )  # fmt: skip
            win32security.SetNamedSecurityInfo(
                str(path), win32security.SE_FILE_OBJECT, what, None, None, dacl, None
            )

    def keep_secret(self, path: Path, password: str, rights: str) -> None:
        """See `Api`."""
        path.unlink(missing_ok=True)
        with _told():
            sealed = win32crypt.CryptProtectData(
                password.encode("utf-8"), NAME, None, None, None, _LOCAL_MACHINE
            )
            attributes = win32security.SECURITY_ATTRIBUTES()
            attributes.SECURITY_DESCRIPTOR = _descriptor(rights)
            file: Any = win32file.CreateFile(
                str(path), win32con.GENERIC_WRITE, 0, attributes, win32con.CREATE_NEW, 0, None
            )
            try:
                win32file.WriteFile(file, sealed)
            finally:
                file.Close()


def read_secret(path: Path) -> str:
    """The password that `keep_secret` sealed; `ServiceRefused` on another computer."""
    with _told():
        _name, password = win32crypt.CryptUnprotectData(
            path.read_bytes(), None, None, None, _LOCAL_MACHINE
        )
    return bytes(password).decode("utf-8")


def _service(access: int, of_manager: int = win32service.SC_MANAGER_ALL_ACCESS) -> Any:
    return win32service.OpenService(
        win32service.OpenSCManager(None, None, of_manager), NAME, access
    )


def _settle(service: Any) -> list[str]:
    """What a service is told after it was made; what this Windows does not take, in sentences."""
    actions = [(win32service.SC_ACTION_RESTART, pause) for pause in rules.RESTARTS_MS]
    wishes = (
        (win32service.SERVICE_CONFIG_DESCRIPTION, _(rules.TITLE), _("its description")),
        (win32service.SERVICE_CONFIG_DELAYED_AUTO_START_INFO, True, _("the delayed start")),
        (win32service.SERVICE_CONFIG_FAILURE_ACTIONS,
         {"ResetPeriod": rules.FORGIVEN_S, "RebootMsg": "", "Command": "", "Actions": actions},
         _("the start after a failure")),
        (win32service.SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, True, _("the start after a failure")),
        (win32service.SERVICE_CONFIG_SERVICE_SID_INFO, _SID_UNRESTRICTED,
         _("rights of its own")),
    )  # fmt: skip
    refused = []
    for level, value, meaning in wishes:
        try:
            win32service.ChangeServiceConfig2(service, level, value)
        except pywintypes.error as error:
            said = _("! Windows did not take {what}: {reason}")
            refused.append(said.format(what=meaning, reason=error.strerror))
    return refused


def _waited(service: Any, state: int, seconds: float) -> bool:
    """Whether it came to a state in time; a start that failed is not waited for."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        now = win32service.QueryServiceStatus(service)[1]
        if now == state:
            return True
        if now == win32service.SERVICE_STOPPED:
            return False
        time.sleep(_LOOK_S)
    return False


def _descriptor(rights: str) -> Any:
    return win32security.ConvertStringSecurityDescriptorToSecurityDescriptor(rights, _REVISION)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except pywintypes.error as error:
        raise rules.refusal(error.winerror, error.strerror) from error
