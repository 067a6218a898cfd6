"""Makes a picture out of a file or the clipboard the photo of the record on a card."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage

from crm_desktop.errors import FileProblem, InvalidInput
from crm_desktop.i18n import _
from crm_desktop.ui.operations import Job
from crm_desktop.ui.portraits.avatars import MOST_BYTES, portrait
from crm_desktop.ui.record_card.controller import CardController


def keep_mime(card: CardController, mime: QMimeData) -> None:
    """What was dropped or pasted: a file, or the picture itself."""
    paths = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
    if paths:
        keep_file(card, paths[0])
        return
    image = mime.imageData()
    content = _png(image) if isinstance(image, QImage) else b""
    _keep(card, lambda: content)


def keep_file(card: CardController, path: str) -> None:
    """A file of this computer."""

    def read() -> bytes:
        try:
            with Path(path).open("rb") as file:
                return file.read(MOST_BYTES + 1)
        except OSError as error:
            said = _("{file} cannot be read").format(file=Path(path).name)
            raise FileProblem(said) from error

    _keep(card, read)


def take_away(card: CardController) -> None:
    """Initials again."""
    contents, base = card.contents, card.session.base
    if contents is None:
        return

    def work(_job: Job) -> int | None:
        from crm_desktop.services.files.portraits import take_away as away

        return away(base, contents.ref)

    _run(card, work, _("The photo was taken away"))


def _keep(card: CardController, read: Callable[[], bytes]) -> None:
    contents, base = card.contents, card.session.base
    if contents is None:
        return

    def work(_job: Job) -> int | None:
        from crm_desktop.services.files.portraits import keep

        made = portrait(read())
        if made is None:
            raise InvalidInput(_("This is no picture that can be shown: take a PNG, JPEG or WebP "
                                 "of up to 25 MB."))  # fmt: skip
        return keep(base, contents.ref, made)

    _run(card, work, _("The photo is kept"))


def _run(card: CardController, work: Callable[[Job], int | None], said: str) -> None:
    def done(operation: int | None) -> None:
        card.navigator.toast(said, undo_operation=operation)

    card.session.operations.run(work, owner=card, done=done, failed=card.navigator.refuse)


def _png(image: QImage) -> bytes:
    content = QByteArray()
    target = QBuffer(content)
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(target, "PNG")  # type: ignore[call-overload]  # PySide takes the text only
    return bytes(content.data())
