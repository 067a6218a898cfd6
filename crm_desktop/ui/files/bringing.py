"""Files that come in: dropped, pasted or chosen; the worker reads and keeps them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

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


def bring(
    card: CardController,
    mime: QMimeData,
    progress: Told | None = None,
    ended: Callable[[], None] | None = None,
) -> Job | None:
    """Keeps what was dropped or pasted with the record of the card; None if there is nothing.

    `ended` is called however it ends.
    """
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if paths:
        return bring_paths(card, paths, progress, ended)
    image = mime.imageData() if mime.hasImage() else None
    return _Bringing(card, ended).run([], image, progress) if isinstance(image, QImage) else None


def bring_paths(
    card: CardController,
    paths: Sequence[Path],
    progress: Told | None = None,
    ended: Callable[[], None] | None = None,
) -> Job | None:
    """Keeps files of this computer with the record of the card."""
    return _Bringing(card, ended).run(paths, None, progress)


class _Bringing:
    """One addition; it goes to the record that the card showed when it began."""

    def __init__(self, card: CardController, ended: Callable[[], None] | None) -> None:
        self._card = card
        self._ended = ended or _nothing

    def run(self, paths: Sequence[Path], image: QImage | None, progress: Told | None) -> Job | None:
        """Starts it; None if there is nowhere to keep files."""
        base, owner = self._card.session.workspace, self._card.ref
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

        job = self._card.session.operations.run(
            work, owner=self._card, title=_("Adding files"), progress=progress,
            done=self._tell, failed=self._refuse,
        )  # fmt: skip
        job.after_cancel(self._ended)
        return job

    def _tell(self, added: Added) -> None:
        self._ended()
        count, known = len(added.refs), ""
        if added.known:
            known = _("Already there: {file}").format(file=_short(added.known))
        navigator = self._card.navigator
        if not count:
            navigator.toast(known, tone="info")
            return
        said = ngettext("{count} file added", "{count} files added", count).format(count=count)
        navigator.toast(f"{said}. {known}" if known else said, undo_operation=added.operation)

    def _refuse(self, error: UserError) -> None:
        self._ended()
        self._card.navigator.refuse(error)


def _short(names: Sequence[str]) -> str:
    """The first three names; the rest is hinted at."""
    return ", ".join(names[:3]) + ("…" if len(names) > 3 else "")


def _nothing() -> None:
    """Nobody waits for the end."""
