"""The action by which the open base is moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.actions import Action
from crm_desktop.ui.main_window.window import MainWindow

if TYPE_CHECKING:
    from crm_desktop.ui.base_moving.box import MoveBox

GROUP = N_("Base on a server")


class MovingDesk(QObject):
    """One a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._w = window
        self.box: MoveBox | None = None
        window.actions.add(
            Action("move-base", N_("Move the base…"), self.move, "database", "", group=GROUP,
                   enabled=self._may),
        )  # fmt: skip

    def _may(self) -> bool:
        """A local base may be moved by whoever has it; one on a server by its administrator."""
        base = self._w.session.workspace
        return base is not None and not base.read_only and (not base.login or base.administers)

    def move(self) -> None:
        """Asks where to; the name of whoever works here is looked up first."""
        base = self._w.session.base

        def work(_job: object) -> str:
            key, me = base.catalogue.staff().key, base.user_id
            return base.titles.of([Ref(key, me)])[Ref(key, me)].text if me is not None else ""

        self._w.session.operations.query(
            ("who works here",), work, owner=self, done=self._show,
            failed=self._w.navigator.refuse,
        )  # fmt: skip

    def _show(self, person: str) -> None:
        if self.box is not None or self._w.session.workspace is None:
            return
        from crm_desktop.ui.base_moving.box import MoveBox

        self.box = box = MoveBox(self._w.session, person, self._w.view)
        box.finished.connect(self._forget)
        box.open()

    def _forget(self) -> None:
        box, self.box = self.box, None
        if box is not None:
            box.deleteLater()
