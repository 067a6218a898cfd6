"""Files that are open in other programs: private copies, watched, taken back with every save.

One for a session, so that a copy is watched after the card it was opened from is closed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.errors import FileProblem, NotFound, UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.messages import Verb, question
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Job
from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from crm_desktop.services.files.copies import PrivateCopy
    from crm_desktop.services.files.files import TakenBack
    from crm_desktop.services.files.opening import Opening
    from crm_desktop.services.files.rows import FileRow

SETTLE_MS = 700
"""Office programs write a file in several steps: it is looked at when they have been still."""
MOST_TRIES = 8


class OpenFiles(QObject):
    """Opens files of the base and brings their changes back."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__(session)
        self._session, self._navigator = session, navigator
        self._copies: dict[str, PrivateCopy] = {}
        """By the folder of the copy."""
        self._tries: dict[str, int] = {}
        self._watcher = QFileSystemWatcher(self)
        self._soon = QTimer(self)
        self._watcher.directoryChanged.connect(lambda _path: self._soon.start())
        self._watcher.fileChanged.connect(lambda _path: self._soon.start())
        self._soon.setSingleShot(True)
        self._soon.setInterval(SETTLE_MS)
        self._soon.timeout.connect(self.look)
        session.closed.connect(self._forget_all)

    @classmethod
    def of(cls, session: Session, navigator: Navigator) -> OpenFiles:
        """The one of this session."""
        found = session.findChild(cls)
        return found if found is not None else cls(session, navigator)

    # --- opening ----------------------------------------------------------------------------------

    def open(self, file: FileRow, window: QWidget) -> None:
        """Hands a private copy to the program of the computer, or says why not."""
        base, home = self._session.base, self._session.settings.path.parent

        def work(job: Job) -> tuple[PrivateCopy | None, Opening]:
            from crm_desktop.services.files.desk import copy_to_open

            def told(done: int, whole: int) -> None:
                job.check()
                job.progress(done, whole)

            return copy_to_open(base, home, file, told)

        self._session.operations.query(
            ("open file", file.ref), work, owner=self,
            done=lambda found: self._opened(found[0], found[1], window),
            failed=self._navigator.refuse,
        )  # fmt: skip

    def _opened(self, copy: PrivateCopy | None, how: Opening, window: QWidget) -> None:
        if copy is None:
            self._navigator.toast(how.reason, tone="bad")
        elif how.warning:
            self._warn(copy, how, window)
        else:
            self._hand_over(copy)

    def _warn(self, copy: PrivateCopy, how: Opening, window: QWidget) -> None:
        verbs = (Verb("open", _("Open"), danger=True),)
        box = question(window, _("Macros in the document"), how.warning, verbs)
        box.finished.connect(lambda result: self._hand_over(copy) if result else None)
        box.finished.connect(box.deleteLater)
        box.open()

    def _hand_over(self, copy: PrivateCopy) -> None:
        self.watch(copy)
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy.path))):
            self._navigator.toast(
                _("No program of this computer opens “{file}”. Save it instead.").format(
                    file=copy.name
                ),
                tone="bad",
            )

    # --- coming back ------------------------------------------------------------------------------

    def watch(self, copy: PrivateCopy) -> None:
        """Takes every change of the copy back from now on."""
        self._copies[str(copy.folder)] = copy
        self._watcher.addPaths([str(copy.folder), str(copy.path)])

    def look(self) -> None:
        """Takes back the copies that were written to."""
        for copy in list(self._copies.values()):
            self._watcher.addPath(str(copy.path))  # a program that replaces a file ends the watch
            if copy.touched():
                self._take_back(copy)

    def _take_back(self, copy: PrivateCopy, then: Callable[[], None] | None = None) -> None:
        base, home = self._session.workspace, self._session.settings.path.parent
        if base is None:
            return

        def work(job: Job) -> tuple[PrivateCopy, TakenBack | None]:
            from crm_desktop.services.files.desk import take_back

            return take_back(base, home, copy)

        self._session.operations.run(
            work, owner=self, title=_("Taking back a changed file"),
            done=lambda found: self._taken(*found), failed=lambda e: self._not_taken(copy, e),
        )  # fmt: skip

    def _taken(self, copy: PrivateCopy, taken: TakenBack | None) -> None:
        key = str(copy.folder)
        self._tries.pop(key, None)
        if key in self._copies:
            self._copies[key] = copy
        if taken is None or taken.operation is None:
            return
        if taken.beside:
            said = _(
                "Somebody else has stored a newer version meanwhile. Both are kept: yours is "
                "“{file}”."
            )
            tone = "warn"
        else:
            said, tone = _("“{file}”: the new version is in the base"), "ok"
        self._navigator.toast(said.format(file=taken.name), taken.operation, tone)

    def _not_taken(self, copy: PrivateCopy, error: UserError) -> None:
        """A program may just be writing it; a deleted file has nowhere to go."""
        key = str(copy.folder)
        self._tries[key] = self._tries.get(key, 0) + 1
        if isinstance(error, FileProblem) and self._tries[key] < MOST_TRIES:
            self._soon.start()
            return
        self._tries.pop(key)
        if not isinstance(error, FileProblem):  # else it is tried again when the program closes it
            self._copies.pop(key, None)
        said = error.message
        if isinstance(error, NotFound):
            said = _(
                "“{file}” was deleted in the base. Your changed copy is kept in {folder}"
            ).format(file=copy.name, folder=copy.folder)
        self._navigator.toast(said, tone="bad")

    def _forget_all(self) -> None:
        """Another base: what is still changed is offered when this one is opened again."""
        self._copies.clear()
        watched = self._watcher.files() + self._watcher.directories()
        if watched:
            self._watcher.removePaths(watched)

    # --- the next start ---------------------------------------------------------------------------

    def look_back(self) -> None:
        """Offers what was changed while the program was closed; clears what was not."""
        base, home = self._session.workspace, self._session.settings.path.parent
        if base is None or not (home / "open-files").is_dir():
            return

        def work(job: Job) -> Any:
            from crm_desktop.services.files.desk import left_copies

            return left_copies(base, home)

        self._session.operations.query(
            ("left copies", id(self)), work, owner=self, done=lambda found: self._offer(*found)
        )

    def _offer(self, changed: list[PrivateCopy], open_still: list[PrivateCopy]) -> None:
        for copy in open_still:
            self.watch(copy)
        if not changed:
            return
        window = QApplication.activeWindow()
        names = ", ".join(_("“{text}”").format(text=copy.name) for copy in changed[:5])
        text = ngettext(
            "This file was changed in another program while CRM Desktop was closed: {names}.",
            "These files were changed in another program while CRM Desktop was closed: {names}.",
            len(changed),
        ).format(names=names)
        verbs = (
            Verb("drop", _("Discard the changes"), danger=True),
            Verb("take", _("Take them back"), primary=True),
        )
        if window is None:
            return
        box = question(window, _("Take back changed files?"), text, verbs, keep=_("Later"))
        box.finished.connect(lambda result: self._decided(result, changed))
        box.finished.connect(box.deleteLater)
        box.open()

    def _decided(self, result: int, changed: list[PrivateCopy]) -> None:
        for copy in changed if result == 2 else ():
            self.watch(copy)
            self._take_back(copy)
        if result != 1:
            return
        home, base = self._session.settings.path.parent, self._session.base

        def work(job: Job) -> None:
            from crm_desktop.services.files.desk import copies_of

            for copy in changed:
                copies_of(base, home).forget(copy)

        self._session.operations.run(work, owner=self, done=lambda _nothing: None)
