"""A cell of a list that is typed into: what stood there, what is said of it, what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _, language
from crm_desktop.models.catalogue.definitions import Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.ui.drafts.in_place import HandedOver
from crm_desktop.ui.drafts.local import typed_words
from crm_desktop.ui.painting import LEFT, elided
from crm_desktop.ui.theme import color, font, px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.labels import Label

if TYPE_CHECKING:
    from crm_desktop.services.series.card import DateOfSeries


@dataclass(frozen=True)
class Cell:
    """The cell that is edited: what stood there when the editor opened, at which version."""

    record: int
    field: Field
    value: Any
    version: int | None
    date: DateOfSeries | None = None
    """Of a series the date that is meant: the next one."""


@dataclass(eq=False)
class Given:
    """A value on its way to the base, as it was typed (`raw`) and for which dates of a series."""

    cell: Cell
    value: Any
    raw: Any
    extent: str
    why: str = ""
    """Why it was not saved; '' while it is being saved."""
    waits: bool = False
    """For the server: it is saved when that is back, and asks nobody."""
    saved: bool = False
    titles: dict[Ref, Any] = dataclass_field(default_factory=dict)
    """Of what somebody else has put there."""

    @property
    def place(self) -> tuple[int, str]:
        """The record and the field."""
        return self.cell.record, self.cell.field.key

    @property
    def shown(self) -> str:
        """What was typed, as the cell shows it."""
        return typed_words(self.cell.field, self.raw)

    def handed_over(self, entity: str) -> HandedOver:
        """The same for the draft of its record."""
        return HandedOver(
            Ref(entity, self.cell.record), self.cell.field.key, self.cell.version or 0, self.raw
        )

    def in_words(self, sentence: str) -> str:
        """The sentence with what was `typed` and `why` it was not saved."""
        return sentence.format(typed=f"{_(self.cell.field.label)}: {self.shown}", why=self.why)


class CellNote(Label):
    """What is wrong, or how words are taken, on a ground of its own under the cell."""

    def __init__(self, sentence: str, ink: str) -> None:
        super().__init__(sentence, "small", ink, wrap=True)
        self.setAutoFillBackground(True)
        self.setMargin(px(6))


class HeldMark(QWidget):
    """What was typed into a cell, over it, until it is in the base. It takes no click."""

    def __init__(self, what: Given, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = what.shown.partition("\n")[0]
        self._ground, self._ink = ("warn_soft", "text") if what.why else ("hover", "text2")
        self.setToolTip(plain_tip(what.why))
        self.setAccessibleName(what.shown)
        self.setAccessibleDescription(what.why)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface"))
        painter.fillRect(self.rect(), color(self._ground))
        painter.setPen(color(self._ink))
        painter.setFont(font("body"))
        room = QRectF(self.rect()).adjusted(px(8), 0, -px(4), 0)
        painter.drawText(room, LEFT, elided(self._text, "body", room.width()))
        painter.end()


def ref_of(f: Field, value: Any) -> Ref | None:
    """The record that a value leads to."""
    if isinstance(f, LinkField):
        return Ref(f.target, value)
    return value if isinstance(value, Ref) else None


def words_of(f: Field, value: Any, titles: Mapping[Ref, Any]) -> str:
    """A value as people read it; `titles`: of the record that it leads to."""
    ref = ref_of(f, value) if value is not None else None
    if ref is not None:
        return titles[ref].text if ref in titles else "…"
    return f.format(value, language()) or "—"
