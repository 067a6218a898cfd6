"""The popover of a condition: which field, how it is compared, with what; or something else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.query import Condition
from crm_desktop.ui.record_list.condition_inputs import ConditionInput, input_for
from crm_desktop.ui.record_list.condition_texts import operator_text
from crm_desktop.ui.record_list.fields import FieldChoice
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.labels import ElidedLabel, Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.pick_list import PickItem, PickList

_WIDE = 320
_BY_TAB = Qt.FocusPolicy.TabFocus


class ConditionForm(QWidget):
    """Makes one chip: a condition, or several of which one must hold.

    `choices` are the fields to choose from: (heading, fields) each.
    """

    applied = Signal(object)
    """The conditions, a tuple; empty: the chip goes."""
    resized = Signal()

    def __init__(
        self,
        session: Session,
        groups: Sequence[tuple[str, Sequence[FieldChoice]]],
        say: Callable[[Condition], str],
    ) -> None:
        """`say` puts a condition in words, for those that stand beside the one edited."""
        super().__init__()
        self._session, self._say = session, say
        self._choices = {c.path: c for _heading, choices in groups for c in choices}
        self._others: list[Condition] = []
        self._choice: FieldChoice | None = None
        self._input: ConditionInput | None = None
        self._pick = PickList(name=_("Fields"), search=_("Find a field"))
        self._pick.picked.connect(self._choose)
        self._pick.set_items(_field_items(groups))
        self._page = QWidget()
        self._build_page()
        self._page.hide()
        self.setLayout(column(self._pick, self._page, gap=0))
        self.setFixedWidth(px(_WIDE))
        self.setFocusProxy(self._pick)

    def _build_page(self) -> None:
        self._back = ToolButton("chevron-left", _("Another field"), size=28)
        self._back.clicked.connect(self._show_fields)
        self._field = ElidedLabel("", "strong")
        self._alternatives = column(gap=2)
        self._ops = ComboBox(name=_("Comparison"))
        self._ops.currentIndexChanged.connect(lambda _place: self._change_input())
        self._place = column(gap=0)
        self._error = Label("", "small", "bad", wrap=True)
        self._error.hide()
        self._more = Button(_("Or …"), "add", "link")
        self._more.setToolTip(_("Add another condition of which one has to hold"))
        self._more.clicked.connect(self._add_other)
        self._apply = Button(_("Apply"), kind="primary")
        self._apply.clicked.connect(self.apply)
        head = row(self._back, self._field, gap=4)
        foot = row(self._more, None, self._apply, gap=8)
        parts = (self._alternatives, head, self._ops, self._place, self._error, foot)
        self._page.setLayout(column(*parts, gap=8))

    # --- opening ----------------------------------------------------------------------------------

    def edit(self, conditions: Sequence[Condition]) -> None:
        """Shows the conditions of a chip: the last one is edited, the others stand above."""
        *others, last = conditions
        self._others = list(others)
        choice = self._choices.get(last.path)
        if choice is None:
            return
        self._open(choice, last.op)
        if self._input is not None:
            self._input.set_value(last.value)

    def start(self, path: str) -> None:
        """Goes straight to a field."""
        if path in self._choices:
            self._choose(path)

    def _choose(self, path: object) -> None:
        choice = self._choices[str(path)]
        self._open(choice, _usual_operator(choice))

    def _open(self, choice: FieldChoice, op: str) -> None:
        self._choice = choice
        self._field.setText(choice.label)
        ops = [(operator_text(name, choice.field), name) for name in choice.field.operators]
        self._ops.set_choices(ops, op if op in choice.field.operators else ops[0][1])
        self._ops.setVisible(len(ops) > 1)
        self._show_others()
        self._pick.hide()
        self._page.show()
        self._change_input()

    def _show_fields(self) -> None:
        self._page.hide()
        self._pick.show()
        self._fit()
        self._pick.setFocus()

    def _change_input(self) -> None:
        if self._choice is None:
            return
        if self._input is not None:
            self._place.removeWidget(self._input)
            self._input.hide()
            self._input.deleteLater()
        self._input = input_for(self._choice.field, str(self._ops.value()), self._session)
        self._error.hide()
        if self._input is not None:
            self._place.addWidget(self._input)
            self._input.show()
            self._order()
            self._input.setFocus()
        else:
            self._ops.setFocus()
        self._fit()

    def _order(self) -> None:
        """Tab goes as one reads: the input is made later than what stands below it."""
        assert self._input is not None
        inside = [w for w in self._input.findChildren(QWidget) if w.focusPolicy() & _BY_TAB]
        order = [self._back, self._ops, *(inside or [self._input]), self._more, self._apply]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _fit(self) -> None:
        for part in (self._page, self):
            layout = part.layout()
            if layout is not None:
                layout.invalidate()
                layout.activate()
        self.resized.emit()

    def error(self) -> str:
        """The sentence that says what is missing, '' if nothing is."""
        return self._error.text() if self._error.isVisibleTo(self) else ""

    def input_line(self) -> QWidget:
        """Where the value is typed."""
        assert self._input is not None
        return self._input.focusProxy() or self._input

    # --- several ----------------------------------------------------------------------------------

    def _show_others(self) -> None:
        while self._alternatives.count():
            item = self._alternatives.takeAt(0)
            if item.widget() is not None:
                item.widget().deleteLater()
        for place, condition in enumerate(self._others):
            self._alternatives.addWidget(self._other(place, condition))

    def _other(self, place: int, condition: Condition) -> QWidget:
        line = QWidget()
        cross = ToolButton("close", _("Remove the condition"), size=24)
        cross.clicked.connect(lambda: self._drop(place))
        line.setLayout(row(ElidedLabel(self._say(condition), "small", "text2"), Label(
            _("or"), "small", "text3"), cross, gap=6))  # fmt: skip
        line.layout().setStretch(0, 1)
        return line

    def _drop(self, place: int) -> None:
        del self._others[place]
        self._show_others()
        self._fit()

    def _add_other(self) -> None:
        condition = self._condition()
        if condition is not None:
            self._others.append(condition)
            self._show_others()
            self._show_fields()

    # --- done -------------------------------------------------------------------------------------

    def _condition(self) -> Condition | None:
        assert self._choice is not None
        op = str(self._ops.value())
        try:
            value = None if self._input is None else self._input.value()
        except InvalidInput as error:
            self._error.setText(error.message)
            self._error.show()
            self._fit()
            return None
        return Condition(self._choice.path, op, value)

    def apply(self) -> None:
        """Takes the condition over, if it is whole."""
        condition = self._condition()
        if condition is not None:
            self.applied.emit((*self._others, condition))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._page.isVisible() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply()
            return
        super().keyPressEvent(event)


def _usual_operator(choice: FieldChoice) -> str:
    """What people mean most often."""
    operators = choice.field.operators
    if "period" in operators:
        return "period"
    return "between" if "between" in operators else operators[0]


def _field_items(groups: Sequence[tuple[str, Sequence[FieldChoice]]]) -> list[PickItem]:
    items: list[PickItem] = []
    for heading, choices in groups:
        if heading:
            items.append(PickItem(("heading", heading), heading, heading=True))
        for choice in choices:
            items.append(PickItem(choice.path, choice.label if heading else choice.short))
    return items
