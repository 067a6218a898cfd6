"""The box on top of a day: what and when in one line, understood while it is typed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.services.rights import words as rights
from crm_desktop.ui.activities.acts import said_moment
from crm_desktop.ui.activities.questions import Question
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.refusals import activities_of
from crm_desktop.ui.server_line.unheard import Unheard
from crm_desktop.ui.server_line.until_back import UntilBack
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row

_NO_PLANS = ("note", "chat")
"""Kinds that are written down afterwards."""
_NEW = ""
"""Stands for "New kind…" among the kinds."""
_TONES = (
    ("accent", N_("Blue")), ("info", N_("Violet")), ("ok", N_("Green")), ("warn", N_("Orange")),
    ("bad", N_("Red")), ("neutral", N_("Grey")),
)  # fmt: skip
_ICONS = (
    ("object-flag", N_("Flag")), ("object-wrench", N_("Wrench")), ("object-car", N_("Car")),
    ("object-box", N_("Box")), ("document", N_("Sheet of paper")), ("money", N_("Money")),
    ("star", N_("Star")),
)  # fmt: skip


class _Line(LineEdit):
    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() in ("\r", "\n"):
            self.entered.emit()
            return
        super().keyPressEvent(event)


class QuickAdd(QWidget):
    """Enter plans what is typed."""

    planned = Signal()

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self.kind = ComboBox(name="")
        self._kept: object = None
        self._by_hand = False
        """The kind was chosen; until then the line says which is meant."""
        self.kind.activated.connect(lambda _place: self._kind_chosen())
        session.catalogue_changed.connect(self._say_texts)
        self.line = _Line(name="", icon="add")
        self.button = Button("", kind="primary")
        self.said = Label("", "small", "text3")
        line = row(self.kind, self.line, self.button, gap=8)
        line.setStretch(1, 1)
        self.setLayout(column(line, row(px(2), self.said, None), gap=4))
        self.line.textChanged.connect(lambda _text: self._typed())
        self.line.entered.connect(self.plan)
        self.button.clicked.connect(self.plan)
        session.refusals.follow(self.button, self._why_not)
        self._unheard, self._until_back = Unheard(), UntilBack(session, self)
        self._until_back.back.connect(self._line_back)
        keep_translated(self, self._say_texts)

    def _why_not(self) -> str:
        base = self._session.workspace
        refusals = self._session.refusals
        return refusals.why(rights.CREATE, activities_of(base.catalogue)) if base else ""

    def _say_texts(self) -> None:
        from crm_desktop.services.activities.service import KEY, TASK

        if self._session.workspace is None:
            return
        self.line.setPlaceholderText(_("What and when: call Anna tomorrow at 10 for half an hour"))
        self.line.setAccessibleName(_("What is to be done, and when"))
        self.kind.setAccessibleName(_("Kind"))
        self.button.setText(_("Plan"))
        kept = self.kind.value() or TASK
        kinds = self._session.base.catalogue[KEY].field("kind")
        if isinstance(kinds, ChoiceField):
            choices: list[tuple[str, object]] = [
                (_(c.label), c.key)
                for c in kinds.choices
                if c.key not in _NO_PLANS and not c.retired
            ]
            self._kept = kept if kept in [key for _word, key in choices] else TASK
            self.kind.set_choices([*choices, (_("New kind…"), _NEW)], self._kept)
        self._typed()

    # --- kinds of one's own -----------------------------------------------------------------------

    def _kind_chosen(self) -> None:
        """The last line of the list asks for a new kind; any other is kept."""
        if self.kind.value() != _NEW:
            self._kept, self._by_hand = self.kind.value(), True
            return
        self.kind.set_value(self._kept)
        self.ask_kind()

    def ask_kind(self) -> Question:
        """Asks for name, colour and picture of a kind that everybody will have."""
        ask = Question(_("New kind of activity"), _("Add"), self)
        name = ask.add_line(_("Name"), needed=True)
        tone = ask.add_choice(_("Colour"), [(_(word), key) for key, word in _TONES])
        icon = ask.add_choice(_("Picture"), [(_(word), key) for key, word in _ICONS])
        ask.accepted.connect(
            lambda: self._add_kind(name.text(), str(tone.value()), str(icon.value()))
        )
        ask.finished.connect(ask.deleteLater)
        ask.open()
        return ask

    def _add_kind(self, name: str, tone: str, icon: str) -> None:
        from crm_desktop.services.activities.service import KEY

        base = self._session.base

        def work(_job: Any) -> str:
            entity = base.catalogue[KEY]
            return base.constructor.add_choice(entity, "kind", name, tone=tone, icon=icon)

        def done(key: str) -> None:
            self._kept, self._by_hand = key, True
            self.kind.set_value(key)
            self._say_texts()
            self.kind.set_value(key)
            self._navigator.toast(_("Kind added: {name}").format(name=name.strip()))

        self._session.operations.run(
            work, owner=self, done=done,
            failed=self._navigator.refuse,
        )  # fmt: skip

    def _typed(self) -> None:
        from crm_desktop.services.activities.service import kind_of, read_line

        text, base = self.line.text().strip(), self._session.workspace
        phrase = read_line(base, text) if text and base is not None else None
        if base is not None and not self._by_hand:
            self._kept = kind_of(base, phrase.subject if phrase is not None else "")
            self.kind.set_value(self._kept)
        self.button.setEnabled(bool(phrase and phrase.subject))
        if phrase is None or base is None:
            self.said.setText(_("A day and a time are found in the line by themselves"))
        elif not phrase.subject:
            self.said.setText(_("And what is to be done?"))
        else:
            self.said.setText(said_moment(base, phrase) or _("Without date"))

    def plan(self) -> None:
        """Keeps what is typed."""
        from crm_desktop.services.activities import service as activities

        if not self.button.isEnabled():
            return
        base, text, kind = self._session.base, self.line.text(), str(self.kind.value())
        self.button.setEnabled(False)

        def create() -> Any:
            return base.records.create(activities.KEY, activities.values_of(base, text, kind))

        def work(_job: Any) -> Any:
            return self._unheard.make(base, activities.KEY, (text, kind), create)

        def done(outcome: Any) -> None:
            self._by_hand = False
            self.line.clear()
            self.planned.emit()
            self._navigator.toast(_("Planned"), undo_operation=outcome.operation)

        def failed(error: Any) -> None:
            self._typed()
            self._unheard.refused(error, (text, kind))
            said = self._until_back.said(error, (text, kind))
            self._navigator.toast(said, tone="bad")

        self._session.operations.run(work, owner=self, done=done, failed=failed)

    def _line_back(self, waiting: list[tuple[str, str]]) -> None:
        """What was refused for the server was away is planned, unless it was changed since."""
        if (self.line.text(), str(self.kind.value())) in waiting:
            self.plan()
