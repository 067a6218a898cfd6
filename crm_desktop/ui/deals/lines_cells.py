"""How cells of the lines are painted and edited."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from crm_desktop.i18n import _
from crm_desktop.services.line_entry import TYPED
from crm_desktop.ui.deals.lines_model import COLUMNS, LinesModel, is_number
from crm_desktop.ui.painting import CENTER, LEFT, RIGHT, elided, focus_ring
from crm_desktop.ui.theme import color, font, px
from crm_desktop.ui.widgets.inputs import LineEdit

_Index = QModelIndex | QPersistentModelIndex
_ONWARD = QAbstractItemDelegate.EndEditHint.EditNextItem
_BACK = QAbstractItemDelegate.EndEditHint.EditPreviousItem
HINTS = {
    Qt.Key.Key_Return: _ONWARD, Qt.Key.Key_Enter: _ONWARD, Qt.Key.Key_Tab: _ONWARD,
    Qt.Key.Key_Backtab: _BACK,
}  # fmt: skip
_PAD = 10


class LineCells(QStyledItemDelegate):
    """Plain text, figures at the right; a ring around the cell that has the keyboard."""

    typing = Signal()
    """A letter was typed into a cell."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view

    def _model(self) -> LinesModel:
        model = self._view.model()
        assert isinstance(model, LinesModel)
        return model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model, rect = self._model(), option.rect
        row, key = index.row(), COLUMNS[index.column()]
        current = self._view.currentIndex()
        painter.save()
        painter.fillRect(rect, color(self._ground(option, is_current_row=current.row() == row)))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, color("line"))
        text, ink = model.text(row, key), "text" if key in TYPED else "text2"
        if not text and row == model.rowCount() - 1 and key == model.entity.title_field:
            text, ink = _("Add a line"), "text3"
        painter.setFont(font("strong" if key == "total" else "body"))
        painter.setPen(color(ink))
        inner = QRectF(rect.adjusted(px(_PAD), 0, -px(_PAD), 0))
        align = RIGHT if is_number(model.entity, key) else LEFT
        painter.drawText(inner, align, elided(text, "body", inner.width()))
        if current.row() == row and current.column() == index.column() and self._view.hasFocus():
            focus_ring(painter, QRectF(rect).adjusted(1, 1, -1, -2), px(4))
        painter.restore()

    def _ground(self, option: QStyleOptionViewItem, *, is_current_row: bool) -> str:
        """Over that of the style, on which words in dark colours cannot be read."""
        if not self._view.hasFocus():
            return "surface"
        if option.state & QStyle.StateFlag.State_Selected:
            return "select"
        return "sunken" if is_current_row else "surface"

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        model, key = self._model(), COLUMNS[index.column()]
        editor = LineEdit(name=_(model.entity.field(key).label), parent=parent)
        editor.setAutoFillBackground(True)
        editor.textEdited.connect(self.typing)
        if is_number(model.entity, key):
            editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: _Index
    ) -> None:
        editor.setFixedHeight(option.rect.height() - 1)
        editor.setGeometry(option.rect.adjusted(0, 0, 0, -1))

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """What was typed already stays: the rest of the line may be told anew meanwhile."""
        assert isinstance(editor, LineEdit)
        if not editor.isModified():
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: _Index) -> None:
        assert isinstance(editor, LineEdit)
        self._model().setData(index, editor.text())

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(px(80), px(36))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            hint = HINTS.get(Qt.Key(event.key()))
            if hint is not None and isinstance(watched, QWidget):
                self.commitData.emit(watched)
                self.closeEditor.emit(watched, hint)
                return True
        return super().eventFilter(watched, event)


class LineNumbers(QHeaderView):
    """The numbers of the lines; dragging one moves its line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFrameShape(QHeaderView.Shape.NoFrame)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setDefaultSectionSize(px(36))
        self.setFixedWidth(px(34))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        below = self.viewport().rect().adjusted(0, self.length(), 0, 0)
        painter.fillRect(below, color("surface"))

    def paintSection(self, painter: QPainter, rect: object, section: int) -> None:
        painter.save()
        area = QRectF(rect)  # type: ignore[call-overload]
        painter.fillRect(area, color("surface"))
        painter.setFont(font("small"))
        painter.setPen(color("text3"))
        text = self.model().headerData(section, Qt.Orientation.Vertical)
        painter.drawText(area, CENTER, str(text or ""))
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), color("line"))
        painter.restore()
