"""What a card needs from the base, read in one go in the worker; plain values come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from crm_desktop.errors import NotFound
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.planner_traits import Concerns
from crm_desktop.models.catalogue.traits import Aside, Joining, Recurring, Scheduled
from crm_desktop.models.query import Sort
from crm_desktop.models.whole_days import seen_from
from crm_desktop.services.customisation.layouts import EMPTY, CardLayout
from crm_desktop.ui.card_parts import NO_PARTS, CardParts
from crm_desktop.ui.record_card.abilities import (
    ActivityShape,
    ChannelShape,
    activity_shape,
    channel_shape,
)
from crm_desktop.ui.record_card.reached import Through, reached_through
from crm_desktop.ui.record_card.values import Titles, ref_of, refs_of

if TYPE_CHECKING:
    from crm_desktop.services.links import LinkTab
    from crm_desktop.services.series.card import DateOfSeries
    from crm_desktop.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ChildRow:
    """A record that hangs on the card's record."""

    ref: Ref
    version: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TabCount:
    """A tab of what points to the record, and how many they are."""

    link: Link
    count: int

    @property
    def key(self) -> str:
        """Names the tab: object and field."""
        return f"{self.link.entity.key}.{self.link.field.key}"


@dataclass(frozen=True)
class CardContents:
    """A record with everything its card shows before a tab is chosen."""

    ref: Ref
    entity: EntityDef
    version: int
    values: Mapping[str, Any]
    created_at: datetime | None = None
    created_by: int | None = None
    updated_at: datetime | None = None
    updated_by: int | None = None
    titles: Titles = field(default_factory=dict)
    tabs: tuple[TabCount, ...] = ()
    channels: tuple[ChildRow, ...] = ()
    through: tuple[Through, ...] = ()
    """Numbers and addresses of those whom the record is about."""
    events: tuple[ChildRow, ...] = ()
    activity_shape: ActivityShape | None = None
    channel_shape: ChannelShape | None = None
    parts: Mapping[str, object] = field(default_factory=dict)
    """What the parts of the header show, by their key; those with nothing are left out."""
    figures: Mapping[str, object] = field(default_factory=dict)
    layout: CardLayout = EMPTY
    """How the person, or the office, has laid out cards of the object."""
    date: DateOfSeries | None = None
    """The date of a series that is shown; `values` holds its times."""

    @property
    def title(self) -> str:
        """The name of the record as people read it."""
        value = self.values.get(self.entity.title_field)
        words = self.entity.title.format(value, "en") if value is not None else ""
        return words or _("{object} {number}").format(
            object=_(self.entity.label), number=self.ref.id
        )

    @property
    def event_count(self) -> int:
        """How many activities the record has, and how many are linked to it."""
        shape = self.activity_shape
        if shape is None:
            return 0
        return sum(
            t.count for t in self.tabs
            if t.link == shape.link or (t.link.field.type_name == "record"
                                        and t.link.entity.trait(Concerns) is not None)
        )  # fmt: skip


def load_card(
    workspace: Workspace, ref: Ref, events: int = 4, parts: CardParts = NO_PARTS,
    at: datetime | None = None,
) -> CardContents:  # fmt: skip
    """The record, its contacts, its latest activities, all counts; `NotFound` if it is gone.

    `at`: of a series, the date that begins then.
    """
    with workspace.backend.reading():
        workspace.privacy.mark.seen()  # asked now and then, by whatever comes first
        workspace.backend.ask_first(_first_works(workspace, ref, events, parts))
        contents = _load_card(workspace, ref, events, parts)
        date, values = with_date(workspace, contents.ref, contents.values, at)
        values = on_its_days(workspace, contents.entity, values)
        return replace(contents, date=date, values=values)


def _first_works(
    workspace: Workspace, ref: Ref, events: int, parts: CardParts
) -> Iterator[Callable[[], object]]:
    """What a card reads without knowing the record, whatever that will say."""
    entity, reader = workspace.catalogue[ref.entity], workspace.reader
    activities = activity_shape(workspace.catalogue, entity)
    yield lambda: reader.get(ref.entity, ref.id)
    yield lambda: workspace.links.tabs(entity, ref.id)
    if activities is not None:
        yield lambda: load_events(workspace, activities, ref, 0, events)
    yield lambda: load_channels(workspace, channel_shape(workspace.catalogue, entity), ref.id)
    for part in (*parts.header.values(), *parts.figures.values()):
        if part.accepts(workspace.catalogue, entity):
            yield partial(part.load, workspace, entity, ref.id)
    yield lambda: workspace.layouts.of(entity.key, workspace.user_id)


