"""Somebody else saved the record meanwhile: both values of each field, one of them to choose."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.differing import beginning, differing, is_long
from crm_desktop.ui.theme import line_height, px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import Segment
from crm_desktop.ui.widgets.labels import ElidedLabel, IconLabel, Label, Tile
from crm_desktop.ui.widgets.layouts import column, row

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that both changed: its key and label, and in words what is to be saved, what
    stands in the base and what stood there when the form was opened; `by`: whose, and when."""

    key: str
    label: str
    mine: str
    theirs: str
    original: str = ""
    by: str = ""


def _side(text: str, whole: str) -> QWidget:
    """One value of a field; the tip shows all of a text of which only a part stands there."""
    if not is_long(text) and text == " ".join(whole.split()):
        return ElidedLabel(text or "—")
    label = Label(beginning(text), wrap=True)
    label.setToolTip(plain_tip(whole))
    return label


class ConflictBox(Tile):
    """One line a field; nothing is saved until the person says so."""

    decided = Signal(object)
    """{field key: whether mine stands}"""
    put_off = Signal()

    def __init__(self) -> None:
        super().__init__(ground="warn_soft", border="warn")
        self._title = Label("", "strong")
        self._text = Label("", "small", "text2", wrap=True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(16))
        self._grid.setVerticalSpacing(px(8))
        for place in range(1, 4):
            self._grid.setColumnStretch(place, 1)
        self._choices: dict[str, Segment] = {}
        self._heads: list[Label] = []
        self._save = Button("", kind="primary")
        self._later = Button("")
        self._save.clicked.connect(self._decide)
        self._later.clicked.connect(self.put_off)
        head = row(IconLabel("warning", "warn"), self._title, None)
        foot = row(self._save, self._later, None)
        self.setLayout(column(head, self._text, self._grid, foot, gap=10, margins=(16, 12, 16, 14)))
        self.hide()
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self._title.setText(_("Somebody else has changed this record meanwhile"))
        self._text.setText(
            _("Fields that only one of you changed are kept as they are. For these choose one:")
        )
        self._save.setText(_("Save my choice"))
        self._later.setText(_("Back to editing"))
        for head, word in zip(self._heads, (_("Mine"), _("Theirs"), _("Before")), strict=False):
            head.setText(word)
        for choice in self._choices.values():
            chosen = choice.value()
            choice.set_choices([(_("Mine"), MINE), (_("Theirs"), THEIRS)])
            choice.set_value(chosen)

    def show_clashes(self, clashes: list[Clash]) -> None:
        """Shows the fields that both changed."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._choices = {}
        self._heads = [Label("", "small", "text3") for _place in range(3)]
        for place, head in enumerate(self._heads, start=1):
            self._grid.addWidget(head, 0, place)
        for line, clash in enumerate(clashes, start=1):
            self._add(line, clash)
        self._say_texts()
        self._text.setVisible(bool(clashes))
        self.show()
        self._save.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, line: int, clash: Clash) -> None:
        choice = Segment([(_("Mine"), MINE), (_("Theirs"), THEIRS)], name=clash.label)
        whole = (clash.mine, clash.theirs, clash.original)
        mine, theirs, before = map(_side, differing(*whole), whole)
        said = QWidget()
        by = ElidedLabel(clash.by, "small", "text3")
        by.setVisible(bool(clash.by))
        said.setLayout(column(theirs, by, gap=0))
        name = Label(clash.label, "body", "text2")
        name.setMinimumHeight(line_height("body"))
        parts: list[QWidget] = [name, mine, said, before, choice]
        for place, part in enumerate(parts):
            self._grid.addWidget(part, line, place, Qt.AlignmentFlag.AlignTop)
        self._choices[clash.key] = choice

    def choose(self, key: str, side: str) -> None:
        """Chooses for one field, as a click does."""
        self._choices[key].set_value(side)

    def _decide(self) -> None:
        self.decided.emit({key: c.value() == MINE for key, c in self._choices.items()})
