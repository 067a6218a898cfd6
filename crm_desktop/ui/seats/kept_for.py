"""For whom seats are kept: colleagues picked from a list instead of typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm_desktop.i18n import _
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.pick_list import PickItem, PickList
from crm_desktop.ui.widgets.popover import Popover

if TYPE_CHECKING:
    from crm_desktop.services.licensing.house_rules import SignsIn
    from crm_desktop.ui.itemmodels.cells import Faces

_LETTERS = 44


class KeptFor(Button):
    """Shows names; a click opens everybody who signs in, with tick boxes."""

    def __init__(self, *, name: str) -> None:
        super().__init__("", "chevron-down", name=name)
        self._people: tuple[SignsIn, ...] = ()
        self._logins: list[str] = []
        self._faces: Faces | None = None
        self.list: PickList | None = None
        """Open just now."""
        self.clicked.connect(self.open)

    @property
    def logins(self) -> tuple[str, ...]:
        """Whose names are ticked, in the order in which they were."""
        return tuple(self._logins)

    def show_faces(self, faces: Faces) -> None:
        """Pictures beside the names."""
        self._faces = faces

    def show_people(self, people: Sequence[SignsIn]) -> None:
        """Who may be ticked."""
        if tuple(people) != self._people:
            self._people = tuple(people)
            self._say()

    def show_logins(self, logins: Sequence[str]) -> None:
        """Who is ticked; whoever signs in no more is shown until the tick is taken off."""
        self._logins = list(logins)
        self._say()

    def _say(self) -> None:
        names = {one.login: one.name for one in self._people}
        said = ", ".join(names.get(login) or login for login in self._logins)
        said = said or _("Nobody in particular")
        self.setText(said if len(said) <= _LETTERS else said[: _LETTERS - 1] + "…")
        self.setToolTip(plain_tip(said))
        self._tick()

    def open(self) -> None:
        """The list below the button."""
        self.list = PickList(name=self.accessibleName(), search=_("Find a colleague"))
        if self._faces is not None:
            self.list.show_faces(self._faces)
        self._tick()
        self.list.ticked.connect(self._turn)
        popover = Popover(self.list, name=self.accessibleName(), parent=self.window())
        popover.closed.connect(self._closed)
        popover.open_below(self)

    def _tick(self) -> None:
        if self.list is None:
            return
        known = {one.login for one in self._people}
        gone = [PickItem(login, login, ticked=True) for login in self._logins if login not in known]
        self.list.set_items([*gone, *(
            PickItem(one.login, one.name or one.login, ticked=one.login in self._logins,
                     face=one.colleague)
            for one in self._people
        )])  # fmt: skip

    def _turn(self, login: object, ticked: bool) -> None:
        name = str(login)
        if ticked:
            self._logins.append(name)
        else:
            self._logins.remove(name)
        self._say()

    def _closed(self) -> None:
        self.list = None
