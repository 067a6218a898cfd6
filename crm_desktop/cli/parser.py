"""The words of the command line: every command, its options, and the help that explains them."""

from __future__ import annotations

import argparse

from crm_desktop import __version__

WHERE_HELP = """
JSON of --where (columns may lead over links: client.name):
  {"field": "city", "op": "eq", "value": "Omsk"}       one condition
  {"city": "Omsk", "status": "Active"}                 short form, all of them
  {"and": [...]}, {"or": [...]}, {"not": {...}}        joined; a list is "and"
  op: eq ne contains starts in not_in lt le gt ge between period me empty filled
  period: today yesterday this_week last_week this_month last_month this_year
          last_7_days last_30_days last_90_days
"""
MAP_HELP = """
JSON of --map, the columns of the file (by their headings) to the fields of the object:
  {"Company": "name", "Tel.": "phone"}                 short form
  {"columns": [
     {"from": "Company", "to": "name"},
     {"from": ["Street", "House"], "to": "address", "join": ", "},
     {"from": "Full name", "to": ["last_name", "first_name", "middle_name"], "split": "name"},
     {"from": "Manager", "to": "responsible", "create": true},
     {"from": [], "to": "status", "default": "Active"},
     {"from": "Contact", "to": "person.name"}],
   "match": ["tax_id", "phone"], "on_match": "update", "on_new": "create",
   "empty_wipes": false, "date_order": "dmy", "decimal": ","}
  join: what stands between joined columns; null: the first filled one counts
  split: "name" cuts a full name, any other text cuts there
  create: make the linked record if there is none of that name
  to: a field, a field of a linked record (client.tax_id), of a record that belongs to
      this one (person.name, person[2].name for the second in the same row)
  on_match: skip, update or create; on_new: create or skip; date_order: dmy, mdy or ymd
"""
MERGE_HELP = """
What hangs on the others (contacts, activities, people ...) goes to the first record, equal
things once; where it says nothing, it takes over what the others say. The others are deleted;
"crm-desktop undo OPERATION" brings them back. --keep phone=17,city=42 takes those two values
from the records 17 and 42.
"""
WINDOW_HELP = """
The window: crm-desktop [BASE.crm] [--base PATH|URL] [--demo] [--language ru|en]
            [--theme system|light|dark] [--scale PERCENT] [--screenshots FOLDER]
"""
ENDING = "Exit status: 0 done, 1 refused with a reason, 2 wrong usage.\n"
LARGEST = 2**63 - 1


