"""Records side by side: which one stays, whose value of every field; equal fields are folded."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from crm_desktop import i18n
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.ui.duplicates.choice_cell import ChoiceCell
from crm_desktop.ui.duplicates.reading import JOINED, Sheet, SheetRow
from crm_desktop.ui.painting import elided
from crm_desktop.ui.theme import metrics, px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.marks import Pill

_CAPTION = 150


class _NameLink(Button):
    """The name of a record; it gives way rather than make the sheet scroll sideways."""

    _whole: QSize | None = None

    def __init__(self, title: str) -> None:
        super().__init__(title, kind="link", name=_("Open {name}").format(name=title))
        self._whole = super().sizeHint()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setToolTip(plain_tip(title))

    def _plain_text(self) -> str:
        text = super()._plain_text()
        if self._whole is None or self.width() >= self._whole.width():
            return text
        edge = self._whole.width() - metrics("body").horizontalAdvance(text)
        return elided(text, "body", self.width() - edge)

    def sizeHint(self) -> QSize:
        return self._whole or super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        whole = self.sizeHint()
        return QSize(min(px(100), whole.width()), whole.height())


class MergeSheet(QScrollArea):
    """Shows a `Sheet`; `choices` says what the person has chosen beside what was proposed."""

    winner_chosen = Signal(int)
    record_opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setAccessibleName(_("Records side by side"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self._sheet: Sheet | None = None
        self._groups: dict[str, QButtonGroup] = {}
        self._equal_shown = False

    def show_sheet(self, sheet: Sheet) -> None:
        """Shows records, with the proposed values chosen."""
        self._sheet = sheet
        self._groups = {}
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(px(20), px(8), px(20), px(12))
        grid.setHorizontalSpacing(px(10))
        grid.setVerticalSpacing(px(8))
        grid.setColumnMinimumWidth(0, px(_CAPTION))
        for at in range(len(sheet.ids)):
            grid.setColumnStretch(at + 1, 1)
        self._heads(grid, sheet)
        line = 1
        for one in (r for r in sheet.rows if r.differs):
            self._add_row(grid, line, one, sheet)
            line += 1
        line = self._add_equal(grid, line, sheet)
        grid.setRowStretch(line, 1)

        self.setWidget(inner)
        inner.setAutoFillBackground(False)  # setWidget has put it on

    def choices(self) -> dict[str, int]:
        """Whose value stays, by field, where that is not what was proposed anyway."""
        if self._sheet is None:
            return {}
        proposed = {one.key: one.chosen for one in self._sheet.rows}
        chosen = {key: group.checkedId() for key, group in self._groups.items()}
        return {key: id_ for key, id_ in chosen.items() if id_ > 0 and id_ != proposed[key]}

    def first_choice(self) -> QWidget | None:
        """Where the keyboard begins."""
        for group in self._groups.values():
            return group.checkedButton()
        return None

    # --- parts ------------------------------------------------------------------------------------

    def _heads(self, grid: QGridLayout, sheet: Sheet) -> None:
        for at, (id_, title) in enumerate(zip(sheet.ids, sheet.titles, strict=True)):
            name = _NameLink(title)
            name.clicked.connect(partial(self.record_opened.emit, id_))
            if at == 0:
                state: QWidget = Pill(_("Stays"), "ok")
            else:
                state = Button(_("Keep this one"), kind="ghost")
                state.clicked.connect(partial(self.winner_chosen.emit, id_))  # type: ignore[attr-defined]
            made = sheet.made[at] if at < len(sheet.made) else None
            when = format_date(made.astimezone().date(), i18n.language()) if made else ""
            told = _("No. {number}, since {day}").format(number=id_, day=when)
            grid.addLayout(
                column(row(name, None), Label(told, "small", "text3"), row(state, None), gap=2),
                0, at + 1, Qt.AlignmentFlag.AlignTop,
            )  # fmt: skip

    def _add_row(self, grid: QGridLayout, line: int, one: SheetRow, sheet: Sheet) -> None:
        caption = Label(one.label, "small", "text2", wrap=True)
        caption.setContentsMargins(0, px(8), 0, 0)
        grid.addWidget(caption, line, 0, Qt.AlignmentFlag.AlignTop)
        if one.differs and one.chosen == JOINED:
            grid.addWidget(self._joined(one), line, 1, 1, len(sheet.ids))
            return
        group = QButtonGroup(grid.parentWidget() or self)
        for at, (id_, text) in enumerate(zip(sheet.ids, one.texts, strict=True)):
            cell = ChoiceCell(text, name=one.label, plain=not one.differs or not text)
            grid.addWidget(cell, line, at + 1)
            if one.differs and text:
                group.addButton(cell, id_)
                cell.setChecked(id_ == one.chosen)
        if one.differs:
            self._groups[one.key] = group

    @staticmethod
    def _joined(one: SheetRow) -> QWidget:
        frame = QWidget()
        whole = "  +  ".join(text.replace("\n", " ") for text in one.texts if text)
        text = Label(whole if len(whole) < 400 else whole[:399] + "…", "body", wrap=True)
        frame.setLayout(column(text, row(Pill(_("All of it is kept"), "info"), None), gap=4))
        return frame

    def _add_equal(self, grid: QGridLayout, line: int, sheet: Sheet) -> int:
        equal = [one for one in sheet.rows if not one.differs]
        if not equal:
            return line
        text = ngettext(
            "{count} more field without a choice", "{count} more fields without a choice",
            len(equal),
        ).format(count=len(equal))  # fmt: skip
        button = Button(text, "chevron-up" if self._equal_shown else "chevron-down", "ghost")
        button.clicked.connect(self._toggle_equal)
        grid.addLayout(row(button, None), line, 0, 1, len(sheet.ids) + 1)
        line += 1
        for one in equal if self._equal_shown else ():
            self._add_row(grid, line, one, sheet)
            line += 1
        return line

    def _toggle_equal(self) -> None:
        self._equal_shown = not self._equal_shown
        if self._sheet is not None:
            kept = {key: group.checkedId() for key, group in self._groups.items()}
            self.show_sheet(self._sheet)
            for key, id_ in kept.items():
                button = self._groups[key].button(id_)
                if button is not None:
                    button.setChecked(True)
