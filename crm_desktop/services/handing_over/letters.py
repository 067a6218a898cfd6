"""What each receiver of a hand-over is told: a message in the queue, and a notice that comes up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from crm_desktop.i18n import _, language, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.numbers import format_number
from crm_desktop.services.automation.deeds import notice
from crm_desktop.services.handing_over.meetings import Moved
from crm_desktop.services.reminders.outgoing import MOST_BODY

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.services.writing.batch import Batch
    from crm_desktop.services.writing.staging import Write

MOST_NAMED = 20
LONGEST_NOTE = 1000
"""Letters of the words that whoever hands over adds."""


class Letter(NamedTuple):
    """One message to one receiver."""

    whom: int
    subject: str
    text: str

    def with_note(self, note: str) -> Letter:
        """The same with somebody's own words before the list."""
        said = note.strip()[:LONGEST_NOTE]
        text = f"{said}\n\n{self.text}" if said else self.text
        return self._replace(text=text[:MOST_BODY])


def letters(
    workspace: Workspace, leaving: int, given: Mapping[Ref, int], moved: Sequence[Moved]
) -> Iterator[Letter]:
    """One for each receiver: how much of what, the first of it by name, what takes place at
    another time."""
    catalogue, staff = workspace.catalogue, workspace.catalogue.staff().key
    name = workspace.titles.of([Ref(staff, leaving)])[Ref(staff, leaving)].text
    mine: dict[int, dict[str, list[Ref]]] = {}
    for ref, who in given.items():
        mine.setdefault(who, {}).setdefault(ref.entity, []).append(ref)
    for who, objects in sorted(mine.items()):
        refs = [ref for some in objects.values() for ref in some]
        subject = ngettext("{name} hands {count} record over to you",
                           "{name} hands {count} records over to you", len(refs))  # fmt: skip
        lines = [f"{_(catalogue[key].plural)}: {_said(some)}" for key, some in objects.items()]
        later = [one.text for one in moved if one.receiver == who]
        lines += [_("At another time: {what}").format(what=text) for text in later]
        titles = workspace.titles.of(refs[:MOST_NAMED])
        lines += [titles[ref].text for ref in refs[:MOST_NAMED] if ref in titles]
        if len(refs) > MOST_NAMED:
            lines.append("…")
        yield Letter(who, subject.format(name=name, count=_said(refs)), "\n".join(lines))


def _said(refs: Sequence[Ref]) -> str:
    return format_number(len(refs), 0, language())


def notices(batch: Batch, said: Sequence[Letter]) -> list[Write]:
    """What lets each message come up in the receiver's window at once."""
    return [
        write for one in said if one.whom != batch.author
        for write in notice(batch, None, one.whom, (one.subject, one.text))
    ]  # fmt: skip
