"""What an import tells: how far it is, what it did, which rows it refused."""

from __future__ import annotations

import pickle
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from crm_desktop.i18n import _, in_quotes, ngettext
from crm_desktop.services.importing.drafts import Missing
from crm_desktop.services.importing.gates import PastRow
from crm_desktop.services.importing.likeness import LikeRow
from crm_desktop.services.importing.readers.base import Cell
from crm_desktop.services.importing.readers.cells import ERROR_WORDS
from crm_desktop.services.importing.rowplan import Problem

MOST_HEADINGS = 2  # of so many rows of a grouped sheet one may be a heading
SHOWN_NAMES = 5
MOST_NAMED = 100  # rows of a name alone
DONE, KEPT, UNDONE, TESTED = "done", "kept", "undone", "tested"


@dataclass(frozen=True)
class Reject:
    """One reason why a row was refused; `row` as the file counts, `field` as a mapping names it,
    `label` as people do."""

    row: int
    field: str
    label: str
    value: str
    reason: str

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return asdict(self)


@dataclass(frozen=True)
class MissingName:
    """A name that no record has, or a word that is not in a list (`listed`); `rows` were refused
    for it or came in without it. `field` as a mapping names it, `label` as people do."""

    field: str
    label: str
    name: str
    rows: int
    listed: bool = False


