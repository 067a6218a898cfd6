"""The code of the second factor in a box: its field, and above it the picture for a new app."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.server.second_factor import NewSecret

_SIDE = 190


class Drawn(NamedTuple):
    """A new secret and its picture, as PNG."""

    secret: NewSecret
    png: bytes


def draw(login: str, office: str) -> Drawn:
    """Makes a secret and its picture; in the worker."""
    from crm_desktop.services.server.second_factor import new_secret, picture

    secret = new_secret(login, office)
    return Drawn(secret, picture(secret))


class CodePart(QWidget):
    """Shown when a code is wanted; with a picture when an app is to be set up first."""

    def __init__(self) -> None:
        super().__init__()
        self.code = LineEdit(name=_("Code of the app"))
        self.code.setMaxLength(30)
        self.box = FieldBox(
            _("Code of the app"), self.code,
            hint=_("Six digits; without the telephone, one of your recovery codes"),
        )  # fmt: skip
        self.secret: NewSecret | None = None
        self._picture = QLabel()
        self._picture.setFixedSize(px(_SIDE), px(_SIDE))
        self._picture.setAccessibleName(_("Picture for the app"))
        self._how = Label(
            _("Open an app for codes on your telephone (Google Authenticator, Aegis, FreeOTP, "
              "Yandex Key …), add an account and scan this picture."), "body", "text2", wrap=True,
        )  # fmt: skip
        self._typed_caption = Label(_("Or type this into the app:"), "small", "text3", wrap=True)
        self.typed = Label("", "strong", wrap=True, selectable=True)
        self.typed.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        beside = column(self._how, self._typed_caption, self.typed, None, gap=8)
        self._new = QWidget()
        whole = row(self._picture, beside, gap=16)
        whole.setStretch(1, 1)
        self._new.setLayout(whole)
        self._new.hide()
        self.setLayout(column(self._new, self.box, gap=12))

    def show_picture(self, drawn: Drawn) -> None:
        """An app is to be set up."""
        self.secret = drawn.secret
        self.box.set_note(_("Type the six digits that the app shows now"))
        image = QImage.fromData(drawn.png)
        ratio = self.devicePixelRatioF()
        side = round(px(_SIDE) * ratio)
        pixels = QPixmap.fromImage(image.scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation
        ))  # fmt: skip
        pixels.setDevicePixelRatio(ratio)
        self._picture.setPixmap(pixels)
        self.typed.setText(drawn.secret.typed)
        self._new.show()

    def text(self) -> str:
        """What was typed."""
        return self.code.text().strip()

    def take_focus(self) -> None:
        """The field, with what stands in it marked."""
        self.code.selectAll()
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)
