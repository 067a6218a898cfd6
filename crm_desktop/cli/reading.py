"""The commands that only look: find, list, show, history, objects, operations."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from typing import Any

from crm_desktop import i18n
from crm_desktop.cli.answer import Answer, by_object, table
from crm_desktop.cli.named import check_names
from crm_desktop.cli.usage import words_of
from crm_desktop.cli.values import plain, shown
from crm_desktop.errors import NotFound
from crm_desktop.i18n import N_, _, ngettext
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LinkField, RecordField
from crm_desktop.models.query import (
    Condition,
    Query,
    columns_from_text,
    sort_from_text,
    where_from_json,
)
from crm_desktop.services.json_files import parse_json
from crm_desktop.services.links import LinkTab
from crm_desktop.services.lists.children import column_path
from crm_desktop.services.rights import acts
from crm_desktop.services.workspace import Workspace


def find(workspace: Workspace, given: Namespace) -> Answer:
    """Records by words, numbers or their beginnings."""
    text = " ".join(given.text)
    key = workspace.catalogue.find(given.object).key if given.object else None
    limit = max(1, given.limit)
    if given.anywhere:
        hits = workspace.search.find_anywhere(text, key, limit)
    else:
        hits = workspace.search.find(text, key, limit)
    rows = [
        {"object": hit.entity, "id": hit.id, "title": hit.title, "detail": hit.detail}
        for hit in hits
    ]
    header = [_("Object"), "id", _("Name"), ""]
    cells = [[_(workspace.catalogue[h.entity].label), str(h.id), h.title, h.detail] for h in hits]
    lines = table(header, cells) if hits else []
    total = len(rows)
    if total == limit and not given.anywhere:
        total = max(total, _matches(workspace, text, key))
    told = by_object((hit.entity, hit.id) for hit in hits)
    if not lines:
        lines = [_("Nothing found"), *_unseen(workspace, key)]
    return Answer({"total": total, "rows": rows}, lines, told=told)


def _unseen(workspace: Workspace, key: str | None) -> list[str]:
    """What a search did not look through."""
    rights, entity = workspace.rights, workspace.catalogue[key] if key else None
    if rights is None or entity is None or not rights.sees_some(entity):
        return []
    return [rights.reasons.unfound(rights.mine().roles, entity)]


def _matches(workspace: Workspace, text: str, key: str | None) -> int:
    """How many records the text finds, of one object or of all."""
    keys = [key] if key else [entity.key for entity in workspace.catalogue]
    return sum(len(workspace.search.matching(one, text)) for one in keys)


def query_of(workspace: Workspace, given: Namespace) -> Query:
    """The query that --view, --where, --columns, --sort and --text describe together."""
    entity = workspace.catalogue.find(given.object)
    query = Query(entity.key)
    if getattr(given, "view", None):
        query = workspace.views.named(entity.key, given.view, workspace.user_id).query
    if getattr(given, "where", None) is not None:
        with words_of("where"):
            where = where_from_json(parse_json(given.where, "--where"))
        check_names(workspace, entity, where)
        query = query.narrowed(where)
    if getattr(given, "columns", None):
        query = query.replace(columns=columns_from_text(given.columns))
    sort = sort_from_text(getattr(given, "sort", ""))
    return query.replace(sort=sort or query.sort, text=getattr(given, "text", "") or query.text)


def rows(workspace: Workspace, given: Namespace) -> Answer:
    """The rows of an object in the wanted columns."""
    query = query_of(workspace, given)
    if given.count:
        total = workspace.lists.open(query).count()
        return Answer({"total": total}, [str(total)])
    return listed(workspace, query, max(0, given.offset), limit=max(0, given.limit))


def listed(workspace: Workspace, query: Query, offset: int = 0, *, limit: int) -> Answer:
    """The rows of a query, and how many there are in all. `NotAllowed`: so many are an export, and
    whoever asks may not export them."""
    cursor = workspace.lists.open(query)
    total = cursor.count()
    told = min(limit, total - offset)
    if workspace.login and told > acts.COPIED_FREELY:
        acts.copy(workspace, query, told)
    found = cursor.rows(offset, limit) if limit else []
    columns, fields = cursor.columns, cursor.fields
    values = [
        {"id": row.id}
        | {
            column: plain(f, value)
            for column, f, value in zip(columns, fields, row.cells, strict=True)
        }
        for row in found
    ]
    header = ["id", *(_heading(workspace, query.entity, path) for path in columns)]
    texts = [
        [str(row.id), *(shown(f, v) for f, v in zip(fields, row.cells, strict=True))]
        for row in found
    ]
    last = ngettext("{shown} of {count} record", "{shown} of {count} records", total)
    lines = [*table(header, texts), last.format(shown=len(found), count=total)]
    return Answer({"total": total, "rows": values}, lines)


def _heading(workspace: Workspace, key: str, text: str) -> str:
    """The name of a column; of a linked record's field with the link before it."""
    path = column_path(workspace.catalogue, workspace.catalogue[key], text)
    own = _(path.field.label)
    if not path.links:
        return own
    return _("{link}: {field}").format(link=_(path.links[-1][1].label), field=own)


