"""The rules by which rows and cells are coloured, in a small panel over the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.models.query import Condition, Where
from crm_desktop.ui.painting import box, focus_ring, tone_colors
from crm_desktop.ui.record_list import state as st
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.theme import color, px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import Button, ToolButton, pressed_by_enter
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.labels import ElidedLabel, Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.popover import Popover

if TYPE_CHECKING:
    from crm_desktop.services.lists.marks import Mark
    from crm_desktop.ui.record_list.condition_form import ConditionForm

TONES = ("bad", "warn", "ok", "info", "accent", "neutral")


def tone_name(tone: str) -> str:
    """The colour in a word."""
    names = {
        "bad": _("Red"), "warn": _("Yellow"), "ok": _("Green"), "info": _("Blue"),
        "accent": _("Colour of the program"), "neutral": _("Grey"),
    }  # fmt: skip
    return names[tone]


class ToneButton(QAbstractButton):
    """A patch of a tone; a click goes on to the next one."""

    toned = Signal(str)

    def __init__(self, tone: str) -> None:
        super().__init__()
        self._tone = tone
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(px(30), px(24))
        self.clicked.connect(self._next)
        self._say()

    def _say(self) -> None:
        text = _("Colour: {name}").format(name=tone_name(self._tone))
        self.setAccessibleName(text)
        self.setToolTip(plain_tip(text))

    def _next(self) -> None:
        self._tone = TONES[(TONES.index(self._tone) + 1) % len(TONES)]
        self._say()
        self.update()
        self.toned.emit(self._tone)

    def sizeHint(self) -> QSize:
        return QSize(px(30), px(24))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        bar, soft = tone_colors(self._tone)
        area = self.rect().toRectF().adjusted(3, 3, -3, -3)
        box(painter, area, fill=soft, border=color("line2"))
        painter.fillRect(area.adjusted(1, 1, px(4) - area.width(), -1), bar)
        if self.hasFocus():
            focus_ring(painter, area.adjusted(-2, -2, 2, 2), 5)
        painter.end()


class MarksPanel(QWidget):
    """One line a rule: condition, colour, what is coloured. The first that fits wins."""

    changed = Signal(object)
    """The rules as they are now."""
    add_asked = Signal()
    resized = Signal()

    def __init__(self, controller: ListController) -> None:
        super().__init__()
        self._c = controller
        self._list = QWidget()
        self.add = Button(_("Add a rule"), "add", "ghost")
        self.add.clicked.connect(self.add_asked)
        self.setFocusProxy(self.add)
        hint = _("The first rule that fits colours the row. Rules are kept with the view.")
        self._hint = Label(hint, "small", "text3", wrap=True)
        self._lines = column(gap=4)
        self._list.setLayout(self._lines)
        parts = (Label(_("Colour by condition"), "strong"), self._hint, self._list)
        self.setLayout(column(*parts, row(self.add, None), gap=8))
        self.setFixedWidth(px(460))
        self._words: list[ElidedLabel] = []
        controller.state_changed.connect(self._say)
        self.show_marks()

    def _say(self) -> None:
        """The names of what conditions name may come later than the rules."""
        for words, mark in zip(self._words, self._c.state.marks, strict=False):
            words.setText(self._said(mark))

    def _said(self, mark: Mark) -> str:
        label, text = self._c.texts().chip(mark.where, self._c.titles)
        return f"{label}: {text}" if label else text

    def show_marks(self) -> None:
        """Makes the lines anew."""
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._words = []
        for place, mark in enumerate(self._c.state.marks):
            self._lines.addWidget(self._line(place, mark))
        self.resized.emit()

    def _line(self, place: int, mark: Mark) -> QWidget:
        line = QWidget()
        words = ElidedLabel(self._said(mark), "body", "text")
        self._words.append(words)
        tone = ToneButton(mark.tone)
        tone.toned.connect(lambda found: self._put(place, tone=found))
        where = ComboBox(name=_("What is coloured"))
        where.set_choices([(_("Row"), ""), *self._columns()], mark.path)
        where.currentIndexChanged.connect(
            lambda _n: self._put(place, path=str(where.value() or ""))
        )
        where.setFixedWidth(px(130))
        away = ToolButton("close", _("Remove the rule"), size=24)
        away.clicked.connect(lambda: self._remove(place))
        layout = row(tone, words, where, away, gap=8)
        layout.setStretch(1, 1)
        line.setLayout(layout)
        return line

    def _columns(self) -> list[tuple[str, object]]:
        return [(column.title, column.key) for column in self._c.view.model.columns]

    def _put(self, place: int, **changes: str) -> None:
        import dataclasses

        marks = list(self._c.state.marks)
        marks[place] = dataclasses.replace(marks[place], **changes)
        self.changed.emit(tuple(marks))

    def _remove(self, place: int) -> None:
        marks = self._c.state.marks
        self.changed.emit(marks[:place] + marks[place + 1 :])
        self.show_marks()
        self.add.setFocus()


class Marks(QObject):
    """Opens the panel and puts its rules into the state of the list."""

    def __init__(self, controller: ListController) -> None:
        super().__init__(controller)
        self._c = controller

    def put(self, marks: tuple[Mark, ...]) -> None:
        """Other rules."""
        if marks != self._c.state.marks:
            self._c.show(self._c.state.replace(marks=marks))
            self._c.keep_layout()

    def open(self, anchor: QWidget) -> MarksPanel:
        """Shows the rules."""
        panel = MarksPanel(self._c)
        popover = Popover(panel, name=_("Colour by condition"), parent=self._c.view)
        panel.changed.connect(self.put)
        panel.resized.connect(popover.fit)

        def add() -> None:
            popover.close_panel()
            self.add(anchor)

        panel.add_asked.connect(add)
        popover.open_below(anchor)
        return panel

    def add(self, anchor: QWidget) -> ConditionForm:
        """Asks for the condition of a new rule; then the rules are shown again."""
        from crm_desktop.ui.record_list.condition_form import ConditionForm

        form = ConditionForm(self._c.session, self._c.field_groups(), self._say)
        popover = Popover(form, name=_("Condition"), parent=self._c.view)

        def take(conditions: tuple[Condition, ...]) -> None:
            popover.close_panel()
            if conditions:
                self.take(st.either(conditions))
                self.open(anchor)

        form.applied.connect(take)
        form.resized.connect(popover.fit)
        popover.open_below(anchor)
        return form

    def _say(self, condition: Condition) -> str:
        label, text = self._c.texts().chip(condition, self._c.titles)
        return f"{label}: {text}"

    def take(self, where: Where) -> None:
        """A new rule, in the first colour that no rule has yet; a toast says if it cannot be."""
        from crm_desktop.services.lists.marks import MOST_MARKS, Mark, check_mark

        base, marks = self._c.session.base, self._c.state.marks
        try:
            check_mark(base.catalogue, self._c.entity, where, base.lists.context())
        except UserError as error:
            self._c.navigator.refuse(error)
            return
        used = {mark.tone for mark in marks}
        tone = next((tone for tone in TONES if tone not in used), TONES[0])
        self.put((*marks, Mark(where, tone))[:MOST_MARKS])
