"""The window: reads the arguments, paints the shell first, opens the base afterwards."""

from __future__ import annotations

import argparse
import builtins
import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from crm_desktop import __version__

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from crm_desktop.settings import Settings
    from crm_desktop.ui.application import Application, StartOptions


class WrongArguments(Exception):
    """The window was called with arguments it does not know; the message is argparse's own."""


class _Silent(argparse.ArgumentParser):
    """Leaves it to others to say what is wrong: that takes translations, which the start has not
    the time to read."""

    def error(self, message: str) -> NoReturn:
        raise WrongArguments(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Opens the window and stays until it is closed; the exit status of the program.

    `WrongArguments`: nothing was opened.
    """
    import_qt()
    options, screenshots = read_arguments(sys.argv[1:] if arguments is None else arguments)
    from crm_desktop.settings import open_settings
    from crm_desktop.ui.theme import make_application

    app = make_application(sys.argv[0])
    app.setApplicationName("crm-desktop")
    app.setApplicationDisplayName("")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("crm-desktop")
    settings = open_settings()
    alone = bool(screenshots or options.demo)
    if not alone and _handed_over(settings, options):
        return 0
    return _run(app, settings, options, screenshots)


def _handed_over(settings: Settings, options: StartOptions) -> bool:
    """Whether a window that runs already has taken over what was asked for."""
    from crm_desktop.ui.runtime.socket_name import may_be_heard, socket_name

    name = socket_name(settings.path.parent)
    if not may_be_heard(name):
        return False
    from crm_desktop.ui.runtime.single_instance import hand_over

    return hand_over(name, _absolute(options))


def import_qt() -> None:
    """Imports Qt without the hook it puts on every later import.

    The hook reads the source of each module to see whether it asks for snake_case names of Qt
    (`from __feature__ import`), which nobody does here: 140 ms and 16 MiB at the start.
    """
    gc.disable()  # what is imported stays; later the window collects (`ui/runtime/garbage`)
    plain = builtins.__import__
    import PySide6.QtCore  # noqa: F401

    builtins.__import__ = plain


def _run(app: object, settings: object, options: StartOptions, screenshots: Path | None) -> int:
    from PySide6.QtWidgets import QApplication

    from crm_desktop.settings import Settings
    from crm_desktop.ui.application import Application

    assert isinstance(app, QApplication)
    assert isinstance(settings, Settings)
    program = Application(app, settings, options)
    if screenshots is not None:
        program.tour = _tour(program, screenshots)
    program.show()
    return app.exec()


def _tour(program: Application, folder: Path) -> QObject:
    """The main job in the demo base, or the screens of any other base."""
    if program.options.demo:
        from crm_desktop.ui.tour.demo import DemoTour

        return DemoTour(program, folder)
    from crm_desktop.ui.tour.screens import Tour

    return Tour(program, folder)


def read_arguments(arguments: Sequence[str]) -> tuple[StartOptions, Path | None]:
    """What was asked for; `WrongArguments` if that cannot be understood."""
    from crm_desktop.ui.application import StartOptions

    parser = _Silent(prog="crm-desktop")
    add_window_arguments(parser)
    found = parser.parse_args(list(arguments))
    options = StartOptions(
        base=found.base, files=tuple(found.files), language=found.language, theme=found.theme,
        scale=found.scale, demo=found.demo,
    )  # fmt: skip
    return options, found.screenshots


def add_window_arguments(parser: argparse.ArgumentParser) -> None:
    """What the window understands; `crm-desktop --help` explains it."""
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--base", default="", metavar="PATH|URL")
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--screenshots", type=Path, metavar="FOLDER")
    parser.add_argument("--language", default="", choices=("ru", "en"))
    parser.add_argument("--theme", default="", choices=("system", "light", "dark"))
    parser.add_argument("--scale", type=int, default=0, metavar="N")


def _absolute(options: StartOptions) -> list[str]:
    """File arguments as another process in another folder understands them."""
    given = [*([options.base] if options.base else []), *options.files]
    return [one if "://" in one else str(Path(one).resolve()) for one in given]
