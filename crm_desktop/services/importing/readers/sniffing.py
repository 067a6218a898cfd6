"""What a file really is: its first bytes decide, its name only helps where they say nothing.

Old accounting programs save web pages, text and new workbooks under the name .xls.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from crm_desktop.i18n import N_
from crm_desktop.services.importing.readers import archive, biff, problems
from crm_desktop.services.importing.readers.encoding import detect

_HEAD_BYTES = 4096
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")

PDF = N_(
    "{file} is a PDF document: a table cannot be read from it. Ask for the table as XLSX, or "
    "open the document in Word or LibreOffice and copy the table to a new workbook."
)
DOCUMENT = N_(
    "{file} is a text document. Copy the table from it to a new workbook and import that file."
)
SLIDES = N_("{file} is a presentation. Copy the table from it to a new workbook.")
BINARY_WORKBOOK = N_(
    "{file} is a binary workbook (XLSB). Open it in Excel, save it as XLSX and import that file."
)
NUMBERS = N_(
    "{file} is a workbook of Apple Numbers. Open it there, export it to Excel and import that file."
)
ANCIENT = N_(
    "{file} was saved by Excel 4 or older. Open it in Excel or LibreOffice, save it as XLSX and "
    "import that file."
)
PACKED = N_("{file} is an archive. Unpack it and import the files in it.")
PICTURE = N_("{file} is a picture: a table cannot be read from it.")
MESSAGE = N_("{file} is an e-mail message. Save its attachment and import that file.")
LOCK = N_(
    "{file} only says that a file is open in another program. Import the file itself, which stands "
    "beside it under its own name."
)
WEB_ARCHIVE = N_(
    "{file} is a web page in a single file, as Excel saves it. Open it in Excel or LibreOffice, "
    "save it as XLSX and import that file."
)
PAYMENTS = N_(
    "{file} holds payments that a bank and 1C exchange, not a table of records. Ask for a list as "
    "XLSX or CSV."
)
CALENDAR = N_("{file} is a calendar, not a table of records.")
DATABASE = N_("{file} is a database. Export its table to XLSX or CSV and import that file.")
XML = N_("{file} is XML of a kind that holds no table we know. Save the table as XLSX or CSV.")

# First bytes of what is certainly no table. Source: the file formats' own descriptions.
_FOREIGN = (
    (b"%PDF", PDF),
    (b"{\\rtf", DOCUMENT),
    (b"\x1f\x8b", PACKED),
    (b"7z\xbc\xaf\x27\x1c", PACKED),
    (b"Rar!", PACKED),
    (b"BZh", PACKED),
    (b"\xfd7zXZ", PACKED),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"MZ\x90", problems.NOT_TEXT),
    (b"\x7fELF", problems.NOT_TEXT),
    (b"SQLite format 3", DATABASE),
    (b"\x00\x01\x00\x00Standard ", DATABASE),
    (b"\x09\x08\x08\x00", ANCIENT),
    (b"\x09\x00\x04\x00", ANCIENT),
    (b"\x09\x02\x06\x00", ANCIENT),
    (b"\x09\x04\x06\x00", ANCIENT),
)
_CARD = re.compile(r"\s*(?:[\w-]+\.)?BEGIN\s*:\s*VCARD", re.IGNORECASE)
_DIRECTORY = re.compile(r"(?:#[^\n]*\n|\s+|version:[ ]*1\s)*+dn::?[ ]*\S", re.IGNORECASE)
_LETTER = re.compile(
    r"(?:Received|Return-Path|Delivered-To|Message-ID|MIME-Version|From|To|Subject|Date|"
    r"X-[\w-]+|Content-[\w-]+):[ \t].*\r?\n(?:[ \t].*\r?\n)*[A-Za-z][\w-]+:[ \t]",
    re.IGNORECASE,
)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|table|head|body)\b", re.IGNORECASE)
_XML_WORKBOOK = re.compile(
    r"<(?:\w+:)?Workbook\b[^<>]*urn:schemas-microsoft-com:office:spreadsheet"
)
_BANKS = re.compile(r"<(?:\w+:)?ED807[\s>]")
_OBJECTS = re.compile(r"\s*(?:\[\s*(?:\{|\])|\{\s*(?:\"|\}))")
_MARKUP = ((_XML_WORKBOOK, "xml"), (_BANKS, "ed807"), (_PAGE, "html"))
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f\x7f]")
_MOST_CONTROL = 0.3
"""Of the first letters; spoiled tables hold single ones, programs and sounds many."""
_BEGINNINGS = (("1CCLIENTBANKEXCHANGE", PAYMENTS), ("BEGIN:VCALENDAR", CALENDAR))
_LOCKS = ("~$", ".~lock.")  # of Excel and LibreOffice
_WEB_ARCHIVE = re.compile(
    r"X-Document-Type:[ ]*Workbook|Content-Type:[ ]*multipart/related", re.IGNORECASE
)
_LETTER_NAMES = (".eml", ".msg")
_JSON_NAMES = (".json", ".jsonl", ".ndjson")
_TABLE_NAMES = (".csv", ".tsv", ".tab", ".txt", ".xls", ".xlsx", ".ods", "")


def kind_of(path: Path) -> str:
    """xlsx, xls, ods, csv, vcard, ldif, html, xml, ed807 or json; FileProblem for other files."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise problems.reading_failed(path, error) from error
    if path.name.startswith(_LOCKS):
        raise problems.problem(LOCK, path)
    if not head:
        raise problems.problem(problems.EMPTY, path)
    for mark, sentence in _FOREIGN:
        if head.startswith(mark):
            raise problems.problem(sentence, path)
    if head.startswith(_ZIP):
        return _zipped(path)
    if head.startswith(_COMPOUND):
        return _compound(path)
    return _text(path, head)


