"""What was found in a calendar file becomes writes: a new activity, or what has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField
from crm_desktop.models.catalogue.traits import Checklist, Reminds
from crm_desktop.services.activities.concerns import Shape
from crm_desktop.services.files.rows import FileShape
from crm_desktop.services.ics.folding import Key, key_of
from crm_desktop.services.ics.found import Alarm, Found, Left, Somebody
from crm_desktop.services.ics.lookup import Base, children, moment_of, own_id, who_fields
from crm_desktop.services.private.service import KEPT
from crm_desktop.services.rules.series import EARLIEST, LATEST
from crm_desktop.services.writing.batch import is_empty, same
from crm_desktop.services.writing.staging import Create, Delete, Update, Write

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
# A file that does not mention them means that they are empty.
SAID = ("body", "place", "ends", "rule", "zone", "all_day")
Outcome = tuple[str, int, dict[str, Any], int | None]


class Writing:
    """Turns found activities into `writes`, one after another, over one connection."""

    def __init__(
        self, base: Base, new_id: Callable[[], int], left: list[Left],
        stored: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        """`stored`: what the records of files hold whose contents are in the base, by digest."""
        self._base = base
        self._new_id = new_id
        self._left = left
        self._stored = stored
        self._entity = base.entity
        catalogue = base.workspace.catalogue
        self._reminding, self._reminds = catalogue.with_trait(Reminds)
        self._steps, self._ticked = catalogue.with_trait(Checklist)
        self._known: dict[Key, int] = {}
        self._values: dict[int, dict[str, Any]] = {}
        self._private: set[int] = set()
        self._around: dict[str, dict[int, dict[int, dict[str, Any]]]] = {}
        self.writes: list[Write] = []

    def prepare(self, found: Sequence[Found]) -> None:
        """Asks the base once for everything that is known of these activities."""
        base = self._base
        self._known = base.known(found)
        ids = sorted(set(self._known.values()))
        reader = base.workspace.reader
        self._private = base.workspace.privacy.outside(self._entity.key, ids, KEPT)
        self._values = reader.many(self._entity.key, ids, None, connection=base.connection)
        owners = ((base.taking, base.takes_part.event), (self._reminding, self._reminds.event),
                  (self._steps, self._ticked.owner))  # fmt: skip
        for entity, owner in owners:
            self._around[entity.key] = children(base.workspace, entity, owner, ids, base.connection)
        shape = Shape.of(base.workspace.catalogue)
        further = children(base.workspace, shape.entity, shape.event.key, ids, base.connection)
        self._around[shape.entity.key] = further
        self._files = FileShape.of(base.workspace.catalogue)
        self._holder = self._files.link(base.workspace.catalogue, self._entity).field.key
        self._present = {
            (row.values[self._holder].id, row.values[self._files.trait.digest])
            for row in reader.linked(
                self._files.entity.key, self._holder, ids, connection=base.connection
            ).values()
        }
        base.learn_mails(_mails(found))

    def write(self, found: Found) -> Outcome:
        """Stages one activity; (what becomes of it, number in the file, values, id)."""
        id_ = self._known.get(key_of(found))
        values = self._fitting(found)
        if id_ is None:
            return self._create(found, values)
        if id_ in self._private:
            self._say_private(found)
            return UNCHANGED, found.number, values, id_
        before = len(self.writes)
        changed = self._differing(found, values, self._values.get(id_, {}))
        if changed:
            self.writes.append(Update(self._entity.key, id_, changed))
        self._settle_children(found, id_)
        act = UPDATED if len(self.writes) > before else UNCHANGED
        return act, found.number, values, id_

    def cancel(self, found: Found) -> Outcome | None:
        """Calls off an activity that is in the base already."""
        id_ = self._known.get(key_of(found))
        if id_ is None:
            self._say(found, _("It calls off an activity that is not in the base: left out"))
            return None
        if id_ in self._private:
            self._say_private(found)
            return None
        now = self._values.get(id_, {})
        wanted = {"state": "cancelled", "reason": found.values.get("reason") or now.get("reason")}
        if not any(not same(now.get(k), v) for k, v in wanted.items()):
            return UNCHANGED, found.number, now, id_
        self.writes.append(Update(self._entity.key, id_, wanted))
        return UPDATED, found.number, {**now, **wanted}, id_

    # --- the activity itself ----------------------------------------------------------------------

    def _create(self, found: Found, values: dict[str, Any]) -> Outcome:
        id_ = self._new_id()
        self._known[key_of(found)] = id_
        if own_id(found.uid, self._base.guid) is None or found.original is None:
            values["uid"] = found.uid
        values.setdefault("subject", self._name_of_series(found) or _("Without a subject"))
        given = {k: v for k, v in values.items() if not is_empty(v)}
        self.writes.append(Create(self._entity.key, given, id_))
        self._settle_children(found, id_)
        return CREATED, found.number, values, id_ if id_ > 0 else None

    def _name_of_series(self, found: Found) -> str:
        """An occurrence that does not say its subject has that of its series."""
        master = self._known.get((found.uid, None))
        for write in self.writes:
            if write.id == master and isinstance(write, Create):
                return str(write.values.get("subject") or "")
        return str(self._values.get(master or 0, {}).get("subject") or "")

    def _fitting(self, found: Found) -> dict[str, Any]:
        """The values that the fields accept; others are told of and left out."""
        values = dict(found.values) | self._links(found)
        if found.original is not None:
            master = self._known.get((found.uid, None))
            values["occurrence"] = found.original
            if master is not None:
                values["series"] = master
            else:
                self._say(found, _("The series it belongs to is not in the file: it stands alone"))
        starts = values.get("starts")
        if values.get("rule") and (starts is None or not EARLIEST <= starts.year <= LATEST):
            values["rule"] = None  # noted to the millisecond by a program that was not ours
        for key in list(values):
            try:
                f = self._entity.field(key)
                if values[key] is not None and not isinstance(f, LinkField | RecordField):
                    values[key] = f.check(values[key])
            except InvalidInput as error:
                self._say(found, error.message)
                del values[key]
        return values

    def _differing(
        self, found: Found, values: Mapping[str, Any], now: Mapping[str, Any]
    ) -> dict[str, Any]:
        wanted = {k: v for k, v in values.items() if k not in found.guessed}
        wanted |= {key: None for key in SAID if key not in values}
        if "moment" in values and not same(now.get("starts"), values.get("starts")):
            wanted["moment"] = values["moment"]
        return {
            key: value
            for key, value in wanted.items()
            if not same(now.get(key), value) and not (is_empty(now.get(key)) and is_empty(value))
        }

    def _links(self, found: Found) -> dict[str, Any]:
        """The records that a file of ours names; those of others by name or address."""
        values: dict[str, Any] = {}
        for key, (ref, title) in found.links.items():
            f = self._entity.field(key)
            target = self._target(f, ref, title, ours=found.base == self._base.guid)
            if target is not None:
                values[key] = target if isinstance(f, RecordField) else target.id
            elif key != "author":
                self._say(found, _("{field}: “{name}” is not in the base, or several are").format(
                    field=_(f.label), name=title or ref))  # fmt: skip
        return values

    def _target(self, f: Any, ref: str, title: str, *, ours: bool) -> Ref | None:
        if ref.startswith("mailto:"):
            colleague = self._base.colleague(ref.removeprefix("mailto:"))
            return Ref(f.target, colleague) if colleague is not None else None
        entity, _sign, number = ref.partition("/")
        if not self._base.workspace.catalogue.has(entity):
            return None
        if isinstance(f, LinkField) and f.target != entity:
            return None
        if ours and number.isascii() and number.isdigit() and len(number) < 19:
            same_one = Ref(entity, int(number))
            if self._base.exists(same_one):
                return same_one
        book = getattr(f, "book", "") or ""
        id_ = self._base.named(entity, title, book) if title else None
        return Ref(entity, id_) if id_ is not None else None

    # --- people, reminders, checklist -------------------------------------------------------------

    def _settle_children(self, found: Found, id_: int) -> None:
        self._settle_people(found, id_)
        event, offset, channel = self._reminds.event, self._reminds.offset, self._reminds.channel
        if moment_of(found.values) is not None:
            alarms = [{offset: a.offset, channel: a.channel} | self._whom(found, a)
                      for a in found.alarms]  # fmt: skip
            self._settle(self._reminding, id_, event, alarms, (offset, channel))
        ticked = self._ticked
        steps = [{ticked.text: text, ticked.done: done, ticked.place: number}
                 for number, (text, done) in enumerate(found.steps, 1)]  # fmt: skip
        self._settle(self._steps, id_, ticked.owner, steps, (ticked.text,))
        self._settle_links(found, id_)
        self._add_files(found, id_)

    def _settle_links(self, found: Found, id_: int) -> None:
        """The further records: those that are not in the base are named."""
        shape, wanted = Shape.of(self._base.workspace.catalogue), list[Mapping[str, Any]]()
        for ref, title in found.further:
            target = self._target(shape.record, ref, title, ours=found.base == self._base.guid)
            if target is None:
                self._say(found, _("{field}: “{name}” is not in the base, or several are").format(
                    field=_(shape.entity.label), name=title or ref))  # fmt: skip
            elif {shape.record.key: target} not in wanted:
                wanted.append({shape.record.key: target})
        self._settle(shape.entity, id_, shape.event.key, wanted, (shape.record.key,))

    def _add_files(self, found: Found, id_: int) -> None:
        """The files that the activity does not have yet; none is ever taken away."""
        for one in found.files:
            if (id_, one.digest) in self._present:
                continue
            self._present.add((id_, one.digest))
            values = self._stored.get(one.digest, {})
            named = {**values, self._files.name: one.name, self._holder: Ref(self._entity.key, id_)}
            self.writes.append(Create(self._files.entity.key, named))

    def _whom(self, found: Found, alarm: Alarm) -> dict[str, Any]:
        f = self._reminding.field(self._reminds.whom)
        ref = self._target(f, *alarm.whom, ours=found.base == self._base.guid)
        return {self._reminds.whom: ref.id} if ref is not None else {}

    def _settle_people(self, found: Found, id_: int) -> None:
        base = self._base
        wanted = []
        for one in found.people:
            who = base.part(one, ours=found.base == base.guid)
            if who:
                wanted.append(self._part(one) | who)
            else:
                self._say(found, _("{name} takes part without a known address: left out").format(
                    name=one.name or one.key))  # fmt: skip
        keys = (*who_fields(base.taking, base.takes_part), "address")
        self._settle(base.taking, id_, base.takes_part.event, wanted, keys)

    def _part(self, one: Somebody) -> dict[str, Any]:
        role = self._base.taking.field(self._base.takes_part.role)
        known = getattr(role, "choice", lambda _key: None)(one.role)
        trait = self._base.takes_part
        usual = trait.booked if one.is_thing else trait.takes
        return {trait.role: one.role if known else usual, "answer": one.answer,
                "reason": one.reason or None}  # fmt: skip

    def _settle(
        self, entity: EntityDef, id_: int, owner: str, wanted: Iterable[Mapping[str, Any]],
        keys: Sequence[str],
    ) -> None:  # fmt: skip
        """Makes the children of an activity those that the file names; says nothing, keeps all."""
        rows = [dict(one) for one in wanted]
        if not rows:
            return
        present: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        there = self._around.get(entity.key, {}).get(id_, {})
        for child, values in there.items():
            present[tuple(values.get(key) or None for key in keys)].append(child)
        for row in rows:
            same_ones = present.get(tuple(row.get(key) or None for key in keys))
            if not same_ones:
                self._add(entity, row | {owner: id_})
                continue
            child = same_ones.pop(0)
            changed = {k: v for k, v in row.items() if not same(there[child].get(k), v)
                       and not (is_empty(v) and is_empty(there[child].get(k)))}  # fmt: skip
            if changed:
                self.writes.append(Update(entity.key, child, changed))
        self.writes += [Delete(entity.key, one) for rest in present.values() for one in rest]

    def _add(self, entity: EntityDef, row: Mapping[str, Any]) -> None:
        given = {k: v for k, v in row.items() if v is not None}
        try:
            for key, value in given.items():
                f = entity.field(key)
                if not isinstance(f, LinkField | RecordField):
                    f.check(value)
        except InvalidInput as error:
            self._left.append(Left(0, str(value)[:80], error.message))
            return
        self.writes.append(Create(entity.key, given))

    def _say_private(self, found: Found) -> None:
        said = _("This is somebody's private matter: only who takes part can change it")
        self._say(found, said)

    def _say(self, found: Found, reason: str) -> None:
        self._left.append(Left(found.number, found.name[:80], reason))


def _mails(found: Sequence[Found]) -> Iterable[str]:
    for one in found:
        for ref, _title in one.links.values():
            yield ref.removeprefix("mailto:") if ref.startswith("mailto:") else ""
        yield from (somebody.mail for somebody in one.people)