def build_parser() -> argparse.ArgumentParser:
    """The parser of everything behind `crm-desktop`."""
    parser = argparse.ArgumentParser(
        prog="crm-desktop",
        description="An offline-first customer base. Without a command, opens the window.",
        epilog=WINDOW_HELP + WHERE_HELP + MAP_HELP + "\n" + ENDING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"crm-desktop {__version__}")
    parser.add_argument("--base", metavar="PATH|URL", help=argparse.SUPPRESS)
    _add_common(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _bases(commands)
    _files(commands)
    _reading(commands)
    _writing(commands)
    _catalogue(commands)
    _judging(commands)
    return parser


def _add_common(parser: argparse.ArgumentParser, **more: str) -> None:
    """What may stand before the command as well as behind it."""
    parser.add_argument(
        "--json", action="store_true", help="one JSON value on standard output", **more
    )
    parser.add_argument("--language", choices=["ru", "en"], help="language of messages", **more)


def _number(text: str) -> int:
    """The number of a record or an operation."""
    if not text.isascii() or not text.isdigit() or int(text) > LARGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of a record")
    return int(text)


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    text: str,
    *,
    base: bool = True,
    epilog: str = "",
) -> argparse.ArgumentParser:
    made = commands.add_parser(
        name, help=text, description=text[0].upper() + text[1:] + ".",
        epilog=epilog + "\n" + ENDING, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    if base:
        made.add_argument(
            "--base", metavar="PATH|URL", default=argparse.SUPPRESS,
            help="the base; else the variable CRM_DESKTOP_BASE",
        )  # fmt: skip
    _add_common(made, default=argparse.SUPPRESS)
    return made


def _bases(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    new = _command(commands, "new", "make a new base", base=False)
    new.add_argument("base", metavar="BASE", help="a path ending in .crm, or a server's URL")
    new.add_argument("--demo", action="store_true", help="fill it with a demo company")
    new.add_argument("--clients", type=int, default=2400, help="size of the demo company")
    check = _command(commands, "check", "check base, catalogue, change chain, search index")
    check.add_argument("--quick", action="store_true", help="samples instead of everything")
    move = _command(
        commands, "move", "copy a base to another place, checksums compared", base=False
    )
    move.add_argument("source", metavar="FROM")
    move.add_argument("target", metavar="TO", help="a place where there is no base yet")


def _files(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    bring = _command(
        commands, "import", "bring in a spreadsheet, csv, vCard or JSON", epilog=MAP_HELP
    )
    bring.add_argument("file", metavar="FILE")
    bring.add_argument("--into", metavar="OBJECT", required=True)
    bring.add_argument("--sheet", help="name or number of the sheet")
    bring.add_argument("--header-row", type=int, metavar="N", help="the row of the headings")
    bring.add_argument("--map", metavar="FILE.json", help="what goes where; else it is guessed")
    bring.add_argument("--match", metavar="FIELD,...", help="fields that tell a known record")
    bring.add_argument("--on-match", choices=["skip", "update", "create"])
    bring.add_argument("--encoding", help="of a text file, if the guess is wrong")
    bring.add_argument("--delimiter", help="of a text file, if the guess is wrong")
    bring.add_argument("--test", action="store_true", help="only say what would happen")
    bring.add_argument("--rejects", metavar="OUT.xlsx", help="where rows that do not fit go")
    bring.add_argument("--progress", action="store_true", help="JSON lines on standard error")
    out = _command(commands, "export", "write records to a file", epilog=WHERE_HELP)
    out.add_argument("object", metavar="OBJECT")
    out.add_argument("--out", metavar="FILE", required=True, help=".xlsx .csv .json .vcf")
    out.add_argument("--view", metavar="NAME", help="the columns and conditions of a saved view")
    out.add_argument("--where", metavar="JSON")
    out.add_argument("--columns", metavar="a,b.c", help="else all fields, to be read back in")


def _reading(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    find = _command(commands, "find", "find records by any words, numbers or their beginnings")
    find.add_argument("text", metavar="TEXT", nargs="+")
    find.add_argument("--object", metavar="O")
    find.add_argument("--limit", type=int, default=20)
    find.add_argument("--anywhere", action="store_true", help="in all texts; slower")
    rows = _command(commands, "list", "list records", epilog=WHERE_HELP)
    rows.add_argument("object", metavar="OBJECT")
    rows.add_argument("--columns", metavar="a,b.c")
    rows.add_argument("--where", metavar="JSON")
    rows.add_argument("--view", metavar="NAME")
    rows.add_argument("--text", default="", help="narrow by words, as in the search field")
    rows.add_argument("--sort", metavar="F,-G", default="")
    rows.add_argument("--limit", type=int, default=50)
    rows.add_argument("--offset", type=int, default=0)
    rows.add_argument("--count", action="store_true", help="only how many")
    show = _command(commands, "show", "show one record: values, links, counts")
    show.add_argument("object", metavar="OBJECT")
    show.add_argument("id", type=_number, metavar="ID")
    past = _command(commands, "history", "what happened to one record")
    past.add_argument("object", metavar="OBJECT")
    past.add_argument("id", type=_number, metavar="ID")
    past.add_argument("--limit", type=int, default=100)


def _writing(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    add = _command(commands, "add", "add a record")
    add.add_argument("object", metavar="OBJECT")
    add.add_argument("values", metavar="FIELD=VALUE", nargs="+")
    change = _command(commands, "set", "change a record")
    change.add_argument("object", metavar="OBJECT")
    change.add_argument("id", type=_number, metavar="ID")
    change.add_argument("values", metavar="FIELD=VALUE", nargs="+")
    change.add_argument("--version", type=int, help="refuse if it was changed since this version")
    delete = _command(commands, "delete", "delete records and what belongs to them")
    delete.add_argument("object", metavar="OBJECT")
    delete.add_argument("id", type=_number, metavar="ID", nargs="+")
    merge = _command(commands, "merge", "make several records one: the first one stays",
                     epilog=MERGE_HELP)  # fmt: skip
    merge.add_argument("object", metavar="OBJECT")
    merge.add_argument("id", type=_number, metavar="ID", nargs="+")
    merge.add_argument("--keep", metavar="FIELD=ID,...", action="append", default=[],
                       help="whose value of a field stays")  # fmt: skip
    log = _command(commands, "operations", "what was done, the newest first")
    log.add_argument("--limit", type=int, default=50)
    undo = _command(commands, "undo", "undo an operation")
    undo.add_argument("operation", type=_number, metavar="OPERATION")
    undo.add_argument("--rest", action="store_true",
                      help="leave alone what was changed since, undo the rest")  # fmt: skip


def _catalogue(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _command(commands, "objects", "the catalogue: objects, fields, types, links")
    made = _command(commands, "object", "add a user-made object")
    made.add_argument("action", choices=["add"])
    made.add_argument("file", metavar="FILE.json")
    field = _command(commands, "field", "add a user-made field to an object")
    field.add_argument("action", choices=["add"])
    field.add_argument("object", metavar="OBJECT")
    field.add_argument("file", metavar="FILE.json")


def _judging(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from crm_desktop.cli.validating import kind, kinds_help

    judge = _command(
        commands, "validate", "check a tax number, an account, a telephone ...; needs no base",
        base=False, epilog=kinds_help() + "\n",
    )  # fmt: skip
    judge.add_argument("kind", metavar="KIND", type=kind, help="what it shall be, see below")
    judge.add_argument("value", metavar="VALUE", nargs="+")
    judge.add_argument("--bik", metavar="BIK", help="the bank, to check the key of an account")
    judge.add_argument("--country", metavar="CC", help="country of a telephone or a tax number")
