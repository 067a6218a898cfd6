"""The words of the command line: every command, its options, and the help that explains them.

Built in the language in force: whoever wants another one sets it first.
"""

from __future__ import annotations

import argparse
from functools import cache

from crm_desktop import __version__, i18n
from crm_desktop.cli import (
    activities,
    audit,
    calendars,
    choices,
    deals,
    decoys,
    directories,
    duplicates,
    handing_over,
    leads,
    licence,
    past,
    registering,
    reminding,
    rights,
    sales,
    seats,
    segments,
    server,
    service,
    serving,
    users,
    working_time,
)
from crm_desktop.cli.command_words import (
    Commands,
    add_common,
    add_force,
    add_id,
    add_object,
    add_values,
    command,
    count,
    number,
    some,
)
from crm_desktop.cli.help_texts import (
    base_help,
    ending,
    map_help,
    merge_help,
    where_help,
    window_help,
)
from crm_desktop.cli.secret_words import add_code_word
from crm_desktop.cli.spoken import Parser, WordedHelp
from crm_desktop.i18n import _

_ROWS = '{"total": 2, "rows": [{"id": 7, ...}]}'


def build_parser() -> argparse.ArgumentParser:
    """The parser of everything behind `crm-desktop`."""
    return _built(i18n.language())


@cache
def _built(_language: str) -> argparse.ArgumentParser:
    parts = (window_help(), base_help(), where_help(), map_help(), ending())
    parser = Parser(
        prog="crm-desktop",
        description=_("An offline-first customer base. Without a command, opens the window."),
        epilog="\n\n".join(parts) + "\n",
        formatter_class=WordedHelp,
    )
    version = f"crm-desktop {__version__}"
    parser.add_argument("--version", action="version", version=version, help=_("the version"))
    parser.add_argument("--base", metavar="PATH|URL", help=argparse.SUPPRESS)
    add_common(parser)
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, title=_("commands"),
        description=_("crm-desktop COMMAND --help explains one of them."),
    )  # fmt: skip
    _bases(commands)
    _files(commands)
    _reading(commands)
    past.add_commands(commands)
    _writing(commands)
    _kept_files(commands)
    _catalogue(commands)
    _judging(commands)
    segments.add_words(commands)
    activities.add_words(commands)
    choices.add_words(commands)
    calendars.add_words(commands)
    reminding.add_words(commands)
    working_time.add_words(commands)
    duplicates.add_words(commands)
    server.add_words(commands)
    serving.add_words(commands)
    service.add_words(commands)
    registering.add_words(commands)
    users.add_words(commands)
    rights.add_words(commands)
    audit.add_words(commands)
    decoys.add_words(commands)
    leads.add_words(commands)
    sales.add_words(commands)
    deals.add_words(commands)
    licence.add_words(commands)
    seats.add_words(commands)
    handing_over.add_words(commands)
    return parser


def _most(count: int) -> str:
    return _("at most so many; {count} if not given").format(count=count)


def _bases(commands: Commands) -> None:
    new = command(
        commands, "new", _("make a new base"), base=False, epilog=base_help(),
        answer='{"base": "office.crm", "records": 0}',
    )  # fmt: skip
    new.add_argument("base", metavar="BASE", help=_("a path ending in .crm, or a server's URL"))
    new.add_argument("--demo", action="store_true", help=_("fill it with a demo company"))
    new.add_argument("--clients", metavar="N", type=some, default=2400,
                     help=_("size of the demo company; 2400 if not given"))  # fmt: skip
    check = command(
        commands, "check", _("check base, catalogue, change chain, search index"),
        answer='{"ok": true, "problems": [], "checked": {"Clients": 2400, ...}}',
    )  # fmt: skip
    check.add_argument("--quick", action="store_true", help=_("samples instead of everything"))
    check.add_argument("--repair", action="store_true",
                       help=_("reckon last contacts and next steps anew first, and set the "
                              "search right"))  # fmt: skip
    move = command(
        commands, "move", _("copy a base to another place, checksums compared"), base=False,
        epilog=base_help(), answer='{"tables": {"client": 2400, ...}, "rows": 9800, "equal": true}',
    )  # fmt: skip
    add_code_word(move)
    move.add_argument("source", metavar="FROM", help=_("the base, which is left as it is"))
    move.add_argument("target", metavar="TO", help=_("a place where there is no base yet"))


