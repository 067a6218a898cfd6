"""A field of a form: its label, its editor, and a sentence below when the value cannot stay."""

from __future__ import annotations

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QWidget

from crm_desktop.ui.widgets.labels import IconLabel, Label
from crm_desktop.ui.widgets.layouts import column, row


class FieldBox(QWidget):
    """Label above the editor; `set_error` reddens the editor and says why."""

    def __init__(
        self, label: str, editor: QWidget, *, required: bool = False, hint: str = ""
    ) -> None:
        """`hint` is a short help below the editor; an error takes its place."""
        super().__init__()
        self.editor = editor
        self._hint_text, self._note = hint, ""
        self.label = Label(label, "small", "text2")
        self.label.setBuddy(editor)
        self._star = Label("*" if required else "", "small", "bad")
        self._sign = IconLabel("error", "bad", 16)
        self._below = Label(hint, "small", "text3", wrap=True)
        if not editor.accessibleName():
            editor.setAccessibleName(label)
        below = row(self._sign, self._below, gap=4)
        below.setAlignment(self._sign, Qt.AlignmentFlag.AlignTop)
        below.setStretch(1, 1)
        head = row(self.label, self._star, None, gap=3)
        whole = column(head, editor, below, gap=4)
        if not whole.itemAt(1).expandingDirections() & Qt.Orientation.Vertical:
            whole.addStretch(1)  # beside a box with an error: label and editor stay together
        self.setLayout(whole)
        self.set_error("")
        understood = getattr(editor, "understood", None)
        if isinstance(understood, SignalInstance):
            understood.connect(self.set_note)

    def set_note(self, note: str) -> None:
        """What the editor takes the typed words for; it stands in place of the hint."""
        self._note = note
        if not self.error():
            self.set_error("")

    def set_label(self, label: str) -> None:
        """The label in another language."""
        self.label.setText(label)
        self.editor.setAccessibleName(label)

    def set_error(self, sentence: str) -> None:
        """Says what is wrong with the value; an empty sentence says that all is well."""
        set_bad = getattr(self.editor, "set_bad", None)
        if set_bad is not None:
            set_bad(bool(sentence))
        self._sign.setVisible(bool(sentence))
        hint = self._note or self._hint_text
        said = beside(self.label.text(), sentence)
        self._below.setText(said or hint)
        self._below.set_ink("bad" if sentence else "text2" if self._note else "text3")
        self._below.setVisible(bool(sentence or hint))
        self.editor.setAccessibleDescription(said or hint)

    def error(self) -> str:
        """The sentence that is shown, empty if all is well."""
        return self._below.text() if self._sign.isVisibleTo(self) else ""


def beside(label: str, sentence: str) -> str:
    """A sentence that begins with the name of its field, as it is said next to that name."""
    said = sentence.removeprefix(f"{label}: ")
    return said if said == sentence else said[:1].upper() + said[1:]
