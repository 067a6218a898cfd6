"""A double click on a base or a connection file opens the program: told to the desktop of a person,
without any right of an administrator."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from crm_desktop.errors import FileProblem
from crm_desktop.i18n import N_, _
from crm_desktop.models.text.disk_reasons import disk_reason


@dataclass(frozen=True, slots=True)
class FileType:
    """`ending` with its point, `mime` for Linux, `key` for the registry of Windows."""

    ending: str
    mime: str
    key: str
    title: str


TYPES = (
    FileType(".crm", "application/x-crm-desktop-base", "CRMDesktop.Base", N_("CRM Desktop base")),
    FileType(".crmconn", "application/x-crm-desktop-connection", "CRMDesktop.Connection",
             N_("CRM Desktop connection")),
)  # fmt: skip
ENTRY = "crm-desktop.desktop"
_PACKAGE = "crm-desktop.xml"
_TOOL_S = 60
_ENTRY_TEXT = """\
[Desktop Entry]
Type=Application
Name=CRM Desktop
Comment=Clients, people and all you agree with them
Comment[ru]=Клиенты, люди и всё, о чём вы с ними договорились
Exec={command} %F
Terminal=false
Categories=Office;Database;
MimeType={types}
StartupNotify=true
StartupWMClass=crm-desktop
"""
_TYPE_XML = """\
  <mime-type type="{mime}">
    <comment>{english}</comment>
    <comment xml:lang="ru">{russian}</comment>
    <glob pattern="*{ending}"/>
  </mime-type>
"""
_XML = """\
<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
{types}</mime-info>
"""
_RUSSIAN = {".crm": "База CRM Desktop", ".crmconn": "Подключение CRM Desktop"}


def register() -> list[Path | str]:
    """Tells the desktop; where that is written. `FileProblem` if it cannot be."""
    if sys.platform == "win32":
        from crm_desktop.services.os_integration.windows_registry import tell

        return list(tell(TYPES, windows_command()))
    data = data_folder()
    _write(data / "mime" / "packages" / _PACKAGE, mime_xml())
    _write(data / "applications" / ENTRY, desktop_entry())
    _renew(data)
    _call("xdg-mime", "default", ENTRY, *(one.mime for one in TYPES))
    return [data / "applications" / ENTRY, data / "mime" / "packages" / _PACKAGE]


def unregister() -> bool:
    """Takes it back; whether there was anything."""
    if sys.platform == "win32":
        from crm_desktop.services.os_integration.windows_registry import take_back

        return take_back(TYPES)
    data = data_folder()
    written = (data / "applications" / ENTRY, data / "mime" / "packages" / _PACKAGE)
    found = [path for path in written if path.exists()]
    for path in found:
        path.unlink()
    if found:
        _renew(data)
    return bool(found)


def data_folder() -> Path:
    """Where a person's own desktop entries and types of files are."""
    given = os.environ.get("XDG_DATA_HOME", "")
    return Path(given) if given.startswith("/") else Path.home() / ".local" / "share"


def desktop_entry() -> str:
    """The entry of the program, as it is started here."""
    command = " ".join(_word(word) for word in (sys.executable, "-P", "-m", "crm_desktop"))
    types = "".join(f"{one.mime};" for one in TYPES)
    return _ENTRY_TEXT.format(command=command, types=types)


def mime_xml() -> str:
    """The types of files."""
    types = "".join(
        _TYPE_XML.format(mime=one.mime, english=one.title, russian=_RUSSIAN[one.ending],
                         ending=one.ending)
        for one in TYPES
    )  # fmt: skip
    return _XML.format(types=types)


def windows_command() -> str:
    """What a double click starts; %1 is the file."""
    python = Path(sys.executable)
    silent = python.with_name("pythonw.exe")
    chosen = silent if silent.exists() else python
    return f'"{chosen}" -P -m crm_desktop "%1"'


def _word(text: str) -> str:
    """One word of an Exec line: quoted, and then escaped once more as any text of such a file."""
    plain = text.replace("%", "%%")
    if all(sign.isalnum() or sign in "/._-+" for sign in plain):
        return plain
    for sign in '\\"`$':
        plain = plain.replace(sign, "\\" + sign)
    return '"' + plain.replace("\\", "\\\\") + '"'


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        said = _("{file} cannot be written: {reason}")
        raise FileProblem(said.format(file=path, reason=disk_reason(error))) from error


def _renew(data: Path) -> None:
    """The desktop reads lists that are made of the files."""
    if shutil.which("update-mime-database") is None:
        raise FileProblem(
            _("This computer keeps no types of files. Debian: sudo apt install shared-mime-info")
        )
    _call("update-mime-database", str(data / "mime"))
    _call("update-desktop-database", str(data / "applications"))


def _call(name: str, *words: str) -> None:
    """A tool that is missing or fails leaves the files as they are, which desktops read as well."""
    path = shutil.which(name)
    if path is not None:
        subprocess.run([path, *words], capture_output=True, timeout=_TOOL_S, check=False)
