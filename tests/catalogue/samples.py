"""Values for fields of every type, and the user-made object that must work like a built-in one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import (
    ChoiceField,
    IntegerField,
    LinkField,
    MultiChoiceField,
    RecordField,
)
from crm_desktop.models.catalogue.planner_traits import StepSets
from crm_desktop.models.catalogue.sales_traits import Automations, Funnel, PricedLines, StageTable
from crm_desktop.models.catalogue.traits import (
    Mirror,
    OneFlag,
    Recurring,
    Scheduled,
    WorkDays,
    WorkHours,
)
from crm_desktop.services.rules.activity_set import may_begin
from crm_desktop.services.workspace import Workspace

TENDER: dict[str, Any] = {
    "key": "tender",
    "label": "Tender",
    "plural": "Tenders",
    "title": "name",
    "fields": [
        {"key": "name", "type": "text", "label": "Name", "required": True, "search": True,
         "listed": True, "indexed": True},
        {"key": "client", "type": "link", "label": "Client", "target": "client", "parent": True,
         "indexed": True, "listed": True},
        {"key": "amount", "type": "money", "label": "Amount", "listed": True},
        {"key": "due", "type": "date", "label": "Due", "indexed": True, "listed": True},
        {"key": "opened", "type": "datetime", "label": "Opened"},
        {"key": "lots", "type": "integer", "label": "Lots"},
        {"key": "share", "type": "decimal", "label": "Share", "places": 3},
        {"key": "won", "type": "bool", "label": "Won"},
        {"key": "state", "type": "choice", "label": "State", "indexed": True, "listed": True,
         "choices": [{"key": "draft", "label": "Draft"},
                     {"key": "sent", "label": "Sent", "tone": "ok"}]},
        {"key": "marks", "type": "multi_choice", "label": "Marks",
         "choices": ["urgent", "large"]},
        {"key": "contact", "type": "phone", "label": "Contact phone", "search": True},
        {"key": "text", "type": "long_text", "label": "Text"},
    ],
    "children": [
        {"key": "bid", "label": "Bid", "plural": "Bids",
         "fields": [{"key": "name", "type": "text", "label": "Name", "required": True,
                     "search": True},
                    {"key": "price", "type": "money", "label": "Price"}]},
    ],
}  # fmt: skip

BY_TYPE: dict[str, tuple[Any, Any]] = {
    "text": ("Ёлка Первая", "Берёза вторая"),
    "long_text": ("Первая заметка\nв две строки", "Другая " * 300),
    "recurrence": ("FREQ=DAILY;COUNT=3", "FREQ=WEEKLY;BYDAY=MO,TU"),
    "integer": (0, -12_345_678_901),
    "decimal": (Decimal("12.345"), Decimal("-0.001")),
    "money": (Decimal("128000.50"), Decimal("-0.01")),
    "bool": (True, False),
    "date": (date(2026, 2, 28), date(1990, 12, 31)),
    "yearly": (4240000, 2291988),
    "datetime": (
        datetime(2026, 2, 28, 21, 59, 58, 123000, tzinfo=UTC),
        datetime(1999, 12, 31, 23, 0, tzinfo=UTC),
    ),
    "duration": (5400, 60),
    "phone": ("+79162041183", "+74957803215"),
    "email": ("anna@firma.example", "boris@other.example"),
    "url": ("https://firma.example", "https://other.example/page"),
    "address": ("Москва, Бутырская ул., 12", "Омск, ул. Мира, 5"),
    "file": ("docs/contract.docx", "docs/act.docx"),
    "contact": ("+79031234567", "+79039998877"),
    "tags": ("Опт, Сезон", "VIP"),
}

BY_KIND: dict[str, tuple[str, str]] = {
    "inn": ("7707083893", "500100732259"),
    "kpp": ("773601001", "7736AB001"),
    "ogrn": ("1027700132195", "304500116000157"),
    "okpo": ("00032537", "00032537"),
    "snils": ("11223344595", "00100199800"),
    "bik": ("044525225", "048025225"),
    "correspondent": ("30101810400000000225", "30101810400000000225"),
    "any_account": ("40702810938000000001", "40702810238000000002"),
    "iban": ("DE89370400440532013000", "GB29NWBK60161331926819"),
    "swift": ("SABRRUMM012", "DEUTDEFF"),
}
"""Right values by their kind (`models/validation`); both suit each other's bank."""


