"""The versions of a file: since when, by whom, how large; any of them can be brought back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.text.file_sizes import size_text
from crm_desktop.ui.record_card.overview import ScrollPage
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.labels import Label, Rule
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.marks import Pill

if TYPE_CHECKING:
    from crm_desktop.services.files.rows import FileVersion

Wanted = Callable[["FileVersion"], None]


class VersionsBox(Dialog):
    """Lists what it is given; does not wait."""

    def __init__(
        self, name: str, versions: list[FileVersion], said: Callable[[Any], str], parent: QWidget
    ) -> None:
        """`said` puts a moment into words."""
        self.restore_buttons: list[Button] = []
        lines = column(gap=0)
        self._said = said
        self._wanted: Wanted = _nothing
        for version in versions:
            lines.addLayout(self._line(version))
            lines.addWidget(Rule())
        lines.addStretch(1)
        area = ScrollPage(lines)
        area.setMinimumWidth(px(480))
        area.setFixedHeight(min(px(420), px(56) * max(2, len(versions))))
        super().__init__(_("Versions of “{file}”").format(file=name), area, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.add_button(_("Close"), kind="primary", result=0).setDefault(True)

    def _line(self, version: FileVersion) -> Any:
        size = size_text(version.size, i18n.language())
        words = column(
            Label(self._said(version.moment), "strong"),
            Label(" · ".join(filter(None, (version.author, size))), "small", "text3"), gap=2,
        )  # fmt: skip
        line = row(words, None, gap=8, margins=(0, 8, 0, 8))
        if version.current:
            line.addWidget(Pill(_("Present version"), "ok"))
        elif version.there:
            button = Button(_("Bring back"), "undo")
            button.clicked.connect(lambda: self._want(version))
            self.restore_buttons.append(button)
            line.addWidget(button)
        else:
            line.addWidget(Label(_("Removed by a clean-up"), "small", "text3"))
        return line

    def on_restore(self, wanted: Wanted) -> None:
        """Who brings a version back."""
        self._wanted = wanted

    def _want(self, version: FileVersion) -> None:
        self._wanted(version)
        self.accept()


def _nothing(_version: FileVersion) -> None:
    """Nobody listens yet."""
