"""What the board asks the base for, in the worker: plain columns of plain cards come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.board.cards import Card, Found
from crm_desktop.services.board.columns import Column, make_columns
from crm_desktop.services.board.more_fields import chosen, read_more
from crm_desktop.services.board.reading import Asked, read_titles
from crm_desktop.settings import Settings
from crm_desktop.ui.board.state import MINE, NO_STEP, STUCK, Arrangement, load
from crm_desktop.ui.operations import Job

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

FIRST = 14
"""Cards of a column whose titles are read before the board is shown; the others come after."""


@dataclass(frozen=True)
class Wanted:
    """What is to be shown, and the text that was typed. `fresh`: whatever is kept is read anew."""

    kept: Arrangement
    text: str = ""
    fresh: bool = False


class Board(NamedTuple):
    """One board as it stands in the base."""

    found: Found
    columns: list[Column]


def read(job: Job, base: Workspace, wanted: Wanted) -> Board:
    """The columns with their cards; names only of what is likely to be in sight."""
    kept = wanted.kept
    asked = Asked(kept.pipeline, kept.where, wanted.text)
    found = base.board.read(asked, fresh=wanted.fresh)
    job.check()
    if kept.only:
        me = base.user_id or -1
        wrong = {card.id for card in found.cards if not _suits(found, card, kept.only, me)}
        found.cards = found.cards.without(wrong)
    people = set(found.cards.column("who"))
    names = base.titles.of(Ref(found.targets.who, id_) for id_ in people if id_)
    found.titles = {ref: title.text for ref, title in names.items()}
    columns = make_columns(found, kept.way, kept.order, kept.groups)
    job.check()
    near = [card for column in columns for _key, cards in column.groups[:1] for card in
            cards[:FIRST]]  # fmt: skip
    found.titles.update(read_titles(base, found, near))
    found.more_fields = chosen(base.catalogue, kept.more)
    found.more = read_more(base, found, [card.id for card in near])
    return Board(found, columns)


def read_rest(job: Job, base: Workspace, found: Found) -> dict[int, tuple[str, ...]]:
    """The chosen further fields of all records."""
    job.check()
    return read_more(base, found, found.cards.column("id"))


def read_ahead(base: Workspace, settings: Settings, address: str) -> None:
    """Reads the cards before anybody asks: from then on they are kept. In the worker."""
    if base.pipelines.all():
        base.board.read(Asked(load(settings, address).pipeline))


def _suits(found: Found, card: Card, only: tuple[str, ...], me: int) -> bool:
    return (
        (MINE not in only or card.who == me)
        and (STUCK not in only or found.is_stuck(card))
        and (NO_STEP not in only or not card.next_at)
    )


def read_names(job: Job, base: Workspace, found: Found) -> dict[Ref, str]:
    """What all records are called that cards are linked to."""
    job.check()
    return read_titles(base, found, found.cards)
