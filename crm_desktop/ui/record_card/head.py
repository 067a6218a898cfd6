"""The head of panel and page: name and state, actions, figures, and strips that never scroll away.

What features hang into it is described in `ui.card_parts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.fieldtypes import UserField
from crm_desktop.ui.card_parts import CHIPS, STRIP, Figure, PartWidget
from crm_desktop.ui.painting import focus_ring
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.editing_note import EditingNote
from crm_desktop.ui.record_card.header import CardHeader
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.quick_actions import QuickActions
from crm_desktop.ui.record_card.turning import Turning
from crm_desktop.ui.record_card.values import Surroundings
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import focus_by_key
from crm_desktop.ui.widgets.labels import ElidedLabel, Label
from crm_desktop.ui.widgets.layouts import FlowLayout, Margins, column, row


class _FigureBox(QWidget):
    """A caption above its figure; the figure is a link when it leads somewhere."""

    opened = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._target: Ref | str | None = None
        self._ring = False
        self._caption = Label("", "small", "text3")
        self._text = ElidedLabel("", "strong")
        self.setLayout(column(self._caption, self._text, gap=0))

    def show_figure(self, figure: Figure) -> None:
        """Shows another figure."""
        self._target = figure.target
        self._caption.setText(figure.caption)
        self._text.setText(figure.text)
        leads = figure.target is not None
        self._text.set_ink(figure.tone or ("accent_text" if leads else "text"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if leads else Qt.FocusPolicy.NoFocus)
        hand = Qt.CursorShape.PointingHandCursor
        self.setCursor(hand if leads else Qt.CursorShape.ArrowCursor)
        self.setToolTip(plain_tip(figure.tip))
        self.setAccessibleName(f"{figure.caption}: {figure.text}")

    def words(self) -> tuple[str, str]:
        """(caption, text) as they stand there."""
        return self._caption.text(), self._text.text()

    def _open(self) -> None:
        if self._target is not None:
            self.opened.emit(self._target)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = focus_by_key(event, self._ring)
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._ring and self.hasFocus():
            painter = QPainter(self)
            focus_ring(painter, self.rect().toRectF().adjusted(1, 1, -1, -1))
            painter.end()


class HeaderFigures(QWidget):
    """Figures side by side; nothing, and no room taken, while there are none."""

    opened = Signal(object)
    """The target of a figure: a `Ref`, an address, or the key of a tab."""

    def __init__(self) -> None:
        super().__init__()
        self._boxes: list[_FigureBox] = []
        self._flow = FlowLayout(self, gap=20, line_gap=4)
        self.hide()

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """Shows the figures of another record."""
        while len(self._boxes) < len(figures):
            box = _FigureBox(self)
            box.opened.connect(self.opened)
            self._flow.addWidget(box)
            self._boxes.append(box)
        for place, box in enumerate(self._boxes):
            if place < len(figures):
                box.show_figure(figures[place])
            box.setVisible(place < len(figures))
        self.setVisible(bool(figures))
        self.updateGeometry()

    def texts(self) -> list[tuple[str, str]]:
        """(caption, text) of what is shown."""
        return [b.words() for b in self._boxes if b.isVisibleTo(self)]


class CardHead(QWidget):
    """Everything above the tabs of a card."""

    figure_opened = Signal(object)

    def __init__(
        self, controller: CardController, header: CardHeader, actions: QuickActions,
        *, margins: Margins, wide: bool,
    ) -> None:  # fmt: skip
        """`wide`: figures stand beside the actions, not below them."""
        super().__init__()
        self._controller = controller
        self.header, self.actions = header, actions
        self.figures = HeaderFigures()
        self.figures.opened.connect(self.figure_opened)
        self._contents: CardContents | None = None
        self._turning = Turning(controller.session, self)
        self._turning.turned.connect(self._say_figures)
        self._widgets: dict[str, PartWidget] = {}
        self._strips = column(gap=0)
        self.editing = EditingNote(controller, brief=not wide)
        header.add_beside_state(self.editing)
        beside = row(actions, self.figures, gap=24) if wide else column(actions, self.figures)
        if wide:
            beside.setStretch(1, 1)
        top = column(header, beside, gap=12, margins=margins)
        self.setLayout(column(top, self._strips, gap=0))

    def show_contents(self, contents: CardContents, around: Surroundings) -> None:
        """Shows another record, or the same one after a change."""
        self.header.show_contents(contents, around)
        self.editing.look()
        self.actions.show_contents(contents, around)
        self._contents = contents
        self._say_figures()
        for key, part in self._controller.parts.header.items():
            value = contents.parts.get(key)
            if key not in self._widgets and value is not None:
                self._add(key, part.place, part.make(self._controller))
            if key in self._widgets:
                self._fill(self._widgets[key], value, contents, around)

    def _say_figures(self) -> None:
        if self._contents is None:
            return
        around = self._controller.around()
        figures = self._figures(self._contents, around)
        self.figures.show_figures(figures)
        self._turning.wait_for((f.turns for f in figures if f.turns is not None), around.now)

    def part(self, key: str) -> PartWidget | None:
        """The widget of a part, once there was something to show."""
        return self._widgets.get(key)

    def _add(self, key: str, place: str, widget: PartWidget) -> None:
        self._widgets[key] = widget
        if place == STRIP:
            self._strips.addWidget(widget)
        elif place == CHIPS:
            self.header.add_chips(widget)
        else:
            raise ValueError(f"{place!r} is no place of a header part")

    @staticmethod
    def _fill(widget: PartWidget, value: Any, contents: CardContents, around: Surroundings) -> None:
        if value is not None:
            widget.show_part(value, contents, around)
        widget.setVisible(value is not None)

    def _figures(self, contents: CardContents, around: Surroundings) -> list[Figure]:
        found: list[Figure] = []
        for key, source in self._controller.parts.figures.items():
            value = contents.figures.get(key)
            if value is not None:
                found += source.say(value, around)
        return [*_responsible(contents, around), *found]


def _responsible(contents: CardContents, around: Surroundings) -> list[Figure]:
    """The colleague who looks after the record, if the object has such a field."""
    for f in contents.entity.form_fields():
        if isinstance(f, UserField) and contents.values.get(f.key):
            ref = Ref(f.target, contents.values[f.key])
            title = around.titles.get(ref)
            return [Figure(_(f.label), title.text, target=ref)] if title is not None else []
    return []
