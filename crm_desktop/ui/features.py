"""Which features the window has: explicit tables, one line a feature.

A feature is imported when it is first shown, so that the first paint does not wait for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.actions import ActionRegistry
from crm_desktop.ui.card_features import CARD_PARTS
from crm_desktop.ui.main_window.parts import (
    Features,
    MakePage,
    Neighbour,
    NextStepBoxes,
    Panel,
    SearchBox,
)
from crm_desktop.ui.navigation import LIST, RECORD, ImportSource, Navigator, Place
from crm_desktop.ui.page import AheadPage
from crm_desktop.ui.record_list.lazy_kit import condition_kit
from crm_desktop.ui.runtime.preloading import (
    CARD_MODULES,
    LIST_MODULES,
    PLANNER_MODULES,
    import_both,
)
from crm_desktop.ui.session import Session

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.settings import Settings


def _list(session: Session, navigator: Navigator, place: Place, _around: Neighbour) -> QWidget:
    if session.workspace is not None and place.entity == session.base.catalogue.books().key:
        from crm_desktop.ui.reference_books.page import ReferenceBooksPage

        return ReferenceBooksPage(session, navigator, place.entity)
    from crm_desktop.ui.record_list.page import RecordListPage

    return RecordListPage(session, navigator, place.entity)


def _card(session: Session, navigator: Navigator, place: Place, around: Neighbour) -> QWidget:
    from crm_desktop.ui.record_card.card import CardPage

    page = CardPage(session, navigator, place.ref, parts=CARD_PARTS, neighbour=around)
    page.show_place(place)
    return page


def _card_ahead(session: Session, navigator: Navigator, around: Neighbour) -> AheadPage:
    from crm_desktop.ui.record_card.card import CardPage

    return CardPage(session, navigator, None, parts=CARD_PARTS, neighbour=around)


def _welcome(session: Session, navigator: Navigator, _place: Place, _around: Neighbour) -> QWidget:
    from crm_desktop.ui.welcome.page import WelcomePage

    return WelcomePage(session, navigator)


def _first_steps(
    session: Session, navigator: Navigator, _place: Place, _around: Neighbour
) -> QWidget:
    from crm_desktop.ui.welcome.first_steps import FirstStepsPage

    return FirstStepsPage(session, navigator)


def _operations(
    session: Session, navigator: Navigator, _place: Place, _around: Neighbour
) -> QWidget:
    from crm_desktop.ui.operations_list.page import OperationsPage

    return OperationsPage(session, navigator)


def _recycle_bin(
    session: Session, navigator: Navigator, _place: Place, _around: Neighbour
) -> QWidget:
    from crm_desktop.ui.recycle_bin.page import RecycleBinPage

    return RecycleBinPage(session, navigator)


def _annual_days(
    session: Session, navigator: Navigator, _place: Place, _around: Neighbour
) -> QWidget:
    from crm_desktop.ui.annual_days.page import AnnualDaysPage

    return AnnualDaysPage(session, navigator)


def _working_time(
    session: Session, navigator: Navigator, _place: Place, _around: Neighbour
) -> QWidget:
    from crm_desktop.ui.working_time.page import WorkingTimePage

    return WorkingTimePage(session, navigator)


def _sales_setup(
    session: Session, navigator: Navigator, _place: Place, _around: Neighbour
) -> QWidget:
    from crm_desktop.ui.sales_setup.page import SalesSetupPage

    return SalesSetupPage(session, navigator)


def _planner(session: Session, navigator: Navigator, _place: Place, _around: Neighbour) -> QWidget:
    from crm_desktop.ui.planner.page import PlannerPage

    return PlannerPage(session, navigator)


def _planner_ahead(session: Session, navigator: Navigator, _around: Neighbour) -> AheadPage | None:
    if "crm_desktop.ui.planner.page" not in sys.modules:  # its import would hold the window
        return None
    from crm_desktop.ui.planner.page import PlannerPage

    return PlannerPage(session, navigator, ahead=True)


def _board(session: Session, navigator: Navigator, _place: Place, _around: Neighbour) -> QWidget:
    from crm_desktop.ui.board.page import BoardPage

    return BoardPage(session, navigator, condition_kit)


def _calendar_file(
    session: Session, navigator: Navigator, _place: Place, _around: Neighbour
) -> QWidget:
    from crm_desktop.ui.calendar_files.page import CalendarFilePage

    return CalendarFilePage(session, navigator)


def _my_day(session: Session, navigator: Navigator, _place: Place, _around: Neighbour) -> QWidget:
    from crm_desktop.ui.activities.page import MyDayPage

    return MyDayPage(session, navigator)


def _call_round(
    session: Session, navigator: Navigator, place: Place, _around: Neighbour
) -> QWidget:
    from crm_desktop.ui.next_steps.call_round import CallRoundPage

    return CallRoundPage(session, navigator, place)


def _promises(session: Session, navigator: Navigator, _place: Place, _around: Neighbour) -> QWidget:
    from crm_desktop.ui.reminders.promises_page import PromisesPage

    return PromisesPage(session, navigator)


def _sales_figures(
    session: Session, navigator: Navigator, _place: Place, _around: Neighbour
) -> QWidget:
    from crm_desktop.ui.funnel.page import SalesFiguresPage

    return SalesFiguresPage(session, navigator)


def _outgoing(session: Session, navigator: Navigator, _place: Place, _around: Neighbour) -> QWidget:
    from crm_desktop.ui.reminders.outgoing_page import OutgoingPage

    return OutgoingPage(session, navigator)


def _settings(session: Session, navigator: Navigator, _place: Place, _around: Neighbour) -> QWidget:
    from crm_desktop.ui.settings_window.page import SettingsPage

    return SettingsPage(session, navigator)


def _import_page(
    session: Session, navigator: Navigator, place: Place, _around: Neighbour
) -> QWidget:
    return _import(session, navigator, place.entity, ImportSource())


def _import(session: Session, navigator: Navigator, entity: str, source: ImportSource) -> QWidget:
    from crm_desktop.ui.import_wizard.page import ImportPage

    return ImportPage(session, navigator, entity, source)


def _duplicates(
    session: Session, navigator: Navigator, place: Place, _around: Neighbour
) -> QWidget:
    from crm_desktop.ui.duplicates.page import DuplicatesPage

    return DuplicatesPage(session, navigator, place)


def _merge(session: Session, navigator: Navigator, place: Place, _around: Neighbour) -> QWidget:
    from crm_desktop.ui.duplicates.merge_page import MergePage

    return MergePage(session, navigator, place)


def _no_seat(session: Session, navigator: Navigator, _place: Place, _around: Neighbour) -> QWidget:
    from crm_desktop.ui.seats.no_seat_page import NoSeatPage

    return NoSeatPage(session, navigator)


def _seats(session: Session, navigator: Navigator, _place: Place, _around: Neighbour) -> QWidget:
    from crm_desktop.ui.seats.board_page import SeatsPage

    return SeatsPage(session, navigator)


def _rights(session: Session, navigator: Navigator, _place: Place, _around: Neighbour) -> QWidget:
    from crm_desktop.ui.rights.page import RightsPage

    return RightsPage(session, navigator)


def _accounts(session: Session, navigator: Navigator, _place: Place, _around: Neighbour) -> QWidget:
    from crm_desktop.ui.accounts.page import AccountsPage

    return AccountsPage(session, navigator)


def _standing(session: Session, navigator: Navigator, _place: Place, _around: Neighbour) -> QWidget:
    from crm_desktop.ui.rights.standing_page import StandingPage

    return StandingPage(session, navigator)


def _hierarchy(session: Session, navigator: Navigator, place: Place, _around: Neighbour) -> QWidget:
    from crm_desktop.ui.hierarchy.page import HierarchyPage

    return HierarchyPage(session, navigator, place.entity or session.base.catalogue.staff().key)


_PLANNER_AFTER_MS = 1000

PAGES: Mapping[str, MakePage] = {
    LIST: _list,
    RECORD: _card,
    "welcome": _welcome,
    "first-steps": _first_steps,
    "operations": _operations,
    "recycle-bin": _recycle_bin,
    "annual-dates": _annual_days,
    "promises": _promises,
    "outgoing": _outgoing,
    "my-day": _my_day,
    "sales-figures": _sales_figures,
    "planner": _planner,
    "board": _board,
    "working-time": _working_time,
    "sales-setup": _sales_setup,
    "calendar-import": _calendar_file,
    "call-round": _call_round,
    "duplicates": _duplicates,
    "merge": _merge,
    "settings": _settings,
    "no-seat": _no_seat,
    "seats": _seats,
    "rights": _rights,
    "accounts": _accounts,
    "hierarchy": _hierarchy,
    "standing-in": _standing,
    "import": _import_page,
}
"""Pages (see `ui.page.Page`) by the kind of place, or for `Place(PAGE)` by its name: welcome,
operations, settings."""


def _panel(session: Session, navigator: Navigator) -> Panel:
    from crm_desktop.ui.record_card.panel import RecordPanel

    return RecordPanel(session, navigator, CARD_PARTS)


def _new_record(
    session: Session, navigator: Navigator, entity: str, values: Mapping[str, Any]
) -> QWidget:
    from crm_desktop.ui.record_card.card import CardPage

    return CardPage(session, navigator, Ref(entity, 0), values=values, parts=CARD_PARTS)


def _search(
    session: Session, navigator: Navigator, window: QWidget, actions: ActionRegistry
) -> SearchBox:
    from crm_desktop.ui.search.controller import SearchController

    return SearchController(session, navigator, window, actions)


def _next_steps(session: Session, navigator: Navigator, window: QWidget) -> NextStepBoxes:
    from crm_desktop.ui.next_steps.desk import NextSteps

    return NextSteps(session, navigator, window)


def _bring_planner(session: Session) -> None:
    """Once the list is there: both need the same processor."""
    if session.workspace is not None:
        import_both(PLANNER_MODULES, session.operations, session, lambda: _read_ahead(session))


def _read_ahead(session: Session) -> None:
    base = session.workspace
    if base is not None:
        from crm_desktop.ui.board.reading import read_ahead

        session.operations.query(
            ("planner",), lambda _job: _reckon_ahead(session, base, read_ahead),
            owner=session, done=lambda _there: None,
        )  # fmt: skip


def _reckon_ahead(
    session: Session, base: Workspace, read_ahead: Callable[[Workspace, Settings, str], None]
) -> None:
    """In the worker."""
    read_ahead(base, session.settings, session.address)
    base.worktime.of(None).name_of(base.clock.today())  # the library of holidays comes with it


def _base_opened(session: Session, navigator: Navigator) -> None:
    """Offers files that were changed in other programs while this one was closed, and begins to
    remind; what a base of before does not say of private records is looked up once."""
    base = session.base
    QTimer.singleShot(_PLANNER_AFTER_MS, session, lambda: _bring_planner(session))
    session.operations.run(
        lambda _job: base.privacy.mark.settle(), owner=session, done=lambda _settled: None
    )
    if (session.settings.path.parent / "open-files").is_dir():
        from crm_desktop.ui.files.open_files import OpenFiles

        OpenFiles.of(session, navigator).look_back()
    from crm_desktop.ui.reminders.desk import ReminderDesk

    ReminderDesk.of(session, navigator)
    from crm_desktop.ui.activities.quick_window import QuickAdding

    QuickAdding.of(session, navigator)
    from crm_desktop.ui.leads.desk import LeadDesk

    LeadDesk.of(session, navigator)


FEATURES = Features(
    pages=PAGES,
    ahead={RECORD: _card_ahead, "planner": _planner_ahead},
    panel=_panel,
    search=_search,
    new_record=_new_record,
    import_wizard=_import,
    next_steps=_next_steps,
    list_modules=LIST_MODULES,
    panel_modules=CARD_MODULES,
    base_opened=_base_opened,
)
