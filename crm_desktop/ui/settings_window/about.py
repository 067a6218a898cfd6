"""About the program: versions, the base, licences, and all of it as a text for support."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Job
from crm_desktop.ui.session import Session
from crm_desktop.ui.settings_window.facts import (
    Fact,
    Licence,
    base_facts,
    licences,
    program_facts,
    support_text,
)
from crm_desktop.ui.settings_window.rows import section
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.inputs import TextEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row


class AboutSettings(QWidget):
    """What help will ask for."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self.facts: list[Fact] = []
        self._title, self._text = Label("", "title"), Label("", "body", "text2", wrap=True)
        self._grid_place = QWidget()
        self._grid = QGridLayout(self._grid_place)
        self._grid.setContentsMargins(0, px(12), 0, px(16))
        self._grid.setVerticalSpacing(px(8))
        self._grid.setHorizontalSpacing(px(24))
        self._grid.setColumnStretch(1, 1)
        self.copy, self.texts = Button("", "copy"), Button("", "document")
        buttons = QWidget()
        buttons.setLayout(row(self.copy, self.texts, None))
        head = QWidget()
        head.setLayout(column(self._title, self._text, gap=2, margins=(0, 12, 0, 0)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(section(head, self._grid_place, buttons))
        self.copy.clicked.connect(self._copy)
        self.texts.clicked.connect(self.show_licences)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self._title.setText(_("CRM Desktop"))
        self._text.setText(_("Free software under the MIT licence. Nothing is sent anywhere."))
        self.copy.setText(_("Copy for support"))
        self.texts.setText(_("Licences"))
        self.read()

    def read(self) -> None:
        """Asks anew: the base may have grown."""
        program = program_facts(self._session.settings.path.parent)
        self._show(program)
        base, language = self._session.workspace, i18n.language()
        if base is None:
            return

        def work(_job: Job) -> list[Fact]:
            return base_facts(base, language)

        def done(found: list[Fact]) -> None:
            self._show([*program, *found])

        self._session.operations.query(("about",), work, owner=self, done=done)

    def _show(self, facts: list[Fact]) -> None:
        self.facts = facts
        while (item := self._grid.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for place, fact in enumerate(facts):
            self._grid.addWidget(Label(fact.name, "body", "text3"), place, 0)
            text = Label(fact.text, "body", "text", wrap=True, selectable=True)
            self._grid.addWidget(text, place, 1)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(support_text(self.facts))
        self._navigator.toast(_("Copied"))

    def show_licences(self) -> Dialog:
        """The box with every licence text."""
        box = LicenceBox(self, licences())
        box.finished.connect(box.deleteLater)
        box.open()
        return box


class LicenceBox(Dialog):
    """A choice of parts, below it the text of the chosen one's licence."""

    def __init__(self, parent: QWidget, found: list[Licence]) -> None:
        self.parts = ComboBox(name=_("Part"))
        self.text = TextEdit(name=_("Text of the licence"), lines=18, most=18)
        self.text.set_read_only(True)
        body = QWidget()
        body.setLayout(column(row(self.parts, None), self.text, gap=10))
        super().__init__(_("Licences"), body, parent)
        self.setMinimumWidth(px(680))
        choices: list[tuple[str, object]] = [(one.name, one) for one in found]
        self.parts.set_choices(choices, found[0] if found else None)
        self.parts.currentIndexChanged.connect(self._show)
        close = self.add_button(_("Close"), kind="primary", result=0)
        close.setDefault(True)
        self._show()

    def _show(self, _place: int = 0) -> None:
        chosen = self.parts.value()
        missing = _("The texts were not shipped with this copy of the program.")
        self.text.set_text(chosen.text() if isinstance(chosen, Licence) else missing)
