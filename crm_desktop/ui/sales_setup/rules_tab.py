"""Rules as sentences, each with a switch and a look at what it would have done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.sales_traits import Automations
from crm_desktop.services.rights import words as rights
from crm_desktop.services.sales_setup import RuleLine, read_rules
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.refusals import T
from crm_desktop.ui.sales_setup.trial import DAYS, RuleTrial
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.choices import Switch
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.automation.dry_run import WouldFire


class RuleRow(Surface):
    """One rule: name and sentence, the switch, what can be done with it."""

    def __init__(self, line: RuleLine, tab: RulesTab) -> None:
        super().__init__("surface", lines="b")
        self.line = line
        self.on = Switch(name=line.name)
        self.on.setChecked(line.on)
        self.on.toggled.connect(lambda on: tab.switch(line.id, on))
        self.edit = ToolButton("edit", _("Edit"))
        self.edit.clicked.connect(lambda: tab.open(line.id))
        tab.keep(self.on, rights.EDIT)
        self.trial = Button(_("Try it"), "play", "ghost")
        self.trial.setToolTip(_("What it would have done in the last 30 days"))
        self.trial.clicked.connect(lambda: tab.try_out(line))
        name = Label(line.name, "strong", "text" if line.on else "text3")
        sentence = Label(line.sentence, "body", "text2" if line.on else "text3", wrap=True)
        words = column(name, sentence, gap=2)
        whole = row(self.on, words, self.trial, self.edit, gap=12, margins=(0, 10, 0, 10))
        whole.setStretch(1, 1)
        self.setLayout(whole)


class RulesTab(QWidget):
    """All rules of the base."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self._entity, _trait = session.base.catalogue.with_trait(Automations)
        self.add = Button("", "add")
        self.add.clicked.connect(self._new)
        self.rows: list[RuleRow] = []
        self.dialog: RuleTrial | None = None
        self._list = column(gap=0)
        inner = Surface("surface")
        inner.setLayout(column(self._list, None, gap=0))
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setWidget(inner)
        self.empty = EmptyState()
        self.empty.primary.connect(self._new)
        for button in (self.add, self.empty.primary_button):
            self.keep(button, rights.CREATE)
        self._bar = QWidget()
        self._bar.setLayout(row(self.add, None))
        whole = column(self._bar, self._area, self.empty, gap=8, margins=(24, 14, 24, 8))
        whole.setStretch(1, 1)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        keep_translated(self, self._say_texts)

    def keep(self, target: T, action: str) -> None:
        """Keeps it grey while the action is refused on rules."""
        self._session.refusals.keep(target, action, self._entity.key)

    def _say_texts(self) -> None:
        self.add.setText(_(self._entity.new_label))
        self.empty.set_texts(
            self._entity.icon, _("There are no rules yet"),
            _("A rule plans an activity, tells somebody or sets a field when a stage is entered."),
        )  # fmt: skip
        self.empty.set_actions((_(self._entity.new_label), "add"))

    def read(self) -> None:
        """Asks for the rules."""
        base = self._session.workspace
        if base is not None:
            self._session.operations.query(
                ("sales-setup", "rules"), lambda _job: read_rules(base), owner=self,
                done=self._show,
            )  # fmt: skip

    def _show(self, found: list[RuleLine]) -> None:
        if [one.line for one in self.rows] == found and found:
            return
        for old in self.rows:
            self._list.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = [RuleRow(line, self) for line in found]
        for one in self.rows:
            self._list.addWidget(one)
        self._area.setVisible(bool(found))
        self._bar.setVisible(bool(found))
        self.empty.setVisible(not found)

    def _new(self) -> None:
        self._navigator.new_record(self._entity.key)

    def open(self, rule: int) -> None:
        """The card of a rule."""
        self._navigator.open_record(Ref(self._entity.key, rule))

    def try_out(self, line: RuleLine) -> None:
        """Shows for which records the rule would have fired; nothing is done."""
        base = self._session.base

        def work(_job: Any) -> list[WouldFire]:
            from crm_desktop.services.automation.dry_run import dry_run

            return dry_run(base, line.id, DAYS)

        def came(found: list[WouldFire]) -> None:
            self.dialog = RuleTrial(base, line.name, found, self._navigator, self.window())
            self.dialog.finished.connect(self.dialog.deleteLater)
            self.dialog.open()

        self._session.operations.query(("rule-trial",), work, owner=self, done=came)

    def switch(self, rule: int, on: bool) -> None:
        """Switches a rule on or off."""
        base, key = self._session.base, self._entity.key

        def done(outcome: Any) -> None:
            said = _("The rule is switched on") if on else _("The rule is switched off")
            self._navigator.toast(said, undo_operation=outcome.operation)

        self._session.operations.run(
            lambda _job: base.records.update(key, rule, {"retired": not on}), owner=self, done=done
        )
