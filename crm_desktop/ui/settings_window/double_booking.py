"""Who may take somebody's or something's time twice: a setting of the base."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent

from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Job
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.session import Session
from crm_desktop.ui.settings_window.rows import SettingRow
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import ComboBox


class DoubleBookingRow(SettingRow):
    """Belongs to the base: in force for everybody who works with it."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        self._session, self._navigator = session, navigator
        self.rights = ComboBox(name=_("Who may double-book"))
        super().__init__(self.rights)
        self._known = ""
        self.rights.setFixedWidth(px(280))
        self.rights.activated.connect(self._keep)
        session.refusals.keep(self.rights, WRITE)
        session.opened.connect(self.read)
        session.closed.connect(self.hide)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        from crm_desktop.services.planner.double_booking import RIGHTS

        self.rights.setAccessibleName(_("Who may double-book"))
        choices: list[tuple[str, object]] = [(_(word), key) for key, word in RIGHTS.items()]
        self.rights.set_choices(choices, self._known or next(iter(RIGHTS)))
        self.set_texts(
            _("Who may double-book"),
            _("Whether the planner lets somebody's or something's time be taken twice."),
        )

    def read(self) -> None:
        """Asks the base."""
        base = self._session.workspace
        self.setVisible(base is not None)
        if base is None:
            return

        def work(_job: Job) -> str:
            from crm_desktop.services.planner.double_booking import right

            return right(base)

        self._session.operations.query(("double booking",), work, owner=self, done=self._take)

    def _take(self, known: str) -> None:
        self._known = known
        self._say_texts()

    def _keep(self, _place: int) -> None:
        base, value = self._session.workspace, str(self.rights.value())
        if base is None:
            return

        def work(_job: Job) -> None:
            from crm_desktop.services.planner.double_booking import FACT

            base.set_info(FACT, value)

        self._session.operations.run(
            work, owner=self, done=lambda _nothing: self.read(), failed=self._navigator.refuse
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._known:
            self.read()