def on_its_days(
    workspace: Workspace, entity: EntityDef, values: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What goes on all day with its dates as they are called here."""
    trait = entity.trait(Scheduled)
    if trait is None or not values.get(trait.all_day):
        return values
    recurring = entity.trait(Recurring)
    keys = [trait.starts, trait.ends, trait.due, *([recurring.moment] if recurring else [])]
    return seen_from(workspace.clock.zone(), values, keys, workspace.worktime.usual_zone())


def with_date(
    workspace: Workspace, ref: Ref, values: Mapping[str, Any], at: datetime | None
) -> tuple[DateOfSeries | None, Mapping[str, Any]]:
    """The date of a series that is meant, and the values with its times."""
    if workspace.catalogue[ref.entity].trait(Recurring) is None:
        return None, values
    from crm_desktop.services.series.card import date_of_series

    date = date_of_series(workspace, ref, values, at)
    return date, values if date is None else {**values, **date.times}


def _load_card(workspace: Workspace, ref: Ref, events: int, parts: CardParts) -> CardContents:
    entity = workspace.catalogue[ref.entity]
    workspace.privacy.check(ref)
    record = workspace.reader.get(ref.entity, ref.id)
    if record is None:
        winner = workspace.merging.lineage.winner(ref.entity, ref.id)
        if winner is not None:  # it was merged into that one
            return _load_card(workspace, Ref(ref.entity, winner), events, parts)
        raise NotFound(
            _("{object} {id} is not in the base (any more)").format(
                object=_(entity.label), id=ref.id
            )
        )
    counted = workspace.links.tabs(entity, ref.id)
    tabs = tuple(_tabs(counted))
    activities = activity_shape(workspace.catalogue, entity)
    contacts = channel_shape(workspace.catalogue, entity)
    last = _last_events(workspace, activities, entity, ref.id, tabs, events)
    refs = [*refs_of(entity, record.values), *_people(workspace, record, activities, last)]
    return CardContents(
        ref, entity, record.version, record.values,
        record.created_at, record.created_by, record.updated_at, record.updated_by,
        titles=workspace.titles.of(refs), tabs=tabs,
        channels=load_channels(workspace, contacts, ref.id), events=last,
        through=reached_through(workspace, entity, record.values),
        activity_shape=activities, channel_shape=contacts,
        parts=_load_parts(workspace, entity, ref.id, parts.header),
        figures=_load_parts(workspace, entity, ref.id, parts.figures),
        layout=workspace.layouts.of(entity.key, workspace.user_id),
    )  # fmt: skip


def _load_parts(
    workspace: Workspace, entity: EntityDef, record: int, parts: Mapping[str, Any]
) -> dict[str, object]:
    """What those parts show that fit the object and have something to show."""
    found = {
        key: part.load(workspace, entity, record)
        for key, part in parts.items()
        if part.accepts(workspace.catalogue, entity)
    }
    return {key: value for key, value in found.items() if value is not None}


def _tabs(counted: Sequence[LinkTab]) -> Iterator[TabCount]:
    """Those with a tab: what joins two records has one for both sides, what is aside has none."""
    counts = {(t.link.entity.key, t.link.field.key): t.count for t in counted}
    for t in counted:
        entity, joining = t.link.entity, t.link.entity.trait(Joining)
        if joining is not None:
            if t.link.field.key == joining.one:
                yield TabCount(t.link, t.count + counts.get((entity.key, joining.other), 0))
        elif entity.trait(Aside) is None:
            yield TabCount(t.link, t.count)


def _people(
    workspace: Workspace, record: Any, shape: ActivityShape | None, events: tuple[ChildRow, ...]
) -> list[Ref]:
    """Who made and changed the record, and who did what is listed."""
    staff = workspace.catalogue.staff().key
    refs = [Ref(staff, id_) for id_ in (record.created_by, record.updated_by) if id_]
    return refs + (authors(shape, events) if shape else [])


def authors(shape: ActivityShape, events: tuple[ChildRow, ...]) -> list[Ref]:
    """The people of some activities."""
    if shape.author is None:
        return []
    found = (ref_of(shape.author, e.values.get(shape.author.key)) for e in events)
    return [ref for ref in found if ref is not None]


def load_channels(
    workspace: Workspace, shape: ChannelShape | None, owner: int
) -> tuple[ChildRow, ...]:
    """The contacts of a record: the main ones first, then in the order they were added."""
    if shape is None:
        return ()
    rows = workspace.reader.linked(shape.entity.key, shape.link.field.key, [owner])
    found = [ChildRow(Ref(shape.entity.key, i), row.version, row.values) for i, row in rows.items()]
    kinds = [choice.key for choice in shape.kind.choices] if shape.kind else []

    def order(row: ChildRow) -> tuple[int, bool, int]:
        kind = row.values.get(shape.kind.key) if shape.kind else None
        place = kinds.index(kind) if kind in kinds else len(kinds)
        return place, not (shape.flag and row.values.get(shape.flag.key)), row.ref.id

    return tuple(sorted(found, key=order))


def _last_events(
    workspace: Workspace,
    shape: ActivityShape | None,
    entity: EntityDef,
    owner: int,
    tabs: tuple[TabCount, ...],
    most: int,
) -> tuple[ChildRow, ...]:
    if shape is None or not any(t.link == shape.link and t.count for t in tabs):
        return ()
    return load_events(workspace, shape, Ref(entity.key, owner), 0, most)


def load_events(
    workspace: Workspace, shape: ActivityShape, owner: Ref, start: int, most: int
) -> tuple[ChildRow, ...]:
    """Some of a record's activities, the newest first."""
    query = workspace.links.query(shape.link, workspace.catalogue[owner.entity], owner.id)
    moment = shape.moment.key if shape.moment else "id"
    keys = tuple(f.key for f in shape.fields)
    cursor = workspace.lists.open(query.replace(columns=("id",), sort=(Sort(moment, True),)))
    ids = list(cursor.ids(start, most))
    if not ids:
        return ()
    found = workspace.reader.many(shape.entity.key, ids, ("version", *keys))
    return tuple(
        ChildRow(Ref(shape.entity.key, id_), found[id_]["version"], found[id_])
        for id_ in ids
        if id_ in found
    )
