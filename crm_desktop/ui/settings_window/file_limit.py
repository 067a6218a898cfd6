"""How large a file may be in this base, and what all files take."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent

from crm_desktop import i18n
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.text.file_sizes import size_text
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Job
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.session import Session
from crm_desktop.ui.settings_window.rows import SettingRow
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import ComboBox

_MEGABYTE = 1024 * 1024
_CHOICES = (5, 10, 25, 50, 100, 250, 500, 1024)


class FileLimitRow(SettingRow):
    """Belongs to the base: in force for everybody who works with it."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        self._session, self._navigator = session, navigator
        self.limits = ComboBox(name=_("Largest file"))
        super().__init__(self.limits)
        self._known: tuple[int, int, int] | None = None
        self.limits.setFixedWidth(px(280))
        self.limits.activated.connect(self._keep)
        session.refusals.keep(self.limits, WRITE)
        session.opened.connect(self.read)
        session.closed.connect(self.hide)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.limits.setAccessibleName(_("Largest file"))
        hint = _("In force for everybody who works with this base.")
        if self._known is not None:
            limit, count, size = self._known
            said = ngettext(
                "In force for everybody. In the base: {count} file, {size}.",
                "In force for everybody. In the base: {count} files, {size}.", count,
            )  # fmt: skip
            hint = said.format(count=count, size=size_text(size, i18n.language()))
            values = sorted({limit, *(number * _MEGABYTE for number in _CHOICES)})
            language = i18n.language()
            self.limits.set_choices([(size_text(n, language), n) for n in values], limit)
        self.set_texts(_("Largest file"), hint)

    def read(self) -> None:
        """Asks the base."""
        base = self._session.workspace
        self.setVisible(base is not None)
        if base is None:
            return

        def work(_job: Job) -> tuple[int, int, int]:
            from crm_desktop.services.files.files import Files

            files = Files(base)
            return (files.limit, *files.total())

        self._session.operations.query(("file limit",), work, owner=self, done=self._take)

    def _take(self, known: tuple[int, int, int]) -> None:
        self._known = known
        self._say_texts()

    def _keep(self, _place: int) -> None:
        base, value = self._session.workspace, self.limits.value()
        if base is None or not isinstance(value, int):
            return

        def work(_job: Job) -> None:
            from crm_desktop.services.files.files import Files

            Files(base).set_limit(value)

        self._session.operations.run(
            work, owner=self, done=lambda _nothing: self.read(), failed=self._navigator.refuse
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._known is None:
            self.read()
