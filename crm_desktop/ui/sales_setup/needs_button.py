"""What a stage asks for: picked from a list of fields instead of typed."""

from __future__ import annotations

from PySide6.QtCore import Signal

from crm_desktop.i18n import _
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.pick_list import PickItem, PickList
from crm_desktop.ui.widgets.popover import Popover


class NeedsButton(Button):
    """Shows what is asked for in words; a click opens the list with tick boxes."""

    changed = Signal(str)
    """The keys, separated by commas; told when the list is closed."""

    def __init__(self, choices: list[tuple[str, str]], *, name: str) -> None:
        super().__init__("", "chevron-down", name=name)
        self._choices, self._known = choices, dict(choices)
        self._keys: list[str] = []
        self._list: PickList | None = None
        self.clicked.connect(self.open)

    def show_keys(self, text: str) -> None:
        """Shows what is kept; keys without a field among the choices stay as they are."""
        self._keys = [part.strip() for part in text.split(",") if part.strip()]
        said = ", ".join(self._known.get(key, key) for key in self._keys)
        self.setText(said if len(said) <= 44 else said[:43] + "…")
        self.setToolTip(plain_tip(said))
        if not said:
            self.setText(_("Nothing"))

    def open(self) -> None:
        """The list, with what is asked for ticked."""
        self._list = PickList(name=self.accessibleName(), search=_("Find a field"))
        self._tick()
        self._list.picked.connect(self._toggle)
        popover = Popover(self._list, name=self.accessibleName(), parent=self.window())
        popover.closed.connect(self._closed)
        popover.open_below(self)

    def _tick(self) -> None:
        if self._list is not None:
            self._list.set_items([
                PickItem(key, label, ticked=key in self._keys) for key, label in self._choices
            ])  # fmt: skip

    def _toggle(self, key: object) -> None:
        """A tick is saved at once: the list stays open for the next one."""
        name = str(key)
        if name in self._keys:
            self._keys.remove(name)
        else:
            self._keys.append(name)
        self._tick()
        self.changed.emit(",".join(self._keys))

    def _closed(self) -> None:
        self._list = None
