"""The second step: sheet, header, how texts are read; and the head of the table as it was read."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.import_wizard.state import Preview, SheetChoice
from crm_desktop.ui.import_wizard.table import PlainTable
from crm_desktop.ui.itemmodels.cells import Cell, Column
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.theme import metrics, px
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.spin_box import SpinBox
from crm_desktop.ui.widgets.strips import StripMessage

ENCODINGS = (
    ("UTF-8", "utf-8"), ("Windows-1251", "cp1251"), ("Windows-1252", "cp1252"),
    ("DOS 866", "cp866"), ("KOI8-R", "koi8-r"), ("Windows-1250", "cp1250"), ("UTF-16", "utf-16"),
)  # fmt: skip
_SOON_MS = 150
_LEAST_WIDE, _MOST_WIDE = 72, 240


class SheetStep(QWidget):
    """Tells what is to be read in another way."""

    changed = Signal(dict)
    """What the person changed, by the names of `Reading`."""
    other_file = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._preview: Preview | None = None
        self.sheet = ComboBox(name=_("Sheet"))
        self.header = SpinBox(name=_("Row of the headings"), least=0, most=99_999)
        self.encoding = ComboBox(name=_("Encoding"))
        self.delimiter = ComboBox(name=_("Cells divided by"))
        self.dates = ComboBox(name=_("Order in dates"))
        self.decimal = ComboBox(name=_("Sign of fractions"))
        self._boxes = {
            "sheet": FieldBox("", self.sheet), "header": FieldBox("", self.header),
            "encoding": FieldBox("", self.encoding), "delimiter": FieldBox("", self.delimiter),
            "dates": FieldBox("", self.dates), "decimal": FieldBox("", self.decimal),
        }  # fmt: skip
        self.error = StripMessage("", tone="bad", action=" ")
        self.error.hide()
        self.remark = Label("", "small", "text2", wrap=True)
        self.count = Label("", "small", "text3")
        self.table = PlainTable(name=_("The first rows"))
        fields = row(*self._boxes.values(), None, gap=12)
        for box in self._boxes.values():
            fields.setAlignment(box, Qt.AlignmentFlag.AlignTop)
        self.setLayout(column(fields, self.error, self.remark, self.table, self.count, gap=10))
        self.layout().setStretch(3, 1)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._tell_header)
        self._connect()
        keep_translated(self, self._say_texts)

    def _connect(self) -> None:
        self.header.value_changed.connect(lambda _row: self._soon.start(_SOON_MS))
        self.sheet.activated.connect(
            lambda _at: self.changed.emit({"sheet": self.sheet.value(), "header_row": None})
        )
        for box, key in (
            (self.encoding, "encoding"), (self.delimiter, "delimiter"), (self.dates, "date_order"),
            (self.decimal, "decimal"),
        ):  # fmt: skip
            box.activated.connect(lambda _at, b=box, k=key: self.changed.emit(_change(k, b)))
        self.error.acted.connect(self.other_file)

    def _tell_header(self) -> None:
        self.changed.emit({"header_row": self.header.value()})

    def flush(self) -> bool:
        """Tells what was typed a moment ago; whether there was anything."""
        waiting = self._soon.isActive()
        if waiting:
            self._soon.stop()
            self._tell_header()
        return waiting

    def _say_texts(self) -> None:
        words = {
            "sheet": _("Sheet"), "header": _("Row of the headings"), "encoding": _("Encoding"),
            "delimiter": _("Cells divided by"), "dates": _("Order in dates"),
            "decimal": _("Sign of fractions"),
        }  # fmt: skip
        for key, word in words.items():
            self._boxes[key].set_label(word)
        for editor, key in ((self.sheet, "sheet"), (self.header, "header"),
                            (self.encoding, "encoding"), (self.delimiter, "delimiter"),
                            (self.dates, "dates"), (self.decimal, "decimal")):  # fmt: skip
            editor.setAccessibleName(words[key])
        self.header.setToolTip(_("0: there are no headings"))
        self.table.setAccessibleName(_("The first rows"))
        self.error.button.setText(_("Choose another file…"))
        if self._preview is not None:
            self.show_preview(self._preview)

    # --- showing ----------------------------------------------------------------------------------

    def show_preview(self, preview: Preview) -> None:
        """The head of the sheet, and how it was read."""
        self._preview = preview
        self.show_error("")
        self.sheet.set_choices([(_sheet(s), n) for n, s in enumerate(preview.sheets)],
                               preview.sheet)  # fmt: skip
        self._boxes["sheet"].setVisible(len(preview.sheets) > 1)
        if not self._soon.isActive():
            self.header.set_value(preview.header_row)
        self._say_text_options(preview)
        remarks = list(preview.remarks)
        if not preview.sure and preview.names:
            remarks.append(_("The headings were not found for certain: check their row."))
        self.remark.setText("  ".join(remarks))
        self.remark.setVisible(bool(remarks))
        self._show_table(preview)

    def _say_text_options(self, preview: Preview) -> None:
        for key, shown in (("encoding", preview.encoding), ("delimiter", preview.delimiter)):
            self._boxes[key].setVisible(bool(shown))
        self.encoding.set_choices(_with(list(ENCODINGS), preview.encoding), preview.encoding)
        signs: list[tuple[str, object]] = [
            (_("Semicolon"), ";"), (_("Comma"), ","), (_("Tab"), "\t"), (_("Bar"), "|"),
        ]  # fmt: skip
        self.delimiter.set_choices(_with(signs, preview.delimiter), preview.delimiter)
        orders: list[tuple[str, object]] = [
            (_("Day, month, year"), "dmy"), (_("Month, day, year"), "mdy"),
            (_("Year, month, day"), "ymd"),
        ]  # fmt: skip
        self.dates.set_choices(orders, preview.date_order or "dmy")
        points: list[tuple[str, object]] = [(_("Comma"), ","), (_("Full stop"), ".")]
        self.decimal.set_choices(points, preview.decimal or ".")

    def _show_table(self, preview: Preview) -> None:
        columns = [Column("", "№", 56, sortable=False)]
        for at, name in enumerate(preview.names):
            texts = [name, *(r[1][at] for r in preview.rows if at < len(r[1]))]
            wide = max(metrics("body").horizontalAdvance(text) for text in texts) / px(1000) * 1000
            columns.append(
                Column(str(at), name, int(min(_MOST_WIDE, max(_LEAST_WIDE, wide + 28))),
                       sortable=False)
            )  # fmt: skip
        rows = [[Cell(str(number), "muted"), *(Cell(text) for text in texts)]
                for number, texts in preview.rows]  # fmt: skip
        self.table.show_rows(columns, rows)
        wide = len(preview.names)
        columns_said = ngettext("{count} column", "{count} columns", wide).format(count=wide)
        if preview.records:
            said = ngettext("{count} row", "{count} rows", preview.records)
            columns_said = f"{said.format(count=preview.records)}, {columns_said}"
        self.count.setText(columns_said)

    def show_error(self, sentence: str) -> None:
        """Why the sheet cannot be read; '' takes it away."""
        self.error.set_text(sentence)
        self.error.setVisible(bool(sentence))
        self.table.setVisible(not sentence)
        self.count.setVisible(not sentence)
        if sentence:
            self.remark.hide()

    def take_focus(self) -> None:
        """To the row of the headings."""
        self.header.setFocus(Qt.FocusReason.OtherFocusReason)
        self.header.selectAll()


def _change(key: str, box: ComboBox) -> dict[str, Any]:
    return {key: box.value()}


def _sheet(sheet: SheetChoice) -> str:
    return _("{sheet} (hidden)").format(sheet=sheet.name) if sheet.hidden else sheet.name


def _with(choices: list[Any], current: str) -> list[tuple[str, object]]:
    """The choices, and the current one if it is none of them."""
    if current and all(value != current for _text, value in choices):
        return [(current.upper(), current), *choices]
    return choices
