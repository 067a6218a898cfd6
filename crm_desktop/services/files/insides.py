"""Documents that are archives or compound files: which one it is, and whether macros lie in it."""

from __future__ import annotations

import zipfile
import zlib
from typing import Any, BinaryIO

from crm_desktop.models.text.file_names import ending_of

Found = tuple[Any, ...]
"""The values of a `FileKind`."""

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_PARTS: tuple[tuple[str, Found], ...] = (
    ("word/", ("document", _OFFICE + "wordprocessingml.document", "docx")),
    ("xl/", ("sheet", _OFFICE + "spreadsheetml.sheet", "xlsx")),
    ("ppt/", ("slides", _OFFICE + "presentationml.presentation", "pptx")),
)
_KINDS_OF_OPEN: dict[str, Found] = {
    "text": ("document", _OPEN + "text", "odt"),
    "spreadsheet": ("sheet", _OPEN + "spreadsheet", "ods"),
    "presentation": ("slides", _OPEN + "presentation", "odp"),
    "graphics": ("image", _OPEN + "graphics", "odg"),
}
_STREAMS: tuple[tuple[str, Found], ...] = (
    ("WordDocument", ("document", "application/msword", "doc")),
    ("Workbook", ("sheet", "application/vnd.ms-excel", "xls")),
    ("Book", ("sheet", "application/vnd.ms-excel", "xls")),
    ("PowerPoint Document", ("slides", "application/vnd.ms-powerpoint", "ppt")),
    ("__properties_version1.0", ("mail", "application/vnd.ms-outlook", "msg")),
)
_LOCKED: dict[str, Found] = {found[2]: found for _part, found in _PARTS}
_PROGRAM: Found = ("program", "application/octet-stream", "", True)
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_INSTALLER = "000C1084-0000-0000-C000-000000000046"  # the class of MSI packages
_MOST_NAMES = 100_000
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError,
           EOFError, KeyError)  # fmt: skip


def of_archive(name: str, head: bytes, file: BinaryIO) -> Found | None:
    """A ZIP file: an office document, a Java program, or an archive; None if it is no ZIP."""
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()[:_MOST_NAMES]
            media = archive.read("mimetype")[:200].decode("ascii", "replace") if (
                "mimetype" in names and archive.getinfo("mimetype").file_size < 200
            ) else ""  # fmt: skip
    except _BROKEN:
        return ("archive", "application/zip", "zip")
    if "AndroidManifest.xml" in names or any(n.endswith(".class") for n in names):
        return _PROGRAM
    return _office(names) or _open_document(media, names) or ("archive", "application/zip", "zip")


def _office(names: list[str]) -> Found | None:
    """ECMA-376: which part is there. A vbaProject holds macros, whatever the ending says."""
    if "[Content_Types].xml" not in names:
        return None
    macros = any(n.lower().endswith(("vbaproject.bin", "xlmacros.bin")) for n in names)
    macros = macros or any("/macrosheets/" in n.lower() for n in names)
    for part, found in _PARTS:
        if any(n.startswith(part) for n in names):
            return (*found, False, macros)
    return None


def _open_document(media: str, names: list[str]) -> Found | None:
    """ISO/IEC 26300: the first entry names the media type; macros lie in Basic/ and Scripts/."""
    if media == "application/epub+zip":
        return ("document", media, "epub")
    if not media.startswith(_OPEN):
        return None
    found = _KINDS_OF_OPEN.get(media.removeprefix(_OPEN).split("-")[0])
    macros = any(n.startswith(("Basic/", "Scripts/")) and not n.endswith("/") for n in names)
    return None if found is None else (*found, False, macros)


def of_compound(name: str, head: bytes, file: BinaryIO) -> Found | None:
    """A compound file: an old office document, a letter of Outlook, an installer."""
    if not head.startswith(_COMPOUND):
        return None
    import olefile  # type: ignore[import-untyped]

    try:
        with olefile.OleFileIO(file) as compound:
            streams = {parts[-1] for parts in compound.listdir(streams=True, storages=True)}
            if str(compound.root.clsid).upper() == _INSTALLER:
                return _PROGRAM
    except Exception:  # noqa: BLE001 - olefile raises whatever broken bytes lead it to
        return ("other", "application/x-ole-storage", ending_of(name))
    if "EncryptedPackage" in streams:  # ECMA-376 with a password: nobody can look inside
        return _LOCKED.get(ending_of(name), ("other", "application/x-ole-storage", ""))
    macros = bool(streams & {"Macros", "_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA"})
    for stream, found in _STREAMS:
        if stream in streams:
            return (*found, False, macros)
    return ("other", "application/x-ole-storage", "")
