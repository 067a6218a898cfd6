"""The commands about whole bases and files: new, check, move, import, export."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_desktop import i18n
from crm_desktop.cli.answer import Answer
from crm_desktop.cli.directories import fetched
from crm_desktop.cli.output import complain
from crm_desktop.cli.reading import query_of
from crm_desktop.cli.secret_words import asked_address, passed_address, shown_code
from crm_desktop.cli.usage import words_of
from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _, in_quotes, ngettext
from crm_desktop.models.backend.connect import is_server_address, refuse_other_servers
from crm_desktop.services.workspace import Workspace, create_base

if TYPE_CHECKING:
    from crm_desktop.services.importing.results import Progress

REJECTS_SHOWN = 20
COLUMNS_SHOWN = 30


def new(given: Namespace) -> Answer:
    """A new base, empty or with a demo company."""
    refuse_other_names(given.base)
    language, country = given.language or i18n.language(), ""
    if given.demo:
        from crm_desktop.services.demo.countries import country_of

        country = country_of(language).region
    workspace = create_base(asked_address(given.base), language=language, country=country)
    try:
        total = 0
        if given.demo:
            from crm_desktop.services.demo.fill import fill_demo

            total = fill_demo(workspace, clients=given.clients)
        address = workspace.backend.address
    finally:
        workspace.close()
    text = _("The base {place} is ready").format(place=address)
    return Answer({"base": address, "records": total}, [text])


def refuse_other_names(address: str) -> None:
    """`InvalidInput` if a new base would be a file that nobody takes for one."""
    refuse_other_servers(address)
    if not address.strip():
        raise InvalidInput(_("Name the new base: a path that ends in .crm, or a server's URL"))
    if not is_server_address(address) and Path(address).suffix.lower() != ".crm":
        said = _("The name of a base ends in .crm: {name} does not")
        raise InvalidInput(said.format(name=Path(address).name))


def check(workspace: Workspace, given: Namespace) -> Answer:
    """Every kind of damage that the program can find by itself."""
    from crm_desktop.services.maintenance.checks import check_base
    from crm_desktop.services.maintenance.kept_fields import renew_kept
    from crm_desktop.services.search.renew import repair_search
    from crm_desktop.services.tally import renew_tallies

    if given.repair:
        renew_kept(workspace.records)
        if not workspace.backend.behind_views:
            renew_tallies(workspace)
            repair_search(workspace.backend, workspace.tables, workspace.index)
    report = check_base(workspace, deep=not given.quick)
    value = {"problems": report.problems, "checked": report.counts, "ok": not report.problems}
    counted = ", ".join(f"{_(name)}: {number}" for name, number in report.counts.items())
    lines = [counted, *report.problems]
    lines.append(_("No problems found") if not report.problems else ngettext(
        "{count} problem found", "{count} problems found", len(report.problems)
    ).format(count=len(report.problems)))  # fmt: skip
    return Answer(value, lines, code=1 if report.problems else 0)


def move(given: Namespace) -> Answer:
    """A base copied to another place or kind of place, compared row by row."""
    from crm_desktop.cli.beside import readable
    from crm_desktop.services.maintenance.moving import move_base

    refuse_other_names(given.target)
    source = passed_address(asked_address(given.source), shown_code(given))
    target = asked_address(given.target)
    with readable(source):
        report = move_base(source, target)
    rows = sum(report.rows.values())
    value = {"tables": report.rows, "rows": rows, "equal": True, "checksum": report.checksum}
    text = ngettext("{count} row moved and compared", "{count} rows moved and compared", rows)
    both = _("Checksum here and there: {sum}").format(sum=report.checksum)
    return Answer(value, [text.format(count=rows), both])


def export(workspace: Workspace, given: Namespace) -> Answer:
    """Records to a file: the columns asked for, or everything so that it can be read back."""
    from crm_desktop.services.exporting.export import export_object, export_query

    path = Path(given.out)
    query = query_of(workspace, given)
    chosen = given.columns or given.view
    write = export_query if chosen else export_object
    count = write(workspace, query, path)
    text = ngettext("{count} record written to {file}", "{count} records written to {file}", count)
    return Answer({"records": count, "file": str(path)}, [text.format(count=count, file=path.name)])


def bring_in(workspace: Workspace, given: Namespace) -> Answer:
    """A file into an object; what does not fit is listed and refused."""
    from crm_desktop.services.importing.command import run_import_command
    from crm_desktop.services.importing.importer import silent
    from crm_desktop.services.importing.results import said_past

    told = _print_progress if given.progress else silent
    if given.map is not None:
        given.map = _mapping(Path(given.map))
    with fetched(given) as asked:
        value = run_import_command(workspace, asked, progress=told)
    counts = {k: value[k] for k in ("read", "created", "updated", "skipped", "rejected")}
    sentence = (
        _("Nothing was written. Of {read} rows: {created} would be created, {updated} updated, "
          "{skipped} skipped, {rejected} rejected")
        if given.test
        else _("Read {read}, created {created}, updated {updated}, skipped {skipped}, "
               "rejected {rejected}")
    )  # fmt: skip
    lines = [sentence.format(**counts), *_beside_the_rows(workspace, value, given)]
    lines += [_reject_line(reject) for reject in value["rejects"][:REJECTS_SHOWN]]
    if value["past"]:
        lines.append(said_past(value["past"]))
    for past in value["past_rows"][:REJECTS_SHOWN]:
        reason = f"{in_quotes(past['name'])}. {past['reason']}"
        lines.append(_("  row {row}: {reason}").format(row=past["row"], reason=reason))
    for like in value["like"][:REJECTS_SHOWN]:
        sentence = _("  row {row} “{name}” looks like {id} “{title}”")
        lines.append(sentence.format(**{k: like[k] for k in ("row", "name", "id", "title")}))
    if value["like"] and not given.test:
        lines.append(_("Look through them with: crm-desktop duplicates {object}").format(
            object=given.into))  # fmt: skip
    if value["operation"] is not None:
        lines.append(_("Undo it with: crm-desktop undo {number}").format(number=value["operation"]))
    return Answer({**value, "rejects": [_promised(one) for one in value["rejects"]]}, lines)


def _mapping(path: Path) -> dict[str, Any]:
    """The description in a file for --map, in its long form."""
    from crm_desktop.services.importing.command import LARGEST_MAPPING
    from crm_desktop.services.importing.mapping import Mapping
    from crm_desktop.services.json_files import read_json

    with words_of("map"):
        return Mapping.from_json(read_json(path, most=LARGEST_MAPPING)).to_json()


def _beside_the_rows(
    workspace: Workspace, value: dict[str, Any], given: Namespace
) -> Iterator[str]:
    """What was made beside the records, and what the file holds that went nowhere."""
    from crm_desktop.services.importing.other_object import said_of_others
    from crm_desktop.services.importing.results import (
        said_of_missing,
        said_of_names,
        said_of_spared,
    )

    names = workspace.catalogue
    for sentence in said_of_missing(value):
        yield f"{sentence} (--create, --map values)"
    if value["others"]:
        more = ", ".join(f"{_(names[key].plural)}: {n}" for key, n in value["others"].items())
        said = _("Also to be created: {more}") if given.test else _("Also created: {more}")
        yield said.format(more=more)
    if value["pictures"]:
        yield ngettext(
            "{count} photo is new or another one", "{count} photos are new or other ones",
            value["pictures"],
        ).format(count=value["pictures"])  # fmt: skip
    if value["unused"]:
        shown = ", ".join(map(in_quotes, value["unused"][:COLUMNS_SHOWN]))
        dots = " ..." if len(value["unused"]) > COLUMNS_SHOWN else ""
        yield _("Columns that go into no field (--map says what goes where): {columns}").format(
            columns=shown + dots
        )
    if value["other_sheets"]:
        others = ", ".join(map(in_quotes, value["other_sheets"][:COLUMNS_SHOWN]))
        said = _("Of the sheet “{sheet}”; not brought in (--sheet says which): {others}")
        yield said.format(sheet=value["sheet"], others=others)
    yield from _of_the_sheet(value)
    if names_alone := said_of_names(value):
        yield f"{names_alone} --name-only refuse"
    if value["sparable"] and given.test:
        yield said_of_spared(value["sparable"]) + ": --unreadable leave_out"
    for sentence, key in said_of_others(names, value["fits"]):
        yield f"{sentence} (--rejects, --into {key})"
    if value["left_out"]:
        yield ngettext(
            "{count} value was left out of its record",
            "{count} values were left out of their records",
            value["left_out"],
        ).format(count=value["left_out"])


def _of_the_sheet(value: dict[str, Any]) -> Iterator[str]:
    """What of it a person may not have seen."""
    from crm_desktop.services.importing.hidden import said_of_hidden
    from crm_desktop.services.importing.next_table import NextTable

    yield from value["remarks"]
    if value["hidden_rows"]:
        yield said_of_hidden(value["hidden_rows"])
    if value["next_table"]:
        below = NextTable(**value["next_table"])
        yield f"{below.said()} (--header-row {below.row})"


def _promised(reject: dict[str, Any]) -> dict[str, Any]:
    """What scripts are promised of a refused row: keys, no words of a language but the reason."""
    return {key: reject[key] for key in ("row", "field", "value", "reason")}


def _reject_line(reject: dict[str, Any]) -> str:
    """Most reasons name the field themselves."""
    if reject["label"] in reject["reason"]:
        return _("  row {row}: {reason}").format(row=reject["row"], reason=reject["reason"])
    return _("  row {row}, {field}: {reason}").format(
        row=reject["row"], field=reject["label"], reason=reject["reason"]
    )


def _print_progress(progress: Progress) -> None:
    """One JSON line on standard error."""
    row = {"read": progress.read, "total": progress.total, "rejected": progress.rejected}
    complain(json.dumps(row))  # nobody who reads it is no reason to stop
