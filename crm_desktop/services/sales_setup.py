"""What the page of the sales set-up reads and writes: stages in their order, rules as sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crm_desktop.i18n import N_, _, ngettext
from crm_desktop.models.catalogue.builtin.person import PERSON
from crm_desktop.models.catalogue.builtin.pipeline import STAGE
from crm_desktop.models.catalogue.builtin.queue import QUEUE
from crm_desktop.models.catalogue.builtin.staff import STAFF
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import BoolField, ChoiceField, LinkField
from crm_desktop.models.catalogue.sales_traits import Automations, Funnel, StageTable
from crm_desktop.models.query import Query, Sort
from crm_desktop.services.automation.values import called
from crm_desktop.services.pipelines.needs import ATTACHED
from crm_desktop.services.pipelines.shape import OPEN
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create, Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

MOST = 500
ORDERED = Title(N_("Order of stages"))
ADDED = Title(N_("New stage"))
HOUR = 60
_NAMED = {QUEUE.key: QUEUE.key, PERSON.key: STAFF.key}
"""By who is meant: the field that names them; fields are called as the objects they lead to."""


@dataclass(frozen=True)
class StageLine:
    """A stage in the list: what it holds, and how many records stand in it."""

    id: int
    values: Mapping[str, Any]
    count: int = 0


@dataclass(frozen=True)
class PipelineSetup:
    """One pipeline with its stages in order; `others`: (name, id) of all."""

    id: int
    others: tuple[tuple[str, int], ...] = ()
    stages: tuple[StageLine, ...] = ()


@dataclass(frozen=True)
class RuleLine:
    """A rule as people read it."""

    id: int
    name: str
    sentence: str
    on: bool = field(default=True)


def read_pipeline(workspace: Workspace, chosen: int | None) -> PipelineSetup | None:
    """The chosen pipeline, or the first; None if there is none."""
    stages, trait = workspace.catalogue.with_trait(StageTable)
    pipelines = _target(workspace.catalogue, stages, trait.pipeline)
    found = _rows(workspace, pipelines)
    if not found:
        return None
    id_ = chosen if chosen in found else next(iter(found))
    counts = _counts(workspace)
    own = workspace.reader.linked(stages.key, trait.pipeline, [id_])
    lines = [StageLine(s, dict(row.values), counts.get(s, 0)) for s, row in own.items()]
    lines.sort(key=lambda line: (line.values.get(trait.position) or 0, line.id))
    names = tuple((str(values.get(pipelines.title_field)), p) for p, values in found.items())
    return PipelineSetup(id_, names, tuple(lines))


def _rows(workspace: Workspace, entity: EntityDef) -> dict[int, dict[str, Any]]:
    order = tuple(Sort(key) for key in ("position", entity.title_field) if entity.has(key))
    ids = [row.id for row in workspace.lists.open(Query(entity.key, sort=order)).first(MOST)]
    keys = [f.key for f in entity.fields]
    read = workspace.reader.many(entity.key, ids, keys)
    return {id_: dict(read[id_]) for id_ in ids if id_ in read}


def _counts(workspace: Workspace) -> dict[int, int]:
    """How many records stand in each stage, by one grouped question."""
    import sqlalchemy as sa

    entity = next(e for e in workspace.catalogue if e.trait(Funnel) is not None)
    trait = entity.trait(Funnel)
    assert trait is not None
    table = workspace.tables.main[entity.key]
    stage = table.c[entity.field(trait.stage).name]
    with workspace.backend.read() as connection:
        asked = sa.select(stage, sa.func.count()).group_by(stage)
        return {row[0]: row[1] for row in connection.execute(asked) if row[0] is not None}


def _target(catalogue: Catalogue, entity: EntityDef, key: str) -> EntityDef:
    link = entity.field(key)
    assert isinstance(link, LinkField)
    return catalogue[link.target]


def order_stages(workspace: Workspace, ids: Sequence[int]) -> int:
    """Puts the stages of a pipeline into this order; the operation."""
    entity, trait = workspace.catalogue.with_trait(StageTable)
    places = enumerate(ids, start=1)
    writes = [Update(entity.key, id_, {trait.position: place}) for place, id_ in places]
    return workspace.records.apply(writes, ORDERED).operation


def add_stage(workspace: Workspace, pipeline: int) -> int:
    """A new stage in front of those that end the way; the operation."""
    entity, trait = workspace.catalogue.with_trait(StageTable)
    found = read_pipeline(workspace, pipeline)
    lines = found.stages if found is not None else ()
    before = [one.id for one in lines if one.values.get(trait.outcome) == OPEN]
    rest = [one.id for one in lines if one.id not in before]
    values = {entity.title_field: _("New stage"), trait.pipeline: pipeline,
              trait.position: len(before) + 1}  # fmt: skip
    writes: list[Write] = [Create(entity.key, values)]
    for ids, first in ((before, 1), (rest, len(before) + 2)):
        writes += [
            Update(entity.key, id_, {trait.position: place})
            for place, id_ in enumerate(ids, start=first)
        ]
    return workspace.records.apply(writes, ADDED).operation


# --- what a stage may ask for ---------------------------------------------------------------------


def need_choices(catalogue: Catalogue) -> list[tuple[str, str]]:
    """(key, label) of everything a stage may ask for: attachments, then fields by name."""
    entity = next(e for e in catalogue if e.trait(Funnel) is not None)
    trait = entity.trait(Funnel)
    assert trait is not None
    kept = {
        trait.pipeline, trait.stage, entity.title_field, trait.opened, trait.closed,
        trait.chance_by, trait.probability, trait.currency, trait.by_hand, trait.reason,
        trait.comment,
    }  # fmt: skip
    fields = [
        (f.key, _(f.label)) for f in entity.fields
        if not f.readonly and not f.kept and f.key not in kept and f.section != "-"
    ]  # fmt: skip
    client = entity.field(trait.client)
    if isinstance(client, LinkField):
        target = catalogue[client.target]
        for key in ("phone", "email", "address"):
            if target.has(key):
                label = f"{_(client.label)} · {_(target.field(key).label)}"
                fields.append((f"{client.key}.{key}", label))
    attached = [(key, _(label)) for key, label in ATTACHED.items()]
    return attached + sorted(fields, key=lambda pair: pair[1].casefold())


# --- rules ----------------------------------------------------------------------------------------


def read_rules(workspace: Workspace) -> list[RuleLine]:
    """All rules as sentences, in their order."""
    entity, _trait = workspace.catalogue.with_trait(Automations)
    found = _rows(workspace, entity)
    refs = [
        Ref(f.target, values[f.key])
        for values in found.values()
        for f in entity.fields
        if isinstance(f, LinkField) and values.get(f.key) is not None
    ]
    meant = [value_ref(workspace.catalogue, one, *pair) for one in found.values()
             for pair in VALUES]  # fmt: skip
    titles = workspace.titles.of([*refs, *(ref for ref in meant if ref is not None)])
    named = {ref: title.text for ref, title in titles.items()}
    return [
        RuleLine(
            id_, str(values.get(entity.title_field) or ""),
            rule_sentence(workspace.catalogue, entity, values, named), not values.get("retired"),
        )
        for id_, values in found.items()
    ]  # fmt: skip


VALUES = (("when", "becomes"), ("field", "value"))
"""Of a rule: the field that names another one, and the field that holds its value."""


def value_ref(catalogue: Catalogue, values: Mapping[str, Any], of: str, key: str) -> Ref | None:
    """The record that a value of a rule means; None if its field is no link."""
    about, text = str(values.get("of") or ""), str(values.get(key) or "")
    known = catalogue[about] if about and catalogue.has(about) else None
    name = str(values.get(of) or "")
    f = known.field(name) if known is not None and known.has(name) else None
    sound = isinstance(f, LinkField) and text.isascii() and text.isdigit()
    return Ref(f.target, int(text)) if isinstance(f, LinkField) and sound else None


def rule_sentence(
    catalogue: Catalogue, entity: EntityDef, values: Mapping[str, Any], named: Mapping[Ref, str]
) -> str:
    """When the rule fires and what it does then, as one sentence."""
    said = _Said(catalogue, entity, values, named)
    return _("{when} → {deed}").format(when=said.when(), deed=said.deed())


@dataclass(frozen=True)
class _Said:
    """The words of one rule."""

    catalogue: Catalogue
    entity: EntityDef
    values: Mapping[str, Any]
    named: Mapping[Ref, str]

    def when(self) -> str:
        event = self.values.get("event")
        if event == STAGE.key:
            return _("The stage “{stage}” is entered").format(stage=self._linked(STAGE.key))
        if event == "made":
            return _("{object}: a record is made").format(object=self._object())
        sentence = _("{object}: “{field}” becomes “{value}”")
        return sentence.format(
            object=self._object(), field=self._field_of("when"),
            value=self._value("when", "becomes"),
        )  # fmt: skip

    def deed(self) -> str:
        deed = self.values.get("deed")
        if deed == "set_field":
            text = _("set “{field}” to “{value}”")
            return text.format(field=self._field_of("field"), value=self._value("field", "value"))
        if deed == "begin_set":
            return _("begin the set “{set}”").format(set=self._linked("set"))
        if deed == "assign":
            return _("give it to: {whom}").format(whom=self._whom())
        if deed == "notify":
            text = _("tell “{subject}” to: {whom}")
            return text.format(subject=self._subject(), whom=self._whom())
        text = _("plan “{subject}” ({kind}) for: {whom}{due}")
        return text.format(
            subject=self._subject(), kind=self._choice("kind").lower(), whom=self._whom(),
            due=self._due(),
        )  # fmt: skip

    def _due(self) -> str:
        minutes = self.values.get("minutes")
        if minutes is None:
            return ""
        if minutes and minutes % HOUR == 0:
            hours = minutes // HOUR
            text = ngettext(
                ", due in {count} working hour", ", due in {count} working hours", hours
            )
            return text.format(count=hours)
        text = ngettext(
            ", due in {count} working minute", ", due in {count} working minutes", minutes
        )
        return text.format(count=minutes)

    def _whom(self) -> str:
        whom = self.values.get("whom")
        if whom == "job":
            return self._text("job")
        if whom in _NAMED:
            return self._linked(_NAMED[whom])
        return self._choice("whom").lower()

    def _linked(self, key: str) -> str:
        f, value = self.entity.field(key), self.values.get(key)
        if not isinstance(f, LinkField) or value is None:
            return "…"
        return self.named.get(Ref(f.target, value), "…")

    def _choice(self, key: str) -> str:
        f = self.entity.field(key)
        chosen = f.choice(str(self.values.get(key))) if isinstance(f, ChoiceField) else None
        return _(chosen.label) if chosen is not None else "…"

    def _text(self, key: str) -> str:
        return str(self.values.get(key) or "…")

    def _subject(self) -> str:
        """The words of an activity or a message; fields in braces by their labels."""
        about, text = self._about(), self._text("subject")
        return text if about is None else called(self.catalogue, about, text)

    def _value(self, of: str, key: str) -> str:
        """A value of a field as people read it; a number of a record is its name."""
        text, about, name = self._text(key), self._about(), str(self.values.get(of) or "")
        f = about.field(name) if about is not None and about.has(name) else None
        ref = value_ref(self.catalogue, self.values, of, key)
        if ref is not None:
            return self.named.get(ref, "…")
        if isinstance(f, BoolField):
            return _("Yes") if text == "1" else _("No")
        chosen = f.choice(text) if isinstance(f, ChoiceField) else None
        return _(chosen.label) if chosen is not None else text

    def _about(self) -> EntityDef | None:
        key = self.values.get("of")
        if key and self.catalogue.has(str(key)):
            return self.catalogue[str(key)]
        return next((e for e in self.catalogue if e.trait(Funnel) is not None), None)

    def _object(self) -> str:
        about = self._about()
        return _(about.label) if about is not None else "…"

    def _field_of(self, key: str) -> str:
        about, name = self._about(), self._text(key)
        return _(about.field(name).label) if about is not None and about.has(name) else name
