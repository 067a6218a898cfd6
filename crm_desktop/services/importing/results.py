"""What an import tells: how far it is, what it did, which rows it refused."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import IO, Any

from crm_desktop.i18n import ngettext
from crm_desktop.services.importing.gates import PastRow
from crm_desktop.services.importing.likeness import LikeRow
from crm_desktop.services.importing.readers.base import Cell
from crm_desktop.services.importing.rowplan import Problem

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
    `unused`: the columns of the file that went into no field.
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
        }

    @staticmethod
    def from_json(row: Mapping[str, Any]) -> ImportResult:
        """The inverse of `to_json`."""
        rejects = tuple(Reject(**one) for one in row["rejects"])
        like = tuple(LikeRow(**one) for one in row["like"])
        past = tuple(PastRow(**one) for one in row["past_rows"])
        plain = {**row, "unused": tuple(row["unused"])}
        return ImportResult(**{**plain, "rejects": rejects, "like": like, "past_rows": past})


def said_past(count: int) -> str:
    """How many records stand where a person would have been asked for more."""
    return ngettext(
        "{count} record came in past what its stage asks for",
        "{count} records came in past what their stages ask for", count,
    ).format(count=count)  # fmt: skip


class RejectedRows:
    """Refused rows with their reasons, kept on the disk: there may be as many as rows."""

    def __init__(self, most_listed: int) -> None:
        self._file: IO[bytes] | None = None
        self._most = most_listed
        self._listed: list[Reject] = []
        self.count = 0
        self.left_out = 0

    def leave_out(self, number: int, problems: Sequence[Problem]) -> None:
        """Values of a row that came in without them."""
        self.left_out += len(problems)
        if len(self._listed) < self._most:
            self._listed += [Reject(number, *p) for p in problems]

    def add(self, number: int, cells: Sequence[Cell], problems: Sequence[Problem]) -> None:
        """One refused row."""
        self.count += 1
        if len(self._listed) < self._most:
            self._listed += [Reject(number, *p) for p in problems]
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - `close` closes it
        reason = "; ".join(dict.fromkeys(problem.reason for problem in problems))
        pickle.dump((number, tuple(cells), reason), self._file, pickle.HIGHEST_PROTOCOL)

    def listed(self) -> tuple[Reject, ...]:
        """The first reasons, in the order of the rows."""
        return tuple(sorted(self._listed[: self._most], key=lambda reject: reject.row))

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