def show(workspace: Workspace, given: Namespace) -> Answer:
    """One record with everything that hangs on it."""
    entity = workspace.catalogue.find(given.object)
    workspace.privacy.check(Ref(entity.key, given.id))
    record = workspace.reader.get(entity.key, given.id)
    if record is None:
        winner = workspace.merging.lineage.winner(entity.key, given.id)
        if winner is not None:  # it was merged into that one
            given.id = winner
            return show(workspace, given)
        raise _not_there(workspace, entity, given.id)
    workspace.seen.opened(Ref(entity.key, given.id))
    columns = tuple(f.key for f in entity.fields)
    cursor = workspace.lists.open(Query(entity.key, columns, Condition("id", "eq", given.id)))
    row = cursor.first(1)[0]
    pairs = list(zip(entity.fields, row.cells, strict=True))
    values = {f.key: plain(f, _whole(f, value, record.values)) for f, value in pairs}
    tabs = workspace.links.tabs(entity, given.id)
    links = {f"{tab.link.entity.key}.{tab.link.field.key}": tab.count for tab in tabs}
    value = {
        "object": entity.key, "id": record.id, "version": record.version,
        "created_at": record.created_at.isoformat(), "updated_at": record.updated_at.isoformat(),
        "values": values, "links": _targets(entity, record.values), "counts": links,
    }  # fmt: skip
    lines = [f"{_(entity.label)} {record.id}"]
    lines += [
        f"  {_(f.label)}: {shown(f, _whole(f, cell, record.values))}"
        for f, cell in pairs
        if cell is not None and cell is not False
    ]
    lines += _counted(tabs)
    return Answer(value, lines)


def _not_there(workspace: Workspace, entity: EntityDef, id_: int) -> NotFound:
    """Whoever does not see everybody's is told so: whether there is such a record is not said."""
    said = _("{object} {id} is not in the base (any more)")
    told = said.format(object=_(entity.label), id=id_)
    rights = workspace.rights
    if rights is not None and rights.sees_some(entity):
        told += f". {rights.reasons.beyond(rights.mine().roles, entity)}"
    return NotFound(told)


def _counted(tabs: list[LinkTab]) -> list[str]:
    """What hangs on a record; of two links under one heading each says its field too."""
    heard = Counter(_(tab.link.label) for tab in tabs)
    lines = []
    for tab in tabs:
        name = _(tab.link.label)
        if heard[name] > 1:
            said = _("{heading} ({field})")
            name = said.format(heading=name, field=_(tab.link.field.label))
        lines.append(f"  {name}: {tab.count}")
    return lines


def _whole(f: Field, cell: Any, values: dict[str, Any]) -> Any:
    """The whole of a long text, of which lists show the beginning."""
    return values.get(f.key) if f.storage == "long" else cell


