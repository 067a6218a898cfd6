"""Tells a head and the administrators at their windows who takes out decoys or far more than he
usually does; the administrator marks decoys."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.actions import Action
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.navigation import RECORD
from crm_desktop.ui.operations import Job

if TYPE_CHECKING:
    from crm_desktop.errors import UserError

GROUP = N_("Base on a server")
LOOK_MS = 20_000
_NORMS_EVERY_S = 600.0


class WatchDesk(QObject):
    """One a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._w = window
        self._normed = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        window.session.opened.connect(self._opened)
        window.session.closed.connect(self._timer.stop)
        window.actions.add(
            Action("decoy", N_("Make a decoy"), lambda: self.mark(is_decoy=True), "shield", "",
                   group=GROUP, enabled=lambda: self._pointed() is not None),
            Action("no-decoy", N_("No decoy any more"), lambda: self.mark(is_decoy=False),
                   "shield", "", group=GROUP, enabled=lambda: self._pointed() is not None),
        )  # fmt: skip

    def _opened(self) -> None:
        self._timer.stop()
        base = self._w.session.workspace
        if base is None or not base.login:
            return

        def work(_job: Job) -> bool:
            from crm_desktop.services.audit.leak_detection import watches

            return watches(base)

        def done(watching: bool) -> None:
            if watching and base is self._w.session.workspace:
                self._normed = 0.0
                self._timer.start()

        self._w.session.operations.query(
            ("watch", "over"), work, owner=self, done=done, failed=_another_time
        )

    def look(self) -> None:
        """Asks the base what is to be told."""
        base = self._w.session.workspace
        if base is None:
            return
        now = time.monotonic()
        norms = not self._normed or now - self._normed >= _NORMS_EVERY_S
        if norms:
            self._normed = now

        def work(_job: Job) -> list[str]:
            from crm_desktop.services.audit.leak_detection import look

            return look(base, norms=norms)

        self._w.session.operations.query(
            ("watch",), work, owner=self, done=self._tell, failed=_another_time
        )

    def _tell(self, sentences: list[str]) -> None:
        for one in sentences:
            self._w.navigator.toast(one, tone="alarm")  # nobody may be at the screen just now

    # --- decoys -----------------------------------------------------------------------------------

    def _pointed(self) -> Ref | None:
        """The record whose card is in front, for the administrator of a base on a server."""
        base, place = self._w.session.workspace, self._w.pages.place
        if base is None or not base.login or not base.administers or place is None:
            return None
        return Ref(place.entity, place.id) if place.kind == RECORD and place.id else None

    def mark(self, *, is_decoy: bool) -> None:
        """Makes the record in front a decoy, or none."""
        ref, base = self._pointed(), self._w.session.workspace
        if ref is None or base is None:
            return

        def work(_job: Job) -> None:
            from crm_desktop.services.audit import leak_detection

            leak_detection.mark(base, ref, is_decoy=is_decoy)

        def done(_nothing: None) -> None:
            told = (
                _("The record is a decoy now") if is_decoy else _("The record is no decoy any more")
            )
            self._w.navigator.toast(told)

        self._w.session.operations.run(
            work, owner=self, done=done,
            failed=self._w.navigator.refuse,
        )  # fmt: skip


def _another_time(_error: UserError) -> None:
    """The base is away: it is asked again."""
