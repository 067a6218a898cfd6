"""What a command has to say: lines for a person, one JSON value for a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TextIO

DONE, REFUSED = 0, 1


@dataclass
class Answer:
    """The outcome of a command. `code`: DONE or REFUSED; `reason` goes to standard error. `told`:
    the records it tells of, by object; a shared base asks about many and notes them."""

    value: Any = None
    lines: list[str] = field(default_factory=list)
    code: int = DONE
    reason: str = ""
    told: Mapping[str, Collection[int]] = field(default_factory=dict)


def by_object(refs: Iterable[tuple[str, int]]) -> dict[str, set[int]]:
    """Records as `Answer.told` takes them."""
    found: dict[str, set[int]] = {}
    for entity, id_ in refs:
        found.setdefault(entity, set()).add(id_)
    return found


def refused(reason: str, field: str | None = None, **more: Any) -> Answer:
    """The answer of a command that did nothing, and why."""
    return Answer({"error": reason, "field": field, **more}, code=REFUSED, reason=reason)


def say(answer: Answer, *, as_json: bool, out: TextIO | None = None) -> None:
    """Prints the answer; with `as_json` the JSON and nothing else."""
    stream = out or sys.stdout
    if as_json:
        json.dump(answer.value, stream, ensure_ascii=False, default=str)
        stream.write("\n")
        return
    for line in answer.lines:
        stream.write(line + "\n")


def table(header: Sequence[str], rows: Sequence[Sequence[str]], widest: int = 60) -> list[str]:
    """Rows under a header, columns as wide as their widest text."""
    cut = [[_short(text, widest) for text in row] for row in rows]
    widths = [
        max(len(title), *(len(row[place]) for row in cut)) if cut else len(title)
        for place, title in enumerate(header)
    ]
    lines = [_line(header, widths), _line(["-" * width for width in widths], widths)]
    return lines + [_line(row, widths) for row in cut]


def _short(text: str, widest: int) -> str:
    one = " ".join(str(text).split())
    return one if len(one) <= widest else one[: widest - 1] + "…"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
