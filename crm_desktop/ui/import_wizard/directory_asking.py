"""Asks a directory for people and hands them to the wizard as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crm_desktop.ui.operations import Job
from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from crm_desktop.errors import UserError
    from crm_desktop.ui.import_wizard.directory_box import DirectoryBox
    from crm_desktop.ui.import_wizard.page import ImportPage


class DirectoryAsking(QObject):
    """One a wizard; remembers the address and the name as long as the page is there."""

    def __init__(self, session: Session, page: ImportPage, folder: Path) -> None:
        super().__init__(page)
        self._session, self._page, self._folder = session, page, folder
        self._address = self._name = ""
        self.box: DirectoryBox | None = None

    def ask(self) -> DirectoryBox:
        """Opens the box."""
        from crm_desktop.ui.import_wizard.directory_box import DirectoryBox

        self.box = DirectoryBox(self._address, self._name, self._fetch, self._page)
        self.box.finished.connect(self._forget)
        self.box.open()
        return self.box

    def _forget(self) -> None:
        self.box = None

    def _fetch(self) -> None:
        from crm_desktop.services.importing.directories.fetching import DirectoryQuestion, fetch

        box, folder = self.box, self._folder
        assert box is not None
        self._address, self._name = box.address.text().strip(), box.name.text().strip()
        question = DirectoryQuestion(
            self._address, self._name, box.password.text(), box.signed_by(), box.plain.isChecked()
        )

        def work(job: Job) -> str:
            return str(fetch(question, folder, lambda _count: job.check()))

        self._session.operations.query(
            ("directory", id(self)), work, owner=self, done=self._take, failed=self._refused
        )

    def _take(self, path: str) -> None:
        if self.box is None:  # closed meanwhile
            return
        self.box.accept()
        self._page.open_people(path)

    def _refused(self, error: UserError) -> None:
        if self.box is not None:
            self.box.say(error.message, error.field or "")
