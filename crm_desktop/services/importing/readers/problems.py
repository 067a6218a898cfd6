"""Sentences about files that cannot be read: the file, what is wrong with it, what to do."""

from __future__ import annotations

import errno
from pathlib import Path

from crm_desktop.errors import FileProblem
from crm_desktop.i18n import N_, _

EMPTY = N_("The file {file} is empty: there is nothing to import.")
FOLDER = N_("{file} is a folder. Choose a file in it.")
MISSING = N_("There is no file {file}. Check its name and its folder.")
NO_RIGHT = N_(
    "The file {file} cannot be opened: another program holds it, or you may not read it. "
    "Close it there or copy it to a folder of your own."
)
UNREADABLE = N_("The file {file} cannot be read: the disk or the network reports an error.")
PASSWORD = N_(
    "The file {file} is protected with a password. Open it in its own program, save it without "
    "a password and import that file."
)
DAMAGED = N_(
    "The file {file} is damaged. Open it in Excel or LibreOffice, save it under a new name and "
    "import that file."
)
DANGEROUS = N_(
    "The file {file} was not opened: it is built so that opening it would use up the memory of "
    "the computer. Ask its sender for another one."
)
TOO_BIG = N_("The file {file} is too big. Divide it into several files and import them in turn.")
TOO_WIDE = N_(
    "The sheet “{sheet}” of {file} has cells scattered over too wide an area. Copy the table "
    "alone to a new file and import that one."
)
ENDLESS_LINE = N_(
    "The file {file} holds a line that does not end: it is no table. Save the table as CSV or "
    "as XLSX again."
)
OPEN_QUOTE = N_(
    "Row {row} of {file} has a quotation mark that is never closed. Correct the row, or choose "
    "that the file uses no quotation marks."
)
NOT_TEXT = N_("The file {file} is no table that can be imported. Use XLSX, XLS, ODS, CSV or vCard.")
BAD_ROW = N_(
    "Row {row} of the sheet “{sheet}” in {file} holds a value that cannot be understood, such as "
    "a date beyond the calendar. Correct the row and import the file again."
)
SEPARATOR = N_(
    "“{sign}” cannot divide or quote the cells of {file}. Choose a single character, such as a "
    "semicolon."
)
ENCODING = N_("{file} cannot be read in the encoding {encoding}. Choose another one.")


def problem(sentence: str, path: Path, **words: object) -> FileProblem:
    """The error to raise: `sentence` is one of the constants above."""
    return FileProblem(_(sentence).format(file=path.name, **words))


def reading_failed(path: Path, error: OSError) -> FileProblem:
    """What an error of the operating system means for the person who chose the file."""
    if isinstance(error, IsADirectoryError) or path.is_dir():
        return problem(FOLDER, path)
    if isinstance(error, FileNotFoundError):
        return problem(MISSING, path)
    if isinstance(error, PermissionError) or error.errno in (errno.EACCES, errno.EBUSY):
        return problem(NO_RIGHT, path)
    return problem(UNREADABLE, path)
