"""Libraries of the system: installed without a question where that is allowed, else named.

Debian and its children only, through apt-get, as root or with a sudo that asks nothing; anywhere
else the person is told what is missing and the command that most likely brings it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spoken import _

QT_PACKAGES = [
    "libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0",
    "libxcb-render-util0", "libxcb-shape0", "libxcb-xkb1", "libxkbcommon-x11-0", "libegl1",
    "libgl1", "libfontconfig1", "libdbus-1-3", "libglib2.0-0",
]  # fmt: skip
_QT_ELSEWHERE = {
    "dnf": "sudo dnf install xcb-util-cursor xcb-util-image xcb-util-keysyms xcb-util-renderutil "
    "xcb-util-wm libxkbcommon-x11 libglvnd-egl libglvnd-glx fontconfig",
    "pacman": "sudo pacman -S xcb-util-cursor xcb-util-image xcb-util-keysyms xcb-util-renderutil "
    "xcb-util-wm libxkbcommon-x11 libglvnd fontconfig",
    "zypper": "sudo zypper install libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 "
    "libxcb-render-util0 libxkbcommon-x11-0 libglvnd fontconfig",
}
_NEEDED_TO_PAINT = ("lib/libQt6Gui.so.6", "lib/libQt6Widgets.so.6", "lib/libQt6Svg.so.6")
_NEEDED_FOR_A_SCREEN = (*_NEEDED_TO_PAINT, "plugins/platforms/libqxcb.so")
_NO_SERVICES = Path("/usr/sbin/policy-rc.d")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def on_debian() -> bool:
    """Whether packages come from apt here."""
    return Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def install(purpose: str, packages: list[str]) -> bool:
    """Installs packages of the system; where that is not allowed, says the command: False."""
    root = _as_root()
    if root is None or not on_debian():
        _say(_("Missing for {purpose}. This brings it:").format(purpose=purpose))
        _say(f"    sudo apt-get install {' '.join(packages)}")
        return False
    said = _("Installing from the system's packages for {purpose}: {packages}")
    _say(said.format(purpose=purpose, packages=" ".join(packages)))
    command = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    command += ["-o", "DPkg::Lock::Timeout=120"]
    wanted = [*command, "install", "-y", "--no-install-recommends", *packages]
    if _quiet(wanted) is None:
        return True
    _quiet([*command, "update"])
    problem = _quiet(wanted)
    if problem:
        _say(problem)
        _say(_("The packages were not installed."))
    return problem is None


def qt_libraries(python: Path, *, screen: bool) -> bool:
    """Brings what Qt needs of the system, a real or virtual screen included if asked."""
    if not sys.platform.startswith("linux"):
        return True
    missing = _missing(python, screen=screen)
    if not missing:
        return True
    if on_debian():
        return install(_("the window"), QT_PACKAGES) and not _missing(python, screen=screen)
    said = _("Qt needs libraries that this system does not have: {names}")
    _say(said.format(names=", ".join(missing)))
    for tool, command in _QT_ELSEWHERE.items():
        if shutil.which(tool):
            _say(_("This most likely brings them:"))
            _say(f"    {command}")
    return False


def virtual_screen() -> bool:
    """Brings Xvfb, a screen that nobody looks at."""
    if shutil.which("xvfb-run") and shutil.which("xauth"):
        return True
    return on_debian() and install(_("a virtual screen"), ["xvfb", "xauth"])


def firebird_server() -> str:
    """Brings the Firebird server without starting it; empty, or why the tests go without."""
    if not on_debian():
        return _("the Firebird server is installed for tests on Debian only")
    places = os.pathsep.join(filter(None, (os.environ.get("PATH"), "/usr/sbin")))
    if shutil.which("firebird", path=places) and shutil.which("isql-fb"):
        return ""
    with _no_service_starts():
        wanted = ["firebird3.0-server", "firebird3.0-utils"]
        installed = install(_("the tests on Firebird"), wanted)
    return "" if installed else _("the package firebird3.0-server could not be installed")


@contextmanager
def _no_service_starts() -> Iterator[None]:
    """Debian starts a service as it installs it, now and at every boot; tests want their own."""
    root = _as_root()
    if root is None:
        yield
        return
    ours = not _NO_SERVICES.exists()
    if ours:
        script = f"printf '#!/bin/sh\\nexit 101\\n' > {_NO_SERVICES} && chmod 755 {_NO_SERVICES}"
        _quiet([*root, "sh", "-c", script])
    try:
        yield
    finally:
        if ours:
            _quiet([*root, "rm", "-f", str(_NO_SERVICES)])
        if shutil.which("systemctl"):
            _quiet([*root, "systemctl", "disable", "--now", "firebird3.0.service"])


def _as_root() -> list[str] | None:
    """What comes before a command so that it runs as root unasked; None if there is no way."""
    if not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return []
    asks_nothing = shutil.which("sudo") and _quiet(["sudo", "-n", "true"]) is None
    return ["sudo", "-n"] if asks_nothing else None


def _quiet(command: list[str]) -> str | None:
    """Runs a command; None when all went well, else the last lines it said."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode == 0:
        return None
    return "\n".join(done.stdout.decode(errors="replace").splitlines()[-10:]) or _("It failed.")


def _missing(python: Path, *, screen: bool) -> list[str]:
    """Names of the shared libraries that the loader does not find for Qt."""
    if not shutil.which("ldd"):
        return []
    where = (
        "import importlib.util as u; print(u.find_spec('PySide6').submodule_search_locations[0])"
    )
    told = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True)
    qt = Path(told.stdout.strip()) / "Qt"
    files = [qt / name for name in (_NEEDED_FOR_A_SCREEN if screen else _NEEDED_TO_PAINT)]
    present = [str(file) for file in files if file.exists()]
    told = subprocess.run(["ldd", *present], capture_output=True, text=True)
    lines = [line for line in told.stdout.splitlines() if "not found" in line]
    return sorted({line.split()[0] for line in lines})
