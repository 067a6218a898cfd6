"""The pane beside the list: what a deleted record said, and the button that brings it back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout

from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.recycle_bin.reading import Preview
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.labels import Label, Rule, Surface
from crm_desktop.ui.widgets.layouts import column, row

_PAD, _LABEL = 20, 140


class PreviewPane(Surface):
    """Shows a `Preview`."""

    restore_wanted = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__("surface")
        self._preview: Preview | None = None
        self._title = Label("", "title", wrap=True, selectable=True)
        self._facts = Label("", "small", "text2", wrap=True)
        self.cross = ToolButton("close", "")
        self.restore = Button("", "restore", "primary")
        self.refusal = Label("", "small", "bad", wrap=True)
        self._pairs: list[tuple[Label, Label]] = []
        self._grid = QGridLayout()
        self._grid.setContentsMargins(px(_PAD), px(12), px(_PAD), px(12))
        self._grid.setHorizontalSpacing(px(12))
        self._grid.setVerticalSpacing(px(8))
        self._grid.setColumnMinimumWidth(0, px(_LABEL))
        self._grid.setColumnStretch(1, 1)
        self._lay_out()
        self.cross.clicked.connect(self.closed)
        self.restore.clicked.connect(self.restore_wanted)
        keep_translated(self, self._say_texts)

    def _lay_out(self) -> None:
        head = row(self._title, self.cross, gap=10)
        head.setStretch(0, 1)
        head.setAlignment(self.cross, Qt.AlignmentFlag.AlignTop)
        top = column(
            head, self._facts, row(self.restore, None), self.refusal, gap=8,
            margins=(_PAD, 16, 12, 14),
        )  # fmt: skip
        inside = Surface("surface")
        holder = QVBoxLayout(inside)
        holder.setContentsMargins(0, 0, 0, 0)
        holder.addLayout(self._grid)
        holder.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        layout: QVBoxLayout = column(top, Rule(), area, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def _say_texts(self) -> None:
        self.cross.set_tip(_("Close"))
        self.restore.setText(_("Restore"))

    def show_preview(self, preview: Preview) -> None:
        """Shows another record."""
        self._preview = preview
        one = preview.record
        self._title.setText(one.title)
        said = [preview.object]
        if one.parts:
            with_it = ngettext("{count} record with it", "{count} records with it", one.parts)
            said.append(with_it.format(count=one.parts))
        self._facts.setText("  ·  ".join(said))
        self.say_refused("")
        while len(self._pairs) < len(preview.lines):
            self._add_line()
        for place, (label, value) in enumerate(self._pairs):
            shown = place < len(preview.lines)
            label.setVisible(shown)
            value.setVisible(shown)
            if shown:
                label.setText(preview.lines[place][0])
                value.setText(preview.lines[place][1])

    def _add_line(self) -> None:
        label = Label("", "body", "text2", wrap=True)
        value = Label("", "body", "text", wrap=True, selectable=True)
        at = len(self._pairs)
        self._grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, at, 1, Qt.AlignmentFlag.AlignTop)
        self._pairs.append((label, value))

    def say_refused(self, text: str) -> None:
        """Says below the button what could not come back."""
        self.refusal.setText(text)
        self.refusal.setVisible(bool(text))
