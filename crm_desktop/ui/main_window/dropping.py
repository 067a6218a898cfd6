"""Files that are dropped onto the window: a base is opened, a table is brought in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

_OPENED = (
    ".crm", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt", ".vcf",
    ".ldif", ".json",
)  # fmt: skip


class Dropping(QObject):
    """Watches a window; a widget of it that takes drops itself comes first."""

    dropped = Signal(list)
    """The paths of the files that the program can do something with."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent):
            if not usable(event.mimeData()):
                return False
            event.acceptProposedAction()
            return True
        if event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            files = usable(event.mimeData())
            if files:
                event.acceptProposedAction()
                self.dropped.emit(files)
            return True
        return super().eventFilter(watched, event)


def usable(mime: QMimeData) -> list[str]:
    """The local files of a drag that are bases or tables, by their endings."""
    paths = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if path.lower().endswith(_OPENED)]
