"""`python -m tests.freeze_version`: keep today's empty base beside those of the older versions.

To be called when a version has gone out and before the next one begins: then upgrades from it are
tested (`tests/database/test_older_versions.py`). Wants the Firebird server of the tests.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from contextlib import closing
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.catalogue.overlay import build_catalogue
from crm_desktop.models.schema import SCHEMA_VERSION, Tables
from crm_desktop.services.base_tables import create_statements
from tests.firebird_server import firebird_server

KINDS = ("sqlite", "firebird")
_LINE = re.compile(r"/\* (\d+)-(\d*) \*/ (.*);")


class Statement(NamedTuple):
    """One of an empty base, with the first and the last version that had it."""

    text: str
    first: int
    last: int | None = None

    def of(self, version: int) -> bool:
        return self.first <= version and (self.last is None or version <= self.last)


def kept_file(kind: str) -> Path:
    return Path(__file__).parent / "database" / f"versions_{kind}.sql"


def kept(kind: str) -> list[Statement]:
    """All statements of all versions, each version's in the order in which they ran."""
    found: list[Statement] = []
    for line in kept_file(kind).read_text(encoding="utf-8").splitlines():
        said = _LINE.fullmatch(line)
        if said is None:
            raise ValueError(f"not a kept statement: {line[:80]}")
        first, last, text = said.groups()
        found.append(Statement(text, int(first), int(last) if last else None))
    return found


def merged(old: Sequence[Statement], new: Sequence[str], version: int) -> list[Statement]:
    """`old` with the statements of `version`: what it has no more ends with the version before."""
    live = [place for place, statement in enumerate(old) if statement.last is None]
    matcher = SequenceMatcher(None, [old[place].text for place in live], new, autojunk=False)
    found: list[Statement] = []
    done = 0
    for tag, _start, i2, j1, j2 in matcher.get_opcodes():
        end = live[i2 - 1] + 1 if i2 else 0
        for statement in old[done:end]:
            if tag == "equal" or statement.last is not None:
                found.append(statement)
            elif statement.first < version:
                found.append(statement._replace(last=version - 1))
        done = max(done, end)
        if tag != "equal":
            found += [Statement(text, version) for text in new[j1:j2]]
    return [*found, *old[done:]]


def _today(url: str) -> list[str]:
    with closing(open_backend(url, create=True)) as backend:
        made = create_statements(backend, Tables(build_catalogue()))
    return [" ".join(str(statement).split()) for statement in made]


def main() -> None:
    """Write both files; saying it twice of one version changes nothing."""
    with tempfile.TemporaryDirectory() as folder, firebird_server(Path(folder)) as server:
        urls = {"sqlite": str(Path(folder) / "frozen.crm"), "firebird": server.url("frozen")}
        for kind in KINDS:
            statements = merged(kept(kind), _today(urls[kind]), SCHEMA_VERSION)
            lines = [f"/* {s.first}-{s.last or ''} */ {s.text};\n" for s in statements]
            kept_file(kind).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
