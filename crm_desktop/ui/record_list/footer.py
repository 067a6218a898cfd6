"""The line under a list: how many, what is ticked, sums, how dense the rows are."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import ElidedLabel, Label, Surface
from crm_desktop.ui.widgets.layouts import row

DENSITIES = ("compact", "normal", "roomy")


def density_text(density: str) -> str:
    """The name of a height of rows."""
    names = {"compact": _("Rows: compact"), "normal": _("Rows: normal"), "roomy": _("Rows: roomy")}
    return names[density]


class ListFooter(Surface):
    """Counts at the left, density at the right."""

    density_clicked = Signal(QWidget)
    clear_clicked = Signal()

    def __init__(self) -> None:
        super().__init__("sunken", "t")
        self._density = "normal"
        self._count = Label("", "small", "text2")
        self._sums = ElidedLabel("", "small", "text2")
        self.untick = Button("", kind="link")
        self.untick.clicked.connect(self.clear_clicked)
        self.untick.hide()
        self.density = Button("", kind="ghost")
        self.density.clicked.connect(lambda: self.density_clicked.emit(self.density))
        self._hint = ElidedLabel("", "small", "accent_text")
        self._hint.hide()
        parts = (self._count, self.untick, self._sums, self._hint, self.density)
        layout = row(*parts, gap=8)
        layout.setContentsMargins(px(24), 1, px(12), 0)
        layout.setStretch(2, 1)
        layout.setStretch(3, 4)
        self.setLayout(layout)
        self.setFixedHeight(px(34))
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.untick.setText(_("Untick"))
        self.set_density(self._density)

    def set_count(self, text: str, *, ticked: bool) -> None:
        """How many there are, or how many of them are ticked."""
        self._count.setText(text)
        self.untick.setVisible(ticked)

    def set_sums(self, text: str) -> None:
        """The sums of the number columns, '' while they are not known."""
        self._sums.setText(f"·  {text}" if text else "")

    def set_hint(self, text: str) -> None:
        """What the keys do just now; '' as usual."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text))
        self._sums.setVisible(not text)

    def set_density(self, density: str) -> None:
        """Names the height of the rows."""
        self._density = density
        self.density.setText(density_text(density))

    def count_text(self) -> str:
        """What is said about the number of rows."""
        return self._count.text()

    def sums_text(self) -> str:
        """What is said about the sums."""
        return self._sums.text()
