"""What is to be done with words that mean nothing here: asked where the test run tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Signal

from crm_desktop.i18n import _
from crm_desktop.services.rights.words import CREATE
from crm_desktop.ui.import_wizard.state import Outcome, WordChoices, WordLine
from crm_desktop.ui.import_wizard.trial_step import TrialStep
from crm_desktop.ui.import_wizard.word_table import WordPanel
from crm_desktop.ui.import_wizard.words import WordPlan
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.popover import Popover

if TYPE_CHECKING:
    from crm_desktop.ui.import_wizard.planning import ColumnPlan

_MOST_OFFERED = 50


class WordAsking(QObject):
    """Lives as long as its page."""

    changed = Signal()
    """The mapping is another one: what was tried does not hold any more."""

    def __init__(self, session: Session, step: TrialStep) -> None:
        super().__init__(step)
        self._session, self._step = session, step
        self._columns: ColumnPlan | None = None
        self._words: WordPlan | None = None
        self.popover: Popover | None = None
        step.words.asked.connect(self.ask)

    def take(self, columns: ColumnPlan, outcome: Outcome) -> None:
        """A test run of these columns has ended."""
        if self._columns is not columns or self._words is None:
            self._columns = columns
            self._words = WordPlan(columns.catalogue, columns.entity, self._may_make)
        self._words.take(columns.mapping, outcome.unknown)
        self.say()

    def _may_make(self, entity: str) -> bool:
        return not self._session.refusals.why(CREATE, entity)

    def say(self) -> None:
        """Shows the words, in the language of the moment."""
        if self._words is not None and self._columns is not None:
            self._step.words.show_lines(self._words.lines(self._columns.mapping))

    def ask(self, number: int, rect: QRect) -> None:
        """Opens what can be done with the word of a line."""
        if self._words is None or self._columns is None:
            return
        line = self._step.words.lines[number]
        choices = self._words.choices(self._columns.mapping, line)
        panel = WordPanel(line, choices)
        panel.settled.connect(lambda verb, meaning: self._settle(line, verb, meaning))
        panel.searched.connect(lambda text: self._search(panel, choices, text))
        self.popover = Popover(panel, name=_("What is done"), parent=self._step)
        self.popover.open_below(self._step.words.table.viewport(), rect)
        self._search(panel, choices, "")

    def _search(self, panel: WordPanel, choices: WordChoices, text: str) -> None:
        if not choices.target:
            return
        titles, book = self._session.base.titles, choices.book or None
        self._session.operations.query(
            ("import-word", id(self)),
            lambda _job: titles.suggest(choices.target, text.strip(), book, _MOST_OFFERED),
            owner=panel,
            done=lambda found: panel.show_found(
                text, list(dict.fromkeys(title.text for _ref, title in found))
            ),
        )  # fmt: skip

    def _settle(self, line: WordLine, verb: str, meaning: str) -> None:
        if self.popover is not None:
            self.popover.close_panel()
        if self._words is not None and self._columns is not None:
            self._columns.mapping = self._words.settle(self._columns.mapping, line, verb, meaning)
            self._step.is_stale = True
            self.say()
            self.changed.emit()
