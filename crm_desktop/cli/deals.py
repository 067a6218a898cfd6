"""The commands about deals and rules: which there are, a move, what a rule would have done."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from crm_desktop.cli.answer import Answer, by_object, refused, table
from crm_desktop.cli.command_words import Commands, add_id, command, count
from crm_desktop.cli.usage import WrongUsage
from crm_desktop.cli.values import parse_value, parse_values
from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import _, in_quotes, language, ngettext
from crm_desktop.models.catalogue.builtin.deal import DEAL, DEAL_LINE
from crm_desktop.models.catalogue.builtin.pipeline import STAGE
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import MoneyField
from crm_desktop.models.query import Condition, Query, Sort, both
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.pipelines.needs import ATTACHED, FILES, LINES, NEXT_STEP, Missing
from crm_desktop.services.pipelines.service import is_called
from crm_desktop.services.pipelines.shape import Stage, funnel_of
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Write

COMMAND, RULES = DEAL.key, "rules"
_MOST = 200
_STATES = ("open", "won", "lost", "all")


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop deal` and `crm-desktop rules`."""
    words = command(commands, COMMAND, _("deals and their stages"))
    acts = words.add_subparsers(dest="action", metavar="ACTION", required=True)
    rows = command(
        acts, "list", _("the deals of a pipeline or of all"),
        answer='{"total": 1, "rows": [{"id": 7, "name": "...", "stage": "...", ...}]}',
    )  # fmt: skip
    rows.add_argument("--pipeline", metavar="PIPELINE", help=_("name or number of the pipeline"))
    rows.add_argument("--stage", metavar="STAGE", help=_("name or number of the stage"))
    rows.add_argument("--state", choices=_STATES, default="open", help=_("open if not given"))
    said = _("at most so many; {count} if not given").format(count=_MOST)
    rows.add_argument("--limit", metavar="N", type=count, default=_MOST, help=said)
    move = command(
        acts, "move", _("move a deal to another stage"),
        answer='{"id": 7, "stage": "...", "operation": 12}',
    )  # fmt: skip
    add_id(move)
    move.add_argument(STAGE.key, metavar="STAGE", help=_("name or number of the stage"))
    asked = _(
        "what the stage asks for, may be said several times; a path such as client.phone, "
        'too; files=PATH attaches a file, next_step="call tomorrow" plans a step'
    )
    move.add_argument("--set", dest="values", metavar="FIELD=VALUE", action="append", default=[],
                      help=asked)  # fmt: skip
    rules = command(commands, RULES, _("rules of automation"))
    tests = rules.add_subparsers(dest="action", metavar="ACTION", required=True)
    test = command(
        tests, "test", _("when a rule would have fired; nothing is done"),
        answer='{"rule": 7, "days": 30, "total": 37, "rows": [{"object": "deal", "id": 5,\n'
               ' "name": "...", "at": "..."}]}',
    )  # fmt: skip
    test.add_argument("rule", metavar="RULE", help=_("name or number of the rule"))
    test.add_argument("--days", metavar="N", type=int, default=30,
                      help=_("in so many days until now; 30 if not given"))  # fmt: skip


def run(workspace: Workspace, given: Namespace) -> Answer:
    """One of the actions on deals."""
    return {"list": rows, "move": move}[given.action](workspace, given)


