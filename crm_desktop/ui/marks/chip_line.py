"""Chips one behind the other, in as many lines as the width asks for."""

from __future__ import annotations

from abc import abstractmethod
from itertools import pairwise

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.ui.card_parts import PartWidget
from crm_desktop.ui.marks.chips import MarkChip
from crm_desktop.ui.theme import px

_GAP = 6


class ChipLine(PartWidget):
    """A part of the head of a card that is made of chips."""

    def __init__(self) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @staticmethod
    def _drop(chips: list[MarkChip]) -> None:
        for chip in chips:
            chip.hide()
            chip.deleteLater()
        chips.clear()

    @abstractmethod
    def _parts(self) -> list[MarkChip]:
        """The chips in their order."""

    def _arrange(self) -> None:
        """Chips were added or taken away."""
        self._place(self.width(), move=True)
        for before, chip in pairwise(self._parts()):
            QWidget.setTabOrder(before, chip)
        self.updateGeometry()

    def _place(self, width: int, *, move: bool) -> int:
        """Puts the chips in lines of this width; the height they need."""
        left, top, tall = 0, 0, 0
        for chip in self._parts():
            size = chip.sizeHint()
            if left and left + size.width() > width:
                left, top = 0, top + size.height() + px(_GAP)
            if move:
                chip.setGeometry(left, top, min(size.width(), max(width, px(40))), size.height())
            left += size.width() + px(_GAP)
            tall = top + size.height()
        return tall

    # --- Qt ---------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        sizes = [chip.sizeHint() for chip in self._parts()]
        wide = sum(size.width() + px(_GAP) for size in sizes)
        return QSize(wide, max((size.height() for size in sizes), default=0))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(60), self.sizeHint().height())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(width, move=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self.width(), move=True)
