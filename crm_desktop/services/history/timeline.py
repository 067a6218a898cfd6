"""Everything that happened to a record, the newest first, read page by page.

What people noted (about the record, about those that belong to it, and with it), changes of its
fields, and what was added to it come from different tables; each is walked by its own index from
where the last page ended, so that the page of a record with 50,000 entries costs what any costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField
from crm_desktop.models.catalogue.traits import Activities
from crm_desktop.models.schema import column_names
from crm_desktop.services.activities.concerns import Pointing
from crm_desktop.services.history.service import FieldChange, History
from crm_desktop.services.operations import OperationLog
from crm_desktop.services.private.service import Privacy
from crm_desktop.services.reader import Reader, parts_of

NOTED, CHANGED, MADE, ADDED = "noted", "changed", "made", "added"
OPEN = ("planned", "working", "waiting")
"""States of what is still to be done."""
MOST_RELATED = 200
MOST_ON_TOP = 50
MAKING = ("created_at", "created_by")


@dataclass(frozen=True)
class Happening:
    """One thing that happened.

    `source`: NOTED an activity, whose fields are `values`; CHANGED fields of the record itself,
    `fields`; MADE the record itself; ADDED a record `ref` that belongs to it. `owner`: whom it is
    about. `title`: what the operation is called if it was more than a save by hand.
    """

    source: str
    place: int
    moment: datetime
    author: int | None
    ref: Ref
    owner: Ref
    version: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    fields: tuple[FieldChange, ...] = ()
    operation: int = 0
    title: str = ""


@dataclass(frozen=True)
class Wish:
    """Which happenings are wanted. `kind`: a kind of activity, CHANGED or ADDED; `author`: a
    colleague; `about`: a record that belongs to the one looked at."""

    kind: str = ""
    author: int | None = None
    about: Ref | None = None


class Mark(NamedTuple):
    """The last one of a walk that was shown."""

    moment: datetime
    id: int


@dataclass(frozen=True)
class Page:
    """Happenings, the newest first; `on_top`: pinned and planned ones, with the first page only.
    `marks` and `more`: where the next page begins, if there is one."""

    found: tuple[Happening, ...]
    on_top: tuple[Happening, ...]
    marks: Mapping[str, Mark]
    more: bool


Walk = Callable[[sa.Connection, Mark | None, int], list[Happening]]


class ActivityPlan(NamedTuple):
    """Where activities are kept and by which fields the timeline walks and picks them."""

    entity: EntityDef
    about: RecordField
    moment: str
    kind: str
    author: str
    state: str
    pinned: str


class Timeline:
    """Timelines of one open base."""

    def __init__(self, reader: Reader, history: History, operations: OperationLog) -> None:
        self._reader, self._history, self._operations = reader, history, operations
        self._backend, self._tables = reader.backend, reader.tables
        self._catalogue = reader.tables.catalogue
        self._pointing = Pointing(reader.tables)
        self.privacy: Privacy | None = None
        """Whose activities a timeline leaves out."""

    def page(
        self,
        entity: EntityDef,
        id_: int,
        wish: Wish = Wish(),
        *,
        marks: Mapping[str, Mark] | None = None,
        limit: int = 30,
        language: str = "en",
    ) -> Page:
        """A page of the record's timeline; `marks` of the page before."""
        owner, begun = Ref(entity.key, id_), marks or {}
        found: list[tuple[Happening, str]] = []
        with self._backend.read() as connection:
            related = [] if wish.about else self._related(connection, entity, id_)
            for name, walk in self._walks(owner, related, wish, language):
                found += [(one, name) for one in walk(connection, begun.get(name), limit + 1)]
            found += self._added(connection, owner, wish, begun, limit + 1)
            on_top = () if marks else self._on_top(connection, owner, related, wish)
        found.sort(key=lambda pair: (pair[0].moment, pair[0].place), reverse=True)
        shown, rest = found[:limit], found[limit:]
        ends = dict(marks or {})
        for one, name in shown:
            ends[name] = Mark(one.moment, one.place)
        once = {(one.source, one.ref, one.place): one for one, _name in shown}  # linked twice
        return Page(self._named(list(once.values())), on_top, ends, bool(rest))

    def related(self, entity: EntityDef, id_: int) -> list[Ref]:
        """The records that belong to this one and have activities of their own: its people."""
        with self._backend.read() as connection:
            return self._related(connection, entity, id_)

    def _related(self, connection: sa.Connection, entity: EntityDef, id_: int) -> list[Ref]:
        links = [
            link
            for link in self._catalogue.links_to(entity)
            if link.entity.trait(Activities) and link.field.indexed and link.entity != entity
        ]
        asked = [self._newest(link, Ref(entity.key, id_), (), MOST_RELATED) for link in links]
        rows = sorted((place, -number) for place, number in _together(connection, asked))
        found = [Ref(links[place].entity.key, -number) for place, number in rows]
        return list(dict.fromkeys(found))[:MOST_RELATED]

    def _newest(
        self,
        link: Link,
        owner: Ref,
        columns: Sequence[str],
        limit: int,
        *more: Callable[[sa.Table], sa.ColumnElement[bool]],
    ) -> sa.Subquery:
        """The ids of records that point to the owner, the newest first, with further columns."""
        table = self._tables.table_of(link.entity, link.field)
        pointing = [table.c[name] for name in column_names(link.field)]
        mine = [pointing[0] == owner.id, *(term(table) for term in more)]
        if isinstance(link.field, RecordField):
            mine.append(pointing[1] == self._catalogue[owner.entity].number)
        wanted = sa.select(table.c.id, *(table.c[name] for name in columns)).where(*mine)
        return self._backend.limit(wanted.order_by(table.c.id.desc()), limit).subquery()

    # --- which walks ------------------------------------------------------------------------------

    def _walks(
        self, owner: Ref, related: list[Ref], wish: Wish, language: str
    ) -> Iterator[tuple[str, Walk]]:
        entity = self._catalogue[owner.entity]
        plan = self.plan(entity)
        if plan is not None and wish.kind not in (CHANGED, ADDED):
            yield from self._noted_walks(plan, owner, related, wish)
        if wish.about is None and wish.kind in ("", CHANGED):
            yield CHANGED, self._changes(entity, owner, wish, language)

    def plan(self, entity: EntityDef) -> ActivityPlan | None:
        """Where the record's activities are kept; None if there can be none."""
        for link in self._catalogue.links_to(entity):
            about = link.field
            if isinstance(about, RecordField) and about.ability == Activities.__name__:
                made = link.entity
                named = {name: name if made.has(name) else "" for name in (
                    "kind", "author", "state", "pinned"
                )}  # fmt: skip
                return ActivityPlan(made, about, about.then or "moment", **named)
        return None

    def _noted_walks(
        self, plan: ActivityPlan, owner: Ref, related: list[Ref], wish: Wish
    ) -> Iterator[tuple[str, Walk]]:
        if wish.about is not None:
            yield NOTED, self._noted(plan, wish, [wish.about])
            return
        yield NOTED, self._noted(plan, wish, [owner])
        if related:
            yield "related", self._noted(plan, wish, related)
        for f in plan.entity.fields:
            if isinstance(f, LinkField) and f.target == owner.entity and f.indexed:
                yield f"with.{f.key}", self._noted(plan, wish, [owner], by=f)
        yield "linked", self._noted(plan, wish, [owner], linked=True)

    # --- activities -------------------------------------------------------------------------------

    def _noted(
        self,
        plan: ActivityPlan,
        wish: Wish,
        owners: Sequence[Ref],
        *,
        by: LinkField | None = None,
        linked: bool = False,
    ) -> Walk:
        table = self._tables.main[plan.entity.key]
        moment = table.c[plan.entity.field(plan.moment).name]
        about_id, about_ent = (table.c[name] for name in column_names(plan.about))
        ids, narrowed = [ref.id for ref in owners], self._narrowed(plan, wish)
        if plan.state:  # what is still to be done stands on top only
            state = table.c[plan.state]
            narrowed.append(sa.or_(state.is_(None), state.not_in(OPEN)))
        order, chosen = [moment.desc(), table.c.id.desc()], sa.select(table.c.id)
        elsewhere = sa.or_(about_id.is_(None), about_id != ids[0])
        if linked:
            chosen, mine = self._pointing.to(owners[0]), [elsewhere]
        elif by is not None:
            mine = [table.c[by.name] == ids[0], elsewhere]
        elif len(ids) == 1:
            mine = [about_id == ids[0], about_ent == self._catalogue[owners[0].entity].number]
            order = [about_id.desc(), *order]
        else:
            mine = [about_id.in_(ids)]

        def walk(connection: sa.Connection, mark: Mark | None, limit: int) -> list[Happening]:
            wanted = chosen.where(*mine, *narrowed, *_behind(moment, table, mark))
            few = self._backend.limit(wanted.order_by(*order), limit)
            return self._activities(connection, plan, connection.execute(few).scalars().all())

        return walk

    def _narrowed(self, plan: ActivityPlan, wish: Wish) -> list[sa.ColumnElement[bool]]:
        table = self._tables.main[plan.entity.key]
        found: list[sa.ColumnElement[bool]] = []
        if self.privacy is not None:
            closed = self.privacy.narrowing(plan.entity, table.c.id, lambda f: table.c[f.name])
            found += [closed] if closed is not None else []
        if wish.kind and plan.kind:
            found.append(table.c[plan.kind] == wish.kind)
        if wish.author is not None and plan.author:
            found.append(table.c[plan.author] == wish.author)
        return found

    def _activities(
        self, connection: sa.Connection, plan: ActivityPlan, ids: Sequence[int]
    ) -> list[Happening]:
        rows = self._reader.load(plan.entity.key, ids, connection)
        found = []
        for id_ in ids:
            values = rows[id_].values
            author = values.get(plan.author) if plan.author else rows[id_].created_by
            found.append(Happening(
                NOTED, id_, values[plan.moment], author, Ref(plan.entity.key, id_),
                values.get(plan.about.key) or Ref(plan.entity.key, id_), rows[id_].version, values,
            ))  # fmt: skip
        return found

    def _on_top(
        self, connection: sa.Connection, owner: Ref, related: list[Ref], wish: Wish
    ) -> tuple[Happening, ...]:
        """Planned ones, the next first, then pinned ones; also of those that belong to it."""
        entity = self._catalogue[owner.entity]
        plan = self.plan(entity)
        if plan is None or not (plan.state and plan.pinned) or wish.kind in (CHANGED, ADDED):
            return ()
        table = self._tables.main[plan.entity.key]
        about = table.c[column_names(plan.about)[0]]
        owners = [wish.about] if wish.about else [owner, *related]
        top = sa.or_(
            table.c[plan.state].in_(OPEN),
            table.c[plan.pinned] == sa.literal(True, table.c[plan.pinned].type),
        )
        ids: list[int] = []
        for part in parts_of(ref.id for ref in owners):
            wanted = sa.select(table.c.id).where(about.in_(part), top)
            wanted = wanted.where(*self._narrowed(plan, wish)).order_by(table.c.id.desc())
            ids += connection.execute(self._backend.limit(wanted, MOST_ON_TOP)).scalars()
        if wish.about is None:
            wanted = self._pointing.to(owner).where(top, *self._narrowed(plan, wish))
            linked = connection.execute(self._backend.limit(wanted, MOST_ON_TOP)).scalars()
            ids = list(dict.fromkeys([*ids, *linked]))
        found = self._activities(connection, plan, ids)
        planned = [one for one in found if one.values.get(plan.state) in OPEN]
        planned.sort(key=lambda one: one.values.get("due") or one.moment)
        return (*planned, *(one for one in found if one not in planned))

    # --- the record itself ------------------------------------------------------------------------

    def _changes(self, entity: EntityDef, owner: Ref, wish: Wish, language: str) -> Walk:
        def walk(connection: sa.Connection, mark: Mark | None, limit: int) -> list[Happening]:
            before = mark.id if mark else 0
            entries = self._history.of(
                entity, owner.id, limit=limit, before=before, language=language
            )
            return [
                Happening(
                    MADE if e.kind == "c" else CHANGED, e.seq, e.moment, e.author, owner, owner,
                    fields=e.fields if e.kind == "u" else (), operation=e.operation,
                )
                for e in entries
                if e.kind != "d" and wish.author in (None, e.author)
            ]  # fmt: skip

        return walk

    def _named(self, found: Sequence[Happening]) -> tuple[Happening, ...]:
        """With the names of operations that were more than a save by hand."""
        numbers = list({one.operation for one in found if one.operation})
        titles = {
            o.id: o.title.text() for o in self._operations.several(numbers) if o.kind != "save"
        }
        return tuple(
            replace(one, title=titles[one.operation]) if one.operation in titles else one
            for one in found
        )

    # --- what was added ---------------------------------------------------------------------------

    def _added(
        self,
        connection: sa.Connection,
        owner: Ref,
        wish: Wish,
        marks: Mapping[str, Mark],
        limit: int,
    ) -> list[tuple[Happening, str]]:
        """Records that were added, each with the name of its walk; asked for all links at once."""
        if wish.about is not None or wish.kind not in ("", ADDED):
            return []
        entity = self._catalogue[owner.entity]
        plan = self.plan(entity)
        links = {
            f"{link.entity.key}.{link.field.key}": link
            for link in self._catalogue.children(entity)
            if plan is None or link.entity not in (plan.entity, self._pointing.shape.entity)
        }
        asked = [
            self._newest(link, owner, MAKING, limit, *_wanted(wish, marks.get(name)))
            for name, link in links.items()
        ]
        names = list(links)
        found = []
        for place, id_, moment, author in _together(connection, asked):
            ref = Ref(links[names[place]].entity.key, id_)
            found.append((Happening(ADDED, id_, moment, author, ref, owner), names[place]))
        return found


def _wanted(
    wish: Wish, mark: Mark | None
) -> Iterator[Callable[[sa.Table], sa.ColumnElement[bool]]]:
    """Whose additions are wanted, and from where on."""
    author = wish.author
    if author is not None:
        yield lambda table: table.c.created_by == author
    if mark is not None:
        yield lambda table: table.c.id < mark.id


def _together(connection: sa.Connection, asked: Sequence[sa.Subquery]) -> list[tuple[Any, ...]]:
    """The rows of several questions, each behind the place of its question: most of them have no
    answer, and on a server each alone costs a trip."""
    parts = [sa.select(sa.literal_column(str(place)), part) for place, part in enumerate(asked)]
    if not parts:
        return []
    wanted = sa.union_all(*parts) if len(parts) > 1 else parts[0]
    return [tuple(row) for row in connection.execute(wanted)]


def _behind(
    moment: sa.Column[Any], table: sa.Table, mark: Mark | None
) -> list[sa.ColumnElement[bool]]:
    """What comes behind the mark in a walk from the newest back."""
    if mark is None:
        return []
    same = sa.and_(moment == mark.moment, table.c.id < mark.id)
    return [moment <= mark.moment, sa.or_(moment < mark.moment, same)]