def rows(workspace: Workspace, given: Namespace) -> Answer:
    """Deals in the order of their expected close."""
    entity, trait = funnel_of(workspace.catalogue)
    conditions = []
    if given.state != "all":
        conditions.append(Condition(trait.state, "in", (given.state,)))
    if given.pipeline:
        pipeline = workspace.pipelines.find(given.pipeline)
        conditions.append(Condition(trait.pipeline, "in", (pipeline.id,)))
    if given.stage:
        stages = _stages(workspace, given.stage, given.pipeline)
        conditions.append(Condition(trait.stage, "in", tuple(one.id for one in stages)))
    query = Query(entity.key, (), both(*conditions), (Sort(trait.expected),))
    cursor = workspace.lists.open(query)
    total = cursor.count()
    ids = [row.id for row in cursor.first(given.limit)] if given.limit else []
    values = workspace.reader.many(entity.key, ids)
    found = [_row(workspace, id_, values[id_]) for id_ in ids]
    lines = [ngettext("{count} deal", "{count} deals", total).format(count=total)]
    keys = ("id", "name", trait.stage, trait.client, trait.amount, trait.who, trait.expected)
    header = [entity.field(key).label if entity.has(key) else key for key in keys]
    texts = [[_text(entity, key, one, values[one["id"]]) for key in keys] for one in found]
    lines += table([_(one) for one in header], texts)
    if len(found) < total:
        last = ngettext("{shown} of {count} record", "{shown} of {count} records", total)
        lines.append(last.format(shown=len(found), count=total))
    return Answer({"total": total, "rows": found}, lines, told={entity.key: ids})


def _text(entity: EntityDef, key: str, row: dict[str, Any], values: dict[str, Any]) -> str:
    """A cell as a person reads it: amounts with their currency."""
    if entity.has(key) and isinstance(entity.field(key), MoneyField):
        return entity.field(key).format(values[key], language())
    return "" if row[key] is None else str(row[key])


def _row(workspace: Workspace, id_: int, values: dict[str, Any]) -> dict[str, Any]:
    entity, trait = funnel_of(workspace.catalogue)
    shown: dict[str, Any] = {"id": id_, "name": values[entity.title_field]}
    for key in (trait.pipeline, trait.stage, trait.client, trait.who):
        target = getattr(entity.field(key), "target", "")
        ref = Ref(target, values[key]) if values[key] is not None else None
        named = workspace.titles.of([ref]) if ref is not None else {}
        shown[key] = named[ref].text if ref in named else None
    for key in (trait.state, trait.amount, trait.currency, trait.probability, trait.expected,
                trait.since):  # fmt: skip
        shown[key] = entity.field(key).plain(values[key]) if values[key] is not None else None
    return shown


def _stages(workspace: Workspace, name: str, pipeline: str | None) -> list[Stage]:
    pipelines = workspace.pipelines
    among = [pipelines.find(pipeline)] if pipeline else pipelines.all()
    stages = [stage for one in among for stage in one.stages]
    found = [stage for stage in stages if is_called(name, stage)]
    if not found:
        known = ", ".join(dict.fromkeys(stage.name for stage in stages))
        said = _("There is no stage “{name}”. There are: {known}")
        raise NotFound(said.format(name=name, known=known))
    return found


def move(workspace: Workspace, given: Namespace) -> Answer:
    """Moves one deal; refused with everything that is missing."""
    entity, trait = funnel_of(workspace.catalogue)
    record = workspace.reader.get(entity.key, given.id)
    if record is None:
        raise NotFound(
            _("{object} {id} is not in the base (any more)").format(
                object=_(entity.label), id=given.id
            )
        )
    pipelines = workspace.pipelines
    here = pipelines.shape().pipelines.get(record.values[trait.pipeline])
    if here is None or given.stage.strip().isdigit():
        (stage, *_rest) = _stages(workspace, given.stage, None)
    else:
        stage = pipelines.find_stage(given.stage, here)
    attached, pairs = _attached(given.values)
    values = _values(workspace, pairs)
    missing = [one for one in pipelines.missing([given.id], stage.id, values)
               if one.field_key not in attached]  # fmt: skip
    if missing:
        return _lacking(stage, missing)
    first = _beside(workspace, given.id, attached)
    outcome = pipelines.move([given.id], stage.id, values, first)
    value = {"id": given.id, trait.stage: stage.name, "operation": outcome.operation}
    said = _("Deal {id} stands in “{stage}”, operation {operation}")
    return Answer(
        value, [said.format(id=given.id, stage=stage.name, operation=outcome.operation)]
    )  # fmt: skip


