"""The editor of a path to a document."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.editors.lines import TextEditor
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.messages import tell
from crm_desktop.ui.widgets.buttons import ToolButton


class FileEditor(TextEditor):
    """A path or address, typed or chosen; the whole of it is shown, not the name alone."""

    def _build(self) -> QWidget:
        built = super()._build()
        self._choose = ToolButton("folder-open", "", size=24)
        self._choose.clicked.connect(self._ask)
        self._go = ToolButton("open", "", size=24)
        self._go.clicked.connect(self._open)
        self.line.add_side(self._choose)
        self.line.add_side(self._go)
        keep_translated(self, self._say_tips)
        return built

    def _for_typing(self, value: Any) -> str:
        return str(value or "")

    def _prepared(self, text: str) -> str:
        quoted = len(text) > 1 and text[0] == text[-1] == '"'  # as Windows copies a path
        return QUrl(text).toLocalFile() if text.startswith("file:") else text.strip('"' * quoted)

    def _say_tips(self) -> None:
        self._choose.set_tip(_("Choose a file"))
        self._go.set_tip(_("Open the file"))

    def _ask(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, _("Choose a file"), self.line.text())
        if path:
            self.set_raw(path)

    def _open(self) -> None:
        if self.check() or not self.value():
            return
        from crm_desktop.services.files.opening import why_not_opened

        address = str(self.value())
        refused = why_not_opened(address)
        if refused:
            tell(self.window(), _("Open the file"), refused)
        else:
            web = "://" in address
            QDesktopServices.openUrl(QUrl(address) if web else QUrl.fromLocalFile(address))
