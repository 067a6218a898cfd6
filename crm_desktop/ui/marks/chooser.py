"""The panel that opens below tags: those of the record ticked, typing finds or makes others."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.fieldtypes.tags import split_tags
from crm_desktop.models.text.normalise import norm
from crm_desktop.ui.operations import Job
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.layouts import column
from crm_desktop.ui.widgets.pick_list import PickItem, PickList

_MOST = 60
_NEW = "new"


class TagChooser(QWidget):
    """Ticks and unticks tags; Enter on a word that is no tag yet makes it one."""

    toggled = Signal(str, bool)
    """(the name of a tag, whether the record shall have it)"""

    def __init__(self, session: Session, names: list[str]) -> None:
        super().__init__()
        self._session = session
        self._names = {norm(name): name for name in names}
        self._found: list[tuple[str, str]] = []
        self._list = PickList(
            name=_("Tags"), search=_("Find or create a tag"), rows=8, filters=False
        )
        self._list.searched.connect(self._search)
        self._list.ticked.connect(self._ticked)
        self._list.picked.connect(self._make)
        self.setLayout(column(self._list, gap=0))
        self.setFixedWidth(px(260))
        self.setFocusProxy(self._list)
        self._search("")

    def _search(self, text: str) -> None:
        from crm_desktop.services.tags.service import tags_object

        base, typed = self._session.workspace, text.strip().lstrip("#")
        if base is None:  # closed while somebody was typing
            return

        def work(job: Job) -> list[tuple[Ref, Any]]:
            return base.titles.suggest(tags_object(base).key, typed, None, _MOST)

        self._session.operations.query(
            ("tags to choose", id(self)), work, owner=self,
            done=lambda found: self._take(typed, found),
        )  # fmt: skip

    def _take(self, typed: str, found: list[tuple[Ref, Any]]) -> None:
        self._found = [(title.text, title.tone) for _ref, title in found]
        known = {norm(name) for name, _tone in self._found}
        own = [] if typed else [n for w, n in sorted(self._names.items()) if w not in known]
        items = [PickItem(name, name, ticked=True) for name in own]
        items += [
            PickItem(name, name, ticked=norm(name) in self._names, tone=tone)
            for name, tone in self._found
        ]
        new = split_tags(typed)
        if len(new) == 1 and norm(new[0]) not in known:
            items.append(PickItem((_NEW, new[0]), _("Create “{name}”").format(name=new[0]),
                                  icon="add"))  # fmt: skip
        self._list.set_items(items)

    def _ticked(self, name: object, on: bool) -> None:
        word = norm(str(name))
        if on:
            self._names[word] = str(name)
        else:
            self._names.pop(word, None)
        self.toggled.emit(str(name), on)

    def _make(self, key: Any) -> None:
        name = str(key[1])
        self._names[norm(name)] = name
        self.toggled.emit(name, True)
        self._list.line.clear()
        self._search("")
