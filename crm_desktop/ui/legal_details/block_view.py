"""One block on a card: its name and marks, its fields, and below what belongs to it."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.catalogue.fieldtypes import AddressField, ChoiceField, TextField
from crm_desktop.services.blocks import Block
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.labels import ElidedLabel, Label, Rule, Tile
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.marks import Pill
from crm_desktop.ui.widgets.popover import Menu

_TWO_COLUMNS = 640
_NARROWEST = 260
_WIDE_LABEL = 150
_LONG = 44  # letters; a longer value takes the whole width


class BlockActs(Protocol):
    """What can be done with a block: the tab does it."""

    def copy(self, block: Block, owner: Block | None) -> None:
        """The block as text."""

    def choose(self, block: Block) -> None:
        """Makes it the one of its siblings that is taken first."""

    def edit(self, block: Block, link: Link, owner: Block | None) -> None:
        """Opens its form."""

    def add_child(self, link: Link, owner: Block) -> None:
        """Opens the form of a new record below a block."""

    def delete(self, block: Block) -> None:
        """Deletes it with what belongs to it."""


class _Facts(QWidget):
    """Labels and values in one pair of columns or two."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self._columns = 0
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(12))
        self._grid.setVerticalSpacing(px(6))
        self.setLayout(self._grid)
        language = i18n.language()
        self._pairs: list[tuple[Label, Label, bool]] = []
        for f, value in block.facts():
            is_kind = isinstance(f, ChoiceField) and f.required
            if is_kind or f.key == block.entity.title_field:
                continue
            label, text = Label(_(f.label), "small", "text2", wrap=True), f.format(value, language)
            label.setFixedWidth(px(_WIDE_LABEL))
            told = Label(text, wrap=True, selectable=True)
            wide = isinstance(f, AddressField) or len(text) > _LONG
            self._pairs.append((label, told, wide))
        self.setMinimumWidth(px(_NARROWEST))  # else two columns could never become one
        self._arrange(1)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        place, top = 0, Qt.AlignmentFlag.AlignTop
        for label, told, wide in self._pairs:
            wide = wide and columns > 1
            if wide and place % columns:
                place += 1
            line, spot = divmod(place, columns)
            self._grid.addWidget(label, line, spot * 2, top)
            self._grid.addWidget(told, line, spot * 2 + 1, 1, 3 if wide else 1, top)
            place += columns if wide else 1
        for spot in (1, 3):
            self._grid.setColumnStretch(spot, 1 if spot < columns * 2 else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(2 if self.width() >= px(_TWO_COLUMNS) else 1)


class _ChildLine(QWidget):
    """A record below a block in two lines: its name, then its other values."""

    def __init__(self, block: Block, link: Link, owner: Block, acts: BlockActs) -> None:
        super().__init__()
        language = i18n.language()
        told = [_said(f, v) for f, v in block.facts() if not _repeats(block, v)]
        name = ElidedLabel(block.title(language), "strong")
        rest = Label(" · ".join(told), "small", "text2", wrap=True, selectable=True)
        words = column(name, rest, gap=2)
        copy = ToolButton("copy", _("Copy as text"), size=28)
        copy.clicked.connect(lambda: acts.copy(block, owner))
        more = _more(block, link, owner, acts)
        line = row(words, _star(block, acts), copy, more, gap=2, margins=(0, 6, 0, 6))
        line.setStretch(0, 1)
        self.setLayout(column(Rule(), line, gap=0))


class BlockView(Tile):
    """Made anew for each reading: a client has a few of them."""

    def __init__(self, block: Block, link: Link, acts: BlockActs) -> None:
        super().__init__(ground="surface")
        self.block = block
        name = Label(block.title(i18n.language()), "strong", wrap=True, selectable=True)
        name.setMinimumWidth(px(120))
        self.copy_button = Button(_("Copy as text"), "copy", "ghost")
        self.copy_button.clicked.connect(lambda: acts.copy(block, None))
        edit = ToolButton("edit", _("Edit"), size=28)
        edit.clicked.connect(lambda: acts.edit(block, link, None))
        head = row(name, self.copy_button, edit, _more(block, link, None, acts), gap=6)
        head.setStretch(0, 1)
        marks = row(*_marks(block), None, gap=6)
        parts: list[QWidget] = [_Facts(block)]
        parts += [self._children(found, blocks, acts) for found, blocks in block.children]
        top = column(head, marks, gap=2)
        self.setLayout(column(top, *parts, gap=10, margins=(16, 12, 12, 10)))

    def _children(self, link: Link, blocks: tuple[Block, ...], acts: BlockActs) -> QWidget:
        whole = QWidget()
        lines = [_ChildLine(child, link, self.block, acts) for child in blocks]
        add = Button(_(link.entity.new_label) or _("Add"), "add", "link")
        add.clicked.connect(lambda: acts.add_child(link, self.block))
        whole.setLayout(column(*lines, row(add, None, margins=(0, 4, 0, 0)), gap=0))
        return whole


def _marks(block: Block) -> list[Pill]:
    """The kind of the record and whether it is the chosen one."""
    found = []
    for f, value in block.facts():
        choice = f.choice(value) if isinstance(f, ChoiceField) and f.required else None
        if choice is not None:
            found.append(Pill(_(choice.label), choice.tone, dot=False))
    if block.is_main and block.flag is not None:
        found.append(Pill(_(block.flag.label), "ok"))
    return found


def _said(f: Field, value: Any) -> str:
    """A value in a line of several: a number says what it is."""
    text = f.format(value, i18n.language())
    number = isinstance(f, TextField) and f.is_number
    return f"{_(f.label)} {text}" if number else text


def _repeats(block: Block, value: Any) -> bool:
    """Whether the field says what the name of the record says already."""
    return bool(value == block.values.get(block.entity.title_field))


def _star(block: Block, acts: BlockActs) -> ToolButton:
    main = block.is_main
    star = ToolButton("star", _("This is the main one") if main else _("Make it the main one"),
                      size=28)  # fmt: skip
    star.set_icon_name("star!" if main else "star", "warn" if main else "text2")
    star.clicked.connect(lambda: None if main else acts.choose(block))
    return star


def _more(block: Block, link: Link, owner: Block | None, acts: BlockActs) -> ToolButton:
    button = ToolButton("more", _("More"), size=28)

    def open_menu() -> None:
        entries = [("edit", _("Edit"), lambda: acts.edit(block, link, owner)),
                   ("copy", _("Copy as text"), lambda: acts.copy(block, owner)),
                   ("delete", _("Delete"), lambda: acts.delete(block))]  # fmt: skip
        if block.flag is not None and not block.is_main:
            word = _("Choose: {mark}").format(mark=_(block.flag.label))
            entries.insert(1, ("star", word, lambda: acts.choose(block)))
        Menu.of(button, entries).open_below(button)

    button.clicked.connect(open_menu)
    return button
