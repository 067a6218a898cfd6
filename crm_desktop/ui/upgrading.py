"""Asks the administrator of a base on a server whether it is to be brought to this version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crm_desktop.errors import UpgradeOffered, UserError
from crm_desktop.i18n import _
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.messages import Verb, question

if TYPE_CHECKING:
    from crm_desktop.ui.widgets.dialog import Dialog


class UpgradeDesk(QObject):
    """One a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._w = window
        self.box: Dialog | None = None
        window.session.failed.connect(self._failed)

    def _failed(self, error: UserError) -> None:
        if not isinstance(error, UpgradeOffered) or self.box is not None:
            return
        address, verb = self._w.session.failed_address, Verb("yes", _("Copy and upgrade"), False)
        self.box = question(self._w.view, _("Upgrade the base?"), error.message, (verb,))
        self.box.finished.connect(lambda chosen: self._answered(address, chosen))
        self.box.open()

    def _answered(self, address: str, chosen: int) -> None:
        box, self.box = self.box, None
        if box is not None:
            box.deleteLater()
        if chosen:
            self._w.session.upgrade(address)
