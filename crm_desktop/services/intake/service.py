"""Intake folders of one open base: looked at on demand and, by the window, every half minute."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from crm_desktop.errors import FileProblem, InvalidInput, UserError
from crm_desktop.i18n import ngettext
from crm_desktop.models.catalogue.builtin import sales_keys as keys
from crm_desktop.models.catalogue.builtin.lead import INTAKE
from crm_desktop.services.files.files import Files
from crm_desktop.services.files.sources import FileSource
from crm_desktop.services.intake.folder import (
    DONE,
    MOST_AT_ONCE,
    NAMED_S,
    REFUSED,
    STILL_S,
    content_of,
    other_kinds,
    put_away,
    shown_name,
    waiting,
)
from crm_desktop.services.intake.formats import Found, read_file
from crm_desktop.services.leads.arrival import Arrival, Arrived, Terms
from crm_desktop.services.operations import BY_ITSELF, SAVE
from crm_desktop.services.server import job_leases

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

TAKEN, ASIDE, LEFT, PASSED = "taken", "refused", "left", "passed over"
MOST_NAMED = 3
"""Files of other kinds that are told by name."""
MOST_IN_VAIN = 5
"""Files in a row that the base would not take: it is busy, and the others wait, too."""


@dataclass(frozen=True)
class FromFile:
    """What became of a file: `TAKEN` with what its enquiries became, `ASIDE` or, for the next
    look, `LEFT` with the reason. `PASSED`: a folder with files of kinds that are not taken in."""

    file: str
    what: str
    arrived: tuple[Arrived, ...] = ()
    reason: str = ""


class Intake:
    """Takes in what waits in folders."""

    def __init__(self, workspace: Workspace) -> None:
        self._base = workspace
        self._stuck: set[Path] = set()
        """Files that were left the last time: they wait for those that came since."""
        self._passed: set[Path] = set()
        """Files of other kinds that were told of."""

    def folders_here(self) -> list[tuple[Path, Terms]]:
        """The folders this computer watches: those that name it, or no computer and are there."""
        entity = self._base.catalogue[INTAKE.key]
        table = self._base.tables.main[entity.key]
        with self._base.backend.read() as connection:
            ids = list(connection.execute(sa.select(table.c.id).order_by(table.c.id)).scalars())
        rows = self._base.reader.many(entity.key, ids) if ids else {}
        here = socket.gethostname().casefold()
        found = []
        for id_, row in rows.items():
            folder, machine = Path(str(row["folder"])), str(row["machine"] or "").casefold()
            if machine == here or (not machine and folder.is_dir()):
                found.append((folder, _terms(id_, row)))
        return found

    def terms_of(self, folder: Path) -> Terms:
        """What the base says of a folder; nothing special where it does not know it."""
        wanted = folder.resolve()
        known = (terms for path, terms in self.folders_here() if path.resolve() == wanted)
        return next(known, Terms())

    def waits_here(self) -> bool:
        """Whether anything is to be taken in, or said, of the folders of this computer."""
        for folder, _terms in self.folders_here():
            try:
                if next(waiting(folder, still_s=STILL_S), None) is not None:
                    return True
                if self._untold(folder):
                    return True
            except FileProblem:
                return True
        return False

    def look(self) -> list[FromFile]:
        """Everything that waits in the folders of this computer; one that cannot be read is told
        of and stops none of the others."""
        found: list[FromFile] = []
        for folder, terms in self.folders_here():
            if not job_leases.take(self._base, job_leases.folder_job(folder)):
                continue  # another program sees the folder, too, and empties it
            try:
                found += self.take(folder, terms, kind=BY_ITSELF, still_s=STILL_S)
                untold = self._untold(folder)
                self._passed.update(untold)
                found += passed_over(folder, untold)
            except UserError as problem:
                found.append(FromFile(folder.name, LEFT, reason=problem.message))
        return found

    def _untold(self, folder: Path) -> list[Path]:
        """Files of other kinds that nobody was told of since the base was opened."""
        return [one for one in other_kinds(folder, still_s=NAMED_S) if one not in self._passed]

    def take(
        self, folder: Path, terms: Terms | None = None, *, kind: str = SAVE, still_s: float = 0.0
    ) -> list[FromFile]:
        """Takes in what waits in a folder. `still_s`: files changed so lately wait for the next
        look. `FileProblem`: the folder cannot be read, or nothing can be moved in it."""
        known = self.terms_of(folder) if terms is None else terms
        return list(self._each(folder, known, kind, still_s))

    def _each(self, folder: Path, terms: Terms, kind: str, still_s: float) -> Iterator[FromFile]:
        waits = list(waiting(folder, still_s=still_s))
        waits.sort(key=lambda path: path in self._stuck)  # what was left before waits for the rest
        dealt, in_vain = 0, 0
        for path in waits:
            found = self._one(path, terms, kind)
            if found is None:
                continue
            (self._stuck.add if found.what == LEFT else self._stuck.discard)(path)
            yield found
            dealt += found.what != LEFT
            in_vain = in_vain + 1 if found.what == LEFT and not found.arrived else 0
            if dealt == MOST_AT_ONCE or in_vain == MOST_IN_VAIN:
                return

    def _one(self, path: Path, terms: Terms, kind: str) -> FromFile | None:
        """What becomes of one file; None if another seat was quicker."""
        name = shown_name(path)
        try:
            content = content_of(path)
            if content is None:
                return None
            arrived = self._take_in(name, content, terms, kind)
        except (InvalidInput, FileProblem) as refused:
            return self._put_away(path, FromFile(name, ASIDE, reason=refused.message))
        except UserError as problem:  # the base is busy, or what a folder names is gone
            return FromFile(name, LEFT, reason=problem.message)
        return self._put_away(path, FromFile(name, TAKEN, arrived))

    @staticmethod
    def _put_away(path: Path, found: FromFile) -> FromFile:
        """To its subfolder; one that another program holds is known already at the next look."""
        try:
            put_away(path, DONE if found.what == TAKEN else REFUSED, found.reason)
        except FileProblem as held:
            return FromFile(found.file, LEFT, found.arrived, held.message)
        return found

    def _take_in(
        self, name: str, content: bytes, terms: Terms, kind: str
    ) -> tuple[Arrived, ...]:  # fmt: skip
        space = self._base
        found = read_file(name, content, now=space.clock.local(), region=space.region)
        for one in found:
            self._check(one)
        if not found:
            return ()
        arrivals = [self._with_files(one) for one in found]
        return space.leads.take_in_together(arrivals, terms, kind=kind)

    def _check(self, one: Found) -> None:
        """Refuses before anything is written: a file is taken in whole or not at all."""
        self._base.leads.check(one.arrival)
        limit = Files(self._base).limit
        for name, content in one.attached:
            if len(content) > limit:
                Files(self._base).stored_values(FileSource(name, content=content))

    def _with_files(self, one: Found) -> Arrival:
        if not one.attached:
            return one.arrival
        files = Files(self._base)
        kept = [files.stored_values(FileSource(name, content=data)) for name, data in one.attached]
        return replace(one.arrival, files=tuple(kept))


def passed_over(folder: Path, files: Sequence[Path]) -> list[FromFile]:
    """What is said of files that stay in a folder since they are of other kinds; once for all."""
    if not files:
        return []
    said = ngettext(
        "{count} file stays where it is, for only json, txt and eml are taken in: {names}",
        "{count} files stay where they are, for only json, txt and eml are taken in: {names}",
        len(files),
    )
    names = [shown_name(one) for one in files[:MOST_NAMED]]
    names += ["…"] if len(files) > MOST_NAMED else []
    reason = said.format(count=len(files), names=", ".join(names))
    return [FromFile(shown_name(folder), PASSED, reason=reason)]


def _terms(id_: int, row: Mapping[str, Any]) -> Terms:
    return Terms(
        intake=id_, channel=str(row[keys.CHANNEL] or ""), source=row["source"],
        campaign=row[keys.CAMPAIGN], queue=row[keys.QUEUE], pipeline=row[keys.PIPELINE],
    )  # fmt: skip
