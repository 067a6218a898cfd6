"""Tags of a condition: ticked in the list of those there are."""

from __future__ import annotations

from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.normalise import norm
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list.condition_inputs import ConditionInput
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.pick_list import PickItem, PickList

_MOST = 100


class TickedTags(ConditionInput):
    """Some tags by their names; those ticked stand first, typing finds more."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._ticked: dict[str, str] = {}
        self.list = PickList(name=_("Tags"), search=_("Type to search"), filters=False)
        self.list.searched.connect(self._search)
        self.list.ticked.connect(self._tick)
        super().__init__(self.list)
        self._search("")

    def value(self) -> Any:
        if not self._ticked:
            raise InvalidInput(_("Tick at least one value"))
        return tuple(self._ticked.values())

    def set_value(self, value: Any) -> None:
        given = value if isinstance(value, list | tuple) else (value,)
        self._ticked = {norm(str(name)): str(name) for name in given if name}
        self._search("")

    def _search(self, text: str) -> None:
        base, typed = self._session.base, text.strip()

        def work(job: Job) -> list[tuple[Ref, Any]]:
            from crm_desktop.services.tags.service import tags_object

            return base.titles.suggest(tags_object(base).key, typed, None, _MOST)

        self._session.operations.query(
            ("condition tags", id(self)), work, owner=self,
            done=lambda found: self._show(typed, found),
        )  # fmt: skip

    def _show(self, typed: str, found: list[tuple[Ref, Any]]) -> None:
        known = {norm(title.text): title for _ref, title in found}
        first = [] if typed else list(self._ticked.items())
        items = [
            PickItem(name, name, ticked=True, tone=known[word].tone if word in known else "")
            for word, name in first
        ]
        shown = {word for word, _name in first}
        items += [
            PickItem(title.text, title.text, ticked=word in self._ticked, tone=title.tone)
            for word, title in known.items()
            if word not in shown
        ]
        self.list.set_items(items)

    def _tick(self, name: Any, on: bool) -> None:
        if on:
            self._ticked[norm(str(name))] = str(name)
        else:
            self._ticked.pop(norm(str(name)), None)