def _zipped(path: Path) -> str:
    with archive.check(path) as opened:
        names = set(opened.namelist())
        form = _mimetype(opened) if "mimetype" in names else b""
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise problems.problem(BINARY_WORKBOOK, path)
    if form.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "ods"
    raise problems.problem(_zipped_stranger(names, form), path)


def _mimetype(opened: zipfile.ZipFile) -> bytes:
    try:
        with opened.open("mimetype") as file:
            return file.read(128)
    except archive.BROKEN:
        return b""


def _zipped_stranger(names: set[str], form: bytes) -> str:
    if any(name.startswith("word/") for name in names) or form.endswith(b".text"):
        return DOCUMENT
    if any(name.startswith("ppt/") for name in names) or form.endswith(b".presentation"):
        return SLIDES
    if any(name.endswith(".iwa") or name == "Index.zip" for name in names):
        return NUMBERS
    return PACKED if names else problems.DAMAGED


def _compound(path: Path) -> str:
    names = biff.streams(path)
    if names & {"Workbook", "Book"}:
        return "xls"
    if "EncryptedPackage" in names:
        raise problems.problem(problems.PASSWORD, path)
    if "WordDocument" in names:
        raise problems.problem(DOCUMENT, path)
    if "PowerPoint Document" in names:
        raise problems.problem(SLIDES, path)
    if any(name.startswith("__") for name in names):
        raise problems.problem(MESSAGE, path)
    raise problems.problem(problems.DAMAGED, path)


def _text(path: Path, head: bytes) -> str:
    text = head.decode(detect(head, whole=len(head) < _HEAD_BYTES).name, errors="replace")
    text = text.lstrip("\ufeff\0")
    if _CARD.match(text):
        return "vcard"
    if _DIRECTORY.match(text):
        return "ldif"
    _refuse_foreign(path, text)
    if text.lstrip().startswith("<"):
        for pattern, kind in _MARKUP:
            if pattern.search(text):
                return kind
        if text.lstrip().startswith("<?xml") or path.suffix.lower() == ".xml":
            raise problems.problem(XML, path)
    suffix = path.suffix.lower()
    if suffix in _JSON_NAMES or (_OBJECTS.match(text) and suffix not in _TABLE_NAMES[:3]):
        return "json"
    return _table(path, text)


def _refuse_foreign(path: Path, text: str) -> None:
    """Text of other kinds than tables is named."""
    if _LETTER.match(text):
        is_page = path.suffix.lower() not in _LETTER_NAMES and _WEB_ARCHIVE.search(text)
        raise problems.problem(WEB_ARCHIVE if is_page else MESSAGE, path)
    for beginning, sentence in _BEGINNINGS:
        if text.lstrip()[: len(beginning)].upper() == beginning:
            raise problems.problem(sentence, path)


def _table(path: Path, text: str) -> str:
    """Delimited text is what is left, if it is text at all."""
    if path.suffix.lower() in (".vcf", ".vcard"):
        raise problems.problem(problems.DAMAGED, path)
    if len(_CONTROL.findall(text)) > _MOST_CONTROL * len(text):
        raise problems.problem(problems.NOT_TEXT, path)
    return "csv"
