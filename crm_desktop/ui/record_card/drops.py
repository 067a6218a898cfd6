"""What is dropped on a card or pasted into it goes to the part that can take it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.card_parts import DropPart
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.drop_frame import DropFrame


class CardDrops(QObject):
    """Watches a card; what no part takes goes on to the window."""

    def __init__(self, card: QWidget, controller: CardController) -> None:
        super().__init__(card)
        self._controller = controller
        self.frame = DropFrame(card)
        if controller.parts.drops:
            card.setAcceptDrops(True)
            card.installEventFilter(self)

    def paste(self) -> bool:
        """Takes what the clipboard holds; False if no part wants it."""
        return self._take(QGuiApplication.clipboard().mimeData())

    def _part(self, mime: QMimeData) -> DropPart | None:
        contents = self._controller.contents
        if contents is None:
            return None
        catalogue = self._controller.session.base.catalogue
        parts = self._controller.parts.drops.values()
        return next((p for p in parts if p.accepts(catalogue, contents.entity, mime)), None)

    def _take(self, mime: QMimeData) -> bool:
        part = self._part(mime)
        if part is not None and not self._controller.rights.stops():
            part.take(self._controller, mime)
        return part is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent | QDragMoveEvent):
            part = self._part(event.mimeData())
            if part is not None:
                self.frame.say(_(part.over))
                event.acceptProposedAction()
                return True
        if event.type() in (QEvent.Type.DragLeave, QEvent.Type.Drop):
            self.frame.say("")
        dropped = event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent)
        if dropped and self._take(event.mimeData()):
            event.acceptProposedAction()
            return True
        return super().eventFilter(watched, event)