def sample(workspace: Workspace, entity: EntityDef, f: Field, which: int) -> Any:
    """A value for the field: the first or the second sample of its type."""
    if isinstance(f, MultiChoiceField):
        return tuple(c.key for c in f.choices[: which + 1])
    if isinstance(f, ChoiceField):
        return f.choices[min(which, len(f.choices) - 1)].key
    if isinstance(f, LinkField):
        return linked(workspace, f, which)
    if isinstance(f, RecordField):
        able = next(e for e in workspace.catalogue if workspace.catalogue.able(e, f.ability))
        return Ref(able.key, make(workspace, able, facing(entity, f, which)))
    if isinstance(f, IntegerField) and f.type_name == "integer":
        return min(max(BY_TYPE[f.type_name][which], f.least), f.most)
    if f.key in meant(entity):
        return meant(entity)[f.key][which]
    kind = getattr(f, "valid_as", "")
    value = BY_KIND[kind][which] if kind else BY_TYPE[f.type_name][which]
    return f.check(value)


def meant(entity: EntityDef) -> dict[str, tuple[Any, Any]]:
    """Samples for fields whose text means something to a trait of the object."""
    found: dict[str, tuple[Any, Any]] = {}
    for recurring in entity.traits_of(Recurring):
        found |= {recurring.zone: ("Europe/Moscow", "Asia/Omsk")}
    for hours in entity.traits_of(WorkHours):
        found |= dict.fromkeys(hours.week, ("09:00-13:00 14:00-18:00", "10:00-16:00"))
        found |= {hours.country: ("RU", "DE"), hours.zone: ("Europe/Moscow", "Asia/Omsk")}
    if entity.trait(PricedLines) is not None:
        found |= {"discount": (Decimal(5), Decimal("12.5")), "vat_rate": (Decimal(20), Decimal(10))}
    if entity.trait(StageTable) is not None:
        found |= {"to_enter": ("amount", "expected"), "to_leave": ("files", "lines")}
    if entity.trait(Automations) is not None:
        found |= {"of": ("deal", "deal"), "when": ("amount", "expected"), "where": (None, None),
                  "at": ("opened", "closed"), "place": ("note", "loss_comment"),
                  "field": ("note", "loss_comment")}  # fmt: skip
    for days in entity.traits_of(WorkDays):
        found |= {days.hours: ("09:00-13:00", "10:00-16:00")}
    return found


def facing(entity: EntityDef, f: RecordField, which: int) -> int:
    """Which sample a record field leads to: two that name records alike lead to two records, so
    that a name tells which of them is meant."""
    alike = [r for r in entity.fields if isinstance(r, RecordField) and r.ability == f.ability]
    return which if alike[0] == f else 1 - which


def linked(workspace: Workspace, f: LinkField, which: int) -> int:
    """A record for the link to lead to."""
    target = workspace.catalogue[f.target]
    return make(workspace, target, which, book=f.book)


def make(workspace: Workspace, entity: EntityDef, which: int, book: str = "") -> int:
    """A record with no more than it must have, and a name."""
    trait = entity.trait(Funnel)  # where it stands the writer says itself
    placed = {trait.pipeline, trait.stage} if trait is not None else set()
    wanted = [f for f in entity.fields if f.required or f.key == entity.title_field]
    wanted = [f for f in wanted if f.key not in placed]
    values = {f.key: sample(workspace, entity, f, which) for f in wanted}
    if entity.trait(Automations) is not None:  # a rule says where it begins and what it does
        asked = ("of", "stage", "subject")
        values |= {key: sample(workspace, entity, entity.field(key), which) for key in asked}
    if book:
        values["book"] = book
    return workspace.records.create(entity.key, values).ids[0]