@dataclass(frozen=True)
class Progress:
    """How far an import is. `total` 0: not known. `rate`: rows a second."""

    read: int
    total: int
    created: int
    updated: int
    skipped: int
    rejected: int
    seconds: float

    @property
    def rate(self) -> float:
        """Rows a second since the start."""
        return self.read / self.seconds if self.seconds > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds that are left, if that can be told."""
        if not self.total or not self.rate:
            return None
        return max(0.0, (self.total - self.read) / self.rate)


@dataclass(frozen=True)
class ImportResult:
    """What an import or its test run did. `read` rows are the sum of the four counts.

    `state`: `done`; stopped and `kept` as far as it was; stopped and `undone`; only `tested`.
    `rejects`: the first ones; `rejected` counts rows, some of which may have several reasons;
    `left_out` counts values without which a row came in, they stand among the `rejects`.
    `pictures` counts the photos that are new or other ones.
    `others`: how many records of further objects were made, by object key. `like`: rows of a test
    run that look like records in the base, among the first `looked` new ones. `past`: how many
    new records stand in stages that would have asked a person for more; `past_rows`: the first.
    `unused`: the columns of the file that went into no field. `name_only`: how many rows came in
    with a name and nothing else, which may be headings of groups; `name_only_rows`: the first.
    `sparable`: how many of the refused rows would come in without the values that are wrong.
    `missing`: the words of the file that mean nothing here, the most frequent first. `fits`: how
    many refused rows are records of another object, by its key.
    """

    state: str
    operation: int | None
    read: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    rejected: int = 0
    seconds: float = 0.0
    rejects: tuple[Reject, ...] = ()
    left_out: int = 0
    others: Mapping[str, int] = field(default_factory=dict)
    like: tuple[LikeRow, ...] = ()
    looked: int = 0
    pictures: int = 0
    past: int = 0
    past_rows: tuple[PastRow, ...] = ()
    unused: tuple[str, ...] = ()
    name_only: int = 0
    name_only_rows: tuple[tuple[int, str], ...] = ()
    sparable: int = 0
    missing: tuple[MissingName, ...] = ()
    fits: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "operation": self.operation,
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "skipped": self.skipped,
            "rejected": self.rejected,
            "seconds": round(self.seconds, 3),
            "rejects": [reject.to_json() for reject in self.rejects],
            "left_out": self.left_out,
            "others": dict(self.others),
            "state": self.state,
            "like": [one.to_json() for one in self.like],
            "looked": self.looked,
            "pictures": self.pictures,
            "past": self.past,
            "past_rows": [one.to_json() for one in self.past_rows],
            "unused": list(self.unused),
            "name_only": self.name_only,
            "name_only_rows": [{"row": n, "name": name} for n, name in self.name_only_rows],
            "sparable": self.sparable,
            "missing": [asdict(one) for one in self.missing],
            "fits": dict(self.fits),
        }

    @staticmethod
    def from_json(row: Mapping[str, Any]) -> ImportResult:
        """The inverse of `to_json`."""
        rejects = tuple(Reject(**one) for one in row["rejects"])
        like = tuple(LikeRow(**one) for one in row["like"])
        past = tuple(PastRow(**one) for one in row["past_rows"])
        named = tuple((one["row"], one["name"]) for one in row["name_only_rows"])
        missing = tuple(MissingName(**one) for one in row["missing"])
        plain = {**row, "unused": tuple(row["unused"]), "name_only_rows": named,
                 "missing": missing}  # fmt: skip
        return ImportResult(**{**plain, "rejects": rejects, "like": like, "past_rows": past})


def said_past(count: int) -> str:
    """How many records stand where a person would have been asked for more."""
    return ngettext(
        "{count} record came in past what its stage asks for",
        "{count} records came in past what their stages ask for", count,
    ).format(count=count)  # fmt: skip


def said_of_names(row: Mapping[str, Any]) -> str:
    """Of a result in JSON: that some rows may be no records; empty where that is not likely."""
    count, read = row["name_only"], row["read"]
    if not count or count * MOST_HEADINGS > read:
        return ""
    names = ", ".join(in_quotes(one["name"]) for one in row["name_only_rows"][:SHOWN_NAMES])
    return ngettext(
        "{count} row holds a name and nothing else. Does it head the rows below it? {names}",
        "{count} rows hold a name and nothing else. Do they head the rows below them? {names}",
        count,
    ).format(count=count, names=names)


def said_of_spared(count: int) -> str:
    """How many refused rows would come in if what is wrong with them were left out."""
    return ngettext(
        "{count} refused row would come in without what cannot be read",
        "{count} refused rows would come in without what cannot be read", count,
    ).format(count=count)  # fmt: skip


def said_of_missing(row: Mapping[str, Any]) -> Iterator[str]:
    """Of a result in JSON: the names that no record has, and what can be done, a sentence for each
    field."""
    fields = dict.fromkeys((one["field"], one["label"]) for one in row["missing"])
    for path, label in fields:
        names = [one for one in row["missing"] if one["field"] == path]
        shown = ", ".join(
            f"{in_quotes(one['name'])} ({one['rows']})" for one in names[:SHOWN_NAMES]
        )
        said = (
            _("{field}: the list has no {names}. Say what they mean")
            if names[0]["listed"]
            else _("{field}: nothing in the base is called {names}. Let the import make them, or "
                   "say what they mean")
        )  # fmt: skip
        yield said.format(field=label, names=shown)


class RejectedRows:
    """Refused rows with their reasons, kept on the disk: there may be as many as rows; and what
    else is to be told of rows that came in."""

    def __init__(self, most_listed: int, listed: Collection[str] = ()) -> None:
        """`listed`: the fields whose values are in a list; words that are not are counted."""
        self._file: IO[bytes] | None = None
        self._in_lists = listed
        self._most = most_listed
        self._listed: list[Reject] = []
        self.count = 0
        self.left_out = 0
        self.sparable = 0
        self._names: list[tuple[int, str]] = []
        self._names_count = 0
        self._missing: Counter[Missing] = Counter()
        self.fits: Counter[str] = Counter()
        """Refused rows by the object that they fit, '' for none."""

    def note_missing(self, names: Counter[Missing]) -> None:
        """Names that are not in the base, and in how many rows."""
        for name, rows in names.items():
            if name in self._missing or len(self._missing) < MOST_NAMED:
                self._missing[name] += rows

    def _note_words(self, problems: Sequence[Problem]) -> None:
        for field_, label, value, _reason in problems:
            if field_ in self._in_lists and value not in ERROR_WORDS:
                self.note_missing(Counter(((field_, label, value),)))

    def leave_out(self, number: int, problems: Sequence[Problem]) -> None:
        """Values of a row that came in without them."""
        self.left_out += len(problems)
        self._note_words(problems)
        if len(self._listed) < self._most:
            self._listed += [Reject(number, *p) for p in problems]

    def note_names(self, rows: Sequence[tuple[int, str]]) -> None:
        """Rows that came in with a name and nothing else: their numbers and names."""
        self._names_count += len(rows)
        self._names += rows[: MOST_NAMED - len(self._names)]

    def add(self, number: int, cells: Sequence[Cell], problems: Sequence[Problem]) -> None:
        """One refused row."""
        self.count += 1
        self._note_words(problems)
        if len(self._listed) < self._most:
            self._listed += [Reject(number, *p) for p in problems]
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - `close` closes it
        reason = "; ".join(dict.fromkeys(problem.reason for problem in problems))
        pickle.dump((number, tuple(cells), reason), self._file, pickle.HIGHEST_PROTOCOL)

    def write(self, path: Path, names: Sequence[str]) -> None:
        """Keeps the rows as they were, with the reasons, ready to be corrected."""
        from crm_desktop.services.exporting.writers.rows import write_rejects

        if self.count:
            write_rejects(path, names, self.rows())

    def told(self) -> dict[str, Any]:
        """What a result says of them: the first reasons in the order of the rows, and counts."""
        listed = sorted(self._listed[: self._most], key=lambda reject: reject.row)
        return {
            "rejected": self.count, "rejects": tuple(listed), "left_out": self.left_out,
            "sparable": self.sparable, "name_only": self._names_count,
            "name_only_rows": tuple(self._names),
            "fits": {key: count for key, count in self.fits.items() if key},
            "missing": tuple(
                MissingName(*one, rows, one[0] in self._in_lists)
                for one, rows in self._missing.most_common(MOST_NAMED)
            ),
        }  # fmt: skip

    def rows(self) -> Iterator[tuple[Sequence[Cell], str]]:
        """Every refused row with its reasons in one sentence."""
        if self._file is None:
            return
        self._file.seek(0)
        for _count in range(self.count):
            _number, cells, reason = pickle.load(self._file)
            yield cells, reason

    def close(self) -> None:
        """Gives the room on the disk back."""
        if self._file is not None:
            self._file.close()