def _files(commands: Commands) -> None:
    bring = command(
        commands, "import", _("bring in a spreadsheet, csv, vCard or JSON"), epilog=map_help(),
        answer='{"operation": 31, "read": 3, "created": 1, "updated": 1, "skipped": 0,\n'
               ' "rejected": 1, "seconds": 0.1,\n'
               ' "rejects": [{"row": 3, "field": "phone", "value": "?", "reason": "..."}]}',
    )  # fmt: skip
    bring.add_argument(
        "file", metavar="FILE", help=".xlsx .xls .ods .csv .tsv .vcf .ldif .json ldaps://…"
    )
    bring.add_argument("--into", metavar="OBJECT", required=True,
                       help=_("the object that the rows become"))  # fmt: skip
    bring.add_argument("--sheet", metavar="S", help=_("name or number of the sheet"))
    bring.add_argument("--header-row", type=count, metavar="N",
                       help=_("the row of the headings; 0 if there are none"))  # fmt: skip
    bring.add_argument("--map", metavar="FILE.json", help=_("what goes where; else it is guessed"))
    bring.add_argument("--match", metavar="FIELD,...", help=_("fields that tell a known record"))
    bring.add_argument("--on-match", choices=["skip", "update", "create"],
                       help=_("what is done with a row whose record is known"))  # fmt: skip
    bring.add_argument(
        "--unreadable",
        choices=["refuse", "leave_out"],
        help=_("what is done with a row that has a value which cannot be read"),
    )
    bring.add_argument(
        "--name-only",
        choices=["create", "refuse"],
        help=_("what is done with a row that holds nothing but a name"),
    )
    bring.add_argument(
        "--create",
        metavar="FIELD,...",
        help=_("links whose records are made where nothing is called so"),
    )
    bring.add_argument(
        "--encoding", metavar="NAME", help=_("of a text file, if the guess is wrong")
    )
    bring.add_argument("--delimiter", metavar="SIGN",
                       help=_("what divides the cells of a text file"))  # fmt: skip
    bring.add_argument("--test", action="store_true", help=_("only say what would happen"))
    bring.add_argument("--rejects", metavar="OUT.xlsx", help=_("where rows that do not fit go"))
    directories.add_words(bring)
    bring.add_argument("--progress", action="store_true", help=_("JSON lines on standard error"))
    out = command(
        commands, "export", _("write records to a file"), epilog=where_help(),
        answer='{"records": 2400, "file": "clients.xlsx"}',
    )  # fmt: skip
    add_object(out)
    out.add_argument("--out", metavar="FILE", required=True, help=".xlsx .csv .json .vcf")
    out.add_argument("--view", metavar="NAME",
                     help=_("the columns and conditions of a saved view"))  # fmt: skip
    out.add_argument("--where", metavar="JSON", help=_("only records like this"))
    out.add_argument("--columns", metavar="a,b.c",
                     help=_("these columns; else all fields, to be read back in"))  # fmt: skip


def _reading(commands: Commands) -> None:
    find = command(
        commands, "find", _("find records by any words, numbers or their beginnings"),
        answer='{"total": 1, "rows": [{"object": "client", "id": 7, "title": "...", '
               '"detail": "..."}]}',
    )  # fmt: skip
    find.add_argument("text", metavar="TEXT", nargs="+", help=_("words in any order"))
    find.add_argument("--object", metavar="O", help=_("only records of this object"))
    find.add_argument("--limit", metavar="N", type=count, default=20,
                      help=_most(20))  # fmt: skip
    find.add_argument("--anywhere", action="store_true", help=_("in all texts; slower"))
    rows = command(commands, "list", _("list records"), epilog=where_help(), answer=_ROWS)
    add_object(rows)
    rows.add_argument("--columns", metavar="a,b.c", help=_("these columns; b.c: over a link"))
    rows.add_argument("--where", metavar="JSON", help=_("only records like this"))
    rows.add_argument("--view", metavar="NAME",
                      help=_("the columns and conditions of a saved view"))  # fmt: skip
    rows.add_argument("--text", metavar="TEXT", default="",
                      help=_("narrow by words, as in the search field"))  # fmt: skip
    rows.add_argument("--sort", metavar="F,-G", default="", help=_("by F, then by G downwards"))
    rows.add_argument("--limit", metavar="N", type=count, default=50,
                      help=_most(50))  # fmt: skip
    rows.add_argument(
        "--offset", metavar="N", type=count, default=0, help=_("leave out the first N")
    )
    rows.add_argument("--count", action="store_true", help=_("only how many"))
    show = command(
        commands, "show", _("show one record: values, links, counts"),
        answer='{"object": "client", "id": 7, "version": 1, "values": {...},\n'
               ' "links": {"status": {"object": "reference", "id": 3}}, '
               '"counts": {"person.client": 2}}',
    )  # fmt: skip
    add_object(show)
    add_id(show)
    past = command(
        commands, "history", _("what happened to one record"),
        answer='{"total": 1, "rows": [{"operation": 31, "moment": "...", "author": "...",\n'
               ' "kind": "changed", "fields": {"city": {"old": "...", "new": "..."}}}]}',
    )  # fmt: skip
    add_object(past)
    add_id(past)
    past.add_argument("--limit", metavar="N", type=count, default=100,
                      help=_most(100))  # fmt: skip


