"""The files of a record as an item model: rows, words, small pictures that come later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage, QPixmap

from crm_desktop.ui.tips import plain_tip

if TYPE_CHECKING:
    from crm_desktop.services.files.rows import FileRow

_Index = QModelIndex | QPersistentModelIndex
_MOST_THUMBS = 400


class FileModel(QAbstractListModel):
    """Rows in the order given."""

    renamed = Signal(object, str)
    """(FileRow, the name that was typed)"""
    thumb_wanted = Signal()
    """A picture was about to be painted that is not there: ask `wanted_thumbs`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[FileRow, ...] = ()
        self.details: dict[int, str] = {}
        """The second line of each file, by the file's id."""
        self._thumbs: dict[str, QPixmap] = {}
        self._wanted: dict[str, FileRow] = {}

    def set_rows(self, rows: Sequence[FileRow], details: dict[int, str]) -> None:
        """Shows these; the same files keep their places in the selection."""
        same = [row.ref for row in rows] == [row.ref for row in self.rows]
        if same:
            self.rows, self.details = tuple(rows), details
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows, self.details = tuple(rows), details
        self.endResetModel()

    def thumb(self, row: FileRow) -> QPixmap | None:
        """The small picture of a file, if it has one that is known already."""
        if row.kind != "image":
            return None
        found = self._thumbs.get(row.digest)
        if found is None and row.digest not in self._wanted:
            self._wanted[row.digest] = row
            self.thumb_wanted.emit()
        return found if found is not None and not found.isNull() else None

    def wanted_thumbs(self, most: int = 8) -> list[FileRow]:
        """The next pictures to be read."""
        present = {row.digest for row in self.rows}
        self._wanted = {d: row for d, row in self._wanted.items() if d in present}
        return [row for d, row in self._wanted.items() if d not in self._thumbs][:most]

    def set_thumbs(self, found: dict[str, QImage]) -> None:
        """Pictures have come."""
        if len(self._thumbs) > _MOST_THUMBS:
            self._thumbs.clear()
        for digest, image in found.items():
            self._thumbs[digest] = QPixmap.fromImage(image)
            self._wanted.pop(digest, None)
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def at(self, index: _Index) -> FileRow | None:
        """The file of an index."""
        return self.rows[index.row()] if index.isValid() else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.name}. {self.details.get(row.ref.id, '')}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("\n".join(filter(None, (row.name, row.note))))
        return None

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.EditRole and str(value).strip() not in ("", row.name):
            self.renamed.emit(row, str(value))
        return False

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flag = Qt.ItemFlag
        return (
            flag.ItemIsEnabled
            | flag.ItemIsSelectable
            | flag.ItemIsEditable
            | flag.ItemIsDragEnabled
        )
