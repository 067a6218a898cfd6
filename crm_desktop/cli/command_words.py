"""The words that several commands share: common options, records, fields, exit codes."""

from __future__ import annotations

import argparse

from crm_desktop.cli.help_texts import answer_help, ending
from crm_desktop.cli.spoken import WordedHelp
from crm_desktop.i18n import _

LARGEST = 2**63 - 1
HAND_OVER_SECRETS = ("serve",)
"""Commands with a base that say by themselves how secrets are handed over."""
Commands = argparse._SubParsersAction  # type: ignore[type-arg]


def add_common(parser: argparse.ArgumentParser, **more: str) -> None:
    """What may stand before the command as well as behind it."""
    parser.add_argument(
        "--json", action="store_true", help=_("one JSON value on standard output"), **more
    )
    parser.add_argument(
        "--language", choices=["ru", "en"],
        help=_("language of messages; else CRM_DESKTOP_LANGUAGE, the settings, the system"), **more,
    )  # fmt: skip


def number(text: str) -> int:
    """The number of a record or an operation."""
    if not text.isascii() or not text.isdigit() or int(text) > LARGEST:
        raise argparse.ArgumentTypeError(
            _("“{text}” is not a number of a record").format(text=text)
        )
    return int(text)


def count(text: str) -> int:
    """How many rows."""
    if not text.isascii() or not text.isdigit() or int(text) > LARGEST:
        raise argparse.ArgumentTypeError(
            _("“{text}” is not a number of rows: write 0, 1, 2 …").format(text=text)
        )
    return int(text)


def some(text: str) -> int:
    """How many, at least one."""
    if count(text) == 0:
        raise argparse.ArgumentTypeError(
            _("“{text}” is too few: write 1, 2, 3 …").format(text=text)
        )
    return int(text)


def command(
    commands: Commands,
    name: str,
    text: str,
    *,
    base: bool = True,
    epilog: str = "",
    answer: str = "",
) -> argparse.ArgumentParser:
    """A command. `answer`: the JSON it prints; `epilog`: what else its help says."""
    parts = (epilog, answer_help(answer) if answer else "", ending())
    made: argparse.ArgumentParser = commands.add_parser(
        name, help=text, description=text[0].upper() + text[1:] + ".",
        epilog="\n\n".join(filter(None, parts)) + "\n", formatter_class=WordedHelp,
    )  # fmt: skip
    if base:
        made.add_argument(
            "--base", metavar="PATH|URL", default=argparse.SUPPRESS,
            help=_("the base; else the variable CRM_DESKTOP_BASE"),
        )  # fmt: skip
        made.add_argument(
            "--as", dest="as_person", metavar="NAME|ID", default=argparse.SUPPRESS,
            help=_("the colleague in whose name it is done; else CRM_DESKTOP_PERSON, the window's"),
        )  # fmt: skip
        if name not in HAND_OVER_SECRETS:
            made.add_argument(
                "--code", metavar="CODE", default=argparse.SUPPRESS,
                help=_("the code of the second factor, or a recovery code"),
            )  # fmt: skip
    add_common(made, default=argparse.SUPPRESS)
    return made


def add_force(parser: argparse.ArgumentParser) -> None:
    """Whoever may is asked before a time is taken twice: this is the answer."""
    said = _("take the time of people and things twice, by those who may")
    parser.add_argument("--force", action="store_true", help=said)


def add_object(parser: argparse.ArgumentParser) -> None:
    """The object that a command is about."""
    parser.add_argument(
        "object", metavar="OBJECT", help=_("key or name of an object, as “objects” lists them")
    )


def add_id(parser: argparse.ArgumentParser, **more: str) -> None:
    """The record that a command is about, or several with `nargs`."""
    parser.add_argument("id", type=number, metavar="ID", help=_("number of the record"), **more)


def add_values(parser: argparse.ArgumentParser) -> None:
    """New values of fields."""
    parser.add_argument(
        "values", metavar="FIELD=VALUE", nargs="+",
        help=_("a field by key or name; a link by name or number; nothing after = empties it"),
    )  # fmt: skip
