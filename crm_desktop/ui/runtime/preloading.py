"""Modules that are imported before anybody needs them, so that nobody waits for them later.

What defines classes of Qt is imported by the thread of the window alone, one module a turn of its
loop: PySide keeps what it knows of such classes in a table that the loop reads without Python's
lock, so a class that comes into being in another thread ends the program now and then (six starts
of three hundred did). Everything else is imported by the worker.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from crm_desktop.ui.operations import Operations


class Preload(NamedTuple):
    """Names of modules: `beneath` know nothing of Qt, `window` do, each after what it needs, so
    that none keeps the window for more than some ten milliseconds."""

    beneath: tuple[str, ...]
    window: tuple[str, ...]


LIST_MODULES = Preload(
    beneath=(),  # they come with the opening of the base
    window=(
        "crm_desktop.ui.widgets.pick_list",
        "crm_desktop.ui.record_list.column_chooser",
        "crm_desktop.ui.widgets.table_view",
        "crm_desktop.ui.record_list.inline",
        "crm_desktop.ui.record_list.page",
    ),
)
CARD_MODULES = Preload(
    beneath=(
        "crm_desktop.models.letters.reading",
        "crm_desktop.models.worktime.holidays",
        "crm_desktop.services.activities.concerns",
        "crm_desktop.services.audit.service",
        "crm_desktop.services.history.service",
        "crm_desktop.services.rules",
        "crm_desktop.services.rules.deal",
        "crm_desktop.services.history.timeline",
        "crm_desktop.services.office.zone",
    ),
    window=(
        "crm_desktop.ui.editors.links",
        "crm_desktop.ui.editors",
        "crm_desktop.ui.record_card.values",
        "crm_desktop.ui.drafts.local",
        "crm_desktop.ui.record_card.timeline_row",
        "crm_desktop.ui.record_card.history_row",
        "crm_desktop.ui.record_card.card",
        "crm_desktop.ui.record_card.panel",
        "crm_desktop.ui.record_list.bulk_edit",
        "crm_desktop.ui.record_list.child_narrowing",
        "crm_desktop.ui.record_list.marking_forms",
        "crm_desktop.ui.widgets.command_palette",
        "crm_desktop.ui.search.controller",
    ),
)
PLANNER_MODULES = Preload(
    beneath=(
        "crm_desktop.services.board",
        "crm_desktop.services.planner.applying",
        "crm_desktop.services.planner.drafts",
        "crm_desktop.services.planner.service",
        "crm_desktop.services.planner.standing_in",
        "crm_desktop.services.activity_sets.beginning",
    ),
    window=(
        "crm_desktop.ui.stages.form",
        "crm_desktop.ui.board.narrowing",
        "crm_desktop.ui.board.page",
        "crm_desktop.ui.planner.axis",
        "crm_desktop.ui.planner.words",
        "crm_desktop.ui.planner.grip",
        "crm_desktop.ui.planner.gestures",
        "crm_desktop.ui.planner.keys",
        "crm_desktop.ui.planner.view",
        "crm_desktop.ui.planner.reading",
        "crm_desktop.ui.planner.controller",
        "crm_desktop.ui.planner.days_drawing",
        "crm_desktop.ui.planner.printing",
        "crm_desktop.ui.planner.kept_views",
        "crm_desktop.ui.planner.day_grid",
        "crm_desktop.ui.planner.days_view",
        "crm_desktop.ui.planner.month_view",
        "crm_desktop.ui.planner.page",
    ),
)


def import_beneath(preload: Preload) -> None:
    """In the worker."""
    for name in preload.beneath:
        import_module(name)


def import_for_window(
    preload: Preload, owner: QObject, done: Callable[[], None] | None = None
) -> None:
    """In the thread of the window, over several turns of its loop; `done` follows, unless the
    owner is gone by then."""
    names = iter(preload.window)

    def next_one() -> None:
        name = next(names, None)
        if name is not None:
            import_module(name)
            QTimer.singleShot(0, owner, next_one)
        elif done is not None:
            done()

    QTimer.singleShot(0, owner, next_one)


def import_both(
    preload: Preload, operations: Operations, owner: QObject, done: Callable[[], None]
) -> None:
    """First the worker's half, then the window's."""
    operations.query(
        tuple(preload.window), lambda _job: import_beneath(preload), owner=owner,
        done=lambda _there: import_for_window(preload, owner, done),
    )  # fmt: skip
