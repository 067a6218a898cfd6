"""How wide columns are at first: words give way, the title takes what is left."""

from __future__ import annotations

from collections.abc import Sequence

from crm_desktop.ui.itemmodels.cells import Column
from crm_desktop.ui.record_list.fields import FieldChoice
from crm_desktop.ui.theme import metrics, px

_WIDEST_TITLE = 420
_BESIDE_HEADING = 24
_NARROWEST = 0.7  # so far words are squeezed before the list scrolls sideways


def fitted(
    columns: Sequence[Column], choices: Sequence[FieldChoice | None], room: int, title: str
) -> list[int]:
    """The widths in real pixels; `room` is what there is, `title` the column that may grow."""
    soft = [n for n, choice in enumerate(choices) if _is_soft(choice)]
    usual = _usual(columns, soft, room)
    over = sum(usual) - room
    give = sum(usual[n] for n in soft) * (1 - _NARROWEST)
    share = min(1.0, over / give) if over > 0 and give else 0.0
    wide = list(usual)
    for place in soft:
        wide[place] -= int(usual[place] * (1 - _NARROWEST) * share + 1)
    grows = next((n for n, c in enumerate(columns) if c.key == title), 0)
    for place, column in enumerate(columns):
        wide[place] += min(max(0, room - sum(wide)), max(0, _heading(column) - wide[place]))
    spare = max(0, room - sum(wide))
    wide[grows] = max(wide[grows], min(px(_WIDEST_TITLE), wide[grows] + spare))
    return wide


def _usual(columns: Sequence[Column], soft: Sequence[int], room: int) -> list[int]:
    """The widths asked for; with whole headings if words can give the room for these."""
    usual = [px(column.width) for column in columns]
    told = [max(wide, _heading(column)) for wide, column in zip(usual, columns, strict=True)]
    least = sum(told) - sum(int(told[n] * (1 - _NARROWEST)) for n in soft)
    return told if least <= room else usual


def _heading(column: Column) -> int:
    """What the heading needs to be read whole."""
    return metrics("small").horizontalAdvance(column.title) + px(_BESIDE_HEADING)


def _is_soft(choice: FieldChoice | None) -> bool:
    """Whether a column may be narrower: words are cut more easily than numbers."""
    if choice is None or getattr(choice.field, "book", ""):
        return False
    if getattr(choice.field, "valid_as", ""):
        return False
    return choice.field.type_name in ("text", "email", "url", "link", "user", "record")
