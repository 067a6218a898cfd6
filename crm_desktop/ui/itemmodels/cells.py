"""What a list shows: a cell, a row with its identity, a column. Plain values."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt

CELL_ROLE = Qt.ItemDataRole.UserRole + 1
"""The role under which a model gives the `Cell`, or None while it is not loaded."""
ID_ROLE = Qt.ItemDataRole.UserRole + 2

KINDS = ("title", "text", "muted", "number", "money", "date", "pill", "check", "link")


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as it is to be read: text and kind, nothing of its type.

    `tone` colours a pill; `avatar` is "round" or "square" for a title with one; `tag` is a small
    word in a box after a title; `bad` paints the text red, for money owed or a date gone by.
    """

    text: str
    kind: str = "text"
    tone: str = ""
    avatar: str = ""
    tag: str = ""
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a record, in the order of the columns, and its id."""

    id: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, heading, usual width in px at 100 %, and whether figures stand right."""

    key: str
    title: str
    width: int = 140
    right: bool = False
    sortable: bool = True
