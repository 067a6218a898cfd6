"""The form of a new base: its name and its folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.welcome.base_file import FOLDER, base_file, free_name
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.layouts import column, row


class FolderLine(QWidget):
    """A folder: typed, or chosen in a box."""

    def __init__(self, folder: str, *, name: str) -> None:
        super().__init__()
        self.line = LineEdit(folder, name=name)
        self.browse = ToolButton("folder-open", "", boxed=True)
        layout = row(self.line, self.browse, gap=6)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.line)
        self.browse.clicked.connect(self.choose)

    def set_bad(self, bad: bool) -> None:
        """Reddens the line."""
        self.line.set_bad(bad)

    def choose(self) -> QFileDialog:
        """Opens the box in which a folder is chosen."""
        box = QFileDialog(self, _("Folder of the base"), self.line.text())
        box.setFileMode(QFileDialog.FileMode.Directory)
        box.setOption(QFileDialog.Option.ShowDirsOnly)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.fileSelected.connect(self.line.setText)
        box.open()
        return box


class NewBaseForm(QWidget):
    """Tells `wanted` once the file can be made; what is wrong stands under its field."""

    wanted = Signal(str)
    """The path of the base to make."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is where bases are put unless the person says otherwise."""
        super().__init__()
        self._home = folder or documents_folder()
        self._proposed = ""
        self.name = LineEdit(name=_("Name of the base"))
        self.place = FolderLine(str(self._home), name=_("Folder"))
        self.folder = self.place.line
        self.make = Button("", "check", "primary")
        self._name_box = FieldBox("", self.name)
        self._folder_box = FieldBox("", self.place)
        fields = row(self._name_box, self._folder_box, gap=12)
        fields.setStretch(0, 2)
        fields.setStretch(1, 3)
        for box in (self._name_box, self._folder_box):
            fields.setAlignment(box, Qt.AlignmentFlag.AlignTop)
        self.setLayout(column(fields, row(None, self.make), gap=12))
        self.make.clicked.connect(self.submit)
        self.name.returnPressed.connect(self.submit)
        self.folder.returnPressed.connect(self.submit)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self._name_box.set_label(_("Name of the base"))
        self._folder_box.set_label(_("Folder"))
        self.folder.setAccessibleName(_("Folder"))
        self.place.browse.set_tip(_("Choose the folder"))
        self.make.setText(_("Make the base"))
        if self.name.text() == self._proposed:
            self._proposed = free_name(Path(self.folder.text()), _("My clients"))
            self.name.setText(self._proposed)
        for box in (self._name_box, self._folder_box):
            box.set_error("")

    def submit(self) -> None:
        """Asks for the base, or says what is wrong."""
        self._name_box.set_error("")
        self._folder_box.set_error("")
        try:
            path = base_file(self.folder.text(), self.name.text())
        except InvalidInput as error:
            self.show_error(error)
            return
        self.wanted.emit(str(path))

    def show_error(self, error: InvalidInput) -> None:
        """Puts the sentence under the field that it belongs to."""
        box = self._folder_box if error.field == FOLDER else self._name_box
        box.set_error(error.message)
        box.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def errors(self) -> tuple[str, str]:
        """The sentences under the name and under the folder."""
        return self._name_box.error(), self._folder_box.error()


def documents_folder() -> Path:
    """Where the documents of the person lie."""
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(found) if found else Path.home()