def _lacking(stage: Stage, missing: list[Missing]) -> Answer:
    names = ", ".join(in_quotes(one.label) for one in missing)
    keys = [one.field_key for one in missing]
    said = _("For the stage “{stage}” this is missing: {fields}").format(
        stage=stage.name, fields=names
    )
    given = [key for key in keys if key != LINES]
    how = " ".join(f"--set {key}=…" for key in given)
    said += ". " + _("Give it with {how}").format(how=how) if given else ""
    lines = _("Lines are added with {command}")
    command_line = f"crm-desktop add {DEAL_LINE.key} ..."
    said += ". " + lines.format(command=command_line) if LINES in keys else ""
    return refused(said, keys[0], missing=keys)


def _attached(pairs: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    """What is no field and goes with the move, by its word; and the other pairs."""
    words = {norm(word): key for key, label in ATTACHED.items() for word in (key, label, _(label))}
    found: dict[str, list[str]] = {}
    rest = []
    for pair in pairs:
        name, sign, text = pair.partition("=")
        key = words.get(norm(name))
        if key is None or not sign:
            rest.append(pair)
        elif key == LINES:
            raise InvalidInput(_("Lines are added with {command}").format(
                command=f"crm-desktop add {DEAL_LINE.key} ..."), field=key)  # fmt: skip
        elif text.strip():
            found.setdefault(key, []).append(text.strip())
    return found, rest


def _beside(workspace: Workspace, id_: int, attached: dict[str, list[str]]) -> list[Write]:
    """Files and planned steps, written in the operation of the move."""
    from crm_desktop.services.files.sources import FileSource
    from crm_desktop.services.pipelines.beside import attachments, planned_steps

    sources = [FileSource.of_path(Path(one).expanduser()) for one in attached.get(FILES, ())]
    writes = attachments(workspace, [id_], sources) if sources else []
    for line in attached.get(NEXT_STEP, ()):
        writes += planned_steps(workspace, [id_], line)
    return writes


def _values(workspace: Workspace, pairs: list[str]) -> dict[str, Any]:
    """Values of the deal and, by a path, of what it links to."""
    entity = funnel_of(workspace.catalogue)[0]
    own = [pair for pair in pairs if "." not in pair.partition("=")[0]]
    values = parse_values(workspace, entity, own)
    for pair in (pair for pair in pairs if pair not in own):
        name, sign, text = pair.partition("=")
        link, _dot, rest = name.partition(".")
        f = workspace.catalogue.field(entity, link)
        target = getattr(f, "target", "")
        if not sign or not target or "." in rest:
            raise WrongUsage(_("Write FIELD=VALUE instead of “{text}”").format(text=pair))
        last = workspace.catalogue.field(workspace.catalogue[target], rest)
        values[f"{f.key}.{last.key}"] = parse_value(workspace, last, text)
    return values


def rules(workspace: Workspace, given: Namespace) -> Answer:
    """The dry run of a rule."""
    from crm_desktop.services.automation.dry_run import dry_run, find_rule

    rule = find_rule(workspace, given.rule)
    found = dry_run(workspace, rule, given.days)
    listed = [{"object": one.ref.entity, "id": one.ref.id, "name": one.title,
               "at": one.moment.isoformat()} for one in found]  # fmt: skip
    count = len(found)
    said = ngettext("It would have fired {count} time", "It would have fired {count} times", count)
    zone = workspace.worktime.office_zone()
    lines = [said.format(count=count)] + [
        f"{one.moment.astimezone(zone):%Y-%m-%d %H:%M}  {one.ref.id}  {one.title}" for one in found
    ]
    value = {"rule": rule, "days": given.days, "total": count, "rows": listed}
    return Answer(value, lines, told=by_object(one.ref for one in found))
