"""Which files may be handed to the program of the computer that knows them, and under what name.

Only kinds that are documents everywhere are opened, and only under the ending of such documents:
it is the ending by which a desktop chooses the program. Everything else can be saved.
"""

from __future__ import annotations

from dataclasses import dataclass

from crm_desktop.i18n import _
from crm_desktop.models.text.file_names import ending_of, safe_name
from crm_desktop.services.files.danger import RUN
from crm_desktop.services.files.kinds import FileKind

OPENED: dict[str, frozenset[str]] = {
    "document": frozenset("doc docx docm dot dotx odt ott rtf epub".split()),
    "sheet": frozenset("xls xlsx xlsm xlsb ods csv tsv".split()),
    "slides": frozenset("ppt pptx pptm ppsx odp".split()),
    "pdf": frozenset({"pdf"}),
    "image": frozenset("png jpg jpeg gif bmp tif tiff webp heic avif odg".split()),
    "text": frozenset("txt log md json vcf ics".split()),
    "mail": frozenset("eml msg".split()),
    "sound": frozenset("mp3 ogg flac wav mp4 webm".split()),
}
"""Endings of each kind that are opened."""
_WEB = ("http", "https")
MACRO_ENDINGS = frozenset("docm dotm xlsm xlsb xltm pptm potm ppsm".split())


@dataclass(frozen=True)
class Opening:
    """Whether a file is opened, under which name; if not, why; if so, what must be said first."""

    allowed: bool
    name: str
    reason: str = ""
    warning: str = ""


def how_to_open(name: str, kind: FileKind) -> Opening:
    """What opening the file would mean; `kind` is what its bytes say."""
    ending = ending_of(name)
    if kind.danger or ending in RUN:
        return Opening(False, name, _(
            "“{file}” is a program or a script. It is never started from here; save it if you "
            "trust whoever sent it."
        ).format(file=name))  # fmt: skip
    suited = OPENED.get(kind.kind, frozenset())
    if ending not in suited and kind.ending in suited and not _is_opened(ending):
        name, ending = safe_name(f"{name}.{kind.ending}"), kind.ending
    if not suited or not _is_opened(ending):
        return Opening(False, name, _(
            "“{file}” cannot be opened safely from here. Save it and open it yourself."
        ).format(file=name))  # fmt: skip
    return Opening(True, name, warning=_macro_warning(name, kind))


def why_not_opened(address: str) -> str:
    """Why the path or address of a document outside the base, which anybody may have written, is
    not handed to the desktop; '' if it may be. The web and documents are, programs never."""
    scheme, found, _rest = address.partition("://")
    if found:
        if scheme.lower() in _WEB:
            return ""
        return _("“{address}” is not opened from here: only files and web addresses are.").format(
            address=address
        )
    name = address.replace("\\", "/").rstrip("/").rpartition("/")[2]
    parts = (part.rstrip(". ") for part in name.split(":"))  # as Windows reads a name
    if any(ending_of(part) in RUN for part in parts):
        return _("“{file}” is a program or a script. It is never started from here.").format(
            file=name
        )
    return ""


def _is_opened(ending: str) -> bool:
    return any(ending in known for known in OPENED.values())


def _macro_warning(name: str, kind: FileKind) -> str:
    if not kind.macros and ending_of(name) not in MACRO_ENDINGS:
        return ""
    return _(
        "“{file}” holds macros: small programs that can do harm. Open it only if you know who made "
        "it, and do not allow the macros unless you need them."
    ).format(file=name)
