"""The picture of whoever works here, at the foot of the navigation."""

from __future__ import annotations

from PySide6.QtCore import QObject

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.main_window.view import WindowView
from crm_desktop.ui.portraits.avatars import portraits_of
from crm_desktop.ui.session import Session


class OwnFace(QObject):
    """Shown as soon as it is known; initials until then."""

    def __init__(self, session: Session, view: WindowView) -> None:
        super().__init__(view)
        self._session, self._view = session, view
        self._portraits = portraits_of(session)
        self._portraits.changed.connect(self.show)

    def show(self) -> None:
        """The picture of the person of the moment."""
        base, face = self._session.workspace, None
        if base is not None and base.user_id is not None:
            face = self._portraits.of(Ref(base.catalogue.staff().key, base.user_id))
        self._view.navigation.set_face(face)
