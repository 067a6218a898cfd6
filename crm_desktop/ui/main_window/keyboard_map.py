"""The window of F1: every shortcut, by group."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.marks import KeyCap

Group = tuple[str, Sequence[tuple[str, str]]]


def list_keys() -> Group:
    """The keys that a list answers itself."""
    return (
        _("In a list"),
        (
            (_("Open the record"), "Enter"),
            (_("Open in a new tab"), "Ctrl+Enter"),
            (_("Tick the record"), "Space"),
            (_("Tick all records of the query"), "Ctrl+A"),
            (_("Tick several in a row"), "Shift+↓"),
            (_("Copy as a table"), "Ctrl+C"),
            (_("Paste a table"), "Ctrl+V"),
            (_("Delete"), "Del"),
            (_("Jump to the letters typed"), "A … Z"),
        ),
    )


def board_keys() -> Group:
    """The keys that the board answers itself."""
    return (
        _("On the board"),
        (
            (_("Move to the next column"), "Ctrl+→"),
            (_("Move to the next lane"), "Ctrl+↓"),
            (_("Choose the card"), "Space"),
            (_("Choose all cards of the column"), "Ctrl+A"),
            (_("Choose several in a row"), "Shift+↓"),
            (_("Let go"), "Esc"),
        ),
    )


def section_keys() -> tuple[str, str]:
    """The line for the sections of the navigation."""
    return (_("Sections of the navigation"), "Ctrl+1 … 8")


def keyboard_map(parent: QWidget, groups: Sequence[Group]) -> Dialog:
    """The box with two columns of groups."""
    left, right = QWidget(), QWidget()
    halves: tuple[list[Group], list[Group]] = ([], [])
    for group in groups:
        smaller = min(halves, key=lambda half: sum(len(keys) + 2 for _title, keys in half))
        smaller.append(group)
    for side, half in zip((left, right), halves, strict=True):
        side.setLayout(column(*(_group(*group) for group in half), None, gap=14))
    inner = QWidget()
    columns = row(left, right, gap=32, margins=(0, 0, 12, 0))
    inner.setLayout(columns)
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(inner)
    area.viewport().setAutoFillBackground(False)
    inner.setAutoFillBackground(False)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setMinimumSize(px(780), px(420))
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    box = Dialog(_("Keyboard map"), area, parent)
    close = box.add_button(_("Close"), kind="primary", result=0)
    close.setDefault(True)
    return box


def _group(title: str, keys: Sequence[tuple[str, str]]) -> QWidget:
    group = QWidget()
    grid = QGridLayout(group)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(px(4))
    grid.addWidget(Label(title.upper(), "caption", "text3"), 0, 0, 1, 2)
    for place, (text, shown) in enumerate(keys, start=1):
        grid.addWidget(Label(text), place, 0)
        grid.addWidget(KeyCap(shown), place, 1, Qt.AlignmentFlag.AlignRight)
    grid.setColumnStretch(0, 1)
    return group
