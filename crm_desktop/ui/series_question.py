"""Asks which dates of a series are meant, and carries the answer out; other records pass by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from crm_desktop import i18n
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.text.date_formats import format_datetime
from crm_desktop.ui.messages import Verb, question

if TYPE_CHECKING:
    from crm_desktop.services.series.card import DateOfSeries
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.services.writing.records import Outcome
    from crm_desktop.ui.widgets.dialog import Dialog

_WORDS = {
    "this": N_("This one"),
    "following": N_("This and the following"),
    "all": N_("All of them"),
}


class SeriesQuestion:
    """Stands before what changes or deletes a date of a series."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self.box: Dialog | None = None

    def before_save(
        self, entity: EntityDef, date: DateOfSeries | None, values: Mapping[str, Any],
        go: Callable[[str], None], stopped: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        """Calls `go` with the answer: '' for what is changed as any other record."""
        extents = date.meant(entity, values) if date is not None else ()
        title, text = _("Change a repeated entry"), _("Which of its dates are to be changed?")
        self._ask(date, extents, (title, text), go, stopped)

    def before_delete(self, date: DateOfSeries | None, go: Callable[[str], None]) -> None:
        """The same before it is deleted."""
        extents = date.deleted() if date is not None else ()
        title, text = _("Delete a repeated entry"), _("Which of its dates are to be deleted?")
        self._ask(date, extents, (title, text), go, None)

    def _ask(
        self, date: DateOfSeries | None, extents: tuple[str, ...], words: tuple[str, str],
        go: Callable[[str], None], stopped: Callable[[], None] | None,
    ) -> None:  # fmt: skip
        if date is None or len(extents) < 2:
            go(extents[0] if extents else "")
            return
        said = format_datetime(date.local, i18n.language(), zone=date.local.tzinfo)
        text = _("The date shown here is {date}.").format(date=said) + "\n" + words[1]
        verbs = tuple(Verb(one, _(_WORDS[one]), primary=one == extents[0]) for one in extents)
        box = question(self._widget.window(), words[0], text, verbs, keep=_("Leave it"))
        self.box = box

        def finished(result: int) -> None:
            self.box = None
            box.deleteLater()
            if 0 < result <= len(extents):
                go(extents[result - 1])
            elif stopped is not None:
                stopped()

        box.finished.connect(finished)
        box.open()


def shown_date(base: Workspace, record: Ref, at: datetime | None = None) -> DateOfSeries | None:
    """In the worker: the date of a series that a record stands for outside of its card, or the one
    that its rule puts at `at`."""
    from crm_desktop.services.series.card import date_of_series

    stored = base.reader.get(*record)
    return date_of_series(base, record, stored.values, at) if stored is not None else None


def save_date(
    base: Workspace, record: Ref, date: DateOfSeries, values: Mapping[str, Any],
    extent: str, version: int | None,
) -> tuple[Outcome, Ref]:  # fmt: skip
    """In the worker: what was done, and the record that holds the date now."""
    from crm_desktop.services.series.card import record_after, written

    outcome = base.records.apply(written(base, record, date, values, extent, version))
    return outcome, record_after(record, date, outcome.ids, extent)


def delete_date(base: Workspace, date: DateOfSeries, extent: str) -> Outcome:
    """In the worker: deletes this date, it and the following ones, or all."""
    from crm_desktop.services.series.writes import delete_writes

    return base.records.apply(delete_writes(base, date.series, date.original, extent))
