"""What the tab asks of the base and changes in it; all of it runs in workers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.files.previews import Preview, load_preview, load_thumbs
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_card.controller import CardController

if TYPE_CHECKING:
    from crm_desktop.services.files.files import Files
    from crm_desktop.services.files.rows import FileRow


class FileAsking(QObject):
    """Questions of one tab; the newest of a kind wins."""

    def __init__(self, card: CardController, parent: QObject) -> None:
        super().__init__(parent)
        self._card = card

    def rows(self, owner: Ref, done: Callable[[list[FileRow]], None]) -> None:
        """The files of a record; of the record of a file that one alone."""

        def read(files: Files, _job: Job) -> list[FileRow]:
            alone = owner.entity == files.shape.entity.key
            return [files.get(owner.id)] if alone else files.of(owner)

        self._ask("rows", read, done)

    def thumbs(self, wanted: list[FileRow], done: Callable[[Any], None]) -> None:
        """Small pictures by their digests."""
        self._ask("thumbs", lambda files, job: load_thumbs(files.contents, wanted, job), done)

    def preview(self, file: FileRow, done: Callable[[Preview], None]) -> None:
        """What a file looks like; why it cannot be seen is a preview too."""
        self._ask(
            "preview", lambda files, job: load_preview(files.contents, file, job), done,
            failed=lambda error: done(Preview(note=error.message)),
        )  # fmt: skip

    def versions(self, file: FileRow, done: Callable[[Any], None]) -> None:
        """The contents that a file has had."""
        self._ask("versions", lambda files, _job: files.versions(file.ref.id), done)

    def rename(self, file: FileRow, name: str) -> None:
        """Another name."""
        self._change(lambda files: files.rename(file, name), _("The file was renamed"))

    def set_note(self, file: FileRow, text: str) -> None:
        """What people want to know about the file."""
        self._change(lambda files: files.set_note(file, text), _("The note was saved"))

    def restore(self, file: FileRow, digest: str) -> None:
        """Makes a former content the present one."""
        said = _("The former version is back")
        self._change(lambda files: files.restore_version(file.ref.id, digest), said)

    # --- how --------------------------------------------------------------------------------------

    def _ask(
        self,
        kind: str,
        read: Callable[[Files, Job], Any],
        done: Callable[[Any], None],
        failed: Callable[[UserError], None] | None = None,
    ) -> None:
        base = self._card.session.workspace
        if base is None:
            return

        def work(job: Job) -> Any:
            from crm_desktop.services.files.files import Files

            return read(Files(base), job)

        self._card.session.operations.query(
            ("files", kind, id(self)),
            work,
            owner=self,
            done=done,
            failed=failed or self._card.navigator.refuse,
        )

    def _change(self, write: Callable[[Files], Any], said: str) -> None:
        base, navigator = self._card.session.base, self._card.navigator

        def work(_job: Job) -> Any:
            from crm_desktop.services.files.files import Files

            return write(Files(base))

        self._card.session.operations.run(
            work, owner=self, failed=self._card.navigator.refuse,
            done=lambda outcome: navigator.toast(said, outcome.operation),
        )  # fmt: skip
