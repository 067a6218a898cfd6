"""The board with its cards, as the page has it once both are read."""

from __future__ import annotations

from crm_desktop.services.board.cards import Found
from crm_desktop.services.board.reading import Asked, found_without_cards, read_cards
from crm_desktop.services.workspace import Workspace


def read_board(base: Workspace, asked: Asked) -> Found:
    """The open records of a pipeline, in no order."""
    found = found_without_cards(base, asked)
    found.cards = read_cards(base, [one.id for one in found.open_stages], asked)
    return found
