"""What the planner is narrowed to: one list to tick in, a chip for each kind of condition."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.services.planner.filtering import Asked, Offer, offers
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.operations import Job
from crm_desktop.ui.planner.choosing import Choosing
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.layouts import row
from crm_desktop.ui.widgets.marks import Chip
from crm_desktop.ui.widgets.pick_list import PickItem, PickList
from crm_desktop.ui.widgets.popover import Popover

Offers = tuple[list[Offer], list[Offer]]
PARTS = ("kinds", "states", "groups", "rows", "segments", "tags")


class FilterBar(QWidget):
    """Follows the controller; what segments and tags there are is asked for when it is needed."""

    def __init__(self, controller: Choosing) -> None:
        super().__init__()
        self._controller = controller
        self._offers: Offers | None = None
        """What segments and tags there are, once they had to be named."""
        self.button = Button("", "filter")
        self.button.clicked.connect(self.open)
        self.chips: dict[str, Chip] = {}
        for part in PARTS:
            chip = Chip("", "")
            chip.clicked.connect(self.open)
            chip.removed.connect(lambda p=part: self.clear(p))
            chip.hide()
            self.chips[part] = chip
        self.setLayout(row(self.button, *self.chips.values(), gap=6))
        controller.shown.connect(self.follow)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.button.setText(_("Filter"))
        self.follow()

    def _ask(self, then: Any) -> None:
        base = self._controller.session.workspace
        if base is None:
            return

        def came(found: Offers) -> None:
            self._offers = found
            self.follow()
            then()

        def work(_job: Job) -> Offers:
            return offers(base)

        key = ("planner filter", id(self))
        self._controller.session.operations.query(key, work, owner=self, done=came)

    # --- what is in force -------------------------------------------------------------------------

    def follow(self) -> None:
        """A chip for each part that narrows."""
        asked = self._controller.arrangement.asked
        if self._offers is None and (asked.segments or asked.tags):
            self._offers = ([], [])
            self._ask(lambda: None)
        names = dict(self._choices()) if asked else {}
        titles = _titles()
        for part, chip in self.chips.items():
            values = getattr(asked, part)
            said = [names.get((part, value), "…") for value in values]
            chip.setVisible(bool(values))
            chip.set_texts(titles[part], ", ".join(said))

    def clear(self, part: str) -> None:
        """Takes one of the conditions away."""
        self._narrow(replace(self._controller.arrangement.asked, **{part: ()}))

    def _narrow(self, asked: Asked) -> None:
        self._controller.narrow(asked)

    def _choices(self) -> Iterator[tuple[tuple[str, Any], str]]:
        """((part, value), words) of all that can be ticked."""
        controller = self._controller
        for choice in controller.look.kinds:
            yield ("kinds", choice.key), _(choice.label)
        for choice in controller.look.states:
            yield ("states", choice.key), _(choice.label)
        drawing = controller.grid.drawing
        rows = drawing.sheet.everyone if drawing is not None else ()
        for group in dict.fromkeys(one.group for one in rows if one.group):
            yield ("groups", group), group
        for one in rows:
            yield ("rows", f"{one.ref.entity}:{one.ref.id}"), one.name
        catalogue = controller.session.base.catalogue
        segments, tags = self._offers or ([], [])
        for offer in segments:
            of = f" · {_(catalogue[offer.about].plural)}" if catalogue.has(offer.about) else ""
            yield ("segments", offer.id), offer.name + of
        for offer in tags:
            yield ("tags", offer.id), offer.name

    # --- ticking ----------------------------------------------------------------------------------

    def open(self) -> None:
        """The list under the button."""
        self._ask(self._show)

    def _show(self) -> None:
        found = PickList(name=_("Filter"), search=_("Search"), rows=12)
        found.setFixedWidth(px(320))
        found.set_items(self._items())
        found.ticked.connect(self.tick)
        Popover(found, name=_("Filter"), parent=self).open_below(self.button)
        found.line.setFocus()

    def _items(self) -> list[PickItem]:
        asked, titles, last = self._controller.arrangement.asked, _titles(), ""
        items = []
        for (part, value), words in self._choices():
            if part != last:
                items.append(PickItem(part, titles[part], heading=True))
                last = part
            items.append(PickItem((part, value), words, ticked=value in getattr(asked, part)))
        return items

    def tick(self, key: Hashable, on: bool) -> None:
        """One line more or less."""
        assert isinstance(key, tuple)
        part, value = key
        asked = self._controller.arrangement.asked
        others = tuple(one for one in getattr(asked, part) if one != value)
        self._narrow(replace(asked, **{part: (*others, value) if on else others}))


def _titles() -> dict[str, str]:
    return {
        "kinds": _("Kind"), "states": _("State"), "groups": _("Department"), "rows": _("Whose"),
        "segments": _("Segment"), "tags": _("Tags"),
    }  # fmt: skip
