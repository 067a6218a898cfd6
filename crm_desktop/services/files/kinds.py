"""What a file is: its first bytes decide, its ending only tells apart what looks the same.

Sources of the signatures: the formats' own descriptions (PNG: ISO/IEC 15948; ZIP: APPNOTE 6.3.10;
compound files: MS-CFB; shortcuts: MS-SHLLINK; ELF, PE, Mach-O) and the media types of the IANA.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from crm_desktop.models.text.file_names import ending_of
from crm_desktop.services.files import danger, insides

HEAD = 4096
"""Bytes that are looked at."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """`kind` as in the catalogue, `media` as registered with the IANA, `ending` of such files.

    `danger`: it could run if it were opened. `macros`: a document with a program inside.
    """

    kind: str
    media: str
    ending: str = ""
    danger: bool = False
    macros: bool = False


_PROGRAM = FileKind("program", "application/octet-stream", danger=True)
_OTHER = FileKind("other", "application/octet-stream")
_TEXT = FileKind("text", "text/plain", "txt")

_SIGNATURES: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF-", FileKind("pdf", "application/pdf", "pdf")),
    (b"\x89PNG\r\n\x1a\n", FileKind("image", "image/png", "png")),
    (b"\xff\xd8\xff", FileKind("image", "image/jpeg", "jpg")),
    (b"GIF87a", FileKind("image", "image/gif", "gif")),
    (b"GIF89a", FileKind("image", "image/gif", "gif")),
    (b"BM", FileKind("image", "image/bmp", "bmp")),
    (b"II*\x00", FileKind("image", "image/tiff", "tiff")),
    (b"MM\x00*", FileKind("image", "image/tiff", "tiff")),
    (b"{\\rtf", FileKind("document", "application/rtf", "rtf")),
    (b"7z\xbc\xaf\x27\x1c", FileKind("archive", "application/x-7z-compressed", "7z")),
    (b"Rar!\x1a\x07", FileKind("archive", "application/vnd.rar", "rar")),
    (b"\x1f\x8b\x08", FileKind("archive", "application/gzip", "gz")),
    (b"BZh", FileKind("archive", "application/x-bzip2", "bz2")),
    (b"\xfd7zXZ\x00", FileKind("archive", "application/x-xz", "xz")),
    (b"ID3", FileKind("sound", "audio/mpeg", "mp3")),
    (b"OggS", FileKind("sound", "audio/ogg", "ogg")),
    (b"fLaC", FileKind("sound", "audio/flac", "flac")),
    (b"\x1aE\xdf\xa3", FileKind("sound", "video/webm", "webm")),
)  # fmt: skip
_BY_ENDING: dict[str, FileKind] = {
    "csv": FileKind("sheet", "text/csv", "csv"),
    "tsv": FileKind("sheet", "text/tab-separated-values", "tsv"),
    "eml": FileKind("mail", "message/rfc822", "eml"),
    "md": FileKind("text", "text/markdown", "md"),
    "json": FileKind("text", "application/json", "json"),
    "xml": FileKind("text", "application/xml", "xml"),
    "htm": FileKind("text", "text/html", "html"),
    "html": FileKind("text", "text/html", "html"),
    "svg": FileKind("text", "image/svg+xml", "svg"),
    "vcf": FileKind("text", "text/vcard", "vcf"),
    "ics": FileKind("text", "text/calendar", "ics"),
}


def recognise(name: str, file: BinaryIO) -> FileKind:
    """What the file is; `file` can be read from any place and stands at its beginning."""
    head = file.read(HEAD)
    if danger.is_program(name, head):
        return _PROGRAM
    for read in (insides.of_archive, insides.of_compound):
        found = read(name, head, file)
        if found is not None:
            return FileKind(*found)
    return _by_head(name, head)


def _by_head(name: str, head: bytes) -> FileKind:
    for signature, kind in _SIGNATURES:
        if head.startswith(signature) and (len(signature) > 3 or b"\x00" in head or len(head) > 64):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FileKind("image", "image/webp", "webp")
    if head[:4] == b"RIFF" and head[8:12] in (b"WAVE", b"AVI "):
        return FileKind("sound", "audio/wav" if head[8:12] == b"WAVE" else "video/avi", "wav")
    if head[4:8] == b"ftyp":
        return _of_boxes(head)
    if not is_text(head):
        return _OTHER
    return _BY_ENDING.get(ending_of(name), _TEXT)


def _of_boxes(head: bytes) -> FileKind:
    """ISO/IEC 14496-12 files: pictures of telephones, sounds and films."""
    brand = head[8:12]
    if brand in (b"heic", b"heix", b"mif1", b"avif"):
        return FileKind("image", "image/avif" if brand == b"avif" else "image/heic", "heic")
    return FileKind("sound", "video/mp4", "mp4")


def is_text(head: bytes) -> bool:
    """Whether the bytes read like a text in any encoding: no control letters but the usual."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    odd = sum(1 for byte in head if byte < 32 and byte not in (9, 10, 12, 13, 27))
    return odd == 0
