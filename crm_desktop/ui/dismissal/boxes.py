"""The box that asks before somebody is dismissed, and the one that shows what was left unsaved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import TextEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column
from crm_desktop.ui.widgets.strips import StripMessage

if TYPE_CHECKING:
    from crm_desktop.services.server.dismissal import LeftText

NOBODY = 0


class DismissBox(Dialog):
    """About one colleague. `decided`: who reads what was left, 0 for the head alone."""

    decided = Signal(int)

    def __init__(
        self, name: str, colleagues: Sequence[tuple[int, str]], parent: QWidget, *, signs_in: bool
    ) -> None:
        body = QWidget()
        super().__init__(_("{name} no longer works here").format(name=name), body, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        lines = [_("No longer offered where somebody is chosen; stays in history and reports.")]
        if signs_in:
            lines += [
                _("Nothing can be read, written or exported from this moment."),
                _("The account is closed, open windows end within a minute, the seat is free."),
                _("What is typed there and not saved goes to the head and to the successor."),
            ]
        lines.append(_("Handing over what they answer for follows."))
        self.successor = ComboBox(name=_("Successor"))
        choices: list[tuple[str, object]] = [(_("nobody yet"), NOBODY)]
        self.successor.set_choices([*choices, *((text, id_) for id_, text in colleagues)], NOBODY)
        self.field = FieldBox(_("Successor"), self.successor)
        self.trouble = StripMessage("", tone="bad")
        self.trouble.hide()
        said = [Label("•  " + line, "body", "text2", wrap=True) for line in lines]
        body.setLayout(column(self.trouble, *said, self.field, gap=10))
        body.setMinimumWidth(px(460))
        self.keep = self.add_button(_("Cancel"), result=0)
        self.go = self.add_button(_("Dismiss"), kind="danger")
        self.go.clicked.connect(self._decide)
        self.keep_whole(px(500))

    def _decide(self) -> None:
        self.go.setEnabled(False)
        who = self.successor.value()
        self.decided.emit(who if isinstance(who, int) else NOBODY)

    def say(self, sentence: str) -> None:
        """Why it did not work; it may be tried again."""
        self.trouble.set_text(sentence)
        self.trouble.show()
        self.go.setEnabled(True)


class TextsBox(Dialog):
    """Texts of dismissed colleagues, one at a time. `done` asks to take one away."""

    done_with = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        body = QWidget()
        super().__init__(_("What was left unsaved"), body, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._texts: dict[int, str] = {}
        self.which = ComboBox(name=_("Text"))
        self.text = TextEdit(name=_("What was typed"), lines=12, most=24)
        self.text.edit.setReadOnly(True)
        self.nothing = Label(_("Nothing was left unsaved"), "body", "text2", wrap=True)
        body.setLayout(column(self.nothing, self.which, self.text, gap=12))
        body.setMinimumWidth(px(560))
        self.add_button(_("Close"), kind="primary", result=0)
        self.away = self.add_button(_("Take away"))
        self.away.clicked.connect(self._take_away)
        self.which.activated.connect(self._show)

    def show_texts(self, found: Sequence[tuple[LeftText, str]]) -> None:
        """What there is, each with the name of its colleague and when."""
        self._texts = {one.id: one.text for one, _head in found}
        first = found[0][0].id if found else None
        self.which.set_choices([(head, one.id) for one, head in found], first)
        for widget in (self.which, self.text, self.away):
            widget.setVisible(bool(found))
        self.nothing.setVisible(not found)
        self._show()

    def _show(self, *_place: object) -> None:
        key = self.which.value()
        self.text.edit.setPlainText(self._texts.get(key, "") if isinstance(key, int) else "")

    def _take_away(self) -> None:
        key = self.which.value()
        if isinstance(key, int):
            self.done_with.emit(key)
