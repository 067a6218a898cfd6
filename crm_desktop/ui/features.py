"""Which features the window has: explicit tables, one line a feature.

A page is made by a function of the session, the navigator and the place it is to show. Features are
imported when they are first shown, so that the first paint does not wait for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from crm_desktop.ui.navigation import LIST, Navigator, Place
from crm_desktop.ui.session import Session

MakePage = Callable[[Session, Navigator, Place], QWidget]


def _list(session: Session, navigator: Navigator, place: Place) -> QWidget:
    from crm_desktop.ui.record_list.page import RecordListPage

    return RecordListPage(session, navigator, place.entity)


PAGES: Mapping[str, MakePage] = {
    LIST: _list,
}
"""Pages (see `ui.page.Page`) by the kind of place, or for `Place(PAGE)` by its name: welcome,
operations, settings."""
