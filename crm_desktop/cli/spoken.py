"""argparse in the language of the program: headings, usage, and its own sentences about mistakes.

argparse looks its sentences up by two names in its own module, `_` and `ngettext`, meant for
gettext catalogues in compiled files; here they are given the ones of the program.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from crm_desktop import i18n
from crm_desktop.i18n import N_, _

SENTENCES = (
    N_("usage: "), N_("positional arguments"), N_("options"),
    N_("show this help message and exit"), N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"), N_("unrecognized arguments: %s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"), N_("expected one argument"),
    N_("expected at least one argument"), N_("%(prog)s: error: %(message)s\n"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("ignored explicit argument %r"),
)  # fmt: skip
"""What argparse says, as it stands there; what a later Python words anew stays English."""


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in the language in force."""

    def __init__(self, **more: Any) -> None:
        speak()
        super().__init__(**more)

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, _("%(prog)s: error: %(message)s\n") % {"prog": self.prog, "message": message})


class WordedHelp(argparse.RawDescriptionHelpFormatter):
    """Help whose texts stand as they were written; room for longer names of options."""

    def __init__(self, prog: str, **more: Any) -> None:
        super().__init__(prog, max_help_position=28, **more)

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, _("usage: ") if prefix is None else prefix)


def speak() -> None:
    """From now on argparse speaks as the program does."""
    argparse._ = i18n._  # type: ignore[attr-defined]
    argparse.ngettext = i18n.ngettext  # type: ignore[attr-defined]
