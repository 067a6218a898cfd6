"""Files that go out: saved under a name, saved into a folder, copied, dragged to the desktop."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.operations import Job

if TYPE_CHECKING:
    from crm_desktop.services.files.rows import FileRow
    from crm_desktop.ui.record_card.controller import CardController


def save_as(card: CardController, files: Sequence[FileRow], parent: QWidget) -> None:
    """Asks where to, then writes; several files go into a folder."""
    if len(files) == 1:
        asked = QFileDialog.getSaveFileName(parent, _("Save as"), files[0].name)
        target = asked[0]
    else:
        target = QFileDialog.getExistingDirectory(parent, _("Save into a folder"))
    if target:
        write(card, files, Path(target))


def write(card: CardController, files: Sequence[FileRow], target: Path) -> Job:
    """Writes to a path, or into a folder under their own names."""
    base = card.session.base
    ids = [file.ref.id for file in files]
    whole = sum(file.size for file in files)

    def work(job: Job) -> int:
        from crm_desktop.services.files.files import Files

        done = 0
        for id_ in ids:
            row = Files(base).save(id_, target, _from(job, done, whole))
            done += row.size
        return len(ids)

    return card.session.operations.query(
        ("save files", id(card), str(target)), work, owner=card,
        done=lambda count: _saved(card, count, target), failed=card.navigator.refuse,
    )  # fmt: skip


def _from(job: Job, start: int, whole: int) -> Callable[[int, int], None]:
    def told(done: int, _its_own: int) -> None:
        job.check()
        job.progress(start + done, whole)

    return told


def _saved(card: CardController, count: int, target: Path) -> None:
    said = ngettext("{count} file saved: {place}", "{count} files saved: {place}", count)
    card.navigator.toast(said.format(count=count, place=target.name), tone="info")


def with_copies(
    card: CardController, files: Sequence[FileRow], then: Callable[[QMimeData], None], *,
    read_only: bool = False,
) -> None:  # fmt: skip
    """Writes copies for the clipboard or a drag, then goes on with what names them."""
    base, home = card.session.base, card.session.settings.path.parent

    def work(job: Job) -> list[Path]:
        from crm_desktop.services.files.desk import copies_for_others

        return copies_for_others(base, home, list(files), _from(job, 0, 0), read_only=read_only)

    def done(paths: Any) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        then(mime)

    card.session.operations.query(
        ("copies of files", id(card)), work, owner=card, done=done,
        failed=card.navigator.refuse,
    )  # fmt: skip


def copy(card: CardController, files: Sequence[FileRow]) -> None:
    """Puts files into the clipboard."""

    def put(mime: QMimeData) -> None:
        QGuiApplication.clipboard().setMimeData(mime)
        said = ngettext("{count} file copied", "{count} files copied", len(files))
        card.navigator.toast(said.format(count=len(files)), tone="info")

    with_copies(card, files, put)


def drag(card: CardController, files: Sequence[FileRow], source: QWidget) -> None:
    """Begins a drag once the copies are there, if the button is still held."""

    def begin(mime: QMimeData) -> None:
        if QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            dragged = QDrag(source)
            dragged.setMimeData(mime)
            with contextlib.suppress(RuntimeError):  # the card was closed under the drag
                dragged.exec(Qt.DropAction.CopyAction)

    with_copies(card, files, begin, read_only=True)
