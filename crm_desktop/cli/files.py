"""The commands about files kept with records: add, list, save, versions, clean, limit."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from crm_desktop import i18n
from crm_desktop.cli.answer import Answer, table
from crm_desktop.errors import FileProblem, NotFound
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.file_sizes import size_text
from crm_desktop.services.files import cleaning
from crm_desktop.services.files.files import Files
from crm_desktop.services.files.rows import FileRow
from crm_desktop.services.files.sources import FileSource
from crm_desktop.services.workspace import Workspace

MEGABYTE = 1024 * 1024


def run(workspace: Workspace, given: Namespace) -> Answer:
    """One of the actions on files."""
    acts = {"add": add, "list": rows, "save": save, "versions": versions, "clean": clean,
            "limit": limit}  # fmt: skip
    return acts[given.action](workspace, given)


def _owner(workspace: Workspace, given: Namespace) -> Ref:
    entity = workspace.catalogue.find(given.object)
    if workspace.reader.get(entity.key, given.id) is None:
        raise NotFound(
            _("{object} {id} is not in the base (any more)").format(
                object=_(entity.label), id=given.id
            )
        )
    owner = Ref(entity.key, given.id)
    workspace.privacy.check(owner)
    return owner


def add(workspace: Workspace, given: Namespace) -> Answer:
    """Files of this computer, kept with a record."""
    owner = _owner(workspace, given)
    added = Files(workspace).add(owner, [FileSource.of_path(Path(path)) for path in given.paths])
    ids = [ref.id for ref in added.refs]
    value = {"operation": added.operation, "ids": ids, "known": list(added.known)}
    lines = [ngettext("{count} file added", "{count} files added", len(ids)).format(count=len(ids))]
    lines += [_("Already there: {file}").format(file=name) for name in added.known]
    return Answer(value, lines)


def rows(workspace: Workspace, given: Namespace) -> Answer:
    """The files of a record, the newest first."""
    found = Files(workspace).of(_owner(workspace, given))
    value = {"total": len(found), "bytes": sum(row.size for row in found),
             "rows": [_value(row) for row in found]}  # fmt: skip
    header = (_("Number"), _("File name"), _("Size"), _("Added"), _("By"))
    lines = table(header, [_cells(row) for row in found])
    return Answer(value, lines)


def _value(row: FileRow) -> dict[str, Any]:
    return {
        "id": row.ref.id, "version": row.version, "name": row.name, "kind": row.kind,
        "media": row.media, "size": row.size, "sha256": row.digest, "note": row.note,
        "added_at": row.added_at.isoformat(timespec="milliseconds"), "added_by": row.added_by,
        "changed_at": row.changed_at.isoformat(timespec="milliseconds"),
        "changed_by": row.changed_by,
    }  # fmt: skip


def _cells(row: FileRow) -> tuple[str, ...]:
    size = size_text(row.size, i18n.language())
    moment = f"{row.added_at.astimezone():%Y-%m-%d %H:%M}"
    return str(row.ref.id), row.name, size, moment, row.added_by


def save(workspace: Workspace, given: Namespace) -> Answer:
    """The content of a file, to a path or into a folder."""
    path = Path(given.out)
    if not path.is_dir() and not path.parent.is_dir():
        raise FileProblem(_("There is no folder {folder}").format(folder=path.parent))
    row = Files(workspace).save(given.id, path)
    value = {"id": row.ref.id, "name": row.name, "size": row.size, "sha256": row.digest}
    return Answer(value, [_("Saved: {file}").format(file=row.name)])


def versions(workspace: Workspace, given: Namespace) -> Answer:
    """The contents that a file has had; with --restore one of them is made the present one."""
    files = Files(workspace)
    if not files.versions(given.id):
        missing = _("{object} {id} is not in the base (any more)")
        raise NotFound(missing.format(object=_(files.shape.entity.label), id=given.id))
    if given.restore:
        chosen = [v for v in files.versions(given.id) if v.digest.startswith(given.restore.lower())]
        if len(chosen) != 1:
            raise NotFound(_("The file has no version “{name}”").format(name=given.restore))
        files.restore_version(given.id, chosen[0].digest)
    found = files.versions(given.id)
    value = {"total": len(found), "rows": [
        {"sha256": v.digest, "size": v.size, "since": v.moment.isoformat(timespec="milliseconds"),
         "author": v.author, "current": v.current, "kept": v.there}
        for v in found
    ]}  # fmt: skip
    header = (_("Version"), _("Size"), _("Added"), _("By"))
    lines = table(header, [
        (v.digest[:12], size_text(v.size, i18n.language()),
         f"{v.moment.astimezone():%Y-%m-%d %H:%M}", v.author)
        for v in found
    ])  # fmt: skip
    return Answer(value, lines)


def clean(workspace: Workspace, given: Namespace) -> Answer:
    """Removes contents that no file has."""
    report = cleaning.clean(workspace, former=given.former)
    left = cleaning.unused(workspace)
    value = {"removed": report.contents, "bytes": report.bytes,
             "former": len(left.former), "former_bytes": sum(left.former.values())}  # fmt: skip
    size = size_text(report.bytes, i18n.language())
    lines = [ngettext(
        "{count} content removed, {size}", "{count} contents removed, {size}", report.contents
    ).format(count=report.contents, size=size)]  # fmt: skip
    if left.former:
        size = size_text(value["former_bytes"], i18n.language())
        lines.append(
            _("Kept for undo and older versions: {size}; --former removes that too").format(
                size=size
            )
        )
    return Answer(value, lines)


def limit(workspace: Workspace, given: Namespace) -> Answer:
    """The most that one file may have, and what all files take."""
    files = Files(workspace)
    if given.megabytes is not None:
        files.set_limit(given.megabytes * MEGABYTE)
    count, whole = files.total()
    language = i18n.language()
    text = _("A file may have up to {limit}. In the base: {count} files, {size}").format(
        limit=size_text(files.limit, language), count=count, size=size_text(whole, language)
    )
    return Answer({"limit": files.limit, "files": count, "bytes": whole}, [text])
