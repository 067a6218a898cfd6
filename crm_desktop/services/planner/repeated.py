"""Occurrences of series as bars, and what a gesture on one writes (`services/series/dates`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import Bar, moment, seconds
from crm_desktop.services.planner.moving import OfSeries
from crm_desktop.services.planner.question import Question
from crm_desktop.services.reader import parts_of
from crm_desktop.services.series.dates import SeriesDates
from crm_desktop.services.series.writes import THIS, delete_writes, edit_writes
from crm_desktop.services.writing.staging import Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

Wanted = tuple[Sequence[Ref], datetime, datetime]


def repeated_bars(base: Workspace, question: Question, wanted: Wanted) -> list[Bar]:
    """The occurrences of all series that fall into the days and the rows wanted. Exceptions are
    records of their own and come with the others."""
    rows, since, until = wanted
    dates = SeriesDates(base).between(since, until)
    unchanged = [one for one in dates if one.record == one.series]
    if not unchanged:
        return []
    masters = _masters(base, question, ({one.series for one in unchanged}, rows))
    found = []
    for one in unchanged:
        for bar in masters.get(one.series, ()):
            begin = seconds(one.starts)
            length = bar.ends - bar.starts
            found.append(
                bar._replace(
                    starts=begin, ends=begin + length, series=True, origin=seconds(one.original),
                    due=begin if bar.due == bar.starts else bar.due,
                )
            )  # fmt: skip
    return found


def _masters(
    base: Workspace, question: Question, wanted: tuple[set[int], Sequence[Ref]]
) -> Mapping[int, list[Bar]]:
    """The records of the series as bars in each of the rows in which they stand."""
    ids, rows = wanted
    found: dict[int, list[Bar]] = defaultdict(list)
    with base.backend.read() as connection:
        for some in parts_of(ids):
            for bar in question.by_ids(connection, rows, some):
                found[bar.id].append(bar)
    return found


def series_writes(base: Workspace, extent: str) -> OfSeries:
    """How a moved occurrence is written: this one alone, or as `extent` says."""

    def writes(series: int, original: datetime, values: Mapping[str, Any]) -> Sequence[Write]:
        return edit_writes(base, series, original, values, extent or THIS)

    return writes


def series_deletes(base: Workspace, bar: Bar, extent: str) -> Sequence[Write]:
    """How an occurrence is deleted: this one alone, or as `extent` says."""
    return delete_writes(base, bar.id, moment(bar.origin), extent or THIS)
