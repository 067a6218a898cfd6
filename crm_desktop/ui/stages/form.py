"""The small form of `stage_moving`: only what the rules of a stage miss, each as it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.ui.editors import EditorBase, editor_for
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import ElidedLabel, Label
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.pipelines.needs import Missing

FILES, LINES, STEP = "files", "lines", "next_step"
"""What is missed and is no field: attachments, lines, a planned activity."""
WIDE = 440
MOST_NAMED = 3
"""Names below a field; of more it says how many."""


class StageForm(QWidget):
    """One editor for each thing that is missed; `answers` gives what was typed."""

    go = Signal()
    card_wanted = Signal()
    """Lines are entered on the card."""

    def __init__(
        self, session: Session, entity: EntityDef, stage: str, missing: Sequence[Missing],
        names: Mapping[int, str],
    ) -> None:  # fmt: skip
        """`names`: of the records that are moved, of which some may miss something."""
        super().__init__()
        self._names, count = names, len(names)
        self._session, self._stage, self._count = session, stage, count
        self._missing = {one.field_key: one for one in missing}
        self.editors: dict[str, EditorBase] = {}
        self.boxes: dict[str, FieldBox] = {}
        self.whose: dict[str, ElidedLabel] = {}
        self.error = Label("", "small", "bad", wrap=True)
        self.error.hide()
        self._dialog: Dialog | None = None
        self._move: Button | None = None
        for key in self._missing:
            self.boxes[key] = self._box(entity, key)
            if count > 1:
                self.whose[key] = ElidedLabel(self._whose(key), "small", "text3")
        intro = Label(self._intro(), "body", "text2", wrap=True)
        parts = [
            column(box, self.whose[key], gap=4) if key in self.whose else box
            for key, box in self.boxes.items()
        ]
        self.setLayout(column(intro, *parts, self.error, gap=12))
        self.setMinimumWidth(px(WIDE))

    def _intro(self) -> str:
        if self._count == 1:
            return _("The stage asks for this first.")
        count = len({id_ for one in self._missing.values() for id_ in one.ids})
        return ngettext(
            "{whole} deals are moved; this is missing in {count} of them.",
            "{whole} deals are moved; this is missing in {count} of them.",
            count,
        ).format(whole=self._count, count=count)

    def _whose(self, key: str) -> str:
        """Which of several records get what is given here."""
        ids = self._missing[key].ids
        named = ", ".join(self._names.get(id_, "…") for id_ in ids[:MOST_NAMED])
        if len(ids) <= MOST_NAMED:
            return _("For: {names}").format(names=named)
        more = len(ids) - MOST_NAMED
        text = ngettext("For: {names} and {count} more", "For: {names} and {count} more", more)
        return text.format(names=named, count=more)

    def _box(self, entity: EntityDef, key: str) -> FieldBox:
        missing = self._missing[key]
        if key == FILES:
            files = FieldBox(_("Files"), line := FileLine(), required=True)
            line.chosen.connect(lambda: files.set_error(""))
            return files
        if key == STEP:
            line = LineEdit(name=_("Next step"), placeholder=_("call tomorrow at 10"))
            return FieldBox(_("Next step"), line, required=True)
        if key == LINES:
            note = Button(_("Enter the lines on the card"), "open")
            note.clicked.connect(self.card_wanted)
            return FieldBox(_("Lines"), row_of(note), required=True)
        from crm_desktop.services.paths import find_path  # brings SQLAlchemy

        f = find_path(self._session.base.catalogue, entity, key).field
        editor = editor_for(f, self._session.base.parse_context, self._session)
        self.editors[key] = editor
        box = FieldBox(missing.label or _(f.label), editor, required=True)
        editor.checked.connect(box.set_error)
        return box

    def without_lines(self) -> tuple[int, ...]:
        """The records that have no lines yet."""
        return tuple(self._missing[LINES].ids) if LINES in self._missing else ()

    # --- the frame --------------------------------------------------------------------------------

    def over(self, window: QWidget) -> Dialog:
        """The dialog around it."""
        title = _("Move to “{stage}”").format(stage=self._stage)
        dialog = Dialog(title, self, window)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        cancel = dialog.add_button(_("Cancel"))
        cancel.clicked.connect(dialog.reject)
        self._move = dialog.add_button(_("Move"), kind="primary")
        self._move.clicked.connect(self.go)
        self._move.setVisible(LINES not in self._missing)
        self._dialog = dialog
        return dialog

    def focus_first(self) -> None:
        """Takes the keyboard to what is asked for first."""
        for box in self.boxes.values():
            editor = box.editor
            if isinstance(editor, EditorBase):
                editor.start()
            else:
                editor.setFocus(Qt.FocusReason.OtherFocusReason)
            return

    def set_busy(self, busy: bool) -> None:
        """While it is written nothing can be pressed twice."""
        if self._move is not None:
            self._move.setEnabled(not busy)

    # --- what was typed ---------------------------------------------------------------------------

    def answers(self) -> dict[str, tuple[tuple[int, ...], Any]] | None:
        """(who missed it, what was given) by key; None: something is still missing and is said at
        its place."""
        found: dict[str, tuple[tuple[int, ...], Any]] = {}
        for key, box in self.boxes.items():
            value, wrong = self._answer(key)
            box.set_error(wrong)
            if wrong:
                box.editor.setFocus(Qt.FocusReason.OtherFocusReason)
                return None
            found[key] = tuple(self._missing[key].ids), value
        return found

    def _answer(self, key: str) -> tuple[Any, str]:
        """(value, what is wrong)."""
        editor = self.boxes[key].editor
        if isinstance(editor, FileLine):
            wrong = "" if editor.paths else _("Choose at least one file")
            return editor.paths, wrong
        if isinstance(editor, LineEdit):
            line = editor.text().strip()
            return line, "" if line else _("Say what is to be done and when")
        if key not in self.editors:
            return None, _("The deal needs at least one line")
        wrong = self.editors[key].text_error()
        if wrong:
            return None, wrong
        value = self.editors[key].value()
        empty = value is None or value in ("", ())
        return value, _("This has to be filled in") if empty else ""

    def show_error(self, error: UserError) -> None:
        """What the writer refuses, at its field if it is here."""
        box = self.boxes.get(error.field or "")
        self.error.setVisible(box is None)
        if box is None:
            self.error.setText(error.message)
            return
        box.set_error(error.message)
        box.editor.setFocus(Qt.FocusReason.OtherFocusReason)


class FileLine(QWidget):
    """Files that are to be attached: a button, and the names of what was chosen."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[Path] = []
        self.button = Button(_("Choose files…"), "attach")
        self.button.clicked.connect(self._ask)
        self._names = ElidedLabel("", "small", "text2")
        layout = row(self.button, self._names, gap=8)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.button)

    def _ask(self) -> None:
        found, _kind = QFileDialog.getOpenFileNames(self, _("Choose files"))
        self.set_paths([Path(one) for one in found])

    def set_paths(self, paths: Sequence[Path]) -> None:
        """Shows what was chosen."""
        if paths:
            self.paths = list(paths)
            self._names.setText(", ".join(path.name for path in paths))
            self.chosen.emit()


def row_of(widget: QWidget) -> QWidget:
    """A widget at the left of a line, no wider than it needs."""
    line = QWidget()
    line.setLayout(row(widget, None, gap=0))
    line.setFocusProxy(widget)
    return line
