"""How many records were or would be created, updated, left out or refused; and why."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.text.numbers import format_number
from crm_desktop.ui.import_wizard.state import Outcome
from crm_desktop.ui.import_wizard.table import PlainTable
from crm_desktop.ui.itemmodels.cells import Cell, Column
from crm_desktop.ui.widgets.labels import FigureTile, Label
from crm_desktop.ui.widgets.layouts import column, row


def number(count: int) -> str:
    """A count as people write it."""
    return format_number(count, 0, i18n.language())


class Figures(QWidget):
    """Four tiles side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.tiles = {key: FigureTile("", "") for key in ("created", "updated", "skipped",
                                                          "rejected")}  # fmt: skip
        self.setLayout(row(*self.tiles.values(), gap=12))
        self.figures = dict.fromkeys(self.tiles, 0)

    def show_counts(self, captions: dict[str, str], counts: dict[str, int]) -> None:
        """Captions and counts by the same keys."""
        self.figures = dict(counts)
        for key, tile in self.tiles.items():
            bad = key == "rejected" and counts[key] > 0
            tile.set_texts(captions[key], number(counts[key]), "bad" if bad else "text")
            tile.setAccessibleName(f"{captions[key]}: {counts[key]}")


class Problems(QWidget):
    """The first refused rows and why."""

    def __init__(self) -> None:
        super().__init__()
        self.title = Label("", "strong")
        self.table = PlainTable(name=_("Rows that are refused"))
        self.table.stretch = 3
        self.setLayout(column(self.title, self.table, gap=8))

    def show_outcome(self, outcome: Outcome, title: str) -> None:
        """Fills the table; hides itself when there is nothing to tell."""
        self.title.setText(title)
        self.table.setAccessibleName(title)
        rows = [
            (Cell(str(line), "number"), Cell(field), Cell(value), Cell(reason, bad=True))
            for line, field, value, reason in outcome.problems
        ]
        columns = [
            Column("row", _("Row"), 72, right=True, sortable=False),
            Column("field", _("Field"), 170, sortable=False),
            Column("value", _("Value"), 200, sortable=False),
            Column("reason", _("Why"), 320, sortable=False),
        ]
        self.table.show_rows(columns, rows)
        self.setVisible(bool(rows))


def counts_of(outcome: Outcome) -> dict[str, int]:
    """The four counts by the keys of `Figures`."""
    return {
        "created": outcome.created, "updated": outcome.updated, "skipped": outcome.skipped,
        "rejected": outcome.rejected,
    }  # fmt: skip


def duration(seconds: float) -> str:
    """In the roughest words that still help."""
    whole = round(seconds)
    if whole < 1:
        return _("less than a second")
    if whole < 60:
        return _("{count} s").format(count=whole)
    if whole < 3600:
        return _("{minutes} min {seconds} s").format(minutes=whole // 60, seconds=whole % 60)
    return _("{hours} h {minutes} min").format(hours=whole // 3600, minutes=whole % 3600 // 60)
