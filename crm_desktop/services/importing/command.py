"""An import as the command line and the worker process ask for it: plain words in, JSON out."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from crm_desktop.errors import InvalidInput, UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import TextField
from crm_desktop.services.importing.hidden import hidden_rows
from crm_desktop.services.importing.importer import (
    Importer,
    Order,
    Stop,
    Told,
    go_on,
    order,
    read_early,
    silent,
)
from crm_desktop.services.importing.learned import LearnedMappings
from crm_desktop.services.importing.mapping import CREATE, REFUSE, UPDATE, Mapping
from crm_desktop.services.importing.next_table import bounded
from crm_desktop.services.importing.readers.base import ReadOptions, Source
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.services.importing.suggest import suggest
from crm_desktop.services.importing.turned import is_turned, turned
from crm_desktop.services.json_files import read_json
from crm_desktop.services.workspace import Workspace

SHEETS_LOOKED_AT = 8
SAMPLE = 200  # rows by which columns are judged
SHOWN_NAMES = 30
LARGEST_MAPPING = 1_000_000  # bytes of a file for --map


def run_import_command(
    workspace: Workspace,
    given: Any,
    *,
    progress: Told = silent,
    stop: Stop = go_on,
) -> dict[str, Any]:
    """Imports, or with `given.test` only tries, as the options of `crm-desktop import` say.

    `given` needs `file` and `into`; it may have `sheet`, `header_row`, `map` (the path of a JSON
    file, or its value), `match` (fields, with commas or as a list), `on_match`, `unreadable`,
    `name_only`, `create` (fields, as `match`), `test`, `rejects`, `encoding`, `delimiter`,
    `options` (`ReadOptions.plain`) and `password`. Returns `ImportResult.to_json` with the `sheet`
    that was taken, its `hidden_rows`, the `next_table` below, the `other_sheets` with rows, and
    `remarks`: sentences on what was guessed or repaired in reading.
    UserError: the file, the object or the mapping will not do.
    """
    entity = workspace.catalogue.find(str(_option(given, "into")))
    _refuse_rejects(_option(given, "rejects"))
    with ExitStack() as opened, ExitStack() as file:
        path, options = Path(_option(given, "file")), _read_options(given)
        reading = read_early(path, options)
        if reading is not None:
            opened.enter_context(reading)
        source = file.enter_context(open_source(path, options=options))
        wanted, below = bounded(workspace.catalogue, _order(workspace, source, entity, given))
        sheets = {**_told_sheets(source, wanted), "next_table": below and below._asdict()}
        sheets["remarks"] = source.remarks
        if wanted.is_long:
            wanted = wanted.read_elsewhere(reading)
            del source
            file.close()
        elif reading is not None:
            reading.close()
        importer = Importer(workspace)
        if _option(given, "test"):
            tested = importer.test_run(wanted, progress=progress, stop=stop)
            return {**tested.to_json(), **sheets}
        rejects = _option(given, "rejects")
        told = Path(rejects) if rejects else None
        result = importer.run(wanted, progress=progress, stop=stop, rejects=told)
    if result.created or result.updated:
        learned = LearnedMappings(workspace.backend, workspace.tables)
        with suppress(UserError):  # what is in is in
            learned.keep(entity.key, wanted.header.names, wanted.mapping)
    return {**result.to_json(), **sheets}


def _refuse_rejects(told: str | Path | None) -> None:
    """The place for refused rows is looked at first: afterwards the rows would be lost."""
    if not told:
        return
    path = Path(told)
    if path.suffix.lower() != ".xlsx" or path.is_dir():
        said = _("The refused rows go into a workbook: {file} does not end in .xlsx")
        raise InvalidInput(said.format(file=path.name))
    if not path.parent.is_dir():
        raise InvalidInput(_("There is no folder {folder}").format(folder=path.parent))


def _option(given: Any, name: str) -> Any:
    return given.get(name) if isinstance(given, AnyMapping) else getattr(given, name, None)


def _read_options(given: Any) -> ReadOptions:
    options = dict(_option(given, "options") or {})
    for name in ("encoding", "delimiter", "password"):
        if _option(given, name):
            options[name] = _option(given, name)
    described = _option(given, "map")
    if isinstance(described, AnyMapping) and described.get("date_order"):
        options["date_order"] = described["date_order"]
    return ReadOptions.from_plain(options)


def _order(workspace: Workspace, source: Source, entity: EntityDef, given: Any) -> Order:
    sheet = _option(given, "sheet")
    names = [info.name for info in source.sheets]
    if isinstance(sheet, str) and sheet not in names and sheet.isdecimal() and int(sheet) > 0:
        sheet = int(sheet) - 1  # people count from one
    row = _option(given, "header_row")
    if sheet is None and len(names) > 1 and row is None:
        sheet = _likeliest(workspace, source, entity)
    made = order(source, entity, Mapping(), sheet=sheet, header_row=row)
    mapping = _mapping(workspace, made, _option(given, "map"))
    if not mapping.targets or _has_no_row(made):
        raise InvalidInput(_nothing_known(made))
    if _option(given, "map") is None and is_turned(workspace.catalogue, entity, made):
        raise InvalidInput(turned(made))
    match = _option(given, "match")
    if match:
        keys = match.split(",") if isinstance(match, str) else match
        mapping = mapping.with_options(match=tuple(key.strip() for key in keys if key.strip()))
    mapping = _creating(mapping, _option(given, "create"))
    for name in ("on_match", "unreadable", "name_only"):
        if _option(given, name):
            mapping = mapping.with_options(**{name: _option(given, name)})
    return order(source, entity, mapping, sheet=sheet, header_row=row)


def _likeliest(workspace: Workspace, source: Source, entity: EntityDef) -> int:
    """The sheet to take where nobody says which: another one than the first with rows only if that
    does not name its records, and the other one does, with more fields."""
    first, title = source.main_sheet, entity.title_field
    said = {first: _fields(workspace, source, entity, first)}
    if title in said[first] and len(said[first]) > 1:
        return first
    for at, info in enumerate(source.sheets[:SHEETS_LOOKED_AT]):
        if not info.hidden and info.rows != 0 and at not in said:
            said[at] = _fields(workspace, source, entity, at)
    best = max(said, key=lambda at: (len(said[at]), at == first, -at))
    return best if title in said[best] else first


def _fields(workspace: Workspace, source: Source, entity: EntityDef, at: int) -> set[str]:
    made = order(source, entity, Mapping(), sheet=at)
    if not made.header.row and made.sheet.names is None:
        return set()
    return {name for target in first_mapping(workspace, made).targets for name in target.fields}


def _told_sheets(source: Source, made: Order) -> dict[str, Any]:
    """Which sheet was taken, how many hidden rows it has, and which other ones have rows."""
    filled = [info.name for info in source.sheets if info.rows != 0 and not info.hidden]
    others = [name for name in filled if name != made.sheet.name]
    return {
        "sheet": made.sheet.name, "other_sheets": others, "hidden_rows": hidden_rows(made),
    }  # fmt: skip


def _creating(mapping: Mapping, wished: str | list[str] | None) -> Mapping:
    """The mapping with linked records made from their names in the wished fields."""
    if not wished:
        return mapping
    keys = wished.split(",") if isinstance(wished, str) else wished
    fields = {key.strip() for key in keys if key.strip()}
    unknown = fields - {target.field for target in mapping.targets}
    if unknown:
        said = _("No column goes into {fields}").format(fields=", ".join(sorted(unknown)))
        raise InvalidInput(said, field="create")
    targets = tuple(
        replace(one, create=True) if one.field in fields else one for one in mapping.targets
    )
    return mapping.with_options(targets=targets)


def _has_no_row(made: Order) -> bool:
    return next(iter(made.sheet.rows(start=made.header.first_data_row, limit=1)), None) is None


def _nothing_known(made: Order) -> str:
    """Why nothing can be imported without being told what goes where."""
    said = {"file": made.path.name, "sheet": made.sheet.name}
    if _has_no_row(made):
        return _("{file}, sheet “{sheet}”: there is no row of data to import").format(**said)
    names = ", ".join(name for name in made.header.names[:SHOWN_NAMES] if name)
    return _(
        "{file}, sheet “{sheet}”: none of the columns was recognised. Say with --map what goes "
        "where. The columns are: {names}"
    ).format(**said, names=names)


def _mapping(workspace: Workspace, made: Order, given: Any) -> Mapping:
    """The mapping that was given; else the one used last for such a file; else a guess."""
    if isinstance(given, str | Path):
        given = read_json(Path(given), most=LARGEST_MAPPING)
    if given is not None:
        return Mapping.from_json(given)
    return first_mapping(workspace, made)


def first_mapping(workspace: Workspace, made: Order) -> Mapping:
    """What is offered for a file before the person says anything."""
    return _by_number(made.entity, _known_or_guessed(workspace, made))


def _known_or_guessed(workspace: Workspace, made: Order) -> Mapping:
    learned = LearnedMappings(workspace.backend, workspace.tables)
    known = learned.find(made.entity.key, made.header.names)
    if known is not None:
        return known.with_options(match=(), on_match="skip", on_new="create", empty_wipes=False,
                                  unreadable=REFUSE, name_only=CREATE, date_order="",
                                  decimal="", epoch=0)  # fmt: skip
    rows = [row.cells for row in made.sheet.rows(start=made.header.first_data_row, limit=SAMPLE)]
    return suggest(
        workspace.catalogue, made.entity, made.header.names, rows, meanings=made.sheet.meanings
    )


def _by_number(entity: EntityDef, mapping: Mapping) -> Mapping:
    """An object whose records must have a number of their own, as banks their BIK, is known by
    it: the same directory a second time renews the records and makes none twice."""
    own = [
        f.key for f in entity.fields
        if isinstance(f, TextField) and f.identifier and f.required and mapping.target_of(f.key)
    ]  # fmt: skip
    return mapping.with_options(match=tuple(own), on_match=UPDATE) if own else mapping