def _writing(commands: Commands) -> None:
    saved = '{"id": 7, "operation": 31, "version": 2}'
    add = command(commands, "add", _("add a record"), answer=saved)
    add_object(add)
    add_values(add)
    add_force(add)
    change = command(commands, "set", _("change a record"), answer=saved)
    add_object(change)
    add_id(change)
    add_values(change)
    change.add_argument("--version", metavar="N", type=int,
                        help=_("refuse if it was changed since this version"))  # fmt: skip
    add_force(change)
    delete = command(
        commands, "delete", _("delete records and what belongs to them"),
        answer='{"operation": 31, "records": 4}',
    )  # fmt: skip
    add_object(delete)
    add_id(delete, nargs="+")
    merge = command(
        commands, "merge", _("make several records one: the first one stays"), epilog=merge_help(),
        answer='{"operation": 31, "id": 7, "merged": [17, 42]}',
    )  # fmt: skip
    add_object(merge)
    add_id(merge, nargs="+")
    merge.add_argument("--keep", metavar="FIELD=ID,...", action="append", default=[],
                       help=_("whose value of a field stays"))  # fmt: skip
    log = command(
        commands, "operations", _("what was done, the newest first"),
        answer='{"total": 1, "rows": [{"operation": 31, "title": "...", "kind": "import",\n'
               ' "state": "done", "changes": 300, "started_at": "...", "undoes": null, '
               '"undone_by": null}]}',
    )  # fmt: skip
    log.add_argument("--limit", metavar="N", type=count, default=50,
                     help=_most(50))  # fmt: skip
    undo = command(
        commands, "undo", _("undo an operation"),
        answer='{"operation": 32, "restored": 300, "blocked": [{"object": "client", "id": 7,\n'
               ' "name": "...", "field": "city", "reason": "..."}]}',
    )  # fmt: skip
    undo.add_argument("operation", type=number, metavar="OPERATION",
                      help=_("its number, as “operations” lists them"))  # fmt: skip
    undo.add_argument("--rest", action="store_true",
                      help=_("leave alone what was changed since, undo the rest"))  # fmt: skip


def _catalogue(commands: Commands) -> None:
    command(
        commands, "objects", _("the catalogue: objects, fields, types, links"),
        answer='{"objects": [{"key": "client", "label": "...", "title": "name", "custom": false,\n'
               ' "fields": [{"key": "name", "type": "text", "label": "...", '
               '"required": true}]}]}',
    )  # fmt: skip
    made = command(
        commands, "object", _("add a user-made object"), answer='{"objects": ["x_tender"]}'
    )
    made.add_argument("action", choices=["add"], help=_("what is done"))
    made.add_argument("file", metavar="FILE.json", help=_("the description of the object"))
    field = command(
        commands, "field", _("add a user-made field to an object"), answer='{"field": "x_colour"}'
    )
    field.add_argument("action", choices=["add"], help=_("what is done"))
    add_object(field)
    field.add_argument("file", metavar="FILE.json", help=_("the description of the field"))


def _kept_files(commands: Commands) -> None:
    file = command(commands, "file", _("files kept with records"))
    acts = file.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = command(
        acts, "add", _("keep files of this computer with a record"),
        answer='{"operation": 31, "ids": [8], "known": []}',
    )  # fmt: skip
    add_object(add)
    add_id(add)
    add.add_argument("paths", metavar="FILE", nargs="+", help=_("files of this computer"))
    rows = command(
        acts, "list", _("the files of a record, the newest first"),
        answer='{"total": 1, "bytes": 9000, "rows": [{"id": 8, "name": "...", "size": 9000, ...}]}',
    )  # fmt: skip
    add_object(rows)
    add_id(rows)
    save = command(
        acts, "save", _("write the content of a file"),
        answer='{"id": 8, "name": "...", "size": 9000, "sha256": "..."}',
    )  # fmt: skip
    add_id(save)
    save.add_argument("--out", metavar="PATH", required=True, help=_("a path, or a folder"))
    versions = command(
        acts, "versions", _("the contents that a file has had"),
        answer='{"total": 1, "rows": [{"sha256": "...", "size": 9000, "since": "...",\n'
               ' "author": "...", "current": true, "kept": true}]}',
    )  # fmt: skip
    add_id(versions)
    versions.add_argument("--restore", metavar="VERSION",
                          help=_("make this one the present one again"))  # fmt: skip
    clean = command(
        acts, "clean", _("remove contents that no file has"),
        answer='{"removed": 2, "bytes": 18000, "former": 0, "former_bytes": 0}',
    )  # fmt: skip
    clean.add_argument("--former", action="store_true",
                       help=_("those kept for undo and older versions too"))  # fmt: skip
    limit = command(
        acts, "limit", _("the most that one file may have"),
        answer='{"limit": 104857600, "files": 12, "bytes": 900000}',
    )  # fmt: skip
    limit.add_argument("megabytes", metavar="MB", type=int, nargs="?", help=_("the new limit"))


def _judging(commands: Commands) -> None:
    from crm_desktop.cli.validating import kind, kinds_help

    judge = command(
        commands, "validate", _("check a tax number, an account, a telephone ...; needs no base"),
        base=False, epilog=kinds_help(),
    )  # fmt: skip
    judge.add_argument("kind", metavar="KIND", type=kind, help=_("what it shall be, see below"))
    judge.add_argument("value", metavar="VALUE", nargs="+", help=_("what is judged"))
    judge.add_argument("--bik", metavar="BIK",
                       help=_("the bank, to check the key of an account"))  # fmt: skip
    judge.add_argument("--country", metavar="CC",
                       help=_("country of a telephone or a tax number"))  # fmt: skip
