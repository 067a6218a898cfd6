"""The panel that opens below the links of an activity: those it has ticked, typing finds others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.operations import Job
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.layouts import column
from crm_desktop.ui.widgets.pick_list import PickItem, PickList

_MOST = 40


class RecordChooser(QWidget):
    """Ticks and unticks records of any of the objects that links may lead to."""

    toggled = Signal(object, bool)
    """(the record, whether it shall be linked)"""

    def __init__(self, session: Session, objects: list[str], linked: Mapping[Ref, str]) -> None:
        """`objects`: keys of those to choose from; `linked`: what is linked already, by name."""
        super().__init__()
        self._session, self._objects, self._linked = session, objects, dict(linked)
        self.list = PickList(
            name=_("Linked records"), search=_("Find a client, a deal, a person …"), rows=8,
            filters=False,
        )  # fmt: skip
        self.list.searched.connect(self._search)
        self.list.ticked.connect(self._ticked)
        self.setLayout(column(self.list, gap=0))
        self.setFixedWidth(px(340))
        self.setFocusProxy(self.list)
        self._search("")

    def _search(self, text: str) -> None:
        base, typed = self._session.workspace, text.strip()
        if base is None:  # closed while somebody was typing
            return
        objects, share = self._objects, max(5, _MOST // max(1, len(self._objects)))

        def work(job: Job) -> list[tuple[Ref, str]]:
            found: list[tuple[Ref, str]] = []
            for key in objects if typed else ():
                job.check()
                found += [(ref, t.text) for ref, t in base.titles.suggest(key, typed, None, share)]
            return found

        self._session.operations.query(
            ("records to link", id(self)), work, owner=self,
            done=lambda found: self._take(typed, found),
        )  # fmt: skip

    def _take(self, typed: str, found: list[tuple[Ref, str]]) -> None:
        lines = found if typed else list(self._linked.items())
        self.list.set_items([self._item(ref, text) for ref, text in lines])

    def _item(self, ref: Ref, text: str) -> PickItem:
        entity = self._session.base.catalogue[ref.entity]
        said = f"{text} · {_(entity.label)}"
        return PickItem(ref, said, ticked=ref in self._linked, icon=entity.icon)

    def _ticked(self, key: Any, on: bool) -> None:
        ref = Ref(*key)
        if on:
            self._linked[ref] = ""
        else:
            self._linked.pop(ref, None)
        self.toggled.emit(ref, on)