def _targets(entity: EntityDef, values: dict[str, Any]) -> dict[str, Any]:
    """Where the record's own links lead: object and id by field."""
    found: dict[str, Any] = {}
    for f in entity.fields:
        value = values.get(f.key)
        if value is not None and isinstance(f, LinkField):
            found[f.key] = {"object": f.target, "id": value}
        elif value is not None and isinstance(f, RecordField):
            found[f.key] = {"object": value.entity, "id": value.id}
    return found


KINDS = {"c": N_("created"), "u": N_("changed"), "d": N_("deleted")}


def history(workspace: Workspace, given: Namespace) -> Answer:
    """The changes of one record, newest first."""
    entity = workspace.catalogue.find(given.object)
    workspace.privacy.check(Ref(entity.key, given.id))
    entries = workspace.history.of(entity, given.id, limit=given.limit, language=i18n.language())
    if not (entries or given.limit == 0 or workspace.reader.exists(entity.key, [given.id])):
        never = _("{object} {id} has never been in the base")
        raise NotFound(never.format(object=_(entity.label), id=given.id))
    workspace.seen.opened(Ref(entity.key, given.id))
    value = [
        {
            "operation": e.operation, "moment": e.moment.isoformat(), "author": e.author_name,
            "kind": KINDS[e.kind],
            "fields": {c.field.key: {"old": c.old, "new": c.new} for c in e.fields},
        }
        for e in entries
    ]  # fmt: skip
    lines = []
    for e in entries:
        moment = e.moment.astimezone(workspace.clock.zone()).strftime("%Y-%m-%d %H:%M")
        lines.append(f"{moment}  {_(KINDS[e.kind])}  {e.author_name}  ({e.operation})")
        lines += [f"    {_(c.field.label)}: {c.old or '—'} → {c.new or '—'}" for c in e.fields]
    return Answer({"total": len(value), "rows": value}, lines or [_("Nothing found")])


def objects(workspace: Workspace, _given: Namespace) -> Answer:
    """Every object with its fields, types and links."""
    value = [_object(entity) for entity in workspace.catalogue]
    lines: list[str] = []
    for entity in workspace.catalogue:
        lines.append(f"{entity.key}  {_(entity.plural)}")
        for f in entity.fields:
            more = f" -> {f.target}" if isinstance(f, LinkField) else ""
            mark = " *" if f.required else ""
            lines.append(f"    {f.key:<16} {f.type_name + more:<24} {_(f.label)}{mark}")
    return Answer({"objects": value}, lines)


def _object(entity: EntityDef) -> dict[str, Any]:
    fields = []
    for f in entity.fields:
        row: dict[str, Any] = {
            "key": f.key, "type": f.type_name, "label": _(f.label), "required": f.required,
        }  # fmt: skip
        if isinstance(f, LinkField):
            row["target"] = f.target
        if isinstance(f, ChoiceField):
            row["choices"] = [{"key": c.key, "label": _(c.label)} for c in f.choices]
        fields.append(row)
    return {
        "key": entity.key, "label": _(entity.label), "plural": _(entity.plural),
        "custom": entity.custom, "title": entity.title_field, "fields": fields,
    }  # fmt: skip


def operations(workspace: Workspace, given: Namespace) -> Answer:
    """What was done to the base, newest first."""
    found = workspace.operations.last(given.limit) if given.limit else []
    value = [
        {
            "operation": o.id, "title": o.title.text(), "kind": o.kind, "state": o.state,
            "changes": o.total, "started_at": o.started_at.isoformat(), "undoes": o.undoes,
            "undone_by": o.undone_by,
        }
        for o in found
    ]  # fmt: skip
    acts.tell_titles(workspace, _("Operations"), len(found))
    zone = workspace.clock.zone()
    lines = table(
        ["id", _("When"), _("Operation"), _("Changes"), _("State")],
        [
            [
                str(o.id), o.started_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
                o.title.text(), str(o.total), _(o.state),
            ]
            for o in found
        ],
    )  # fmt: skip
    return Answer({"total": len(value), "rows": value}, lines)
