"""How a person has left the board: kept on this machine, for each base."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from crm_desktop.errors import UserError
from crm_desktop.models.query import Where, where_from_json, where_to_json
from crm_desktop.services.board.columns import BY_STAGE, ORDERS, STEP, WAYS
from crm_desktop.settings import BOARD, Settings

CLIENT, AMOUNT, WHO, NEXT, EXPECTED, CHANCE, CONTACT, SOURCE = FIELDS = (
    "bought_by", "money", "initials", "next", "expected", "chance", "contact", "origin",
)  # fmt: skip
"""What a card may show beside its title."""
USUAL = (CLIENT, AMOUNT, WHO, NEXT)
MINE, STUCK, NO_STEP = NARROWINGS = ("mine", "stuck", "no_step")
"""What is narrowed with one click."""


@dataclass(frozen=True)
class Arrangement:
    """Which pipeline, what the columns are, in which order cards stand and what they show, what
    gathers them within a column, and what the board is narrowed to."""

    pipeline: int | None = None
    way: str = BY_STAGE
    order: str = STEP
    groups: str = ""
    fields: tuple[str, ...] = USUAL
    where: Where | None = None
    only: tuple[str, ...] = ()
    strip: bool = True
    more: tuple[str, ...] = ()
    """Further fields of the record, by their keys."""

    def to_json(self) -> dict[str, Any]:
        """As the file of settings and saved views hold it."""
        return {
            "pipeline_id": self.pipeline, "way": self.way, "order": self.order,
            "groups": self.groups, "fields": list(self.fields),
            "where": where_to_json(self.where), "only": list(self.only), "strip": self.strip,
            "more": list(self.more),
        }  # fmt: skip

    @staticmethod
    def from_json(found: Any) -> Arrangement:
        """What of it makes sense; the file may have been edited by hand."""
        made = Arrangement()
        if not isinstance(found, dict):
            return made
        pipeline, fields = found.get("pipeline_id"), found.get("fields")
        given = fields if isinstance(fields, list) else list(USUAL)
        only = found.get("only")
        return replace(
            made,
            pipeline=pipeline if type(pipeline) is int else None,
            way=_one_of(found.get("way"), WAYS, BY_STAGE),
            order=_one_of(found.get("order"), ORDERS, STEP),
            groups=_one_of(found.get("groups"), WAYS, ""),
            fields=tuple(name for name in FIELDS if name in given),
            where=_where(found.get("where")),
            only=tuple(n for n in NARROWINGS if n in (only if isinstance(only, list) else ())),
            strip=found.get("strip") is not False,
            more=_texts(found.get("more")),
        )


def _one_of(value: Any, known: tuple[str, ...], usual: str) -> str:
    return value if value in known else usual


def _texts(found: Any) -> tuple[str, ...]:
    texts = found if isinstance(found, list) else ()
    return tuple(dict.fromkeys(text for text in texts if isinstance(text, str)))


def _where(found: Any) -> Where | None:
    try:
        return where_from_json(found)
    except (UserError, TypeError, ValueError):
        return None


def load(settings: Settings, address: str) -> Arrangement:
    """The arrangement of this base."""
    return Arrangement.from_json(settings.get(BOARD).get(address))


def save(settings: Settings, address: str, arrangement: Arrangement) -> None:
    """Keeps it."""
    settings.put_entry(BOARD, address, arrangement.to_json())
