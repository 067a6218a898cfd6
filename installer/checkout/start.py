"""What `./start` does: brings what is missing, then runs the program with the same arguments.

The window needs a display. Where there is none, `--demo` runs on a virtual screen and keeps
pictures of the main screens; commands such as `import` or `find` need no display at all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from environment import environment, say
from spoken import ROOT, _, speak
from system_packages import qt_libraries, virtual_screen

from crm_desktop.__main__ import is_command

_SCREEN = "-screen 0 1600x1000x24 -dpi 96 -nolisten tcp"


def main(arguments: list[str]) -> int:
    """Runs the program and gives back its exit code."""
    speak()
    python = environment()
    # -P: files of the folder it is called from are not taken for modules of the program.
    command = [str(python), "-P", "-m", "crm_desktop", *arguments]
    if is_command(arguments) or {"-h", "--help"} & set(arguments):
        return _run(command)
    if _has_display():
        qt_libraries(python, screen=True)
        return _run(command)
    if "--demo" in arguments:
        return _run_unseen(python, command)
    say(
        _("There is no display here. `./start --demo` shows the program on a virtual screen; "
          "`./start --help` lists what the command line can do.")
    )  # fmt: skip
    return 1


def _has_display() -> bool:
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if not sys.platform.startswith("linux") or platform not in ("", "offscreen", "minimal", "xcb"):
        return True
    if platform in ("offscreen", "minimal"):
        return False
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _run_unseen(python: Path, command: list[str]) -> int:
    """On Xvfb; where that cannot be had, Qt paints in memory and the pictures are the same."""
    if not any(word.startswith("--screenshots") for word in command):
        pictures = ROOT / "out" / "screenshots"
        pictures.mkdir(parents=True, exist_ok=True)
        command += ["--screenshots", str(pictures)]
    if virtual_screen() and qt_libraries(python, screen=True):
        xvfb = shutil.which("xvfb-run") or "xvfb-run"
        return _run([xvfb, "-a", "-s", _SCREEN, *command], QT_QPA_PLATFORM="xcb")
    if not qt_libraries(python, screen=False):
        return 1
    say(_("No virtual screen here: painting in memory instead."))
    return _run(command, QT_QPA_PLATFORM="offscreen")


def _run(command: list[str], **variables: str) -> int:
    surroundings = {**os.environ, **variables}
    if os.name == "posix":  # the program takes our place: signals and exit code are its own
        os.execvpe(command[0], command, surroundings)
    return subprocess.run(command, env=surroundings).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
