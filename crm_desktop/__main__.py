"""`crm-desktop` and `python -m crm_desktop`: a command if one is named, else the window."""

from __future__ import annotations

import sys


def main() -> int:
    """The exit status of the program."""
    arguments = sys.argv[1:]
    if _is_command(arguments):
        from crm_desktop.cli.main import run

        return run(arguments)
    from crm_desktop.app import main as open_window

    return open_window(arguments)


def _is_command(arguments: list[str]) -> bool:
    """Asked before anything is imported: the window must be painted at once."""
    if not arguments:
        return False
    first = arguments[0]
    if first in ("--help", "-h", "--version"):
        return True
    file = first.lower().endswith((".crm", ".crmconn")) or "://" in first
    return not first.startswith("-") and not file


if __name__ == "__main__":
    sys.exit(main())
