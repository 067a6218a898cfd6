"""Files that come in: dropped, pasted or chosen; the worker reads and keeps them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.files.pictures import as_png
from crm_desktop.ui.operations import Job, Progress

if TYPE_CHECKING:
    from crm_desktop.services.files.files import Added
    from crm_desktop.ui.record_card.controller import CardController

Told = Callable[[Progress], None]


def bring(card: CardController, mime: QMimeData, progress: Told | None = None) -> Job | None:
    """Keeps what was dropped or pasted with the record of the card."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if paths:
        return bring_paths(card, paths, progress)
    image = mime.imageData() if mime.hasImage() else None
    return _bring(card, [], image, progress) if isinstance(image, QImage) else None


def bring_paths(
    card: CardController, paths: Sequence[Path], progress: Told | None = None
) -> Job | None:
    """Keeps files of this computer with the record of the card."""
    return _bring(card, paths, None, progress)


def _bring(
    card: CardController, paths: Sequence[Path], image: QImage | None, progress: Told | None
) -> Job | None:
    base, owner = card.session.workspace, card.ref
    if base is None or owner is None or not owner.id:
        return None

    def work(job: Job) -> Added:
        from crm_desktop.services.files.files import Files
        from crm_desktop.services.files.sources import FileSource

        sources = [FileSource.of_path(path) for path in paths]
        if image is not None:
            moment = f"{base.clock.local():%Y-%m-%d %H.%M.%S}"
            name = _("Screenshot {moment}").format(moment=moment) + ".png"
            sources.append(FileSource(name, content=as_png(image)))

        def told(done: int, whole: int) -> None:
            job.check()
            job.progress(done, whole)

        return Files(base).add(owner, sources, told)

    return card.session.operations.run(
        work, owner=card, title=_("Adding files"), progress=progress,
        done=lambda added: _tell(card, added), failed=lambda error: _refuse(card, error),
    )  # fmt: skip


def _tell(card: CardController, added: Any) -> None:
    count = len(added.refs)
    if count:
        said = ngettext("{count} file added", "{count} files added", count).format(count=count)
        card.navigator.toast(said, undo_operation=added.operation)
    else:
        names = ", ".join(added.known[:3])
        card.navigator.toast(_("Already there: {file}").format(file=names), tone="info")


def _refuse(card: CardController, error: UserError) -> None:
    card.navigator.toast(error.message, tone="bad")
