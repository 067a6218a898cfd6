"""What a list shows: a cell, a row with its identity, a column. Plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt, SignalInstance

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from crm_desktop.models.catalogue.definitions import Ref

CELL_ROLE = Qt.ItemDataRole.UserRole + 1
"""The role under which a model gives the `Cell`, or None while it is not loaded."""
ID_ROLE = Qt.ItemDataRole.UserRole + 2

KINDS = ("title", "text", "muted", "number", "money", "date", "pill", "check", "link", "group",
         "tags")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as it is to be read: text and kind, nothing of its type.

    `tone` colours a pill; of the kind "tags", names parted by commas, it holds as many tones parted
    by commas; `avatar` is "round" or "square" for a title with one; `tag` is a small
    word in a box after a title; `bad` paints the text red, for money owed or a date gone by.

    `mark` is the tone of the ground, `striped` puts a bar of it at the left. Of the kind "group",
    the head of a group, `avatar` says "open" or "folded", `tag` counts, `depth` is its level; -1
    is a sum that stands at the right. `face` is whom a link names, where a picture of such records
    may stand before the name.
    """

    text: str
    kind: str = "text"
    tone: str = ""
    avatar: str = ""
    tag: str = ""
    bad: bool = False
    mark: str = ""
    striped: bool = False
    depth: int = 0
    face: Ref | None = None


class Faces(Protocol):
    """Who knows pictures of records (`ui/portraits`)."""

    @property
    def changed(self) -> SignalInstance:
        """There is more to draw."""
        ...

    def of(self, ref: Ref) -> QPixmap | None:
        """The picture that is known."""
        ...


class Row:
    """The cells of a record, in the order of the columns, and its id.

    The cells may be made when they are first looked at: of a page that is read ahead, few are.
    """

    __slots__ = ("_cells", "_make", "id")

    def __init__(self, id_: int, cells: tuple[Cell, ...]) -> None:
        self.id = id_
        self._cells: tuple[Cell, ...] | None = cells
        self._make: Callable[[], tuple[Cell, ...]] | None = None

    @classmethod
    def later(cls, id_: int, make: Callable[[], tuple[Cell, ...]]) -> Row:
        """A row whose cells `make` gives, in a few microseconds, when they are needed."""
        row = cls(id_, ())
        row._cells, row._make = None, make
        return row

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells."""
        if self._cells is None:
            assert self._make is not None
            self._cells, self._make = self._make(), None
        return self._cells

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and (self.id, self.cells) == (other.id, other.cells)

    def __hash__(self) -> int:
        return hash((self.id, self.cells))

    def __repr__(self) -> str:
        return f"Row({self.id}, {self.cells})"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, heading, usual width in px at 100 %, and whether figures stand right."""

    key: str
    title: str
    width: int = 140
    right: bool = False
    sortable: bool = True
