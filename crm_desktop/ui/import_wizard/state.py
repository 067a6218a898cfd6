"""What the steps of the wizard show and ask: plain values, without services."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

FILE, SHEET, COLUMNS, TRIAL, RUN = range(5)
"""The steps."""


@dataclass(frozen=True)
class Reading:
    """How the person wants a file to be read; None and '' leave it to the program."""

    path: Path
    sheet: int | None = None
    header_row: int | None = None
    encoding: str = ""
    delimiter: str = ""
    date_order: str = ""
    decimal: str = ""


@dataclass(frozen=True)
class SheetChoice:
    """A sheet of the file; `rows` None: not known without reading it."""

    name: str
    hidden: bool
    rows: int | None


@dataclass(frozen=True)
class Preview:
    """The head of a sheet as it was read.

    `rows`: (number in the file, texts). `samples`: some different values of each column. `sure`:
    whether the header was found for certain. Empty `encoding`: the format has none to choose.
    """

    kind: str
    sheets: tuple[SheetChoice, ...]
    sheet: int
    header_row: int
    sure: bool
    names: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    samples: tuple[tuple[str, ...], ...]
    encoding: str = ""
    delimiter: str = ""
    date_order: str = ""
    decimal: str = ""
    remarks: tuple[str, ...] = ()
    records: int = 0


@dataclass(frozen=True)
class FieldChoice:
    """A field that a column may go into; `group` is the heading under which it is offered."""

    path: str
    text: str
    group: str


@dataclass(frozen=True)
class ColumnLine:
    """A column of the file and where it goes. `mark`: `learned`, `guessed`, `chosen` or ''."""

    name: str
    samples: str
    target: str
    mark: str
    note: str = ""


@dataclass(frozen=True)
class ColumnOptions:
    """What can be said of one column beside its field; None where that does not apply.

    `paths`: the fields of its parts; `split`: where the value is cut.
    """

    paths: tuple[str, ...] = ()
    split: str = ""
    date_order: str | None = None
    create: bool | str | None = None
    can_create: bool = False
    default: str = ""


@dataclass(frozen=True)
class MatchChoice:
    """A field by which records that are there already may be known."""

    key: str
    text: str
    ticked: bool


@dataclass(frozen=True)
class Plan:
    """The whole step of the columns."""

    lines: tuple[ColumnLine, ...]
    matches: tuple[MatchChoice, ...]
    on_match: str
    create_new: bool
    empty_wipes: bool
    leave_out: bool
    refuse_names: bool
    html: bool
    problem: str = ""
    warning: str = ""


@dataclass(frozen=True)
class LikeLine:
    """A row that looks like the record `id`; `new` is the record made of it, 0 in a test run."""

    row: int
    name: str
    title: str
    likelihood: float
    id: int
    new: int = 0


@dataclass(frozen=True)
class UnknownWord:
    """A word that means nothing here: a name that no record has, or one that is in no list.

    `path`: its field; `rows`: in how many rows it stands.
    """

    path: str
    word: str
    rows: int


@dataclass(frozen=True)
class WordLine:
    """A word of a field, or all of them (`word` ''), and what is done with it.

    `verb`: one of `words.REFUSE`, `LEAVE`, `MAKE`, `MEANT`; `meaning`: what it is taken for.
    """

    path: str
    label: str
    word: str
    rows: int
    verb: str
    meaning: str = ""


@dataclass(frozen=True)
class WordChoices:
    """What can be done with a word. `usual`: what is done with all words of its field; `values`:
    what it may be taken for; `target`: or records of this object, of this book."""

    usual: str
    may_make: bool
    values: tuple[tuple[str, str], ...] = ()
    target: str = ""
    book: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a test run or an import did, for the figures and the table of problems.

    `problems`: (row, field, value, reason). `like`: those of the first `looked` new rows that look
    like records of the base. `left_out`: values among the problems whose rows come in.
    """

    state: str
    created: int
    updated: int
    skipped: int
    rejected: int
    seconds: float
    operation: int | None = None
    problems: tuple[tuple[int, str, str, str], ...] = ()
    others: tuple[tuple[str, int], ...] = field(default=())
    like: tuple[LikeLine, ...] = ()
    looked: int = 0
    left_out: int = 0
    names_alone: str = ""
    """That some rows may be headings."""
    sparable: str = ""
    """That refused rows would come in without what cannot be read."""
    past: int = 0
    """New records that stand in stages which ask for more."""
    past_rows: tuple[int, ...] = ()
    unknown: tuple[UnknownWord, ...] = ()
    """Words of the file that mean nothing here."""
    remarks: tuple[str, ...] = ()
    """What of the sheet a person may not have seen: hidden rows, another table."""
