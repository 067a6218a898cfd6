"""The cards of the board that was read last, kept true between one opening and the next.

Ten thousand cards take a base longer than a person waits gladly; the few that were touched
meanwhile are read by themselves. A board that was narrowed is read whole each time: what fulfils a
condition may depend on any record.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.services.board.cards import Cards, Found
from crm_desktop.services.board.reading import Asked, found_without_cards, read_cards
from crm_desktop.services.stale_records import StaleRecords

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


class KeptBoard:
    """Reads boards of one open base; asked from several threads."""

    def __init__(self, base: Workspace) -> None:
        self._base = base
        self._entity, _trait = base.catalogue.with_trait(Funnel)
        self._stale = StaleRecords(base, self._entity.key)
        self._lock = threading.Lock()
        self._stages: tuple[int, ...] = ()
        self._cards = Cards.of(())

    def read(self, asked: Asked, *, fresh: bool = False) -> Found:
        """The open records of a pipeline. `stale` of the answer: others may have changed them
        since; with `fresh` they are read whatever is kept."""
        found = found_without_cards(self._base, asked)
        stages = tuple(stage.id for stage in found.open_stages)
        narrowed = asked.where is not None or bool(asked.text.strip())
        if narrowed or self._base.privacy.concerns(self._entity.key):
            found.cards = read_cards(self._base, stages, asked)
            return found
        with self._lock:
            if fresh:
                self._stale.forget()
            touched = self._stale.take(whatever=True)
            if touched is None or stages != self._stages or self._cards.is_thin:
                self._stages = ()  # should reading fail
                self._cards = read_cards(self._base, stages, asked)
                self._stages = stages
                self._stale.note_whole()
            elif touched.get(self._entity.key):
                self._renew(touched[self._entity.key], asked)
            found.cards = self._cards
            found.stale = self._stale.is_deaf
        return found

    def _renew(self, ids: set[int], asked: Asked) -> None:
        stages, self._stages = self._stages, ()
        self._cards = self._cards.without(ids).with_more(
            read_cards(self._base, stages, asked, sorted(ids))
        )
        self._stages = stages
