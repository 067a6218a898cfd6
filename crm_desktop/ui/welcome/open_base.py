"""The form that opens a base: a file, or the address of one on a server."""

from __future__ import annotations

from urllib.parse import quote, unquote

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from crm_desktop.i18n import _
from crm_desktop.models.backend.connect import SUFFIX, is_server_address
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.session import CONNECTION_ENDING
from crm_desktop.ui.welcome.new_base import documents_folder
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import CheckBox
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label, Rule
from crm_desktop.ui.widgets.layouts import column, row

_SCHEME = "firebird+fdb://"


class OpenBaseForm(QWidget):
    """Tells `wanted` with a path or an address."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.file = Button("", "folder-open", "primary")
        self._hint = Label("", "small", "text3", wrap=True)
        self.server = LineEdit(name=_("Address of the base"))
        self.user = LineEdit(name=_("User"))
        self.password = LineEdit(name=_("Password"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.remember = CheckBox("")
        self._no_place = Label("", "small", "text3", wrap=True)
        self._no_place.hide()
        self.connect_button = Button("", "link")
        self._server_title = Label("", "strong")
        self._boxes = tuple(FieldBox("", e) for e in (self.server, self.user, self.password))
        fields = row(*self._boxes, gap=12)
        for place, share in enumerate((4, 2, 2)):
            fields.setStretch(place, share)
            fields.setAlignment(self._boxes[place], Qt.AlignmentFlag.AlignTop)
        from_file = row(self.file, self._hint, gap=12)
        from_file.setStretch(1, 1)
        connecting = row(self.remember, self._no_place, None, self.connect_button, gap=12)
        connecting.setStretch(1, 100)
        self.setLayout(
            column(from_file, Rule(), self._server_title, fields,
                   connecting, gap=12)
        )  # fmt: skip
        self.file.clicked.connect(self.choose_file)
        self.connect_button.clicked.connect(self.submit)
        for editor in (self.server, self.user, self.password):
            editor.returnPressed.connect(self.submit)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.file.setText(_("Choose a file…"))
        self._hint.setText(_("A base is one file that ends in .crm. You can drop it here, too."))
        self._server_title.setText(_("On a server"))
        for box, word in zip(
            self._boxes, (_("Address of the base"), _("User"), _("Password")), strict=True
        ):
            box.set_label(word)
            box.set_error("")
        self.server.setPlaceholderText(_("server:3050/name or path"))
        self.connect_button.setText(_("Connect"))
        self.remember.setText(_("Remember the password"))
        self._no_place.setText(
            _("This computer has no safe place for passwords: it is asked each time.")
        )

    def set_can_remember(self, can: bool) -> None:
        """Whether this computer keeps passwords where nobody else reads them."""
        self.remember.setVisible(can)
        self._no_place.setVisible(not can)

    def remembers(self) -> bool:
        """Whether the person wants the password kept."""
        return self.remember.isVisibleTo(self) and self.remember.isChecked()

    def ask_password(self, address: str) -> None:
        """Fills in a known address, so that only the password is to be typed."""
        place = address.partition("://")[2]
        names, _at, host = place.rpartition("@")
        self.server.setText(host)
        self.user.setText(unquote(names.partition(":")[0]))
        self.password.clear()
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Asks for the base on the server."""
        text = self.server.text().strip()
        if not text:
            self._boxes[0].set_error(_("Type the address that your administrator gave you."))
            self.server.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._boxes[0].set_error("")
        self.wanted.emit(server_address(text, self.user.text().strip(), self.password.text()))

    def error(self) -> str:
        """The sentence under the address."""
        return self._boxes[0].error()

    def choose_file(self) -> QFileDialog:
        """Opens the box in which a file is chosen."""
        kind = _("Bases (*{ending})").format(ending=f"{SUFFIX} *{CONNECTION_ENDING}")
        box = QFileDialog(self, _("Open a base"), str(documents_folder()), kind)
        box.setFileMode(QFileDialog.FileMode.ExistingFile)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.fileSelected.connect(self.wanted)
        box.open()
        return box


def server_address(text: str, user: str, password: str) -> str:
    """The whole address of what was typed; one that is whole already stays as it is."""
    if is_server_address(text):
        return text
    place = text.partition("://")[2] or text
    name = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""
    return f"{_SCHEME}{name}{place}"
