"""The line over the board: what is typed, one-click narrowings, and conditions as chips."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.models.query import Where
from crm_desktop.ui.board.controller import BoardController
from crm_desktop.ui.board.state import MINE, NARROWINGS, NO_STEP, STUCK
from crm_desktop.ui.conditions import Conditions
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.inputs import SearchField
from crm_desktop.ui.widgets.layouts import FlowLayout, row
from crm_desktop.ui.widgets.marks import Chip


class Narrowing(QWidget):
    """Follows the controller; what is chosen here is shown at once."""

    def __init__(self, controller: BoardController, conditions: Conditions) -> None:
        super().__init__()
        self._controller, self._conditions = controller, conditions
        self.search = SearchField(name=_("Find on the board"), icon="search", delay_ms=120)
        self.search.setFixedWidth(px(212))
        self.search.searched.connect(controller.search)
        self.toggles: dict[str, Button] = {}
        for name in NARROWINGS:
            button = Button("")
            button.setCheckable(True)
            button.clicked.connect(lambda _on=False, n=name: self._toggle(n))
            self.toggles[name] = button
        self.add = Button("", "add", "ghost")
        self.add.clicked.connect(self.ask)
        self._flow_widget = QWidget()
        self._flow = FlowLayout(self._flow_widget, gap=6)
        self._chips: list[Chip] = []
        self.setLayout(row(self.search, *self.toggles.values(), self._flow_widget, gap=6))
        self.layout().setStretch(1 + len(self.toggles), 1)  # type: ignore[attr-defined]
        controller.arranged.connect(self.follow)
        conditions.named.connect(self.follow)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.search.setPlaceholderText(_("Find on the board"))
        self.search.setAccessibleName(_("Find on the board"))
        self.search.set_clear_tip(_("Clear"))
        names = {MINE: _("Mine"), STUCK: _("Only stuck"),
                 NO_STEP: _("Only without a next step")}  # fmt: skip
        for name, button in self.toggles.items():
            button.setText(names[name])
        self.add.setText(_("Condition"))
        self.follow()

    def follow(self) -> None:
        """Shows what the board is narrowed to."""
        kept = self._controller.arrangement
        said = self._conditions.chips(kept.where)  # first: names may come at once and ask again
        for name, button in self.toggles.items():
            button.setChecked(name in kept.only)
            button.update()
        self._flow.removeWidget(self.add)
        self._flow.clear()
        self._chips = []
        for place, (label, value) in enumerate(said):
            chip = Chip(label, value, remove_tip=_("Remove the condition"))
            chip.clicked.connect(lambda _on=False, n=place, c=chip: self._edit(n, c))
            chip.removed.connect(lambda n=place: self._remove(n))
            self._flow.addWidget(chip)
            self._chips.append(chip)
        self._flow.addWidget(self.add)
        self.add.show()

    def chips(self) -> list[Chip]:
        """The conditions that are shown."""
        return self._chips

    def _toggle(self, name: str) -> None:
        only = self._controller.arrangement.only
        found = tuple(n for n in only if n != name) if name in only else (*only, name)
        self._controller.arrange(only=found)

    def ask(self) -> None:
        """A new condition."""
        where = self._controller.arrangement.where
        self._conditions.ask(self.add, where, None, self.take)

    def _edit(self, place: int, chip: Chip) -> None:
        where = self._controller.arrangement.where
        self._conditions.ask(chip, where, place, self.take)

    def _remove(self, place: int) -> None:
        self.take(self._conditions.without(self._controller.arrangement.where, place))

    def take(self, where: Where | None) -> None:
        """These conditions and no others."""
        self._controller.arrange(where=where)
