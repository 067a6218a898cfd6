"""The first step: a file is dropped or chosen, or a table pasted; and where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.painting import box
from crm_desktop.ui.theme import px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.strips import StripMessage

PATTERNS = "*.xlsx *.xlsm *.xlsb *.xls *.ods *.csv *.tsv *.txt *.vcf *.ldif *.json *.html *.xml"
_MOST_RECENT = 5


class DropZone(QWidget):
    """Where a file is dropped."""

    dropped = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._over = False
        self.title, self.text = Label("", "title"), Label("", "body", "text2", wrap=True)
        self.choose = Button("", "folder-open", "primary")
        self.paste = Button("", "paste")
        self.directory = Button("", "people-team")
        self.title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        buttons = row(None, self.choose, self.paste, self.directory, None)
        self.setLayout(
            column(None, 52, self.title, self.text, 8, buttons, None, gap=6,
                   margins=(24, 20, 24, 20))
        )  # fmt: skip
        self.setMinimumHeight(px(176))
        self.setAcceptDrops(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        fill, border = ("accent_soft", "accent") if self._over else ("sunken", "line2")
        box(painter, rect, radius=px(12), fill=fill, border=border)
        top = self.title.y() - px(50)
        tint = "accent_text" if self._over else "text3"
        painter.drawPixmap((self.width() - px(40)) // 2, top, pixmap("import", tint, 40))
        painter.end()

    def _set_over(self, over: bool) -> None:
        self._over = over
        self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._set_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_over(False)
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.dropped.emit(files[0])


class FileStep(QWidget):
    """Tells which file and which object."""

    chosen = Signal(str)
    """The path of a file."""
    pasted = Signal()
    directory_asked = Signal()
    entity_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.zone = DropZone()
        self.entity = ComboBox(name=_("Bring into"))
        self._entity_box = FieldBox("", self.entity)
        self._entity_box.setMaximumWidth(px(320))
        self.error = StripMessage("", tone="bad")
        self.error.hide()
        self._recent_title = Label("", "strong")
        self._recent = column(gap=2)
        self.recent: list[Button] = []
        self.setLayout(
            column(self._entity_box, self.zone, self.error, 4, self._recent_title, self._recent,
                   None, gap=12)
        )  # fmt: skip
        self.zone.choose.clicked.connect(self.ask_for_file)
        self.zone.paste.clicked.connect(self.pasted)
        self.zone.directory.clicked.connect(self.directory_asked)
        self.zone.dropped.connect(self.chosen)
        self.error.acted.connect(self.ask_for_file)
        self.entity.activated.connect(lambda _at: self.entity_changed.emit(self.entity.value()))
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self._entity_box.set_label(_("Bring into"))
        self.entity.setAccessibleName(_("Bring into"))
        self.zone.title.setText(_("Drop a file here"))
        self.zone.text.setText(
            _("Excel, LibreOffice, CSV, vCard, LDIF or JSON. The file itself is only read.")
        )
        self.zone.choose.setText(_("Choose a file…"))
        self.zone.paste.setText(_("Paste a table"))
        self.zone.directory.setText(_("From a directory…"))
        self.zone.directory.setToolTip(_("People of the office, asked for over LDAP"))
        self.zone.paste.setToolTip(_("Cells copied in Excel or another program"))
        self.error.button.setText(_("Choose another file…"))
        self._recent_title.setText(_("Recent files"))

    def set_entities(self, choices: list[tuple[str, object]], current: str) -> None:
        """The objects that records can be brought into."""
        self.entity.set_choices(choices, current)

    def set_recent(self, paths: Sequence[str]) -> None:
        """The files that were brought in lately."""
        for button in self.recent:
            self._recent.removeWidget(button)
            button.deleteLater()
        self.recent = []
        for path in paths[:_MOST_RECENT]:
            button = Button(_file_line(path), "table", "ghost")
            button.setToolTip(plain_tip(path))
            button.clicked.connect(lambda _on=False, p=path: self.chosen.emit(p))
            self._recent.addWidget(button)
            self.recent.append(button)
        self._recent_title.setVisible(bool(self.recent))

    def show_error(self, sentence: str) -> None:
        """Why the file cannot be read; '' takes it away."""
        self.error.set_text(sentence)
        self.error.button.setVisible(bool(sentence))
        self.error.setVisible(bool(sentence))

    def ask_for_file(self) -> QFileDialog:
        """Opens the box in which a file is chosen."""
        kinds = ";;".join((_("Tables and cards ({endings})").format(endings=PATTERNS),
                           _("All files (*)")))  # fmt: skip
        dialog = QFileDialog(self, _("Bring in from a file"), "", kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.chosen)
        dialog.open()
        return dialog

    def take_focus(self) -> None:
        """To the button that chooses a file."""
        self.zone.choose.setFocus(Qt.FocusReason.OtherFocusReason)


def _file_line(path: str) -> str:
    file = Path(path)
    return f"{file.name}   {file.parent}".replace("&", "&&")
