"""How wide columns are at first: words give way, the title takes what is left."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QStyleOptionViewItem

from crm_desktop.ui.itemmodels.cells import Column
from crm_desktop.ui.record_list.fields import FieldChoice
from crm_desktop.ui.theme import metrics, px
from crm_desktop.ui.widgets.table_view import TableView

_WIDEST_TITLE, _SHORTEST_TITLE = 420, 170
_BESIDE_HEADING = 24
_SHORTEST, _FIRM = 84, 0.85
_MOST_FOR_WORDS = 1.6  # times their usual width, where there is room
_LOOKED_AT = 20  # rows; further ones seldom hold longer words
_NARROWEST = 0.7  # so far words are squeezed before the list scrolls sideways


def needed(table: TableView) -> list[int]:
    """What the cells of the first rows need to be read whole, in real pixels by column; nothing
    while there are no rows."""
    model, delegate, option = table.paged(), table.itemDelegate(), QStyleOptionViewItem()
    rows = [n for n in range(min(model.rowCount(), _LOOKED_AT)) if model.cell(n, 0) is not None]
    if not rows:
        return []
    return [
        max(delegate.sizeHint(option, model.index(row, place)).width() for row in rows) + px(4)
        for place in range(len(model.columns))
    ]


def fitted(
    columns: Sequence[Column], choices: Sequence[FieldChoice | None], room: int, title: str,
    needs: Sequence[int] = (),
) -> list[int]:  # fmt: skip
    """The widths in real pixels; `room` is what there is, `title` the column that may grow,
    `needs` what stands in the columns."""
    soft = [n for n, choice in enumerate(choices) if _is_soft(choice)]
    grows = next((n for n, c in enumerate(columns) if c.key == title), 0)
    usual = _usual(columns, [n for n in soft if n == grows], room)
    if needs:
        usual = [w if n in soft else _whole(w, needs[n]) for n, w in enumerate(usual)]
    if needs and sum(usual) > room:
        usual = _without_air(usual, needs, soft)
    over = sum(usual) - room
    give = sum(usual[n] for n in soft) * (1 - _NARROWEST)
    share = min(1.0, over / give) if over > 0 and give else 0.0
    wide = list(usual)
    for place in soft:
        wide[place] -= int(usual[place] * (1 - _NARROWEST) * share + 1)
    if needs:  # rather scrolled sideways than that nobody sees whose row it is
        whole = px(columns[grows].width) if share == 1.0 else px(_SHORTEST_TITLE)
        wide[grows] = max(wide[grows], min(needs[grows], whole))
    for place, column in enumerate(columns):
        wide[place] += min(max(0, room - sum(wide)), max(0, _heading(column) - wide[place]))
    for place in soft if needs else ():
        most = min(needs[place], int(usual[place] * _MOST_FOR_WORDS))
        wide[place] += min(max(0, room - sum(wide)), max(0, most - wide[place]))
    spare = max(0, room - sum(wide))
    wide[grows] = max(wide[grows], min(px(_WIDEST_TITLE), wide[grows] + spare))
    return wide


def _whole(usual: int, need: int) -> int:
    """The width of what is no free text: a state, a number, a day are read whole."""
    return max(usual, min(need, int(usual * _MOST_FOR_WORDS)))


def _without_air(usual: Sequence[int], needs: Sequence[int], soft: Sequence[int]) -> list[int]:
    """Short words and empty columns give their room away before long words are cut; numbers and
    days keep most of theirs, for further rows may hold longer ones."""
    least = [px(_SHORTEST) if n in soft else int(w * _FIRM) for n, w in enumerate(usual)]
    return [min(w, max(need, low)) for w, need, low in zip(usual, needs, least, strict=True)]


def _usual(columns: Sequence[Column], soft: Sequence[int], room: int) -> list[int]:
    """The widths asked for; with whole headings if `soft` columns can give the room for these: the
    title can, for it grows again; a linked name cut short is worth more than a long heading."""
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