def least(
    workspace: Workspace, entity: EntityDef, which: int, but: str, target: Any
) -> dict[str, Any]:  # fmt: skip
    """Values for what a record must have, with the link `but` leading to `target`."""
    wanted = {f.key for f in entity.fields if f.required} - {but}
    for trait in entity.traits_of(Funnel):
        wanted -= {trait.pipeline, trait.stage}
        if but == trait.pipeline:  # it stands in the first stage of that one
            stages, table = workspace.catalogue.with_trait(StageTable)
            first = {stages.title_field: "First", table.pipeline: target}
            workspace.records.create(stages.key, first)
    if entity.trait(Automations) is not None:
        wanted |= {"of", "subject"} | ({"stage"} - {but})
    values = {f.key: sample(workspace, entity, f, which) for f in entity.fields if f.key in wanted}
    if entity.trait(Automations) is not None and but == "pipeline":
        values |= {"event": "made", "stage": None}
    return {**values, but: target}


def full(workspace: Workspace, entity: EntityDef, which: int) -> dict[str, Any]:
    """Values for every field but those that the program itself sets (flags of mirrors)."""
    mirrors = [m for e in workspace.catalogue for m in e.traits_of(Mirror)]
    own = {name for m in mirrors if m.child == entity.key for name in (m.flag, m.unless)}
    own |= entity.kept | {rule.flag for rule in entity.traits_of(OneFlag)} | followed(entity)
    found = {f.key: sample(workspace, entity, f, which) for f in entity.fields if f.key not in own}
    more = _beginning(workspace, entity, which) | _standing(workspace, entity, found)
    return found | more | _open_to_all(entity)


def followed(entity: EntityDef) -> set[str]:
    """What follows from other fields, whatever is said."""
    found: set[str] = set()
    if entity.trait(PricedLines) is not None:
        found |= {"total", "vat"}
    for trait in entity.traits_of(Funnel):
        found |= {trait.state, trait.since, trait.reached, trait.closed, trait.probability}
    return found


def _standing(workspace: Workspace, entity: EntityDef, found: dict[str, Any]) -> dict[str, Any]:
    """The pipeline of a record is that of its stage."""
    stages, table = workspace.catalogue.with_trait(StageTable)
    link = next((f for f in entity.fields if isinstance(f, LinkField) and f.target == stages.key
                 and (entity.trait(Funnel) or entity.trait(Automations))), None)  # fmt: skip
    if link is None:
        return {}
    stage = workspace.reader.get(stages.key, found[link.key])
    assert stage is not None
    return {table.pipeline: stage.values[table.pipeline]}


def _open_to_all(entity: EntityDef) -> dict[str, Any]:
    """Nobody is signed in here: what is somebody's private matter could not be seen or changed."""
    trait = entity.trait(Scheduled)
    return {trait.private: "open"} if trait and entity.has(trait.private) else {}


def _beginning(workspace: Workspace, entity: EntityDef, which: int) -> dict[str, Any]:
    """At which value of which field a set of steps begins: words of the catalogue alone will do."""
    trait = entity.trait(StepSets)
    if trait is None:
        return {}
    some = next(e for e in workspace.catalogue if may_begin(e))
    f = next(f for f in may_begin(some) if isinstance(f, ChoiceField))
    return {trait.of: some.key, trait.when: f.key, trait.becomes: f.choices[which].key}


def with_every_type(objects: Sequence[EntityDef]) -> list[str]:
    """The keys of a few objects that between them have every type of field, indexed and not: they
    stand for the others where only the types of their fields make a difference."""

    def kinds(entity: EntityDef) -> set[tuple[str, str, bool]]:
        return {(f.type_name, f.storage, f.indexed) for f in entity.fields}

    left = set[tuple[str, str, bool]]().union(*map(kinds, objects))
    chosen: list[str] = []
    while left:
        best = max(objects, key=lambda entity: len(kinds(entity) & left))
        chosen.append(best.key)
        left -= kinds(best)
    return chosen


def add_tender(workspace: Workspace) -> None:
    """A user-made object with its children, as `ready_base` takes it."""
    workspace.constructor.add_object(TENDER)
