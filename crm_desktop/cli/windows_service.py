"""`serve` under the control of services of Windows; imported on Windows alone.

Windows waits half a minute for a process to answer, so the program itself is imported afterwards.
"""

from __future__ import annotations

import logging
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import servicemanager
import win32service
import win32serviceutil

from crm_desktop.i18n import _
from crm_desktop.log import start_log
from crm_desktop.services.system_service import windows_rules as rules
from crm_desktop.services.system_service.lifecycle import Lifecycle, State
from crm_desktop.services.system_service.order import NAME

if TYPE_CHECKING:
    from crm_desktop.cli.serving import Serving

_log = logging.getLogger("crm_desktop.serve")


def host(data: str, words: list[str]) -> None:
    """Returns when the service has ended."""
    start_log(rules.home_in(Path(data)))
    _Service.data, _Service.words = Path(data), words
    servicemanager.Initialize(NAME, None)
    servicemanager.PrepareToHostSingle(_Service)
    servicemanager.StartServiceCtrlDispatcher()


def _serving(data: Path, words: list[str]) -> Serving:
    from crm_desktop import i18n
    from crm_desktop.cli.parser import build_parser
    from crm_desktop.cli.serving import COMMAND, Serving, nightly_of
    from crm_desktop.services.os_integration.passwords import PASSWORD_VARIABLE, with_password
    from crm_desktop.services.system_service.windows_api import read_secret
    from crm_desktop.settings import HOME_VARIABLE

    os.environ[HOME_VARIABLE] = str(rules.home_in(data))
    i18n.set_language(words[words.index("--language") + 1])
    given = build_parser().parse_args([COMMAND, *words])
    os.environ[PASSWORD_VARIABLE] = read_secret(rules.secret_in(data))
    return Serving(with_password(given.base), nightly_of(given), say=_log.info)


class _Service(win32serviceutil.ServiceFramework):
    _svc_name_ = NAME
    _svc_display_name_ = NAME
    data: ClassVar[Path] = Path()
    words: ClassVar[list[str]] = []

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self._life = Lifecycle(partial(_serving, self.data, self.words), self._tell, _note)

    def SvcDoRun(self) -> None:  # noqa: N802 - the framework's name
        """An error is what makes Windows start it again."""
        if not self._life.run():
            raise RuntimeError(_("The service failed; its log says why"))

    def SvcStop(self) -> None:  # noqa: N802 - the framework's name
        """Asked by an administrator."""
        self._life.stop()

    def SvcShutdown(self) -> None:  # noqa: N802 - the framework's name
        """The computer goes off."""
        self._life.stop()

    def _tell(self, state: State) -> None:
        if state is State.STOPPING:
            pending = win32service.SERVICE_STOP_PENDING
            self.ReportServiceStatus(pending, waitHint=rules.STOP_S * 1000)
        else:
            self.ReportServiceStatus(win32service.SERVICE_RUNNING)


def _note(sentence: str, is_problem: bool) -> None:
    _log.log(logging.ERROR if is_problem else logging.INFO, "%s", sentence)
    (servicemanager.LogErrorMsg if is_problem else servicemanager.LogInfoMsg)(sentence)
