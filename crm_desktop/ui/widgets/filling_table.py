"""A table as wide as its room: one column takes what the others leave."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView

from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.table_view import TableView


class FillingTable(TableView):
    """Its columns stand still. Call `fit` whenever the columns are others."""

    def __init__(
        self, *, name: str, least: int, wide: int = 0, going: tuple[int, ...] = (),
        narrowest: int = 0,
    ) -> None:  # fmt: skip
        """The column `wide` has at least `least` pixels at 100 %; the columns `going` hide one
        after another where it has less. With `narrowest` the others give way evenly, as far as
        that; where it is not enough, the table scrolls sideways."""
        super().__init__(name=name)
        self.wide = wide
        self._least, self._going, self._narrowest = least, going, narrowest
        self.head.setSectionsMovable(False)
        if not narrowest:
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def fit(self) -> None:
        """Gives the columns their widths."""
        self.size_columns()
        self.head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        widths, least = [px(one.width) for one in self.paged().columns], px(self._least)
        if self._narrowest and len(widths) > 1:
            each = (self.viewport().width() - least) // (len(widths) - 1)
            widths = [min(usual, max(px(self._narrowest), each)) for usual in widths]
            for place, width in enumerate(widths):
                self.setColumnWidth(place, width)
        room = self.viewport().width() - sum(widths) + widths[self.wide]
        for place in self._going:
            self.setColumnHidden(place, room < least)
            room += widths[place] if self.isColumnHidden(place) else 0
        self.setColumnWidth(self.wide, max(least, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.model() is not None and self.paged().columns:
            self.fit()
