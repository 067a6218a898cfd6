"""Small questions about an activity: why, to when, to whom; asked over the list, Esc drops them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column

Say = Callable[[str], str]


class Question(Dialog):
    """One or two lines and a verb; the verb waits until the first line says something."""

    def __init__(self, title: str, verb: str, parent: QWidget) -> None:
        self._rows = column(gap=6)
        body = QWidget()
        body.setLayout(self._rows)
        super().__init__(title, body, parent)
        self.add_button(_("Cancel"), result=int(QDialog.DialogCode.Rejected))
        self.verb = self.add_button(verb, kind="primary", result=int(QDialog.DialogCode.Accepted))
        self.verb.setDefault(True)
        self._needed: list[LineEdit] = []

    def add_line(self, caption: str, *, needed: bool = False, hint: str = "") -> LineEdit:
        """A line with a caption above it."""
        edit = LineEdit(name=caption, placeholder=hint)
        edit.setMinimumWidth(px(380))
        self._rows.addWidget(Label(caption, "small", "text2"))
        self._rows.addWidget(edit)
        if needed:
            self._needed.append(edit)
            edit.textChanged.connect(lambda _text: self._look())
            self._look()
        return edit

    def add_choice(self, caption: str, choices: list[tuple[str, object]]) -> ComboBox:
        """A list with a caption above it."""
        box = ComboBox(name=caption)
        box.set_choices(choices, choices[0][1] if choices else None)
        self._rows.addWidget(Label(caption, "small", "text2"))
        self._rows.addWidget(box)
        return box

    def add_preview(self, edit: LineEdit, say: Say) -> None:
        """Says below a line how it is understood; what is not understood cannot be confirmed."""
        preview = Label("", "small", "text3")
        self._rows.addWidget(preview)

        def typed(text: str) -> None:
            said = say(text)
            preview.setText(said or _("No date yet: try “tomorrow” or “in 2 days”"))
            edit.set_bad(bool(text.strip()) and not said)
            self.verb.setEnabled(bool(said))

        edit.textChanged.connect(typed)
        typed(edit.text())

    def _look(self) -> None:
        self.verb.setEnabled(all(edit.text().strip() for edit in self._needed))
