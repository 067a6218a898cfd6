"""`crm-desktop` and `python -m crm_desktop`: a command if one is named, else the window."""

from __future__ import annotations

import sys


def main() -> int:
    """The exit status of the program."""
    arguments = sys.argv[1:]
    if is_command(arguments):
        from crm_desktop.cli.main import run

        return run(arguments)
    from crm_desktop import app

    try:
        return app.main(arguments)
    except app.WrongArguments:
        from crm_desktop.cli.main import explain_window

        return explain_window(arguments)


def is_command(arguments: list[str]) -> bool:
    """Whether the arguments name a command, or ask for help, rather than open the window.

    Asked before anything is imported: the window must be painted at once.
    """
    words = iter(arguments)
    for word in words:
        if word in ("--base", "--language"):
            next(words, "")
        elif word in ("--help", "-h", "--version"):
            return True
        elif not word.startswith(("--base=", "--language=", "--json")):
            return not word.startswith("-") and word.replace("-", "").isalpha()
    return False


if __name__ == "__main__":
    sys.exit(main())
